"""The geometry of a chart of scores over time. A template draws it as SVG, with its labels in HTML beside it.

All numbers are in a box of WIDTH x HEIGHT that is stretched to whatever room there is: lines keep their width by
`vector-effect`, and a dot is a line of no length with round ends, so neither is stretched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 1000, 300
TICKS = 5  # about so many on the upright axis

Point = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """`path`: the best score so far, as steps; `dots`: every score, as a path. `first` and `last` are best scores."""

    path: str
    dots: str
    first: float
    last: float
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`levels` are the values of the grid lines from the top, evenly spaced; `heights` where they lie."""

    curves: list[Curve]
    levels: list[float]
    heights: list[float]
    begin: datetime
    middle: datetime
    end: datetime


def draw(series: Sequence[Sequence[Point]], end: datetime, higher_is_better: bool) -> Chart | None:
    """`series[i]`: the scores of one participant in the order of time. None where nobody has one."""
    given = [list(points) for points in series if points]
    if not given:
        return None
    begin = min(points[0][0] for points in given)
    end = max(end, *(points[-1][0] for points in given))
    bests = [best_so_far(points, higher_is_better) for points in given]
    shown = [score for best in bests for _moment, score in best]
    levels = _levels(min(shown), max(shown))
    frame = _Frame(begin, end, levels[-1], levels[0])
    curves = [
        Curve(_steps(best, frame), _dots(points, frame), best[0][1], best[-1][1], len(points))
        for points, best in zip(given, bests, strict=True)
    ]
    heights = [frame.y(level) for level in levels]
    return Chart(curves, levels, heights, begin, begin + (end - begin) / 2, end)


def best_so_far(points: Iterable[Point], higher_is_better: bool) -> list[Point]:
    """The points that were better than all before them."""
    sign = 1 if higher_is_better else -1
    best: list[Point] = []
    for moment, score in points:
        if not best or sign * score > sign * best[-1][1]:
            best.append((moment, score))
    return best


@dataclass(frozen=True, slots=True)
class _Frame:
    begin: datetime
    end: datetime
    low: float
    high: float

    def x(self, moment: datetime) -> float:
        whole = (self.end - self.begin).total_seconds()
        share = (moment - self.begin).total_seconds() / whole if whole > 0 else 0.0
        return round(WIDTH * share, 1)

    def y(self, score: float) -> float:
        share = (score - self.low) / (self.high - self.low)
        return round(HEIGHT * (1 - share), 1)


def _levels(low: float, high: float) -> list[float]:
    """Round values from the top, evenly spaced, that hold `low` and `high` between them."""
    if high - low <= abs(high) * 1e-9:
        pad = abs(high) * 0.1 or 1.0
        low, high = low - pad, high + pad
    rough = (high - low) / TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step), math.ceil(high / step)
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(number * step, digits) for number in range(last, first - 1, -1)]


def _steps(best: list[Point], frame: _Frame) -> str:
    moves = [f"M{frame.x(best[0][0])} {frame.y(best[0][1])}"]
    moves += [f"H{frame.x(moment)}V{frame.y(score)}" for moment, score in best[1:]]
    return "".join([*moves, f"H{frame.x(frame.end)}"])


def _dots(points: list[Point], frame: _Frame) -> str:
    """Scores outside the frame are left out: one wild try must not flatten all others."""
    inside = [(moment, score) for moment, score in points if frame.low <= score <= frame.high]
    return "".join(f"M{frame.x(moment)} {frame.y(score)}h0" for moment, score in inside)
