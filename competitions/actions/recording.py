"""Writing down what the judge said, exactly once."""

from __future__ import annotations

import math

from django.db import transaction
from django.utils import timezone

from competitions import conf
from competitions.actions import checks, quotas
from competitions.actions.standings import update_standings
from competitions.kinds.outcome import Outcome, our_fault
from competitions.listening import tell
from competitions.models import ScoreChange, Submission
from competitions.reports import storable
from sandbox.contract import Report, Text, Verdict

State = Submission.State
NO_NUMBER = Text(
    ko="점수를 계산하지 못했습니다. 강사에게 전달되었습니다.",
    en="The score could not be computed. The instructor has been told.",
)


def record(submission_id: int, token: int, outcome: Outcome) -> bool:
    """Report, score, state and Standing in one transaction. False, and nothing written, when `token` is not the
    claim's any more: another worker has taken over, or it is recorded already."""
    with transaction.atomic():
        # `of`: the locked row is the submission's alone; its challenge and user are only read.
        submission = (
            Submission.objects.select_for_update(of=("self",))
            .select_related("challenge", "user", "participant__opening__challenge")
            .filter(pk=submission_id, fencing=token, state=State.RUNNING)
            .first()
        )
        if submission is None:
            return False
        if not _is_sound(outcome):
            outcome = our_fault(
                submission.challenge.slug, NO_NUMBER, f"{outcome.score} / {outcome.private_score}"
            )
        if outcome.report.verdict.is_final:
            _write_verdict(submission, outcome)
        elif submission.attempts < conf.max_attempts():
            _try_again(submission, outcome)
        else:
            write_failure(submission, outcome)
        return True


def _is_sound(outcome: Outcome) -> bool:
    """Whether the score is a number. NaN or infinity is a fault of ours, and would break every order."""
    return all(value is None or math.isfinite(value) for value in (outcome.score, outcome.private_score))


def _write_verdict(submission: Submission, outcome: Outcome) -> None:
    report = outcome.report
    submission.state = State.DONE
    submission.verdict = report.verdict.value
    submission.score, submission.private_score = outcome.score, outcome.private_score
    submission.max_score = submission.challenge.max_score
    submission.fingerprint = outcome.fingerprint
    _write_report(submission, report)
    submission.content_hash = report.package_hash
    _leave_queue(submission)
    _close_change(submission, report.verdict, outcome.score)
    if report.verdict is Verdict.INVALID:
        quotas.give_back(submission)
        if not submission.challenge.is_exercise:
            checks.note_bad_file(submission.user)
    update_standings(submission.participant, submission.phase_id)
    tell(submission, report)


def _write_report(submission: Submission, report: Report) -> None:
    submission.report = storable(report)
    message = submission.report["message"]
    submission.message_ko, submission.message_en = message["ko"], message["en"]


def _leave_queue(submission: Submission) -> None:
    submission.finished_at = timezone.now()
    submission.lease_until = None
    submission.save()


def _try_again(submission: Submission, outcome: Outcome) -> None:
    """Back into the queue after a pause. What stood before (in a rejudge) still stands."""
    submission.state = State.QUEUED
    submission.not_before = timezone.now() + conf.retry_pause(submission.attempts)
    submission.notified_at = None
    submission.lease_until = None
    if not submission.verdict:
        submission.message_ko, submission.message_en = outcome.report.message.ko, outcome.report.message.en
    submission.save()


def write_failure(submission: Submission, outcome: Outcome) -> None:
    """Our fault, for good: no score, the try given back, the instructor sees it.

    An earlier verdict that was being judged again is kept: our fault takes nothing from a student.
    """
    report = outcome.report
    if submission.verdict and submission.verdict != Verdict.JUDGE_ERROR:
        submission.state = State.DONE
        _leave_queue(submission)
        _close_change(submission, Verdict.JUDGE_ERROR, None)
        return
    submission.state = State.FAILED
    submission.verdict = Verdict.JUDGE_ERROR.value
    submission.score = submission.private_score = None
    _write_report(submission, report)
    _leave_queue(submission)
    _close_change(submission, Verdict.JUDGE_ERROR, None)
    quotas.give_back(submission)
    update_standings(submission.participant, submission.phase_id)


def _close_change(submission: Submission, verdict: Verdict, score: float | None) -> None:
    ScoreChange.objects.filter(submission=submission, judged_at=None).update(
        judged_at=timezone.now(), new_verdict=verdict.value, new_score=score
    )
