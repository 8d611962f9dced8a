"""Metrics give the figures that a person computes by hand, and never a score that is not a number."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from competitions import metrics

ROOT = Path(metrics.__file__).parents[2]

REFUSED = [
    ("shapes differ", [1.0, 2.0], [1.0]),
    ("a column instead of a row", [[1.0], [2.0]], [[1.0], [2.0]]),
    ("no row at all", [], []),
]


@pytest.mark.parametrize(("why", "truth", "prediction"), REFUSED)
@pytest.mark.parametrize("name", metrics.names())
def test_refuses_what_cannot_be_compared(name: str, why: str, truth: list, prediction: list) -> None:
    with pytest.raises(ValueError, match=name):
        metrics.find(name).score(np.array(truth), np.array(prediction))


def test_a_score_that_overflows_is_refused_and_not_given_as_infinity() -> None:
    with pytest.raises(ValueError, match="score is inf"), np.errstate(over="ignore"):
        metrics.find("rmse").score(np.array([0.0, 0.0]), np.array([1e300, 1e300]))


def test_unknown_name_is_a_key_error() -> None:
    for name in ("", "nope", "__init__", "../mae"):
        with pytest.raises(KeyError):
            metrics.find(name)


FIGURES = [
    ("mae", [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 0.0),
    ("mae", [100.0, 200.0], [110.0, 170.0], 20.0),
    ("mae", [-1.0], [1.0], 2.0),
    ("rmse", [0.0, 0.0], [3.0, 4.0], math.sqrt(12.5)),
    ("rmse", [5.0], [5.0], 0.0),
    ("accuracy", [1, 2, 3, 4], [1, 2, 3, 0], 0.75),
    ("accuracy", ["cat", "dog"], ["dog", "cat"], 0.0),
    ("accuracy", ["고양이", "NA"], ["고양이", "NA"], 1.0),
]


@pytest.mark.parametrize(("name", "truth", "prediction", "expected"), FIGURES)
def test_figures(name: str, truth: list, prediction: list, expected: float) -> None:
    result = metrics.find(name).score(np.array(truth), np.array(prediction))
    assert type(result) is float  # a NumPy scalar would not go into JSON
    assert result == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", metrics.names())
def test_every_file_declares_itself(name: str) -> None:
    metric = metrics.find(name)
    assert metric.name == name
    assert metric.title.ko
    assert metric.title.en
    assert set(metric.required_columns) <= {"id", "target"}
    lowest, highest = metric.range
    perfect = metric.score(np.array([1, 2]), np.array([1, 2]))
    wrong = metric.score(np.array([1, 2]), np.array([2, 1]))
    assert lowest <= min(perfect, wrong) < max(perfect, wrong) <= highest
    assert (perfect > wrong) == metric.higher_is_better


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
        "from competitions.predictions import csv, folder\n"
        "[metrics.find(name) for name in metrics.names()]\n"
        "print(sorted({'numpy', 'pandas', 'sklearn', 'torch', 'django'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
