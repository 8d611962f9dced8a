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


METRIC = Metric(
    name="roc_auc",
    title=Text(ko="ROC AUC", en="ROC AUC"),
    higher_is_better=True,
    range=(0.0, 1.0),
    values="probability",
    compute=compute,
    required_columns=("id", "classes"),
    bounds=(0.0, 1.0),
)
