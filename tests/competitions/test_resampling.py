"""The bootstrap: exact for every metric, paired, seeded; its intervals hold the score and the truth as often as they say."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competitions import metrics
from competitions.folders.own_metric import read_metric
from competitions.standings.resampling import (
    RESAMPLES,
    RESAMPLES_BY_HAND,
    draws,
    resample,
    resample_rows,
    seed_from,
    summary,
)

ROWS = 60


def sample(name: str, seed: int = 0, rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """A truth and a middling prediction of what the metric takes."""
    draw = np.random.default_rng(seed)
    values = metrics.find(name).values
    if values == "number":
        truth = draw.lognormal(3, 0.5, rows)
        return truth, truth * draw.lognormal(0, 0.2, rows)
    if values in ("label", "rating"):
        truth = draw.integers(0, 4, rows)
        return truth, np.where(draw.random(rows) < 0.6, truth, draw.integers(0, 5, rows))
    if values == "probability":
        truth = draw.integers(0, 3, rows)
        scores = draw.random((rows, 3)).round(1) + 0.1 + 0.5 * np.eye(3)[truth]
        return truth, scores / scores.sum(axis=1, keepdims=True)
    if values == "ranking":
        truth = draw.choice(["a b", "c", "d e f"], rows)
        return truth, draw.choice(["a b c", "c d", "f e x"], rows)
    assert values == "count"
    return np.full(rows, 5), draw.integers(0, 6, rows)


QUICK = [name.replace("@k", "@3") for name in metrics.names() if name != "answer_correctness"]


@pytest.mark.parametrize("name", QUICK)
def test_each_draw_gives_what_the_metric_says_of_the_drawn_rows(name):
    """The matrix products against the metric itself, on the same draws; rows that a draw repeats are repeated."""
    metric = metrics.find(name)
    truth, prediction = sample(name)
    found = resample(metric, truth, prediction, seed=7)
    weights = np.concatenate(list(draws(ROWS, 7)), axis=1)
    for column in range(0, RESAMPLES, 50):
        chosen = np.repeat(np.arange(ROWS), weights[:, column].astype(int))
        assert found.vector[column] == pytest.approx(
            metric.score(truth[chosen], prediction[chosen]), abs=2e-5
        )
    assert found.score == metric.score(truth, prediction)
    assert found.low < found.score < found.high


@pytest.mark.parametrize(
    "binary", [[0.1, 0.4, 0.4, 0.9], [0.2, 0.2, 0.2, 0.2]], ids=["some ties", "all tied"]
)
def test_the_auc_of_two_classes_counts_a_tie_half(binary):
    truth = np.tile([0, 0, 1, 1], 20)
    prediction = np.tile(binary, 20)
    found = resample(metrics.find("roc_auc"), truth, prediction, 3)
    assert found.vector.mean() == pytest.approx(metrics.find("roc_auc").score(truth, prediction), abs=0.02)


def test_a_metric_of_an_instructor_is_computed_anew_and_may_fail_on_a_draw(tmp_path: Path):
    (tmp_path / "metric.py").write_text(
        'TITLE_KO, TITLE_EN = "중앙", "Median"\nHIGHER_IS_BETTER = False\nRANGE = (0, None)\nVALUES = "number"\n'
        "def compute(truth, prediction):\n"
        "    import numpy as np\n"
        "    if truth.max() < 50:\n        raise ValueError('no large value')\n"
        "    return float(np.median(abs(truth - prediction)))\n"
    )
    truth, prediction = np.arange(60.0), np.arange(60.0) + np.tile([1.0, 2.0, 4.0], 20)
    found = resample(read_metric(tmp_path / "metric.py"), truth, prediction, 1)
    assert len(found.vector) == RESAMPLES_BY_HAND
    assert (found.low, found.score, found.high) == (2.0, 2.0, 2.0) or found.low <= 2.0 <= found.high
    rare = np.where(np.arange(60) == 59, 60.0, 1.0)  # most draws miss the one row without which it raises
    broken = np.isnan(resample(read_metric(tmp_path / "metric.py"), rare, rare + 1, 1).vector).sum()
    assert 0 < broken < RESAMPLES_BY_HAND / 2


def test_without_enough_draws_that_have_a_score_there_is_no_interval():
    """A class of one row is missing from more than a third of the draws, and with three such classes from most."""
    truth = np.array([0, 1, 2] + [3] * 40)
    prediction = np.full((43, 4), 0.25)
    assert resample(metrics.find("roc_auc"), truth, prediction, 1) is None


def test_the_same_seed_gives_the_same_draws_and_another_others():
    metric = metrics.find("mae")
    truth, prediction = sample("mae")
    one, other = (resample(metric, truth, prediction, seed) for seed in (1, 2))
    for seed in range(3, 9):  # so that the first draws are not just remembered
        resample(metric, truth, prediction, seed)
    same = resample(metric, truth, prediction, 1)
    assert np.array_equal(one.offsets, same.offsets)
    assert not np.array_equal(one.offsets, other.offsets)
    assert seed_from(b"ab", b"c") != seed_from(b"a", b"bc")


def test_draws_in_blocks_are_whole_and_draw_as_many_rows_as_there_are(monkeypatch):
    monkeypatch.setattr("competitions.standings.resampling.CELLS_AT_ONCE", 10_000)
    blocks = list(draws(300, 5))
    assert len(blocks) > 3
    weights = np.concatenate(blocks, axis=1)
    assert weights.shape == (300, RESAMPLES)
    assert (weights.sum(axis=0) == 300).all()


def test_the_interval_of_a_mean_is_that_of_the_textbook():
    """Standard error s / sqrt(n): the bootstrap of a mean must come to the same, 1.96 times to each side."""
    rows = np.random.default_rng(0).exponential(2.0, 2000)
    found = resample_rows(rows, 1)
    error = rows.std() / math.sqrt(len(rows))
    assert found.vector.std() == pytest.approx(error, rel=0.1)
    assert (found.high - found.low) == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_intervals_hold_the_true_value_about_as_often_as_they_say():
    """300 worlds in which the true MAE is known (the mean of |normal| is sqrt(2/pi))."""
    draw = np.random.default_rng(11)
    true = math.sqrt(2 / math.pi)
    held = 0
    for _world in range(300):
        found = resample_rows(abs(draw.normal(size=200)), 1)
        held += found.low <= true <= found.high
    assert 0.90 <= held / 300 <= 0.98


@pytest.mark.parametrize(
    ("score", "low", "high"), [(9.0, 1.025, 9.0), (0.5, 0.5, 1.975), (1.5, 1.025, 1.975)]
)
def test_an_interval_is_widened_to_a_score_that_the_draws_do_not_reach(score, low, high):
    """Some metrics are biased on draws, which repeat rows: a count of different values is always smaller there."""
    found = summary(score, np.linspace(1.0, 2.0, 1001))
    assert (found.score, found.low, found.high) == (score, pytest.approx(low), pytest.approx(high))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(QUICK), st.integers(0, 1000), st.integers(3, 40))
def test_an_interval_always_holds_its_score(name, seed, rows):
    truth, prediction = sample(name, seed, rows)
    metric = metrics.find(name)
    try:
        metric.score(truth, prediction)
    except ValueError:
        return  # one class only: there is no score to speak of
    found = resample(metric, truth, prediction, seed)
    if found is not None:
        assert found.low <= found.score <= found.high
        lowest, highest = metric.range
        assert lowest - 1e-6 <= found.low
        assert found.high <= highest + 1e-6


def test_a_row_metric_says_the_same_as_its_score():
    """`rows` is only a second way of writing `compute`."""
    for name in QUICK:
        metric = metrics.find(name)
        if metric.rows is not None:
            truth, prediction = sample(name)
            assert metric.rows(truth, prediction).mean() == pytest.approx(metric.score(truth, prediction))
