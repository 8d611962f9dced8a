"""When a card comes back, and the calendar of answers: pure, tested as data."""

import datetime as dt
import subprocess
import sys

import pytest

import manage
from quizzes.review.heatmap import WEEKS, draw_heat_map, first_day
from quizzes.review.schedule import LONGEST, Grade, first_memory, grade_answer, next_memory

DAY = dt.date(2026, 3, 17)


@pytest.mark.parametrize(
    ("correct", "seconds", "difficulty", "grade"),
    [
        (False, 1, 1, Grade.AGAIN),
        (False, -5, 1, Grade.AGAIN),
        (True, 9, 1, Grade.EASY),
        (True, 10, 1, Grade.GOOD),
        (True, 40, 1, Grade.GOOD),
        (True, 41, 1, Grade.HARD),
        (True, 37, 3, Grade.EASY),
        (True, 151, 3, Grade.HARD),
        (True, 601, 3, Grade.GOOD),  # a page left open says nothing
        (True, 0, 2, Grade.GOOD),
        (True, -3600, 2, Grade.GOOD),  # the clock was set back
        (True, float("nan"), 2, Grade.GOOD),
    ],
)
def test_a_rating(correct, seconds, difficulty, grade):
    assert grade_answer(correct, seconds, difficulty) is grade


def test_what_was_missed_is_due_the_next_day():
    assert first_memory(DAY).due_on == DAY + dt.timedelta(1)


def test_the_better_the_rating_the_later_it_comes_back():
    start = next_memory(first_memory(DAY), Grade.GOOD, DAY + dt.timedelta(1))
    due = [next_memory(start, grade, start.due_on).due_on for grade in Grade]
    assert due[0] == start.due_on + dt.timedelta(1)
    assert due[0] < due[1] < due[2] < due[3]


def test_right_answers_move_it_further_each_time_and_never_beyond_the_longest():
    memory, gaps = first_memory(DAY), []
    for _ in range(12):
        memory = next_memory(memory, Grade.EASY, memory.due_on)
        gaps.append((memory.due_on - memory.reviewed_on).days)
    assert gaps == sorted(gaps)
    assert gaps[-1] == LONGEST
    missed = next_memory(memory, Grade.AGAIN, memory.due_on)
    assert (missed.due_on - memory.due_on).days == 1


def test_the_same_answers_give_the_same_calendar():
    def walk():
        memory = first_memory(DAY)
        for grade in (3, 3, 1, 2, 4):
            memory = next_memory(memory, Grade(grade), memory.due_on)
        return memory

    assert walk() == walk()


def test_a_day_before_the_last_review_moves_nothing_back():
    memory = next_memory(first_memory(DAY), Grade.GOOD, DAY + dt.timedelta(1))
    earlier = next_memory(memory, Grade.GOOD, DAY - dt.timedelta(30))
    assert earlier == next_memory(memory, Grade.GOOD, memory.reviewed_on)
    assert earlier.due_on > earlier.reviewed_on


def test_it_loads_no_torch():
    code = "import sys, quizzes.review.schedule; print(any(m in sys.modules for m in ('torch', 'django')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=manage.ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_the_heat_map_runs_from_monday_to_today():
    counts = {DAY: 20, DAY - dt.timedelta(1): 1, DAY + dt.timedelta(1): 99, DAY - dt.timedelta(400): 7}
    drawn = draw_heat_map(counts, DAY)  # a Tuesday
    assert [len(row) for row in drawn.rows] == [WEEKS] * 7
    assert [row[-1].level if row[-1] else None for row in drawn.rows] == [1, 4, *[None] * 5]
    assert (drawn.total, drawn.active_days) == (21, 2)
    assert drawn.rows[0][0].date == first_day(DAY)
    assert first_day(DAY).weekday() == 0
    assert sum(weeks for _month, weeks in drawn.months) == WEEKS


@pytest.mark.parametrize(
    ("count", "level"), [(0, 0), (1, 1), (4, 1), (5, 2), (10, 3), (19, 3), (20, 4), (500, 4)]
)
def test_five_shades(count, level):
    assert draw_heat_map({DAY: count}, DAY).rows[1][-1].level == level
