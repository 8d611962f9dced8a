"""Running the metric over the truth before a folder is taken in: an instructor's own is code, and may be wrong.

For a command or a worker: it imports NumPy, and it runs metric.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from competitions.folders import METRIC_FILE, FolderError, Problem
from competitions.metrics import Metric
from competitions.predictions.competition import SAMPLE, PredictionsCompetition
from competitions.predictions.score import InvalidPredictionsError, score, truth_array
from competitions.predictions.tables import read_solution
from sandbox.contract import Text

PARTS = {True: Text("공개", "public"), False: Text("비공개", "private")}
ROUNDING = 1e-6


def prove(competition: PredictionsCompetition) -> list[Problem]:
    """What is wrong with the metric on this truth; empty: a perfect prediction gets the best score, twice the same,
    on the public and on the private rows, and the sample submission is scored too."""
    solution = read_solution(competition)
    truth = truth_array(solution.values, competition)
    where = METRIC_FILE if competition.metric == METRIC_FILE else "solution"
    problems = []
    for is_public, part in PARTS.items():
        rows = truth[np.array([each is is_public for each in solution.public])]
        problems += [
            Problem(where, Text(f"{part.ko} 행: {said.ko}", f"On the {part.en} rows: {said.en}"))
            for said in _complaints(competition.measure, rows, len(competition.classes))
        ]
    return problems or _prove_sample(competition)


def _complaints(metric: Metric, truth: np.ndarray, classes: int) -> Iterator[Text]:
    guess = perfect(metric, truth, classes)
    before = truth.copy(), guess.copy()
    try:
        first, again = metric.score(truth, guess), metric.score(truth, guess)
    except Exception as error:  # an instructor's code may raise anything
        said = f"{type(error).__name__}: {error}"[:300]
        yield Text(f"점수를 계산하지 못했습니다: {said}", f"No score came of it: {said}")
        return
    if not (np.array_equal(before[0], truth) and np.array_equal(before[1], guess)):
        yield Text("compute가 받은 배열을 바꿉니다.", "compute changes the arrays that it is given.")
    if first != again:
        yield Text(
            f"같은 예측이 {first}점과 {again}점입니다.", f"The same prediction gets {first} and {again}."
        )
    if abs(first - metric.best) > ROUNDING * max(1.0, abs(metric.best)):
        yield Text(
            f"완벽한 예측의 점수가 {first}입니다. 선언한 가장 좋은 점수는 {metric.best}입니다.",
            f"A perfect prediction gets {first}; the best score that is declared is {metric.best}.",
        )


def perfect(metric: Metric, truth: np.ndarray, classes: int) -> np.ndarray:
    """What a student who knew the truth would submit."""
    if metric.values == "probability":
        return np.eye(classes)[truth] if classes else truth.astype(np.float64)
    if metric.values == "ranking":
        return np.array([" ".join(labels.split()[: metric.most_labels]) for labels in truth.tolist()])
    return truth.copy()


def _prove_sample(competition: PredictionsCompetition) -> list[Problem]:
    try:
        score((competition.folder / SAMPLE).read_bytes(), competition)
    except (FolderError, InvalidPredictionsError):
        return []  # check_folder says it better
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:300]
        return [Problem(SAMPLE, Text(f"점수를 계산하지 못했습니다: {said}", f"No score came of it: {said}"))]
    return []
