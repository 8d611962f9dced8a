"""pass@k: the chance that at least one of k samples of a task passes its tests, mean over the tasks.

The unbiased estimator of Chen et al., "Evaluating Large Language Models Trained on Code" (2021), equation 1:
1 - C(n - c, k) / C(n, k) for n samples of which c pass. Taking 1 - (1 - c/n)^k instead would be biased.
"""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def estimate(total: int, passed: int, k: int) -> float:
    """pass@k of one task of which `passed` of `total` samples passed; 0 to 1. Raises ValueError for total < k: then
    nothing can be said about k samples."""
    if not 0 <= passed <= total or not 1 <= k <= total:
        raise ValueError(f"pass@{k} of {passed} of {total} samples")
    if total - passed < k:
        return 1.0
    # The quotient of the binomials as a product: they themselves overflow a float from about a thousand samples on.
    return 1.0 - prod(1.0 - k / n for n in range(total - passed + 1, total + 1))


def compute(truth: ndarray, prediction: ndarray, *, k: int) -> float:
    tasks = zip(truth.tolist(), prediction.tolist(), strict=True)
    return sum(estimate(total, passed, k) for total, passed in tasks) / len(truth)


def at(k: int) -> Metric:
    return Metric(
        name=f"pass@{k}",
        title=Text(ko=f"통과율(pass@{k})", en=f"Share of tasks passed (pass@{k})"),
        higher_is_better=True,
        range=(0.0, 1.0),
        values="count",
        compute=partial(compute, k=k),
        required_columns=("id", "completion"),
    )
