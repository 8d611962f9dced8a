"""Predictions -> public and private score. For the worker: it imports NumPy, and the metric scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from competitions.predictions.checked import Checked
from competitions.predictions.competition import CellKind, PredictionsCompetition
from competitions.predictions.files import check
from competitions.predictions.tables import read_solution
from competitions.standings.resampling import Resampled, resample, seed_from


class InvalidPredictionsError(Exception):
    """The file is not a valid submission: the student's to mend. `checked` says which rows."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("; ".join(error.message.en for error in checked.errors))
        self.checked = checked


@dataclass(frozen=True, slots=True)
class Scores:
    """`public` and `private` in the metric's own unit; `rows` is how many held-out rows were predicted. `resampled` and
    `private_resampled` are the same on other draws of the rows."""

    public: float
    private: float
    rows: int
    resampled: Resampled | None = field(compare=False)  # arrays have no one truth value
    private_resampled: Resampled | None = field(compare=False)


def score(data: bytes, competition: PredictionsCompetition) -> Scores:
    """Score a student's file against the held-out truth, row matched to row by id.

    Raises InvalidPredictionsError for a file that `check` refuses, FolderError for a solution that does not
    fit (our fault).
    """
    checked = check(data, competition)
    if not checked.is_valid:
        raise InvalidPredictionsError(checked)
    solution = read_solution(competition)
    truth = truth_array(solution.values, competition)
    prediction = as_array(checked.values, competition.cells)
    if checked.width > 1:
        prediction = prediction.reshape(-1, checked.width)
    metric = competition.measure
    is_public = np.array([part is True for part in solution.public])
    is_private = np.array([part is False for part in solution.public])
    return Scores(
        public=metric.score(truth[is_public], prediction[is_public]),
        private=metric.score(truth[is_private], prediction[is_private]),
        rows=len(prediction),
        resampled=_resampled(competition, truth[is_public], prediction[is_public]),
        private_resampled=_resampled(competition, truth[is_private], prediction[is_private]),
    )


def _resampled(
    competition: PredictionsCompetition, truth: np.ndarray, prediction: np.ndarray
) -> Resampled | None:
    """On draws that are everybody's, and that nobody can foresee who does not have the truth."""
    seed = seed_from(competition.slug.encode(), truth.tobytes())
    return resample(competition.measure, truth, prediction, seed)


def truth_array(values: Sequence[float | str], competition: PredictionsCompetition) -> np.ndarray:
    """The truth as the metric takes it, [N]: for probabilities of named classes their numbers in `classes`."""
    if not competition.classes:
        return as_array(values, competition.values)
    numbers = {name: number for number, name in enumerate(competition.classes)}
    return np.array([numbers[str(value)] for value in values], dtype=np.int64)


def as_array(values: object, kind: CellKind) -> np.ndarray:
    """`values` as [N] float64, int64 or str, whichever the competition's cells hold."""
    return np.asarray(values, dtype={"number": np.float64, "integer": np.int64, "text": np.str_}[kind])
