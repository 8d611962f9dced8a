"""Streaks and ranks are pure, so they are tested as data. 2026-03-16 is a Monday."""

import datetime as dt
from decimal import Decimal

import pytest

from quizzes.ranks import Score, rank_scores
from quizzes.streaks import read_streak

MONDAY = dt.date(2026, 3, 16)


def days(marks: str, start: dt.date = MONDAY):
    """One letter a day: x answered, o missed, - no quiz."""
    dated = [(start + dt.timedelta(place), mark) for place, mark in enumerate(marks.replace(" ", ""))]
    return [day for day, mark in dated if mark != "-"], {day for day, mark in dated if mark == "x"}


def streak(marks: str, today: int | None = None):
    """The streak on the last day of `marks`, or on the day of that number."""
    quiz_days, answered = days(marks)
    last = len(marks.replace(" ", "")) - 1 if today is None else today
    return read_streak(quiz_days, answered, MONDAY + dt.timedelta(last))


@pytest.mark.parametrize(
    ("marks", "length", "longest"),
    [
        ("", 0, 0),
        ("o", 0, 0),
        ("x", 1, 1),
        ("xxx", 3, 3),
        ("xxo", 2, 2),  # today is not over
        ("xoo", 1, 1),  # yesterday frozen, today not over
        ("xoox", 1, 1),  # two missed in a week
        ("xoxox", 1, 2),
        ("xox", 2, 2),  # the freeze holds but adds nothing
        ("xxxxx-- xxxxx--", 10, 10),  # weekends without a quiz break nothing
        ("xxxxx-- oxxxx", 9, 9),
        ("xxxxxxo oxxxxxx", 12, 12),  # Sunday and Monday are two weeks: a freeze each
        ("xxxxxoo xx", 2, 5),
        ("ooxxo xx", 4, 4),  # what has not begun uses no freeze
        ("xooxo x", 1, 1),  # the week's freeze went with the first streak
    ],
)
def test_a_streak(marks, length, longest):
    found = streak(marks)
    assert (found.length, found.longest) == (length, longest)


def test_the_freeze_comes_back_on_monday():
    assert streak("xo").has_freeze  # today is not over
    assert not streak("xox").has_freeze
    assert streak("xoxxxxx x").has_freeze
    assert streak("xox").frozen == {MONDAY + dt.timedelta(1)}


def test_the_week_of_new_year_has_one_freeze():
    monday = dt.date(2025, 12, 29)
    quiz_days, answered = days("xxoxoxx", monday)
    assert read_streak(quiz_days, answered, monday + dt.timedelta(6)).length == 2


def test_later_days_and_order_do_not_matter():
    quiz_days, answered = days("xxxoooo")
    assert read_streak(list(reversed(quiz_days)) * 2, answered, MONDAY + dt.timedelta(2)).length == 3


def test_today_counts_once_it_is_answered():
    assert streak("xx").is_done_today
    assert not streak("xo").is_done_today


def score(user: int, points: float) -> Score:
    return Score(user, Decimal(str(points)), Decimal(6))


def test_equal_points_share_a_rank_and_the_next_is_skipped():
    ranked = rank_scores([score(1, 3), score(2, 6), score(3, 4.5), score(4, 4.5), score(5, 0)])
    assert [(each.rank, each.score.user_id) for each in ranked] == [(1, 2), (2, 3), (2, 4), (4, 1), (5, 5)]
    assert rank_scores([]) == []
