"""Metrics give the figures that a person computes by hand, and never a score that is not a number."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from competitions import metrics
from competitions.metrics import pass_at_k

ROOT = Path(metrics.__file__).parents[2]

REFUSED = [
    ("shapes differ", [1.0, 2.0], [1.0]),
    ("a cube", [1.0, 2.0], [[[1.0]], [[2.0]]]),
    ("truth as a column", [[1.0], [2.0]], [1.0, 2.0]),
    ("no row at all", [], []),
]
EVERY = [name.replace("@k", "@1") for name in metrics.names()]


@pytest.mark.parametrize(("why", "truth", "prediction"), REFUSED)
@pytest.mark.parametrize("name", EVERY)
def test_refuses_what_cannot_be_compared(name: str, why: str, truth: list, prediction: list) -> None:
    with pytest.raises(ValueError, match=name):
        metrics.find(name).score(np.array(truth), np.array(prediction))


@pytest.mark.parametrize("name", [name for name in EVERY if metrics.find(name).values != "probability"])
def test_only_probabilities_may_have_columns(name: str) -> None:
    with pytest.raises(ValueError, match="same rows"):
        metrics.find(name).score(np.array([1.0, 2.0]), np.array([[1.0], [2.0]]))


def test_a_score_that_overflows_is_refused_and_not_given_as_infinity() -> None:
    with pytest.raises(ValueError, match="score is inf"), np.errstate(over="ignore"):
        metrics.find("rmse").score(np.array([0.0, 0.0]), np.array([1e300, 1e300]))


def test_a_score_outside_the_declared_range_is_refused() -> None:
    liar = replace(metrics.find("accuracy"), compute=lambda truth, prediction: 1.5)
    with pytest.raises(ValueError, match="outside its range"):
        liar.score(np.array([1]), np.array([1]))


@pytest.mark.parametrize(
    "name",
    ["", "nope", "__init__", "../mae", "mae@3", "map@k", "map", "map@0", "map@1001", "map@01", "map_at_k"],
)
def test_unknown_name_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        metrics.find(name)


THREE = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]
FIGURES = [
    # Each expected value is computed by hand, or as the fraction that is written.
    ("mae", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0.0),
    ("mae", [100.0, 200.0], [110.0, 170.0], 20.0),
    ("mae", [-1.0], [1.0], 2.0),
    ("rmse", [0.0, 0.0], [3.0, 4.0], math.sqrt(12.5)),
    ("rmse", [5.0], [5.0], 0.0),
    ("rmsle", [0.0, 1.0], [0.0, 3.0], math.sqrt(math.log(2) ** 2 / 2)),
    ("rmsle", [9.0], [99.0], math.log(10)),
    ("r2", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 1.0),
    ("r2", [1.0, 2.0, 3.0], [2.0, 2.0, 2.0], 0.0),
    ("r2", [1.0, 2.0, 3.0], [3.0, 2.0, 1.0], -3.0),
    ("accuracy", [1, 2, 3, 4], [1, 2, 3, 0], 0.75),
    ("accuracy", ["cat", "dog"], ["dog", "cat"], 0.0),
    ("accuracy", ["고양이", "NA"], ["고양이", "NA"], 1.0),
    ("balanced_accuracy", ["a", "a", "a", "b"], ["a", "a", "b", "b"], (2 / 3 + 1) / 2),
    ("balanced_accuracy", ["a", "a", "b"], ["a", "c", "b"], (1 / 2 + 1) / 2),  # c is no class of the truth
    ("macro_f1", ["a", "a", "b", "b"], ["a", "b", "b", "b"], (2 / 3 + 4 / 5) / 2),
    ("macro_f1", ["a", "b"], ["a", "c"], 1 / 3),  # b was never found, c never there
    ("log_loss", [0, 1, 2], THREE, -(math.log(0.7) + math.log(0.8) + math.log(0.6)) / 3),
    (
        "log_loss",
        [0, 0],
        [[0.5, 0.5], [0.25, 0.75]],
        (math.log(2) + math.log(4)) / 2,
    ),  # one class, two columns
    ("log_loss", [1, 0], [0.5, 0.2], -(math.log(0.5) + math.log(0.8)) / 2),
    ("log_loss", [0], [[0.0, 1.0]], -math.log(np.finfo(float).eps)),
    ("log_loss", [0], [[0.501, 0.5]], -math.log(0.501 / 1.001)),
    ("roc_auc", [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.75),  # three of four pairs are in order
    ("roc_auc", [0, 1], [0.5, 0.5], 0.5),
    ("roc_auc", [0, 1, 2], THREE, 1.0),
    ("roc_auc", [0, 1, 1], [[0.5, 0.5], [0.6, 0.4], [0.4, 0.6]], 0.5),
    ("quadratic_kappa", [0, 1, 2], [0, 1, 2], 1.0),
    ("quadratic_kappa", [0, 4], [4, 0], -1.0),
    ("quadratic_kappa", [0, 0, 2], [0, 2, 2], 1 - (4 / 3) / (8 / 9 + 8 / 9 + 4 / 9)),
    ("quadratic_kappa", [3, 3], [3, 3], 1.0),
    ("map@1", ["cat", "dog"], ["cat", "cow"], 0.5),
    ("map@3", ["cat"], ["dog cat cow"], 1 / 2),
    ("map@3", ["a b"], ["a x b"], (1 + 2 / 3) / 2),
    ("map@2", ["a b c"], ["b a"], 1.0),  # no more than two can be named
    ("map@3", ["a"], ["b c d"], 0.0),
    ("map@3", ["a b"], ["a a b"], (1 + 2 / 3) / 2),  # a second a is no second hit
    ("pass@1", [10, 10], [10, 0], 0.5),
    ("pass@1", [4], [1], 0.25),
    ("pass@2", [4], [1], 1 - (3 * 2) / (4 * 3)),
    ("pass@3", [4], [2], 1.0),  # of any three, one passes
    ("pass@100", [200], [7], 1 - math.comb(193, 100) / math.comb(200, 100)),
]


@pytest.mark.parametrize(("name", "truth", "prediction", "expected"), FIGURES)
def test_figures(name: str, truth: list, prediction: list, expected: float) -> None:
    result = metrics.find(name).score(np.array(truth), np.array(prediction))
    assert type(result) is float  # a NumPy scalar would not go into JSON
    assert result == pytest.approx(expected, abs=1e-12)


# Two rows for each sort of metric: (truth, a perfect prediction, a worse one).
ROWS: dict[str, tuple[list, list, list]] = {
    "number": ([1.0, 2.0], [1.0, 2.0], [2.0, 1.0]),
    "label": (["a", "b"], ["a", "b"], ["b", "a"]),
    "rating": ([1, 2], [1, 2], [2, 1]),
    "probability": ([0, 1], [[1.0, 0.0], [0.0, 1.0]], [[0.4, 0.6], [0.6, 0.4]]),
    "ranking": (["a", "b"], ["a", "b"], ["b", "a"]),
    "count": ([2, 2], [2, 2], [1, 0]),
    "answer": (
        ["Dropout is off in eval mode.", "The gradient is summed."],
        ["Dropout is off in eval mode.", "The gradient is summed."],
        ["A cat.", "No idea."],
    ),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_file_declares_itself(name: str) -> None:
    metric = metrics.find(name)
    truth, right, wrong = (np.array(rows) for rows in ROWS[metric.values])
    assert metric.name == name
    assert metric.title.ko
    assert metric.title.en
    lowest, highest = metric.range
    perfect, worse = metric.score(truth, right), metric.score(truth, wrong)
    assert perfect == pytest.approx(metric.best, abs=1e-9)
    assert lowest <= min(perfect, worse) < max(perfect, worse) <= highest
    assert (perfect > worse) == metric.higher_is_better
    assert metric.score(truth, wrong) == worse
    assert metric.required_columns[0] == "id"
    low, high = metric.bounds
    assert low < high


finite = st.floats(-1e6, 1e6, allow_subnormal=False)
PAIRS = {
    "number": st.lists(st.tuples(finite, finite), min_size=2, max_size=12),
    "label": st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=1, max_size=12),
    "rating": st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=12),
}
BY_VALUES = [(name, metrics.find(name)) for name in EVERY if metrics.find(name).values in PAIRS]


@pytest.mark.parametrize(("name", "metric"), BY_VALUES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_order_of_rows_does_not_matter_and_no_score_beats_a_perfect_one(name, metric, data) -> None:
    pairs = data.draw(PAIRS[metric.values])
    if metric.bounds[0] == 0:
        pairs = [(abs(truth), abs(guess)) for truth, guess in pairs]
    assume(name != "r2" or len({truth for truth, _ in pairs}) > 1)
    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    score = metric.score(truth, guess)
    order = data.draw(st.permutations(range(len(pairs))))
    assert metric.score(truth[order], guess[order]) == pytest.approx(score, rel=1e-9, abs=1e-9)
    assert metric.score(truth, truth) == pytest.approx(metric.best, abs=1e-9)
    assert score <= metric.best + 1e-12 if metric.higher_is_better else score >= metric.best


@settings(max_examples=60, deadline=None)
@given(pairs=PAIRS["rating"])
def test_the_kappa_is_that_of_scikit_learn_over_all_whole_numbers(pairs) -> None:
    from sklearn.metrics import cohen_kappa_score

    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    assume(len({*truth, *guess}) > 1)
    expected = cohen_kappa_score(truth, guess, weights="quadratic", labels=range(7))
    assert metrics.find("quadratic_kappa").score(truth, guess) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.data())
def test_pass_at_k_is_the_share_of_all_draws_of_k_that_hold_a_sample_that_passes(total: int, data) -> None:
    passed, k = data.draw(st.integers(0, total)), data.draw(st.integers(1, total))
    exact = 1 - math.comb(total - passed, k) / math.comb(total, k)
    assert pass_at_k.estimate(total, passed, k) == pytest.approx(exact, abs=1e-12)
    if k > 1:
        assert pass_at_k.estimate(total, passed, k) >= pass_at_k.estimate(total, passed, k - 1) - 1e-12


@pytest.mark.parametrize(("total", "passed", "k"), [(1, 0, 2), (5, 6, 1), (5, -1, 1), (0, 0, 1), (5, 1, 0)])
def test_pass_at_k_of_too_few_samples_is_refused(total: int, passed: int, k: int) -> None:
    with pytest.raises(ValueError, match="samples"):
        pass_at_k.estimate(total, passed, k)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from([0.0, 0.125, 0.25, 0.5, 0.75, 1.0])),
        min_size=2,
        max_size=15,
    )
)
def test_auc_counts_the_pairs_in_order(rows) -> None:
    right = [guess for truth, guess in rows if truth]
    left = [guess for truth, guess in rows if not truth]
    assume(right and left)
    pairs = [(a > b) + (a == b) / 2 for a in right for b in left]
    truth, guess = (np.array(column) for column in zip(*rows, strict=True))
    auc = metrics.find("roc_auc")
    assert auc.score(truth, guess) == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)
    both = np.column_stack([1 - guess, guess])  # as columns of two classes it is the same
    assert auc.score(truth, both) == pytest.approx(auc.score(truth, guess), abs=1e-12)


def test_a_new_metric_is_a_new_file(tmp_path, monkeypatch) -> None:
    """The registry is the folder: nothing else has to be told."""
    source = "from competitions.metrics.mae import METRIC as M\nfrom dataclasses import replace\n"
    (tmp_path / "twice_mae.py").write_text(
        source + "METRIC = replace(M, name='twice_mae', compute=lambda t, p: 2 * abs(t - p).mean())\n"
    )
    monkeypatch.setattr(metrics, "__path__", [*metrics.__path__, str(tmp_path)])
    try:
        assert "twice_mae" in metrics.names()
        result = metrics.find("twice_mae").score(np.array([1.0]), np.array([2.0]))
        assert (result, type(result)) == (2.0, float)  # though NumPy gave it a float64
    finally:
        sys.modules.pop("competitions.metrics.twice_mae", None)


def test_the_web_process_can_check_a_csv_without_numpy_or_scikit_learn() -> None:
    """What the site imports to show a competition and check an upload: 200 MB must not come along."""
    code = (
        "import sys\n"
        "from competitions import metrics, ranking\n"
        "from competitions.predictions import files, folder\n"
        "[metrics.find(name.replace('@k', '@1')) for name in metrics.names()]\n"
        "print(sorted({'numpy', 'pandas', 'sklearn', 'torch', 'django'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
