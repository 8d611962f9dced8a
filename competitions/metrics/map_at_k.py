"""Mean average precision of the first k labels, MAP@k.

For one row with m true labels AP@k = 1/min(m, k) * sum over i <= k of (hits among the first i) / i, where the i-th label
is a hit. A label that is named twice is a hit once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def average_precision(truth: list[str], prediction: list[str], k: int) -> float:
    """AP@k of one row; 0 to 1. `truth` names at least one label."""
    wanted, hits, total = set(truth), 0, 0.0
    for place, label in enumerate(prediction[:k], start=1):
        if label in wanted:
            wanted.remove(label)
            hits += 1
            total += hits / place
    return total / min(len(set(truth)), k)


def compute(truth: ndarray, prediction: ndarray, *, k: int) -> float:
    rows = zip(truth.tolist(), prediction.tolist(), strict=True)
    return sum(average_precision(true.split(), guess.split(), k) for true, guess in rows) / len(truth)


def at(k: int) -> Metric:
    return Metric(
        name=f"map@{k}",
        title=Text(ko=f"평균 정밀도 평균(MAP@{k})", en=f"Mean average precision (MAP@{k})"),
        higher_is_better=True,
        range=(0.0, 1.0),
        values="ranking",
        compute=partial(compute, k=k),
        most_labels=k,
    )
