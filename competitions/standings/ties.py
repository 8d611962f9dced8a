"""Who shares a rank: participants whose difference the held-out rows cannot tell from noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from competitions.standings.resampling import LEVEL

if TYPE_CHECKING:
    from numpy import ndarray

CERTAIN = 1 - (1 - LEVEL) / 2


def share_ahead(above: ndarray, below: ndarray, higher_is_better: bool) -> ndarray:
    """In which share of the draws `above` [B] is strictly better than each of `below` [..., B]; 0.0 to 1.0.

    A draw without a score of both counts for neither.
    """
    with np.errstate(invalid="ignore"):
        better = above > below if higher_is_better else above < below
    counted = np.isfinite(above) & np.isfinite(below)
    return (better & counted).sum(axis=-1) / np.maximum(counted.sum(axis=-1), 1)


def shared_ranks(vectors: Sequence[ndarray | None], higher_is_better: bool) -> list[tuple[int, int]]:
    """The first and last rank of the group that each place of a board belongs to; `vectors` are the resampled scores [B],
    the best participant's first.

    The best of all opens a group. It takes in who follows until the first that it beats beyond doubt: in CERTAIN of the
    paired draws, which is when the 95 % interval of the difference leaves 0 out. That one opens the next group. So groups
    lie side by side, each member's difference to the best of the group may be luck, and everybody in it has the same
    ranks. Who has no resampled scores (or another number of them) stands alone.
    """
    groups: list[tuple[int, int]] = []
    start = 0
    while start < len(vectors):
        size = _size_of_group(vectors, start, higher_is_better)
        groups += [(start + 1, start + size)] * size
        start += size
    return groups


def _size_of_group(vectors: Sequence[ndarray | None], start: int, higher_is_better: bool) -> int:
    leader = vectors[start]
    if leader is None:
        return 1
    for place in range(start + 1, len(vectors)):
        other = vectors[place]
        if other is None or len(other) != len(leader):
            return place - start
        if share_ahead(leader, other, higher_is_better) >= CERTAIN:
            return place - start
    return len(vectors) - start
