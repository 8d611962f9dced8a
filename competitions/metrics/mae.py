"""Mean absolute error: (1/N) sum |truth - prediction|, in the target's own unit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    from sklearn.metrics import mean_absolute_error

    return mean_absolute_error(truth, prediction)


def rows(truth: ndarray, prediction: ndarray) -> ndarray:
    return abs(truth - prediction)


METRIC = Metric(
    name="mae",
    title=Text(ko="평균 절대 오차(MAE)", en="Mean absolute error (MAE)"),
    higher_is_better=False,
    range=(0.0, math.inf),
    values="number",
    compute=compute,
    rows=rows,
)
