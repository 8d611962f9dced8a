"""Judging again: what stood before is kept, and stands until there is something new."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from competitions.models import ScoreChange, Submission
from sandbox.contract import Verdict

State = Submission.State
BATCH = 200


def rejudge(submission: Submission, by, reason: str = "") -> int:
    """Queues one submission again. Returns 1, or 0 when it waits to be judged anyway."""
    return _requeue([submission.pk], by, reason)


def rejudge_all(challenge, round, by, reason: str = "") -> int:
    """Queues every submission of `challenge` in `round` again; returns how many. In batches, so that no transaction
    grows with the class; the sweep wakes the workers a hundred at a time."""
    rows = Submission.objects.filter(challenge=challenge, round=round).exclude(state=State.QUEUED)
    keys = list(rows.order_by("received_at", "id").values_list("pk", flat=True))
    return sum(_requeue(keys[start : start + BATCH], by, reason) for start in range(0, len(keys), BATCH))


def _requeue(keys: list[int], by, reason: str) -> int:
    with transaction.atomic():
        rows = list(Submission.objects.select_for_update().filter(pk__in=keys).exclude(state=State.QUEUED))
        open_already = set(
            ScoreChange.objects.filter(submission__in=rows, judged_at=None).values_list(
                "submission_id", flat=True
            )
        )
        judged = [row for row in rows if row.verdict and row.pk not in open_already]
        ScoreChange.objects.bulk_create([_before(row, by, reason) for row in judged])
        now = timezone.now()
        return Submission.objects.filter(
            pk__in=[row.pk for row in rows]
        ).update(
            state=State.QUEUED,  # a worker that is judging it right now writes nothing: it is not running any more
            attempts=0,
            queued_at=now,
            not_before=now,
            notified_at=None,
            lease_until=None,
        )


def _before(row: Submission, by, reason: str) -> ScoreChange:
    return ScoreChange(
        submission=row,
        by=by,
        reason=reason[:200],
        old_verdict=row.verdict or Verdict.JUDGE_ERROR.value,
        old_score=row.score,
        old_private_score=row.private_score,
        old_report=row.report,
        old_content_hash=row.content_hash,
    )
