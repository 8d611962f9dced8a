"""ROC AUC: how likely a row of a class gets a higher probability for it than a row of another class.

With several classes the mean over them, each against the rest. Every class must be there in the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray


def compute(truth: ndarray, prediction: ndarray) -> float:
    import numpy as np
    from sklearn.metrics import roc_auc_score

    if prediction.ndim == 1:
        return roc_auc_score(truth, prediction)
    return float(np.mean([roc_auc_score(truth == n, column) for n, column in enumerate(prediction.T)]))


def weighted(truth: ndarray, prediction: ndarray, weights: ndarray) -> ndarray:
    import numpy as np

    if prediction.ndim == 1:
        return _weighted_auc(truth == 1, prediction, weights)
    return np.mean(
        [_weighted_auc(truth == n, column, weights) for n, column in enumerate(prediction.T)], axis=0
    )


def _weighted_auc(positive: ndarray, scores: ndarray, weights: ndarray) -> ndarray:
    """For each column of `weights` the share of pairs of a positive and a negative that `scores` order rightly, a tie
    counting half: for each positive the weight of the negatives below it, from running sums over the sorted negatives."""
    import numpy as np

    order = np.argsort(scores[~positive], kind="stable")
    negatives = scores[~positive][order]
    below = np.zeros((len(negatives) + 1, weights.shape[1]))
    np.cumsum(weights[~positive][order], axis=0, out=below[1:])
    wanted = scores[positive]
    first, last = (np.searchsorted(negatives, wanted, side) for side in ("left", "right"))
    mine = weights[positive]
    pairs = np.einsum("nb,nb->b", mine, below[first])
    tied = first != last
    pairs += np.einsum("nb,nb->b", mine[tied], below[last[tied]] - below[first[tied]]) / 2
    return pairs / (mine.sum(axis=0) * below[-1])


METRIC = Metric(
    name="roc_auc",
    title=Text(ko="ROC AUC", en="ROC AUC"),
    higher_is_better=True,
    range=(0.0, 1.0),
    values="probability",
    compute=compute,
    weighted=weighted,
    required_columns=("id", "classes"),
    bounds=(0.0, 1.0),
)
