"""Balanced accuracy: the mean over the classes of the truth of the fraction of their rows that is right.

A class of ten rows counts as much as one of a thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    from sklearn.metrics import recall_score

    # balanced_accuracy_score is this mean, but warns of each class that is only predicted: a student's slip, no news.
    return recall_score(
        truth, prediction, labels=sorted(set(truth.tolist())), average="macro", zero_division=0
    )


METRIC = Metric(
    name="balanced_accuracy",
    title=Text(ko="균형 정확도", en="Balanced accuracy"),
    higher_is_better=True,
    range=(0.0, 1.0),
    values="label",
    compute=compute,
)
