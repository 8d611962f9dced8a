"""Metrics: how far predictions are from the truth. One file each; a new metric is a new file and changes no
other.

    metrics/mae.py          METRIC = Metric(name="mae", ...)         found by `find("mae")`
    metrics/map_at_k.py     def at(k) -> Metric                      found by `find("map@5")`, k from 1 to 1000

Pure: no Django. A metric's file imports scikit-learn only while it computes, because the web process reads a
metric's direction and columns and must not pay 140 MB for them.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray

# What one prediction is, and what `compute` takes for N rows:
#   number       truth [N] and prediction [N], float64
#   label        truth [N] and prediction [N], str or int64
#   rating       the same, int64 only: labels that have an order and distances
#   probability  truth [N], int64 class numbers; prediction [N, C], or [N] for the probability of class 1 of two
#   ranking      truth [N] and prediction [N], str: labels parted by spaces, the likeliest first
#   answer       truth [N] and prediction [N], str: a reference and an answer
#   count        truth [N] samples of each task, prediction [N] of them that passed, int64
Values = Literal["number", "label", "rating", "probability", "ranking", "answer", "count"]

LARGEST_K = 1000
_AT = re.compile(r"([a-z_]+)@([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Metric:
    """One way to compare predictions with the truth.

    `range` is (lowest, highest) of the scores it can give; `values` what a prediction holds, and `bounds` between
    which it must lie; `required_columns` the roles that a submission must have as columns; `most_labels` how many
    labels a ranking may name.
    """

    name: str
    title: Text
    higher_is_better: bool
    range: tuple[float, float]
    values: Values
    compute: Callable[[ndarray, ndarray], float]
    required_columns: tuple[str, ...] = ("id", "target")
    bounds: tuple[float, float] = (-math.inf, math.inf)
    most_labels: int = 1

    @property
    def best(self) -> float:
        """The score of a perfect prediction."""
        return self.range[1] if self.higher_is_better else self.range[0]

    def score(self, truth: ndarray, prediction: ndarray) -> float:
        """The score of `prediction[N]` (or `[N, C]`) against `truth[N]`, N >= 1, in the metric's own unit.

        Raises ValueError where the shapes differ, there is no row, or the result is not a finite number within
        the range: a score that is NaN would be sorted anywhere on a leaderboard.
        """
        fits = truth.shape == prediction.shape[:1] and prediction.ndim <= (
            2 if self.values == "probability" else 1
        )
        if truth.ndim != 1 or not fits:
            shapes = f"truth is {truth.shape}, prediction is {prediction.shape}"
            raise ValueError(f"{self.name}: {shapes}; both must have the same rows")
        if not len(truth):
            raise ValueError(f"{self.name}: there is no row to score")
        result = float(self.compute(truth, prediction))
        if not math.isfinite(result):
            raise ValueError(f"{self.name}: the score is {result}")
        lowest, highest = self.range
        if not lowest - _ROUNDING <= result <= highest + _ROUNDING:
            raise ValueError(f"{self.name}: the score {result} is outside its range, {lowest} to {highest}")
        return min(max(result, lowest), highest)


_ROUNDING = 1e-9  # a sum of floats may pass the end of the range by this much


def names() -> list[str]:
    """The metrics there are, one for each file beside this one; "map@k" stands for map@1, map@2 and so on."""
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.replace("_at_k", "@k") for name in modules)


def name_of(name: str) -> str:
    """What `names()` calls it: "map@k" for "map@5"; any other name as it is."""
    found = _AT.fullmatch(name)
    return f"{found[1]}@k" if found and int(found[2]) <= LARGEST_K else name


@lru_cache(maxsize=64)
def find(name: str) -> Metric:
    """The metric called `name`. Raises KeyError where no file has that name."""
    family = name_of(name)
    if family not in names() or name.endswith("@k"):
        raise KeyError(name)
    module = importlib.import_module(f"{__name__}.{family.replace('@k', '_at_k')}")
    return module.METRIC if family == name else module.at(int(name.partition("@")[2]))
