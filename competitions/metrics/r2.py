"""Coefficient of determination: 1 - sum (truth - prediction)^2 / sum (truth - mean of truth)^2.

1 is perfect, 0 is what the mean of the truth gets, and it has no lower end. Needs two rows that differ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    from sklearn.metrics import r2_score

    return r2_score(truth, prediction)


METRIC = Metric(
    name="r2",
    title=Text(ko="결정 계수(R²)", en="Coefficient of determination (R²)"),
    higher_is_better=True,
    range=(-math.inf, 1.0),
    values="number",
    compute=compute,
)
