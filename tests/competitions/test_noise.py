"""Shared ranks, the Ladder, and the report at the end, as pure functions."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competitions import metrics
from competitions.standings.ladder import Probe, climb
from competitions.standings.resampling import resample, resample_rows
from competitions.standings.shakeup import shake_up
from competitions.standings.ties import CERTAIN, share_ahead, shared_ranks

ROWS = 1000
# A loaded machine is no fault of the code.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def accuracy_vectors(shares: list[float], rows: int = ROWS) -> list[np.ndarray]:
    """Resampled accuracies of people who are right in the given shares of the rows, each independently."""
    draw = np.random.default_rng(5)
    return [resample_rows((draw.random(rows) < share).astype(float), 1).vector for share in shares]


def test_who_cannot_be_told_apart_shares_a_rank_and_who_is_clearly_worse_does_not():
    vectors = accuracy_vectors([0.900, 0.899, 0.898, 0.80, 0.797, 0.5])
    order = sorted(range(6), key=lambda who: -vectors[who].mean())
    assert set(order[:3]) == {0, 1, 2}
    ranks = shared_ranks([vectors[who] for who in order], higher_is_better=True)
    assert ranks == [(1, 3)] * 3 + [(4, 5)] * 2 + [(6, 6)]


def test_the_comparison_is_paired():
    """Alice is better on just a few rows and worse on none: beyond doubt, though the two intervals overlap widely."""
    draw = np.random.default_rng(1)
    bob = (draw.random(ROWS) < 0.7).astype(float)
    alice = bob.copy()
    alice[np.flatnonzero(bob == 0)[:12]] = 1.0
    one, other = resample_rows(alice, 1), resample_rows(bob, 1)
    assert one.low < other.high  # by their own intervals nobody could tell
    assert shared_ranks([one.vector, other.vector], higher_is_better=True) == [(1, 1), (2, 2)]
    unpaired = resample_rows(bob, 2).vector
    assert shared_ranks([one.vector, unpaired], higher_is_better=True) == [(1, 2), (1, 2)]


def test_the_same_predictions_share_a_rank():
    vector = accuracy_vectors([0.6])[0]
    assert shared_ranks([vector, vector.copy()], higher_is_better=True) == [(1, 2), (1, 2)]


def test_smaller_may_be_better():
    errors = accuracy_vectors([0.1, 0.5])
    assert shared_ranks(errors, higher_is_better=False) == [(1, 1), (2, 2)]


def test_who_has_no_resampled_scores_stands_alone_and_parts_the_groups():
    vector = accuracy_vectors([0.6])[0]
    short = vector[:200]
    assert shared_ranks([vector, None, vector, vector, short], higher_is_better=True) == [
        (1, 1),
        (2, 2),
        (3, 4),
        (3, 4),
        (5, 5),
    ]
    assert shared_ranks([], higher_is_better=True) == []


@PATIENT
@given(
    st.lists(st.lists(st.integers(0, 6).map(float), min_size=8, max_size=8) | st.none(), max_size=12),
    st.booleans(),
)
def test_shared_ranks_are_consistent(raw, higher_is_better):
    """Groups lie side by side and are their own bounds: everybody has the ranks of their group, and the group as many
    members as ranks; its best is not beyond doubt better than any member, but than the best of the next."""
    vectors = [None if each is None else np.array(each) for each in raw]
    ranks = shared_ranks(vectors, higher_is_better)
    assert len(ranks) == len(vectors)
    for place, (first, last) in enumerate(ranks, start=1):
        assert first <= place <= last <= len(ranks)
        assert all(ranks[other - 1] == (first, last) for other in range(first, last + 1))
        if first != last:
            leader, mine = vectors[first - 1], vectors[place - 1]
            assert share_ahead(leader, mine, higher_is_better) < CERTAIN
    for (first, _), (after, _) in pairwise(sorted(set(ranks))):
        leader, other = vectors[first - 1], vectors[after - 1]
        if leader is not None and other is not None:
            assert share_ahead(leader, other, higher_is_better) >= CERTAIN


# --- the Ladder -------------------------------------------------------------------------------------------------------


def attack(labels: np.ndarray, hidden: np.ndarray, tries: int, ladder: bool) -> tuple[float, float]:
    """Who knows nothing sends random labels, keeps those after which the board says more than a coin's half (and, under the
    Ladder, those that moved it), and hands in their majority. -> (public, private) accuracy of that.

    This is the attack of Blum & Hardt, section 4.2.
    """
    draw = np.random.default_rng(3)
    guesses = draw.integers(0, 2, size=(tries, len(labels) + len(hidden)))
    metric = metrics.find("accuracy")
    public = [resample(metric, labels, guess[: len(labels)], 9) for guess in guesses]
    said = [found.score for found in public]
    kept = [score > 0.5 for score in said]
    if ladder:
        releases = climb([Probe(found.score, found.vector) for found in public], higher_is_better=True)
        kept = [release.is_own and release.score > 0.5 for release in releases]
    # What did not look good is turned round, as long as the board said something about it at all.
    signs = np.where(kept, 1, -1) if not ladder else np.where(kept, 1, 0)
    votes = signs @ (2 * guesses - 1) > 0
    return float((votes[: len(labels)] == labels).mean()), float((votes[len(labels) :] == hidden).mean())


def test_probing_gains_much_without_the_ladder_and_little_with_it():
    draw = np.random.default_rng(1)
    labels, hidden = draw.integers(0, 2, 400), draw.integers(0, 2, 400)
    free = attack(labels, hidden, 200, ladder=False)
    held = attack(labels, hidden, 200, ladder=True)
    assert free[0] > 0.66  # a third of the other half learnt from nothing but scores
    assert held[0] < 0.56
    assert held[0] - 0.5 < (free[0] - 0.5) / 4
    assert abs(free[1] - 0.5) < 0.06  # and what was learnt is worth nothing on other rows
    assert abs(held[1] - 0.5) < 0.06


def test_a_real_improvement_is_released_and_noise_is_not():
    vectors = accuracy_vectors([0.70, 0.702, 0.80, 0.75])
    measured = [float(vector.mean()) for vector in vectors]
    releases = climb([Probe(*pair) for pair in zip(measured, vectors, strict=True)], higher_is_better=True)
    assert [release.is_own for release in releases] == [True, False, True, False]
    assert releases[1].score == releases[0].score
    assert releases[2].score == pytest.approx(
        measured[2], abs=0.006
    )  # rounded to the power of ten below the step
    assert round(releases[2].score, 2) == releases[2].score


def test_the_step_is_the_paired_standard_error():
    """Eight rows better and none worse is 2.8 standard errors, one row better only 1.0: by so much the board does not move."""
    draw = np.random.default_rng(1)
    base = (draw.random(ROWS) < 0.7).astype(float)
    wrong = np.flatnonzero(base == 0)
    for more, released in ((8, True), (1, False)):
        better = base.copy()
        better[wrong[:more]] = 1.0
        one, other = resample_rows(base, 1), resample_rows(better, 1)
        both = [Probe(one.score, one.vector), Probe(other.score + (0 if released else -1e-4), other.vector)]
        assert climb(both, higher_is_better=True)[1].is_own is released


PLUS_MINUS = np.tile([1.0, -1.0], 50)
OTHER_WAY = np.repeat([1.0, -1.0], 50)  # uncorrelated with it
FIRST = Probe(0.7045, 0.7045 + 0.02 * PLUS_MINUS)  # its step is 0.02: 0.70 is said
CLIMBS = [
    # (why, the later probe, (score, is_own) of it after FIRST and a second)
    ("compared is with what was said, 0.70, not with what was measured",
     [Probe(0.7125, FIRST.vector + 0.008 + 0.01 * OTHER_WAY)], (0.71, True)),
    ("... and 0.0095 more than that is no step of 0.01",
     [Probe(0.7095, FIRST.vector + 0.005 + 0.01 * OTHER_WAY)], (0.70, False)),
    ("the step is the difference to the best so far, not to the first",
     [Probe(0.8, 0.8 + 0.05 * OTHER_WAY), Probe(0.81, 0.81 + 0.051 * OTHER_WAY)], (0.81, True)),
    ("nothing is known of the noise of the best: any gain is one",
     [Probe(0.9), Probe(0.91, 0.91 + 0.05 * PLUS_MINUS)], (0.91, True)),
    ("the two have another number of draws: any gain is one",
     [Probe(0.9, 0.9 + 0.05 * PLUS_MINUS), Probe(0.91, 0.91 + 0.05 * PLUS_MINUS[:60])], (0.91, True)),
]  # fmt: skip


@pytest.mark.parametrize(("why", "later", "said"), CLIMBS, ids=[case[0] for case in CLIMBS])
@pytest.mark.parametrize("higher_is_better", [True, False])
def test_one_step_of_the_ladder_by_hand(why, later, said, higher_is_better):
    sign = 1 if higher_is_better else -1
    probes = [
        Probe(sign * each.measured, None if each.vector is None else sign * each.vector)
        for each in [FIRST, *later]
    ]
    release = climb(probes, higher_is_better)[-1]
    assert (release.score, release.is_own) == (pytest.approx(sign * said[0]), said[1])


@PATIENT
@given(st.lists(st.floats(-100, 100, allow_nan=False), max_size=12), st.booleans())
def test_without_resampled_scores_the_ladder_is_the_best_so_far(scores, higher_is_better):
    best = max if higher_is_better else min
    releases = climb([Probe(score) for score in scores], higher_is_better)
    assert [release.score for release in releases] == [best(scores[: n + 1]) for n in range(len(scores))]


@PATIENT
@given(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=8), st.booleans(), st.integers(0, 99))
def test_what_is_said_never_gets_worse(shares, higher_is_better, seed):
    draw = np.random.default_rng(seed)
    found = [resample_rows((draw.random(80) < share).astype(float), 1) for share in shares]
    releases = climb([Probe(each.score, each.vector) for each in found], higher_is_better)
    sign = 1 if higher_is_better else -1
    assert releases[0].is_own
    for before, after in pairwise(releases):
        assert sign * after.score > sign * before.score if after.is_own else after.score == before.score


# --- public against private -------------------------------------------------------------------------------------------


def test_who_rose_and_who_fell():
    report = shake_up(
        {"Alice": 1, "Bob": 2, "Charlie": 3, "Dave": 4}, {"Charlie": 1, "Alice": 2, "Bob": 3, "Dave": 4}
    )
    assert [(move.participant, move.public_rank, move.rise) for move in report.moves] == [
        ("Charlie", 3, 2),
        ("Alice", 1, -1),
        ("Bob", 2, -1),
        ("Dave", 4, 0),
    ]
    assert [move.participant for move in report.risen] == ["Charlie"]
    assert [move.participant for move in report.fallen] == ["Alice", "Bob"]
    assert (report.unmoved, report.shake) == (1, 0.25)
    assert report.spearman == pytest.approx(0.4)  # 1 - 6 (4 + 1 + 1) / (4 * 15)
    assert report.kendall == pytest.approx(2 / 6)  # four pairs in order, two not


def test_who_moved_most_comes_first():
    report = shake_up(
        {"Alice": 1, "Bob": 2, "Charlie": 3, "Dave": 4, "Eve": 5},
        {"Charlie": 1, "Dave": 2, "Eve": 3, "Bob": 4, "Alice": 5},
    )
    assert [(move.participant, move.places) for move in report.risen] == [
        ("Charlie", 2),
        ("Dave", 2),
        ("Eve", 2),
    ]
    assert [(move.participant, move.places) for move in report.fallen] == [("Alice", 4), ("Bob", 2)]
    leap = shake_up(
        {"Alice": 1, "Bob": 2, "Charlie": 3, "Dave": 4}, {"Bob": 1, "Dave": 2, "Charlie": 3, "Alice": 4}
    )
    assert [(move.participant, move.rise) for move in leap.risen] == [("Dave", 2), ("Bob", 1)]


def test_only_those_on_both_boards_are_compared_and_close_ranks():
    report = shake_up({"Alice": 10, "Bob": 20, "gone": 15}, {"Bob": 1, "Alice": 7, "new": 3})
    assert [(move.participant, move.public_rank, move.private_rank) for move in report.moves] == [
        ("Bob", 2, 1),
        ("Alice", 1, 2),
    ]


@pytest.mark.parametrize("people", [0, 1])
def test_too_few_for_a_correlation(people):
    ranks = {who: who for who in range(people)}
    report = shake_up(ranks, ranks)
    assert (len(report.moves), report.spearman, report.kendall, report.shake) == (people, None, None, 0.0)


@PATIENT
@given(st.permutations(range(1, 9)))
def test_the_correlations_are_those_of_scipy(private):
    from scipy import stats

    report = shake_up({who: who for who in range(1, 9)}, dict(zip(range(1, 9), private, strict=True)))
    assert report.spearman == pytest.approx(stats.spearmanr(range(1, 9), private).statistic)
    assert report.kendall == pytest.approx(stats.kendalltau(range(1, 9), private).statistic)
    assert sum(move.rise for move in report.moves) == 0
