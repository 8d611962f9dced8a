"""Streaks: how many daily quizzes in a row a student answered on their day. Pure, over dates.

Only days that had a quiz are counted, so a weekend without one breaks nothing. Each calendar week, Monday to Sunday,
has one freeze: the first missed day of the week costs nothing, the second ends the streak. Days are dates where the
course is held; who answers at 23:59 has answered that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Streak:
    """`length` quizzes in a row, `longest` ever. `frozen`: the missed days that a freeze covered."""

    length: int = 0
    longest: int = 0
    is_done_today: bool = False
    has_freeze: bool = True
    frozen: frozenset[dt.date] = frozenset()


def read_streak(quiz_days: Collection[dt.date], answered: Collection[dt.date], today: dt.date) -> Streak:
    """The streak on `today`, which counts once it is answered and breaks nothing before it is over."""
    length = longest = 0
    frozen: dict[tuple[int, int], dt.date] = {}
    for day in sorted(set(quiz_days)):
        if day > today:
            break
        if day in answered:
            length += 1
            longest = max(longest, length)
        elif day == today or length == 0:
            continue  # the day is not over; and what has not begun needs no freeze
        elif week_of(day) in frozen:
            length = 0
        else:
            frozen[week_of(day)] = day
    return Streak(
        length=length,
        longest=longest,
        is_done_today=today in answered,
        has_freeze=week_of(today) not in frozen,
        frozen=frozenset(frozen.values()),
    )


def week_of(day: dt.date) -> tuple[int, int]:
    """Year and number of the week, Monday to Sunday: the days around New Year share one."""
    calendar = day.isocalendar()
    return calendar.year, calendar.week
