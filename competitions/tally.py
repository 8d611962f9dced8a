"""What one participant's submissions are worth on each board, as a pure function of them.

`actions.standings` writes what this says after each verdict, and whole boards when a rule changes: both ways give the
same rows. The order is that of `ranking`: the better score, then the earlier, then the smaller id.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

LIVE, FROZEN, FINAL, LATE = "live", "frozen", "final", "late"


@dataclass(frozen=True, slots=True)
class Scored:
    """One submission with a score. `private`: its score on the private rows, None where there are none."""

    submission: int
    score: float
    private: float | None
    received_at: datetime
    is_late: bool = False
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """`selections`: how many submissions count at the end, from 1. `freezes_at` None: never."""

    higher_is_better: bool
    selections: int = 2
    freezes_at: datetime | None = None

    def sort_key(self, score: float) -> float:
        """The score turned so that more is better."""
        return score if self.higher_is_better else -score


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a board: `submission` has the best `score`, received at `reached_at`; `entries` were scored."""

    submission: int
    score: float
    sort_key: float
    reached_at: datetime
    entries: int
    last_at: datetime


def tally(submissions: Iterable[Scored], rules: Rules) -> dict[str, Line]:
    """Board -> line, for the boards that the participant stands on."""
    rows = [row for row in submissions if math.isfinite(row.score)]
    timely = [row for row in rows if not row.is_late]
    lines = {LIVE: _public_line(timely, rules), LATE: _public_line([r for r in rows if r.is_late], rules)}
    if rules.freezes_at is not None:
        before = [row for row in timely if row.received_at < rules.freezes_at]
        lines[FROZEN] = _public_line(before, rules)
    lines[FINAL] = _line([(row.private, row) for row in finalists(timely, rules)], timely, rules)
    return {board: line for board, line in lines.items() if line}


def finalists(submissions: Iterable[Scored], rules: Rules) -> list[Scored]:
    """The submissions that count at the end: the chosen ones, and where fewer were chosen those with the best public
    scores. Late ones never count."""
    timely = [row for row in submissions if not row.is_late]
    by_public = sorted(timely, key=lambda row: _order(row.score, row, rules))
    return sorted(by_public, key=lambda row: not row.is_selected)[: rules.selections]


def _order(score: float, row: Scored, rules: Rules) -> tuple[float, datetime, int]:
    return (-rules.sort_key(score), row.received_at, row.submission)


def _public_line(rows: list[Scored], rules: Rules) -> Line | None:
    return _line([(row.score, row) for row in rows], rows, rules)


def _line(candidates: list[tuple[float | None, Scored]], all_rows: list[Scored], rules: Rules) -> Line | None:
    """The best of `candidates` by their first; entries and time of the last come from `all_rows`."""
    usable = [(score, row) for score, row in candidates if score is not None and math.isfinite(score)]
    if not usable:
        return None
    score, best = min(usable, key=lambda pair: _order(pair[0], pair[1], rules))
    return Line(
        submission=best.submission,
        score=score,
        sort_key=rules.sort_key(score),
        reached_at=best.received_at,
        entries=len(all_rows),
        last_at=max(row.received_at for row in all_rows),
    )
