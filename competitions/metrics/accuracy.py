"""Accuracy: the fraction of rows whose label is exactly right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    from sklearn.metrics import accuracy_score

    return accuracy_score(truth, prediction)


def rows(truth: ndarray, prediction: ndarray) -> ndarray:
    return (truth == prediction).astype("float64")


METRIC = Metric(
    name="accuracy",
    title=Text(ko="정확도", en="Accuracy"),
    higher_is_better=True,
    range=(0.0, 1.0),
    values="label",
    compute=compute,
    rows=rows,
)
