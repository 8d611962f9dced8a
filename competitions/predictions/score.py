"""Predictions -> public and private score. For the worker: it imports NumPy, and the metric scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from competitions import metrics
from competitions.predictions.competition import CellKind, PredictionsCompetition
from competitions.predictions.csv import Checked, check
from competitions.predictions.tables import read_solution


class InvalidPredictionsError(Exception):
    """The file is not a valid submission: the student's to mend. `checked` says which rows."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("; ".join(error.message.en for error in checked.errors))
        self.checked = checked


@dataclass(frozen=True, slots=True)
class Scores:
    """`public` and `private` in the metric's own unit; `rows` is how many held-out rows were predicted."""

    public: float
    private: float
    rows: int


def score(data: bytes, competition: PredictionsCompetition) -> Scores:
    """Score a student's CSV against the held-out truth, row matched to row by id.

    Raises InvalidPredictionsError for a file that `check` refuses, FolderError for a solution that does not
    fit (our fault).
    """
    checked = check(data, competition)
    if not checked.is_valid:
        raise InvalidPredictionsError(checked)
    solution = read_solution(competition)
    truth = as_array(solution.values, competition.values)
    prediction = as_array(checked.values, competition.values)
    metric = metrics.find(competition.metric)
    is_public = np.array([part is True for part in solution.public])
    is_private = np.array([part is False for part in solution.public])
    return Scores(
        public=metric.score(truth[is_public], prediction[is_public]),
        private=metric.score(truth[is_private], prediction[is_private]),
        rows=len(prediction),
    )


def as_array(values: object, kind: CellKind) -> np.ndarray:
    """`values` as [N] float64, int64 or str, whichever the competition's cells hold."""
    return np.asarray(values, dtype={"number": np.float64, "integer": np.int64, "text": np.str_}[kind])
