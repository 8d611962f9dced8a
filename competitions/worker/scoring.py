"""One submission, from claim to record."""

from __future__ import annotations

import logging
import time
import traceback

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
    """What a kind is lent for one submission. Progress is written at most twice a second: a page looks once."""

    PAUSE = 0.5

    def __init__(self, place: Workplace, submission: Submission) -> None:
        self._place = place
        self._submission = submission
        self._written = time.monotonic()

    @property
    def judge(self):
        return self._place.judge

    def report_progress(self, share: float) -> None:
        now = time.monotonic()
        if now - self._written >= self.PAUSE:
            self._written = now
            actions.report_progress(self._submission.pk, self._submission.fencing, share)


def judge(submission: Submission, place: Workplace) -> Outcome:
    """The outcome of the challenge's kind. Whatever fails here is our fault and never the student's."""
    challenge = submission.challenge
    try:
        with submission.file.open("rb") as stored:
            source = Source(submission.file_name, stored.read())
        return kinds.get(challenge.kind).judge(challenge, source, Tools(place, submission))
    except Exception:
        logger.exception("submission %s could not be judged", submission.pk)
        place.close()  # whatever state the judge is in, the next submission gets a fresh one
        return our_fault(challenge.slug, TRY_AGAIN, traceback.format_exc()[-20_000:])
