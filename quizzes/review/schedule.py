"""When a card comes back: FSRS, by whole days. Pure: it knows neither Django nor a database.

The unit is the course's calendar day, not the hour: a card that was missed at nine in the evening is due at the
following midnight, and a clock that is set right by an hour moves nothing. `fsrs` wants times in UTC, so a day is
handed to it as its midnight "in UTC".

Source: Ye et al., "A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling" (KDD 2022);
FSRS-6 with its published default parameters, as the package has them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

from fsrs import Card, Rating, Scheduler, State
from fsrs.card import CardDict

RETENTION = 0.9  # chance of knowing it on the day it comes back
LONGEST = 180  # days: a course lasts months, and a card due in five years helps nobody pass
NO_MEASURE = 600.0  # seconds: longer is a page that was left open
EXPECTED_SECONDS = {1: 20.0, 2: 40.0, 3: 75.0}  # by the question's difficulty

# No steps of minutes: a day's cards are seen once a day. No fuzz: the same answers give the same calendar.
_SCHEDULER = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST,
    enable_fuzzing=False,
)


class Grade(IntEnum):
    """FSRS' four ratings."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS keeps of a card: `stability` in days, `difficulty` 1 to 10."""

    stability: float
    difficulty: float
    due_on: dt.date
    reviewed_on: dt.date


def grade_answer(correct: bool, seconds: float, difficulty: int) -> Grade:
    """The rating of an answer that took `seconds` from showing to sending, by the server's clock.

    Quicker than half the expected time is easy, slower than twice is hard. A time that cannot be true (the clock
    went back, the page lay open) says nothing: good.
    """
    if not correct:
        return Grade.AGAIN
    if not 0 < seconds <= NO_MEASURE:
        return Grade.GOOD
    expected = EXPECTED_SECONDS[difficulty]
    if seconds < expected / 2:
        return Grade.EASY
    return Grade.HARD if seconds > expected * 2 else Grade.GOOD


def first_memory(day: dt.date) -> Memory:
    """The memory of what was missed on `day`: due the day after."""
    return _review(Card.from_dict(_entry(State.Learning, None, None, day, None)), Grade.AGAIN, day)


def next_memory(memory: Memory, grade: Grade, day: dt.date) -> Memory:
    """The memory after a rating on `day`. A day before the last review counts as the last review's."""
    day = max(day, memory.reviewed_on)
    entry = _entry(State.Review, memory.stability, memory.difficulty, memory.due_on, memory.reviewed_on)
    return _review(Card.from_dict(entry), grade, day)


def _entry(
    state: State, stability: float | None, difficulty: float | None, due: dt.date, last: dt.date | None
) -> CardDict:
    """FSRS' card as a mapping. `Card()` would sleep a millisecond for an id that two threads share all the same."""
    return {
        "card_id": 0,
        "state": int(state),
        "step": 0 if state is State.Learning else None,
        "stability": stability,
        "difficulty": difficulty,
        "due": _moment(due).isoformat(),
        "last_review": _moment(last).isoformat() if last else None,
    }


def _review(card: Card, grade: Grade, day: dt.date) -> Memory:
    after, _log = _SCHEDULER.review_card(card, Rating(int(grade)), _moment(day))
    assert after.stability is not None
    assert after.difficulty is not None
    # What was missed is looked at once more the next day, however long it was known before: this is the relearning
    # step of other programs, in days.
    due = day + dt.timedelta(days=1) if grade is Grade.AGAIN else after.due.date()
    return Memory(after.stability, after.difficulty, due, day)


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
