"""What answers tell about a question, and about a whole test. Pure: rows of numbers in, numbers out.

Sources: Lord & Novick, Statistical Theories of Mental Test Scores (1968), ch. 15 (item analysis); Kuder & Richardson,
Psychometrika 2 (1937), formula 20; Cronbach, Psychometrika 16 (1951); Fisher's z for the interval of a correlation.

With few people chance looks like a finding: what needs FEW people says nothing below that, and an interval goes with
each correlation.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

FEW = 20  # people; below, no correlation, reliability or flag means anything
LOW = 0.1  # discrimination below which a question tells hardly anything about who knows the subject
THIRD = 3  # the strong and the weak are the upper and the lower third by the rest of the test
MORE, MORE_PEOPLE = (
    0.1,
    2,
)  # share and people by which a wrong option draws more of the strong before it is flagged
SHORTEST, LONGEST = (
    1.0,
    600.0,
)  # seconds of an answer; outside, several were saved at once, or the page lay open


@dataclass(frozen=True, slots=True)
class Response:
    """One person's answer. `credit` and `rest` (all other questions of the same test) are shares of their points.

    `chosen` are the ids of the options taken; `seconds` is None where the time could not be told.
    """

    credit: float
    rest: float | None
    chosen: frozenset[str] = frozenset()
    seconds: float | None = None


class Flag(StrEnum):
    """What an instructor should look at. The first two are of a question, the others of one wrong option."""

    NEGATIVE = "negative"
    LOW = "low"
    UNUSED = "unused"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """`difficulty` is the mean credit, 0 to 1; `discrimination` the corrected item-rest correlation with its 95 %
    `interval`; `seconds` a median. None where it cannot be computed."""

    people: int
    difficulty: float | None
    discrimination: float | None
    interval: tuple[float, float] | None
    seconds: float | None

    @property
    def has_few(self) -> bool:
        return self.people < FEW

    @property
    def flags(self) -> list[Flag]:
        if self.has_few or self.discrimination is None:
            return []
        if self.discrimination < 0:
            return [Flag.NEGATIVE]
        return [Flag.LOW] if self.discrimination < LOW else []


def describe(responses: Sequence[Response]) -> ItemStatistics:
    """The figures of one question."""
    pairs = [(each.credit, each.rest) for each in responses if each.rest is not None]
    r = correlation([credit for credit, _ in pairs], [rest for _, rest in pairs])
    seconds = [each.seconds for each in responses if each.seconds is not None]
    return ItemStatistics(
        people=len(responses),
        difficulty=mean([each.credit for each in responses]),
        discrimination=r,
        interval=None if r is None else fisher_interval(r, len(pairs)),
        seconds=median(seconds) if seconds else None,
    )


def mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson's r; None for fewer than three pairs, or where one side does not vary."""
    if len(left) < 3:
        return None
    x, y = _centred(left), _centred(right)
    spread = math.sqrt(math.fsum(a * a for a in x)) * math.sqrt(math.fsum(b * b for b in y))
    if spread < 1e-12:
        return None
    return max(-1.0, min(1.0, math.fsum(a * b for a, b in zip(x, y, strict=True)) / spread))


def _centred(values: Sequence[float]) -> list[float]:
    middle = math.fsum(values) / len(values)
    return [value - middle for value in values]


def fisher_interval(r: float, people: int) -> tuple[float, float] | None:
    """The 95 % interval of a correlation; None for fewer than four people."""
    if people < 4:
        return None
    if abs(r) >= 1:
        return r, r
    z, width = math.atanh(r), 1.959964 / math.sqrt(people - 3)
    return math.tanh(z - width), math.tanh(z + width)


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """`weak` and `strong` are the shares of the lower and the upper third that took this option; None with few people."""

    id: str
    count: int
    share: float
    weak: float | None
    strong: float | None
    flag: Flag | None


def describe_options(responses: Sequence[Response], options: Mapping[str, bool]) -> list[OptionStatistics]:
    """One entry per option id of `options`, which says whether it is right, in that order."""
    weak, strong = _thirds(responses)
    found = []
    for option, is_right in options.items():
        count = sum(option in each.chosen for each in responses)
        low, high = _share(weak, option), _share(strong, option)
        flag = None
        if not is_right and len(responses) >= FEW:
            if count == 0:
                flag = Flag.UNUSED
            elif _draws_the_strong(weak, strong, option):
                flag = Flag.STRONG
        share = count / len(responses) if responses else 0.0
        found.append(OptionStatistics(option, count, share, low, high, flag))
    return found


def _thirds(responses: Sequence[Response]) -> tuple[list[Response], list[Response]]:
    """The weak and the strong by the rest of the test; equals at the border are all in. Empty with few people."""
    rests = sorted(each.rest for each in responses if each.rest is not None)
    if len(rests) < FEW or rests[0] == rests[-1]:
        return [], []
    size = len(rests) // THIRD
    low, high = rests[size - 1], rests[-size]
    if low >= high:  # so many equals that the thirds would overlap
        return [], []
    known = [(each, each.rest) for each in responses if each.rest is not None]
    return [each for each, rest in known if rest <= low], [each for each, rest in known if rest >= high]


def _draws_the_strong(weak: Collection[Response], strong: Collection[Response], option: str) -> bool:
    """One person more is chance; and the thirds may differ in size, so both the shares and the people must."""
    low, high = _share(weak, option) or 0.0, _share(strong, option) or 0.0
    people = sum(option in each.chosen for each in strong) - sum(option in each.chosen for each in weak)
    return high - low >= MORE and people >= MORE_PEOPLE


def _share(group: Collection[Response], option: str) -> float | None:
    return sum(option in each.chosen for each in group) / len(group) if group else None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of a whole test: `name` is KR-20 where every question is right or wrong and weighs the same, else alpha."""

    name: str
    value: float | None
    people: int
    items: int

    @property
    def has_few(self) -> bool:
        return self.people < FEW


def reliability(rows: Sequence[Sequence[float]]) -> Reliability:
    """From the points of everybody (rows) in every question (columns). The value is None for fewer than two of
    either, or where all have the same sum."""
    people, items = len(rows), len(rows[0]) if rows else 0
    weights = {value for row in rows for value in row if value}
    name = "KR-20" if len(weights) <= 1 else "α"
    if people < 2 or items < 2:
        return Reliability(name, None, people, items)
    whole = _variance([math.fsum(row) for row in rows])
    if whole < 1e-12:
        return Reliability(name, None, people, items)
    parts = math.fsum(_variance(column) for column in zip(*rows, strict=True))
    return Reliability(name, items / (items - 1) * (1 - parts / whole), people, items)


def _variance(values: Sequence[float]) -> float:
    return math.fsum(each * each for each in _centred(values)) / len(values)


def seconds_per_answer(began_at: dt.datetime, saved: Mapping[int, dt.datetime]) -> dict[int, float]:
    """Item -> seconds since the answer saved before it, or since the beginning; what cannot be true is left out.

    An answer that was changed counts at its last change, so this is an estimate, good enough for a median.
    """
    found = {}
    before = began_at
    for item, at in sorted(saved.items(), key=lambda pair: pair[1]):
        seconds = (at - before).total_seconds()
        if SHORTEST <= seconds <= LONGEST:
            found[item] = seconds
        before = at
    return found
