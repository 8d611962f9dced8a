"""Errands of workers: waking, claiming, finishing, and finding what was lost. Twice sent is once done."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from competitions import conf
from competitions.actions import waking
from competitions.models import CompetitionVersion, Regrade, SeedRun
from competitions.models.errands import Errand

TASKS: dict[type[Errand], str] = {
    CompetitionVersion: "competitions.tasks.prove_version",
    SeedRun: "competitions.tasks.run_seed",
    Regrade: "competitions.tasks.regrade",
}
LIMIT = 20
E = TypeVar("E", bound=Errand)


def send_on_commit(errand: Errand) -> None:
    """Wakes a worker for a new errand once its row is there for everybody."""
    transaction.on_commit(partial(_send, errand))


def _send(errand: Errand) -> None:
    if waking.send_task(TASKS[type(errand)], errand.pk, errand.wanted_device):
        type(errand)._default_manager.filter(pk=errand.pk).update(notified_at=timezone.now())


def claim(model: type[E], key: int) -> E | None:
    """Takes the row; None when another has it or it is finished. Compare-and-swap on `fencing`, as for submissions."""
    row = model._default_manager.filter(
        _free(timezone.now()), pk=key, attempts__lt=conf.max_attempts()
    ).first()
    if row is None:
        return None
    taken = model._default_manager.filter(_free(timezone.now()), pk=key, fencing=row.fencing).update(
        state=Errand.State.RUNNING,
        fencing=row.fencing + 1,
        attempts=F("attempts") + 1,
        lease_until=timezone.now() + row.longest,
    )
    return model._default_manager.get(pk=key) if taken else None


def finish(errand: Errand, **values) -> bool:
    """Writes what came of it; False, and nothing written, when another worker has taken over."""
    values = {"state": Errand.State.DONE, **values, "finished_at": timezone.now(), "lease_until": None}
    held = type(errand)._default_manager.filter(
        pk=errand.pk, fencing=errand.fencing, state=Errand.State.RUNNING
    )
    return bool(held.update(**values))


def pause(errand: Errand) -> bool:
    """Puts an errand that is not done yet behind what waits, so that a long one keeps nobody's submission waiting."""
    held = type(errand)._default_manager.filter(
        pk=errand.pk, fencing=errand.fencing, state=Errand.State.RUNNING
    )
    if not held.update(state=Errand.State.WAITING, attempts=0, lease_until=None, notified_at=None):
        return False
    _send(errand)
    return True


def sweep_errands() -> None:
    """Wakes workers for what waits unheard or was abandoned; closes what ended its worker too often."""
    now = timezone.now()
    unheard = Q(notified_at=None) | Q(notified_at__lt=now - conf.resend_after())
    for model in TASKS:
        free = model._default_manager.filter(_free(now))
        free.filter(attempts__gte=conf.max_attempts()).update(state=Errand.State.FAILED, finished_at=now)
        for errand in free.filter(unheard).order_by("requested_at", "id")[:LIMIT]:
            _send(errand)


def _free(now) -> Q:
    return Q(state=Errand.State.WAITING) | Q(state=Errand.State.RUNNING, lease_until__lt=now)
