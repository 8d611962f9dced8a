"""Root mean squared logarithmic error: sqrt((1/N) sum (log(1 + truth) - log(1 + prediction))^2).

Ratios count, not differences. Neither may be negative."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    from sklearn.metrics import root_mean_squared_log_error

    return root_mean_squared_log_error(truth, prediction)


METRIC = Metric(
    name="rmsle",
    title=Text(ko="평균 제곱근 로그 오차(RMSLE)", en="Root mean squared logarithmic error (RMSLE)"),
    higher_is_better=False,
    range=(0.0, math.inf),
    values="number",
    compute=compute,
    bounds=(0.0, math.inf),
)
