"""A regrade's shadow run: slices of some seconds, each result stored, so that it goes on wherever it was interrupted."""

from __future__ import annotations

import time

from competitions.actions import errands, regrading
from competitions.models import Regrade, RegradeLine
from competitions.worker.scoring import judge
from competitions.worker.workplace import workplace

SLICE = 5.0  # seconds, after which submissions of students that wait come first


def regrade(key: int) -> bool:
    """Judges lines of a regrade for one slice. True when this call did the last of them."""
    row = Regrade.objects.select_related("opening__challenge").filter(pk=key).first()
    if row is None or not workplace().can_judge(row.opening.challenge.kind, row.wanted_device):
        return False  # it waits for a worker that can
    claimed = errands.claim(Regrade, key)
    if claimed is None:
        return False
    until = time.monotonic() + SLICE
    while (line := _next(claimed)) is not None:
        regrading.write_line(line, judge(line.submission, workplace()))
        if time.monotonic() >= until:
            errands.pause(claimed)
            return False
    return errands.finish(claimed)


def _next(row: Regrade) -> RegradeLine | None:
    """The next line; None when all are judged, or somebody has cancelled it."""
    if not Regrade.objects.filter(pk=row.pk, decision=Regrade.Decision.OPEN).exists():
        return None
    lines = row.lines.filter(judged_at=None).select_related("submission__challenge", "submission__user")
    return lines.order_by("id").first()
