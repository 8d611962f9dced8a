"""A calendar of answers per day, weeks as columns, Monday first. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

WEEKS = 16  # as many as a phone shows side by side
LEVELS = (1, 5, 10, 20)  # answers from which a day is one shade darker


@dataclass(frozen=True, slots=True)
class Day:
    """`level` is 0 for no answer, up to 4."""

    date: dt.date
    count: int

    @property
    def level(self) -> int:
        return sum(self.count >= least for least in LEVELS)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """`rows`: for Monday to Sunday the days of all weeks, None after `today`. `months`: (first day, weeks) of each."""

    rows: tuple[tuple[Day | None, ...], ...]
    months: tuple[tuple[dt.date, int], ...]
    total: int
    active_days: int


def first_day(today: dt.date) -> dt.date:
    """The Monday on which the calendar begins."""
    return today - dt.timedelta(days=today.weekday(), weeks=WEEKS - 1)


def draw_heat_map(counts: Mapping[dt.date, int], today: dt.date) -> HeatMap:
    """The last WEEKS weeks up to the one of `today`."""
    mondays = [first_day(today) + dt.timedelta(weeks=week) for week in range(WEEKS)]
    rows = tuple(
        tuple(_day(counts, monday + dt.timedelta(days=weekday), today) for monday in mondays)
        for weekday in range(7)
    )
    shown = [day for row in rows for day in row if day]
    return HeatMap(
        rows=rows,
        months=_months(mondays),
        total=sum(day.count for day in shown),
        active_days=sum(day.count > 0 for day in shown),
    )


def _day(counts: Mapping[dt.date, int], date: dt.date, today: dt.date) -> Day | None:
    return Day(date, counts.get(date, 0)) if date <= today else None


def _months(mondays: list[dt.date]) -> tuple[tuple[dt.date, int], ...]:
    """Each month with the number of weeks that begin in it."""
    months: list[tuple[dt.date, int]] = []
    for monday in mondays:
        if months and months[-1][0].month == monday.month:
            months[-1] = (months[-1][0], months[-1][1] + 1)
        else:
            months.append((monday, 1))
    return tuple(months)
