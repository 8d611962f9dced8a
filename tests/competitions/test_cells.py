"""What the bootstrap draws from in each kind: one value per answer, task or row, which average to the score that is shown.

Predictions: test_resampling.py. The values here are known beforehand, or computed here from the files.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas
import pytest
import torch

from competitions.answers.folder import load_folder as load_answers
from competitions.answers.score import score as score_answers
from competitions.code.folder import load_folder as load_code
from competitions.code.returned import to_file
from competitions.functions import judging
from competitions.functions.folder import load_folder as load_functions
from competitions.functions.problems import read_problems
from competitions.judges.offline import OfflineJudge
from competitions.predictions.score import score as score_predictions
from competitions.scaffolds import create
from competitions.standings.resampling import Resampled

# For the public and then the private part: the score, what was resampled, and the values by hand.
Parts = list[tuple[float, Resampled, list[float]]]
GUESS = 300.0


def of_answers(folder: Path, _none: None) -> Parts:
    """An answer that is the reference is worth 1, a blank one 0."""
    create(folder, "answers")
    solution = json.loads((folder / "solution.json").read_text(encoding="utf-8"))
    right = ["q1", "q2", "q4"]
    answers = {name: row["ground_truth"]["ko"] if name in right else "" for name, row in solution.items()}
    found = score_answers(answers, load_answers(folder), OfflineJudge(answers.values()), lambda share: None)
    sides = [[float(name in right) for name, row in solution.items() if row["Usage"] == usage]
             for usage in ("Public", "Private")]  # fmt: skip
    return [(found.public, found.resampled, sides[0]), (found.private, found.private_resampled, sides[1])]


def of_functions(folder: Path, k: int) -> Parts:
    """Of a task's samples: the share of all choices of k in which one passes, counted."""
    create(folder, "functions")
    spec = folder / "competition.yaml"
    spec.write_text(spec.read_text().replace("pass@1", f"pass@{k}"))
    competition = load_functions(folder)
    task = read_problems(folder)[0]
    passed = {True: [0, 1, 2, 4, 3, 1], False: [4, 0, 0, 1, 0, 0]}
    results = [
        judging.TaskResult(task, 4, count, None, 0.0, side)
        for side, counts in passed.items()
        for count in counts
    ]

    def value(count: int) -> float:
        chosen = list(combinations([True] * count + [False] * (4 - count), k))
        return sum(map(any, chosen)) / len(chosen)

    return [(*judging.score(results, competition, side), [value(count) for count in counts])
            for side, counts in passed.items()]  # fmt: skip


def of_code(folder: Path, form: Callable[[list[str]], object]) -> Parts:
    """The absolute error of each row; `form` is what `predict` returns for the ids of the test rows."""
    create(folder, "code")
    competition = load_code(folder)
    with (folder / "solution.csv").open() as file:
        rows = list(csv.DictReader(file))
    scores = score_predictions(to_file(form([row["id"] for row in rows]), competition), competition)
    public, private = (
        [abs(float(row["price"]) - guess(row["id"])) for row in rows if row["Usage"] == usage]
        for usage in ("Public", "Private")
    )
    return [(scores.public, scores.resampled, public), (scores.private, scores.private_resampled, private)]


def guess(name: str) -> float:
    return GUESS + int(name)


CASES = [
    ("answers", of_answers, None),
    ("functions, pass@1", of_functions, 1),
    ("functions, pass@3", of_functions, 3),
    ("code, a list", of_code, lambda ids: [guess(name) for name in ids]),
    ("code, an array", of_code, lambda ids: np.array([guess(name) for name in ids])),
    ("code, a tensor", of_code, lambda ids: torch.tensor([guess(name) for name in ids])[:, None]),
    ("code, a frame in another order", of_code, lambda ids: pandas.DataFrame(
        {"id": [int(name) for name in reversed(ids)], "price": [guess(name) for name in reversed(ids)]})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "judge", "argument"), CASES, ids=[case[0] for case in CASES])
def test_they_average_to_the_score_and_make_its_interval(tmp_path, name, judge, argument):
    for score, found, cells in judge(tmp_path / "made", argument):
        assert score == found.score == pytest.approx(np.mean(cells))
        assert found.low <= score <= found.high
        # The standard error of a mean: other rows, or the rows of the other part, would give another.
        assert found.vector.std() == pytest.approx(np.std(cells) / math.sqrt(len(cells)), rel=0.1)
        assert found.vector.mean() == pytest.approx(np.mean(cells), abs=0.2 * found.vector.std())
        assert min(cells) - 1e-4 <= found.vector.min() <= found.vector.max() <= max(cells) + 1e-4
