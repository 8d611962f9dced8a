"""The queue as those who wait see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from competitions.models import Submission, WorkerHeartbeat
from competitions.models.workers import ALIVE
from sandbox.contract import Text

State = Submission.State


@dataclass(frozen=True)
class Scoring:
    """Who is there to judge: `alive` processes, `ready` of them able to run students' code, and if none is, why.

    `gpus` of the ready ones have a GPU.
    """

    alive: int
    ready: int
    message: Text
    gpus: int = 0

    def can_judge(self, needs_jail: bool, device: str = "cpu") -> bool:
        if device == "cuda":
            return bool(self.gpus)
        return bool(self.ready if needs_jail else self.alive)


def scoring() -> Scoring:
    rows = list(WorkerHeartbeat.objects.filter(seen_at__gt=timezone.now() - ALIVE))
    ready = sum(row.is_ready for row in rows)
    reason = next((row for row in rows if not row.is_ready), None)
    message = Text(reason.message_ko, reason.message_en) if reason and not ready else Text()
    gpus = sum(row.is_ready and row.device == "cuda" for row in rows)
    return Scoring(len(rows), ready, message, gpus)


def queue_position(submission: Submission) -> int:
    """1 for the next to be judged; 0 when it waits no more."""
    if submission.state != State.QUEUED:
        return 0
    waiting = Submission.objects.filter(state=State.QUEUED, device=submission.device)
    earlier = Q(queued_at__lt=submission.queued_at) | Q(queued_at=submission.queued_at, pk__lt=submission.pk)
    return 1 + waiting.filter(earlier).count()


def queue_summary(round=None) -> dict:
    """How many wait, run and failed (of `round`, or of all), and since when the first one waits."""
    rows = Submission.objects.filter(state__in=[State.QUEUED, State.RUNNING, State.FAILED])
    rows = rows.filter(round=round) if round else rows
    return rows.aggregate(
        queued=Count("pk", filter=Q(state=State.QUEUED)),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        oldest=Min("queued_at", filter=Q(state=State.QUEUED)),
    )
