"""The order of a leaderboard, as a pure function of the scored submissions.

A participant's best score counts. Of two equal scores the one received earlier is better, and of two received
in the same instant the one with the smaller submission id: no two rows ever share a place by accident of
sorting.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission. `submission` is unique over the board; `score` is None until (or unless) it was scored."""

    participant: Hashable
    submission: int
    score: float | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One participant's line: `rank` from 1; `entries` counts what was scored; `reached_at` is when the best
    came.
    """

    rank: int
    participant: Hashable
    submission: int
    score: float
    reached_at: datetime
    entries: int
    last_at: datetime


def is_rankable(score: float | None) -> bool:
    """Whether a score can stand on a board: a failed, waiting, NaN or infinite one cannot."""
    return score is not None and math.isfinite(score)


def order_key(entry: Entry, higher_is_better: bool) -> tuple[float, datetime, int]:
    """What entries are sorted by, best first. Of two entries the one with the smaller key is the better one."""
    assert entry.score is not None
    return (-entry.score if higher_is_better else entry.score, entry.received_at, entry.submission)


def rank(entries: Iterable[Entry], higher_is_better: bool) -> list[Row]:
    """The board of `entries`, best first, one row for each participant who has a rankable score."""
    scored: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        if is_rankable(entry.score):
            scored.setdefault(entry.participant, []).append(entry)
    best = [
        (min(mine, key=lambda entry: order_key(entry, higher_is_better)), mine) for mine in scored.values()
    ]
    best.sort(key=lambda pair: order_key(pair[0], higher_is_better))
    return [_row(place, entry, mine) for place, (entry, mine) in enumerate(best, start=1)]


def _row(place: int, best: Entry, mine: list[Entry]) -> Row:
    assert best.score is not None
    return Row(
        rank=place,
        participant=best.participant,
        submission=best.submission,
        score=best.score,
        reached_at=best.received_at,
        entries=len(mine),
        last_at=max(entry.received_at for entry in mine),
    )
