"""Log loss: the mean of -log(the probability that was given to the true class).

Probabilities are clipped at the float64 epsilon, so one certain mistake costs about 36 and not infinity. Rows are
divided by their sum, which the check of a file holds near 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    import numpy as np
    from sklearn.metrics import log_loss

    if prediction.ndim == 1:
        prediction = np.column_stack([1 - prediction, prediction])
    shares = prediction / prediction.sum(axis=1, keepdims=True)
    return log_loss(truth, shares, labels=range(shares.shape[1]))


METRIC = Metric(
    name="log_loss",
    title=Text(ko="로그 손실", en="Log loss"),
    higher_is_better=False,
    range=(0.0, math.inf),
    values="probability",
    compute=compute,
    required_columns=("id", "classes"),
    bounds=(0.0, 1.0),
)
