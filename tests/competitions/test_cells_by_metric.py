"""What a metric asks of a file of predictions: columns of probabilities, rankings, bounds; bad ones are named by row."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from competitions import kinds
from competitions.predictions.files import check
from competitions.predictions.folder import check_folder, load_folder
from competitions.predictions.score import score
from tests.competitions.folders import SPEC, make_folder

ROWS = range(11, 17)
USAGE = ["Public", "Private"] * 3


def table(columns: str, cells: list[str]) -> str:
    return f"Id,{columns}\n" + "".join(f"{row},{cell}\n" for row, cell in zip(ROWS, cells, strict=True))


def solution(values: list[str]) -> str:
    return table("Price,Usage", [f"{value},{usage}" for value, usage in zip(values, USAGE, strict=True)])


def folder_of(path: Path, metric: str, truth: list[str], sample: str, train: list[str]) -> Path:
    return make_folder(
        path,
        spec=SPEC.replace("metric: mae", f"metric: {metric}"),
        solution=solution(truth),
        sample=sample,
        train=f"Id,Area,Alley,Price\n1,100,NA,{train[0]}\n2,200,Paved,{train[1]}\n",
    )


ANIMALS = ["cat", "dog", "cat", "cat", "dog", "dog"]
SHAPES = {
    "named classes": (
        "log_loss\nclasses: [cat, dog]",
        ANIMALS,
        table("dog,cat", ["0.5,0.5"] * 6),
        ["cat", "dog"],
    ),
    "two classes": ("roc_auc", ["0", "1", "1", "0", "1", "1"], table("Price", ["0.5"] * 6), ["0", "1"]),
    "ranking": (
        "map@2",
        ["cat", "dog", "cat", "cow", "dog", "cat dog"],
        table("Price", ["cow"] * 6),
        ["cat", "dog"],
    ),
    "positive": ("rmsle", ["1", "2", "3", "4", "5", "6"], table("Price", ["0"] * 6), ["1", "2"]),
    "rating": ("quadratic_kappa", ["1", "2", "3", "4", "5", "1"], table("Price", ["3"] * 6), ["1", "2"]),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return {name: folder_of(tmp_path_factory.mktemp("shape"), *parts) for name, parts in SHAPES.items()}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_folder_is_sound_and_the_sample_scores(made, shape: str) -> None:
    folder = made[shape]
    assert check_folder(folder) == kinds.prove_folder(folder) == []
    assert math.isfinite(score((folder / "sample_submission.csv").read_bytes(), load_folder(folder)).public)


SCORES = [
    # Public are the rows 11, 13, 15: cat, cat, dog of the named classes.
    ("named classes", table("cat,dog", ["1,0", "0,1", "1,0", "1,0", "0,1", "0,1"]), 0.0),
    (
        "named classes",
        table("dog,cat", ["0.5,0.5", "0,1", "0.75,0.25", "1,0", "1,0", "0,1"]),
        (math.log(2) + math.log(4)) / 3,
    ),
    ("two classes", table("Price", ["0.1", "0", "0.9", "0", "0.5", "0"]), 1.0),
    ("two classes", table("Price", ["0.6", "0", "0.9", "0", "0.5", "0"]), 0.5),
    ("ranking", table("Price", ["cow cat", "x", "cat", "x", "cow", "x"]), (1 / 2 + 1) / 3),
    ("positive", table("Price", ["1", "9", "3", "9", "5", "9"]), 0.0),
    ("rating", table("Price", ["1", "9", "3.0", "9", "5", "9"]), 1.0),
]


@pytest.mark.parametrize(("shape", "file", "expected"), SCORES)
def test_scores(made, shape: str, file: str, expected: float) -> None:
    assert score(file.encode(), load_folder(made[shape])).public == pytest.approx(expected, abs=1e-9)


BAD_CELLS = [
    ("named classes", "0.5,0.6", "Row 3: the probabilities sum to 1.1, not to 1"),
    ("named classes", "1.5,-0.5", 'Row 3, dog: "1.5" must be between 0 and 1'),
    ("named classes", "nan,1", 'Row 3, dog: the value is "nan"'),
    ("named classes", "1", "Row 3, cat: the value is empty"),
    ("two classes", "1.01", 'Row 3, Price: "1.01" must be between 0 and 1'),
    ("two classes", "-0.01", 'Row 3, Price: "-0.01" must be between 0 and 1'),
    ("ranking", "a b c", "Row 3, Price: there are 3 labels; at most 2 may be named"),
    ("ranking", "a a", 'Row 3, Price: a label is named twice: "a a"'),
    ("positive", "-0.5", 'Row 3, Price: "-0.5" is negative'),
    ("rating", "2.5", 'Row 3, Price: "2.5" is not a whole number'),
]


@pytest.mark.parametrize(("shape", "cell", "words"), BAD_CELLS)
def test_a_value_that_the_metric_cannot_take_is_named_by_row(made, shape: str, cell: str, words: str) -> None:
    header, *lines = (made[shape] / "sample_submission.csv").read_text().splitlines()
    lines[1] = f"12,{cell}"
    found = check("\n".join([header, *lines]).encode(), load_folder(made[shape]))
    assert [error.message.en for error in found.errors if words in error.message.en], found.errors
    assert all(error.message.ko for error in found.errors)


def test_a_missing_column_of_a_class_is_named(made) -> None:
    found = check(table("cat", ["1"] * 6).encode(), load_folder(made["named classes"]))
    assert 'no column "dog"' in found.errors[0].message.en


BAD_SPECS = [
    ("classes for MAE", "mae\nclasses: [cat, dog]", "classes: It must be a list"),
    ("one class", "log_loss\nclasses: [cat]", "classes: It must be a list"),
    ("a class twice", "log_loss\nclasses: [cat, cat]", "classes: It must be a list"),
    ("numbers for rankings", "map@3\nvalues: number", "values: It does not suit map@3"),
    ("text for ratings", "quadratic_kappa\nvalues: text", "values: It does not suit quadratic_kappa"),
    ("k of nothing", "map@k", "metric: It must be one of"),
    ("k of 0", "map@0", "metric: It must be one of"),
    ("a metric of answers", "answer_correctness", "metric: It must be one of"),
    ("a metric of code", "pass@1", "metric: It must be one of"),
    ("metric.py that is not there", "metric.py", "missing or cannot be read"),
]


@pytest.mark.parametrize(("name", "metric", "words"), BAD_SPECS, ids=[case[0] for case in BAD_SPECS])
def test_a_description_that_does_not_suit_the_metric(tmp_path, name: str, metric: str, words: str) -> None:
    folder = make_folder(tmp_path, spec=SPEC.replace("metric: mae", f"metric: {metric}"))
    assert any(words in problem.message.en for problem in check_folder(folder)), check_folder(folder)


BAD_TRUTHS = [
    (
        "no such class",
        "named classes",
        ["cat", "dog", "cow", "cat", "dog", "dog"],
        "cannot take the value cow",
    ),
    ("a third class", "two classes", ["0", "1", "2", "0", "1", "1"], "cannot take the value 2.0"),
    ("a negative price", "positive", ["1", "-2", "3", "4", "5", "6"], "cannot take the value -2.0"),
]


@pytest.mark.parametrize(
    ("name", "shape", "truth", "words"), BAD_TRUTHS, ids=[case[0] for case in BAD_TRUTHS]
)
def test_a_truth_that_the_metric_cannot_take(tmp_path, name, shape, truth, words) -> None:
    metric, _truth, sample, train = SHAPES[shape]
    folder = folder_of(tmp_path, metric, truth, sample, train)
    assert any(words in problem.message.en for problem in check_folder(folder)), check_folder(folder)


def test_a_part_with_one_class_has_no_area_under_a_curve(tmp_path) -> None:
    """Nothing is wrong with any file: it shows only when the metric runs."""
    metric, _truth, sample, train = SHAPES["two classes"]
    folder = folder_of(tmp_path, metric, ["1", "0", "1", "1", "1", "0"], sample, train)
    assert check_folder(folder) == []
    assert any("public rows" in problem.message.en for problem in kinds.prove_folder(folder))
