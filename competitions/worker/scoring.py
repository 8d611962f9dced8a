"""One submission, from claim to record."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection

from competitions import actions, kinds
from competitions.kinds.outcome import Outcome, our_fault
from competitions.models import Submission
from competitions.worker.leases import holding
from competitions.worker.workplace import Workplace, workplace
from sandbox.contract import Source, Text

logger = logging.getLogger(__name__)

TRY_AGAIN = Text(
    ko="채점 시스템에 문제가 생겼습니다. 잠시 뒤 자동으로 다시 채점합니다. 제출 횟수는 차감되지 않습니다.",
    en="Something went wrong in the judge. It will be judged again by itself; no try is used.",
)


def score(submission_id: int) -> bool:
    """Judges one submission unless somebody else does or did. True when this call's verdict was recorded."""
    place = workplace()
    wanted = Submission.objects.filter(pk=submission_id).values_list("challenge__kind", "device").first()
    if wanted is None or not place.can_judge(*wanted):
        return False  # it stays in the queue for a worker that can
    submission = actions.claim(submission_id, place.name)
    if submission is None:
        return False
    token = submission.fencing
    try:
        with holding(submission_id, token):
            outcome = judge(submission, place)
    except BaseException:
        # This process is being ended (an ordinary exception is an outcome): somebody else may begin at once.
        actions.hand_back(submission_id, token)
        raise
    return actions.record(submission_id, token, outcome)


class Tools:
    """What a kind is lent for one submission. Progress is written at most twice a second, and never goes back."""

    PAUSE = 0.5

    def __init__(self, place: Workplace, submission: Submission, seed: int | None = None) -> None:
        self.seed = seed
        self._place = place
        self._submission = submission
        self._written = time.monotonic()
        self._share = 0.0

    @property
    def judge(self):
        return self._place.judge

    def report_progress(self, share: float) -> None:
        now = time.monotonic()
        if share > self._share and now - self._written >= self.PAUSE:
            self._written, self._share = now, share
            actions.report_progress(self._submission.pk, self._submission.fencing, share)

    @contextmanager
    def ticking(self, seconds: float) -> Iterator[None]:
        """Within it progress moves by the clock, up to 95 %: training says nothing of how far it is."""
        done = Event()
        thread = Thread(target=self._tick_until, args=(done, seconds), daemon=True, name="progress")
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join(timeout=5)

    def _tick_until(self, done: Event, seconds: float) -> None:
        started = time.monotonic()
        while not done.wait(1.0):
            try:
                self.report_progress(0.95 * min(1.0, (time.monotonic() - started) / seconds))
            except DatabaseError:
                logger.exception("the progress of submission %s could not be written", self._submission.pk)
        if time.monotonic() - started >= 1.0:
            connection.close()  # this thread's own


def judge(submission: Submission, place: Workplace, seed: int | None = None) -> Outcome:
    """The outcome of the challenge's kind, drawn from `seed` if given. Whatever fails here is our fault, never the student's."""
    challenge = submission.challenge
    try:
        with submission.file.open("rb") as stored:
            source = Source(submission.file_name, stored.read())
        return kinds.get(challenge.kind).judge(challenge, source, Tools(place, submission, seed))
    except Exception:
        logger.exception("submission %s could not be judged", submission.pk)
        place.close()  # whatever state the judge is in, the next submission gets a fresh one
        return our_fault(challenge.slug, TRY_AGAIN, traceback.format_exc()[-20_000:])
