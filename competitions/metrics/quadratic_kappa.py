"""Quadratic weighted kappa: 1 - (mean squared distance) / (the same, had the pairs been made by chance).

As scikit-learn's cohen_kappa_score(weights="quadratic") over *every* whole number between the smallest and the largest
label; scikit-learn, left alone, closes the gaps of labels that do not occur. The chance term is written as
var(truth) + var(prediction) + (difference of means)^2, which needs no table of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    t, p = truth.astype("float64"), prediction.astype("float64")
    by_chance = t.var() + p.var() + (t.mean() - p.mean()) ** 2
    if by_chance == 0:  # one and the same label everywhere
        return 1.0
    return 1 - ((t - p) ** 2).mean() / by_chance


METRIC = Metric(
    name="quadratic_kappa",
    title=Text(ko="이차 가중 카파", en="Quadratic weighted kappa"),
    higher_is_better=True,
    range=(-1.0, 1.0),
    values="rating",
    compute=compute,
)
