"""The board is a function of the entries alone: their best scores, and of equal ones the earlier."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.ranking import Entry, order_key, rank

MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def entry(submission: int, who: str, score: float | None, minute: int = 0) -> Entry:
    return Entry(who, submission, score, MONDAY + timedelta(minutes=minute))


@pytest.mark.parametrize("score", [None, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("higher_is_better", [True, False])
def test_what_has_no_score_never_ranks(score: float | None, higher_is_better: bool) -> None:
    entries = [entry(1, "Alice", score), entry(2, "Bob", 5.0), entry(3, "Bob", score)]
    board = rank(entries, higher_is_better)
    assert [(row.rank, row.participant, row.score, row.entries) for row in board] == [(1, "Bob", 5.0, 1)]


def test_no_entries_no_rows() -> None:
    assert rank([], higher_is_better=True) == []


BOARDS = [
    # (why, higher is better, entries, participants from the top)
    ("smaller is better", False, [entry(1, "Alice", 3.0), entry(2, "Bob", 2.0)], ["Bob", "Alice"]),
    ("larger is better", True, [entry(1, "Alice", 3.0), entry(2, "Bob", 2.0)], ["Alice", "Bob"]),
    ("the earlier of two equals", False, [entry(1, "Alice", 2.0, 9), entry(2, "Bob", 2.0, 5)], ["Bob", "Alice"]),
    ("zeros of both signs are equal", True, [entry(1, "Alice", 0.0, 9), entry(2, "Bob", -0.0, 5)], ["Bob", "Alice"]),
    ("the same instant: by id", True, [entry(2, "Bob", 2.0), entry(1, "Alice", 2.0)], ["Alice", "Bob"]),
    ("a late repeat of one's best does not set it back", False,
     [entry(1, "Alice", 2.0, 1), entry(2, "Bob", 2.0, 5), entry(3, "Alice", 2.0, 9)], ["Alice", "Bob"]),
    ("best counts, not last", False,
     [entry(1, "Alice", 1.0, 1), entry(2, "Bob", 2.0, 5), entry(3, "Alice", 9.0, 9)], ["Alice", "Bob"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "higher_is_better", "entries", "expected"), BOARDS, ids=[b[0] for b in BOARDS]
)
def test_order(why: str, higher_is_better: bool, entries: list[Entry], expected: list[str]) -> None:
    board = rank(entries, higher_is_better)
    assert [row.participant for row in board] == expected
    assert [row.rank for row in board] == list(range(1, len(expected) + 1))


def test_a_row_tells_when_the_best_came_and_when_the_last() -> None:
    entries = [
        entry(1, "Alice", 7.0, 1),
        entry(2, "Alice", 3.0, 2),
        entry(3, "Alice", 5.0, 3),
        entry(4, "Alice", None, 4),
    ]
    (row,) = rank(entries, higher_is_better=False)
    assert (row.submission, row.score, row.entries) == (2, 3.0, 3)
    assert row.reached_at == MONDAY + timedelta(minutes=2)
    assert row.last_at == MONDAY + timedelta(minutes=3)


# Few participants, scores and minutes, so that ties of every kind are frequent.
ENTRIES = st.lists(
    st.builds(
        entry,
        submission=st.integers(1, 10_000),
        who=st.sampled_from(["Alice", "Bob", "Charlie", "Dave"]),
        score=st.one_of(
            st.none(), st.just(math.nan), st.sampled_from([0.0, -0.0, 1.0, 2.0]), st.floats(-10, 10)
        ),
        minute=st.integers(0, 3),
    ),
    unique_by=lambda each: each.submission,
    max_size=20,
)


@given(ENTRIES, st.booleans(), st.randoms(use_true_random=False))
def test_any_order_of_the_entries_gives_the_same_board(entries, higher_is_better, random) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert rank(shuffled, higher_is_better) == rank(entries, higher_is_better)


@given(ENTRIES, st.booleans())
def test_the_order_is_total(entries, higher_is_better) -> None:
    """Each row is strictly before the next one: by score, then time, then id."""
    board = rank(entries, higher_is_better)
    sign = -1 if higher_is_better else 1
    for above, below in pairwise(board):
        assert sign * above.score <= sign * below.score
        if above.score == below.score:
            assert (above.reached_at, above.submission) < (below.reached_at, below.submission)
    assert [row.rank for row in board] == list(range(1, len(board) + 1))


@given(ENTRIES, st.booleans())
def test_everybody_with_a_score_stands_there_once_with_their_best(entries, higher_is_better) -> None:
    scores: dict[object, list[float]] = {}
    for each in entries:
        if each.score is not None and math.isfinite(each.score):
            scores.setdefault(each.participant, []).append(each.score)
    best = max if higher_is_better else min
    found = {row.participant: (row.score, row.entries) for row in rank(entries, higher_is_better)}
    assert found == {who: (best(theirs), len(theirs)) for who, theirs in scores.items()}


@given(ENTRIES.filter(bool), st.booleans())
def test_taking_the_last_row_away_moves_nobody_above_it(entries, higher_is_better) -> None:
    board = rank(entries, higher_is_better)
    if board:
        rest = [each for each in entries if each.participant != board[-1].participant]
        assert rank(rest, higher_is_better) == board[:-1]


def test_order_key_sorts_as_the_board_does() -> None:
    """What keeps a standing up to date, one score at a time, must agree with ranking all of them at once."""
    entries = [entry(1, "Alice", 2.0, 3), entry(2, "Bob", 2.0, 1), entry(3, "Charlie", 1.0, 9)]
    by_key = sorted(entries, key=lambda each: order_key(each, higher_is_better=False))
    assert [each.participant for each in by_key] == ["Charlie", "Bob", "Alice"]
    assert [row.participant for row in rank(entries, higher_is_better=False)] == ["Charlie", "Bob", "Alice"]
