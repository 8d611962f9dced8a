"""Root mean squared error: sqrt((1/N) sum (truth - prediction)^2), in the target's own unit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    from sklearn.metrics import root_mean_squared_error

    return root_mean_squared_error(truth, prediction)


def weighted(truth: ndarray, prediction: ndarray, weights: ndarray) -> ndarray:
    return ((truth - prediction) ** 2 @ weights / len(truth)) ** 0.5


METRIC = Metric(
    name="rmse",
    title=Text(ko="평균 제곱근 오차(RMSE)", en="Root mean squared error (RMSE)"),
    higher_is_better=False,
    range=(0.0, math.inf),
    values="number",
    compute=compute,
    weighted=weighted,
)
