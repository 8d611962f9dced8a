"""A worker takes a submission, keeps it, or hands it back."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils import timezone

from competitions import conf
from competitions.models import Submission


def claimable(now) -> Q:
    """Rows nobody works on: queued and due, or running past a lease that was not renewed."""
    queued = Q(state=Submission.State.QUEUED, not_before__lte=now)
    abandoned = Q(state=Submission.State.RUNNING, lease_until__lt=now, attempts__lt=conf.max_attempts())
    return queued | abandoned


def claim(submission_id: int, worker: str) -> Submission | None:
    """Takes the row for `worker`; None when another has it or it is judged. Its `fencing` is the caller's token.

    Compare-and-swap on `fencing`: whatever the broker doubles, one UPDATE of one worker hits.
    """
    now = timezone.now()
    free = Submission.objects.filter(claimable(now), pk=submission_id)
    seen = free.values_list("fencing", flat=True).first()
    if seen is None:
        return None
    taken = free.filter(fencing=seen).update(
        state=Submission.State.RUNNING,
        fencing=seen + 1,
        attempts=F("attempts") + 1,
        lease_until=now + conf.lease(),
        worker=worker,
        progress=0,
        started_at=now,
    )
    if not taken:
        return None
    mine = Submission.objects.select_related("challenge", "round", "user").filter(
        pk=submission_id, fencing=seen + 1
    )
    return mine.first()


def renew(submission_id: int, token: int) -> bool:
    """Holds the claim for another lease. False when it is no longer ours."""
    held = Submission.objects.filter(pk=submission_id, fencing=token, state=Submission.State.RUNNING)
    return bool(held.update(lease_until=timezone.now() + conf.lease()))


def report_progress(submission_id: int, token: int, share: float) -> None:
    """How far the judge is, 0.0 to 1.0, for the page that waits."""
    held = Submission.objects.filter(pk=submission_id, fencing=token, state=Submission.State.RUNNING)
    held.update(progress=round(100 * min(max(share, 0.0), 1.0)))


def hand_back(submission_id: int, token: int) -> bool:
    """Puts the row back into the queue unjudged (the worker is being stopped); does not count as an attempt."""
    held = Submission.objects.filter(pk=submission_id, fencing=token, state=Submission.State.RUNNING)
    return bool(
        held.update(
            state=Submission.State.QUEUED,
            attempts=F("attempts") - 1,
            notified_at=None,
            lease_until=None,
        )
    )
