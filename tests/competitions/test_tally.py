"""What a participant's submissions are worth on each board: a function of the submissions and the rules alone."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions import pseudonyms
from competitions.tally import FINAL, FROZEN, LATE, LIVE, Rules, Scored, finalists, tally

MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
HIGH = Rules(higher_is_better=True)


def scored(number: int, score: float, private: float | None = None, **more) -> Scored:
    return Scored(number, score, private, MONDAY + timedelta(minutes=number), **more)


def shown(submissions: list[Scored], rules: Rules) -> dict[str, tuple[int, float]]:
    return {board: (line.submission, line.score) for board, line in tally(submissions, rules).items()}


CASES = [
    # (why, rules, submissions, board -> (submission, score))
    ("nothing", HIGH, [], {}),
    ("no private rows, no final board", HIGH, [scored(1, 5.0)], {LIVE: (1, 5.0)}),
    ("the better private of the two best public", HIGH,
     [scored(1, 9.0, 1.0), scored(2, 8.0, 2.0), scored(3, 7.0, 99.0)], {LIVE: (1, 9.0), FINAL: (2, 2.0)}),
    ("what is chosen counts, however bad in public", HIGH,
     [scored(1, 9.0, 1.0), scored(2, 8.0, 2.0), scored(3, 7.0, 99.0, is_selected=True)],
     {LIVE: (1, 9.0), FINAL: (3, 99.0)}),
    ("one of one", Rules(True, selections=1), [scored(1, 9.0, 1.0), scored(2, 8.0, 2.0)],
     {LIVE: (1, 9.0), FINAL: (1, 1.0)}),
    ("low is good", Rules(False), [scored(1, 9.0, 1.0), scored(2, 8.0, 2.0), scored(3, 7.0, 3.0)],
     {LIVE: (3, 7.0), FINAL: (2, 2.0)}),
    ("late ones stand apart and never count", HIGH,
     [scored(1, 1.0, 1.0), scored(2, 9.0, 9.0, is_late=True), scored(3, 8.0, 8.0, is_late=True, is_selected=True)],
     {LIVE: (1, 1.0), FINAL: (1, 1.0), LATE: (2, 9.0)}),
    ("the freeze leaves out what came at it and later", Rules(True, freezes_at=MONDAY + timedelta(minutes=2)),
     [scored(1, 1.0), scored(2, 2.0), scored(3, 3.0)], {LIVE: (3, 3.0), FROZEN: (1, 1.0)}),
    ("of equal private scores the earlier", HIGH, [scored(1, 1.0, 5.0), scored(2, 2.0, 5.0)],
     {LIVE: (2, 2.0), FINAL: (1, 5.0)}),
    ("of equal public scores the one received earlier, whatever its number", HIGH,
     [replace(scored(1, 1.0), received_at=MONDAY + timedelta(hours=1)), scored(2, 1.0)], {LIVE: (2, 1.0)}),
    ("received together, the smaller number", HIGH,
     [replace(scored(2, 1.0), received_at=MONDAY), replace(scored(1, 1.0), received_at=MONDAY)], {LIVE: (1, 1.0)}),
    ("a public score that is no number", HIGH, [scored(1, math.nan, 9.0), scored(2, math.inf, 9.0), scored(3, 1.0, 3.0)],
     {LIVE: (3, 1.0), FINAL: (3, 3.0)}),
    ("a private score that is no number", HIGH, [scored(1, 1.0, math.nan), scored(2, 0.0, 3.0)],
     {LIVE: (1, 1.0), FINAL: (2, 3.0)}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "rules", "submissions", "expected"), CASES, ids=[case[0] for case in CASES])
def test_boards(why, rules, submissions, expected):
    assert shown(submissions, rules) == expected


@pytest.mark.parametrize("higher_is_better", [True, False])
def test_what_a_line_tells_beside_the_score(higher_is_better):
    """Its time is that of the best, what is counted are all that were scored in time: also on the final board, where one decides."""
    sign = 1 if higher_is_better else -1
    given = [(2, 5.0, 1.0), (6, 8.0, 5.0), (7, 3.0, 9.0)]  # number, score and private score
    rows = [scored(number, sign * score, private) for number, score, private in given]
    rows.append(scored(9, sign * 99.0, 9.0, is_late=True))
    lines = tally(rows, Rules(higher_is_better, selections=1))
    for board, score in ((LIVE, sign * 8.0), (FINAL, 5.0)):
        line = lines[board]
        assert (line.submission, line.score, line.sort_key) == (6, score, sign * score)
        assert (line.entries, line.reached_at) == (3, MONDAY + timedelta(minutes=6))
        assert line.last_at == MONDAY + timedelta(minutes=7)
    assert (lines[LATE].entries, lines[LATE].last_at) == (1, MONDAY + timedelta(minutes=9))


SUBMISSIONS = st.lists(
    st.builds(
        scored,
        st.integers(1, 30),
        st.sampled_from([0.0, 1.0, 2.0, 2.5]),
        st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0])),
        is_late=st.booleans(),
        is_selected=st.booleans(),
    ),
    unique_by=lambda row: row.submission,
    max_size=12,
)
RULES = st.builds(
    Rules, st.booleans(), st.integers(1, 4), st.one_of(st.none(), st.just(MONDAY + timedelta(minutes=15)))
)


@given(SUBMISSIONS, RULES, st.randoms(use_true_random=False))
def test_any_order_of_the_submissions_gives_the_same_lines(submissions, rules, random):
    shuffled = list(submissions)
    random.shuffle(shuffled)
    assert tally(shuffled, rules) == tally(submissions, rules)


@given(SUBMISSIONS, RULES, st.lists(st.floats(-9, 9), min_size=12, max_size=12))
def test_private_scores_move_the_final_board_and_no_other(submissions, rules, others):
    changed = [replace(row, private=other) for row, other in zip(submissions, others, strict=False)]
    before, after = tally(submissions, rules), tally(changed, rules)
    for board in (LIVE, FROZEN, LATE):
        assert before.get(board) == after.get(board)


@given(SUBMISSIONS, RULES)
def test_as_many_count_as_may_and_the_chosen_come_first(submissions, rules):
    timely = [row for row in submissions if not row.is_late]
    counting = finalists(submissions, rules)
    assert len(counting) == min(rules.selections, len(timely))
    assert all(row in timely for row in counting)
    chosen = sum(row.is_selected for row in timely)
    assert sum(row.is_selected for row in counting) == min(chosen, rules.selections)


@given(st.integers(0, pseudonyms.COUNT - 1), st.integers(0, pseudonyms.COUNT - 1))
def test_two_numbers_never_have_one_name(one, other):
    for language in ("ko", "en"):
        assert (pseudonyms.name(one, language) == pseudonyms.name(other, language)) == (one == other)


def test_a_name_in_both_languages():
    assert (pseudonyms.name(16, "ko"), pseudonyms.name(16, "en")) == ("조용한 고래 17", "Quiet Whale 17")
