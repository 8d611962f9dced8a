"""Finding what the broker lost and what a killed worker left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from competitions import conf
from competitions.actions import checks, recording, waking
from competitions.actions.claiming import claimable
from competitions.kinds.outcome import our_fault
from competitions.models import Submission, WorkerHeartbeat
from sandbox.contract import Text

KILLED_ITS_WORKER = Text(
    ko="채점 프로세스가 이 제출을 채점하다가 여러 번 중단되었습니다. 강사에게 전달되었고, 제출 횟수는 차감되지 않았습니다.",
    en="The judge stopped several times while judging this. The instructor has been told, and no try was used.",
)
FORGET_WORKER_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Swept:
    sent: int
    failed: int


def sweep(limit: int = 100) -> Swept:
    """Wakes workers for rows that wait unheard, oldest first and at most `limit`: a broker of files slows down with its
    backlog. Rows that ended their worker too often are closed as our fault."""
    now = timezone.now()
    failed = _close_killers(now, limit)
    unheard = Q(notified_at=None) | Q(notified_at__lt=now - conf.resend_after())
    unheard |= Q(
        state=Submission.State.RUNNING, notified_at__lt=F("lease_until")
    )  # not yet since it was abandoned
    due = Submission.objects.filter(claimable(now), unheard).order_by("queued_at", "id")
    rows = list(due.values_list("pk", "device")[:limit])
    Submission.objects.filter(pk__in=[pk for pk, _device in rows]).update(notified_at=now)
    sent = 0
    for pk, device in rows:
        if not waking.wake(pk, device):
            # The broker is down: what was not sent is due again at the next sweep.
            Submission.objects.filter(pk__in=[pk for pk, _device in rows[sent:]]).update(notified_at=None)
            break
        sent += 1
    checks.forget_old_hours()
    WorkerHeartbeat.objects.filter(seen_at__lt=now - FORGET_WORKER_AFTER).delete()
    return Swept(sent, failed)


def _close_killers(now, limit: int) -> int:
    killers = Submission.objects.filter(
        state=Submission.State.RUNNING, lease_until__lt=now, attempts__gte=conf.max_attempts()
    )
    closed = 0
    for pk in list(killers.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = (
                killers.select_for_update(of=("self",))
                .select_related("challenge", "participant__opening__challenge")
                .filter(pk=pk)
                .first()
            )
            if row is None:
                continue
            recording.write_failure(row, our_fault(row.challenge.slug, KILLED_ITS_WORKER))
            closed += 1
    return closed
