"""The Ladder: public scores that cannot be fitted by probing (Blum & Hardt, "The Ladder: A Reliable Leaderboard for
Machine Learning Competitions", ICML 2015, the parameter-free version, figure 2).

A submission's public score is released only when it beats the best one released so far by more than one step, the
standard error of the paired difference between the two; otherwise the earlier release is all that is said. What is
released is rounded. So every answer tells a prober little, and most tell nothing.

The paper's step is std(loss_t - loss_best) / sqrt(n) over the n rows. Here it is the standard deviation of the paired
bootstrap differences, which is the same for metrics that are means of rows, and is there for every other metric, too. The
paper rounds to 1/n, for losses between 0 and 1; here it is to the power of ten at or below the step, whatever the unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy import ndarray


@dataclass(frozen=True, slots=True)
class Probe:
    """One submission: its exact public score and the resampled ones [B] (None where there are none)."""

    measured: float
    vector: ndarray | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What is said of one submission: `score`, and whether it is this submission's own, or the one before again."""

    score: float
    is_own: bool


def climb(probes: Iterable[Probe], higher_is_better: bool) -> list[Release]:
    """What is said of each of one participant's submissions, in the order in which they were received."""
    sign = 1.0 if higher_is_better else -1.0
    releases: list[Release] = []
    best: Probe | None = None
    for probe in probes:
        step = _step(probe, best)
        if best is None or sign * (probe.measured - releases[-1].score) > step:
            best = probe
            releases.append(Release(_rounded(probe.measured, step), True))
        else:
            releases.append(Release(releases[-1].score, False))
    return releases


def _step(probe: Probe, best: Probe | None) -> float:
    """The standard error of the difference; of the first submission its own. 0 where nothing is known of the noise."""
    if probe.vector is None or (best is not None and best.vector is None):
        return 0.0
    before = best.vector if best is not None else None
    difference = probe.vector
    if before is not None:
        if len(before) != len(probe.vector):
            return 0.0
        difference = probe.vector - before
    usable = difference[np.isfinite(difference)]
    return float(usable.std()) if len(usable) else 0.0


def _rounded(score: float, step: float) -> float:
    if step <= 0 or not math.isfinite(step):
        return score
    places = -math.floor(math.log10(step))
    return round(score, places)
