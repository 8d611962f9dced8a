"""Metrics: how far predictions are from the truth. One file each; a new metric is a new file and changes no
other.

    metrics/mae.py      METRIC = Metric(name="mae", ...)     found by `find("mae")`

Pure: no Django. A metric's file imports scikit-learn only while it computes, because the web process reads a
metric's direction and columns and must not pay 140 MB for them.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


@dataclass(frozen=True, slots=True)
class Metric:
    """One way to compare predictions with the truth.

    `range` is (lowest, highest) of the scores it can give; `values` what a prediction's cell holds;
    `required_columns` the roles that a submission must have as columns. `compute` takes two arrays of the
    same length.
    """

    name: str
    title: Text
    higher_is_better: bool
    range: tuple[float, float]
    values: Literal["number", "label"]
    compute: Callable[[ndarray, ndarray], float]
    required_columns: tuple[str, ...] = ("id", "target")

    def score(self, truth: ndarray, prediction: ndarray) -> float:
        """The score of `prediction[N]` against `truth[N]`, N >= 1, in the metric's own unit.

        Raises ValueError where the shapes differ, there is no row, or the result is not a finite number: a
        score that is NaN would be sorted anywhere on a leaderboard.
        """
        if truth.ndim != 1 or truth.shape != prediction.shape:
            raise ValueError(
                f"{self.name}: truth is {truth.shape}, prediction is {prediction.shape}; both must be [N]"
            )
        if not len(truth):
            raise ValueError(f"{self.name}: there is no row to score")
        result = float(self.compute(truth, prediction))
        if not math.isfinite(result):
            raise ValueError(f"{self.name}: the score is {result}")
        return result


def names() -> list[str]:
    """The metrics there are: one for each file beside this one."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def find(name: str) -> Metric:
    """The metric called `name`. Raises KeyError where no file has that name."""
    if name not in names():
        raise KeyError(name)
    return importlib.import_module(f"{__name__}.{name}").METRIC
