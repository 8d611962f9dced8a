"""Macro F1: the mean over all classes, those only predicted too, of F1 = 2TP / (2TP + FP + FN)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    from sklearn.metrics import f1_score

    return f1_score(truth, prediction, average="macro", zero_division=0)


METRIC = Metric(
    name="macro_f1",
    title=Text(ko="매크로 F1", en="Macro F1"),
    higher_is_better=True,
    range=(0.0, 1.0),
    values="label",
    compute=compute,
)
