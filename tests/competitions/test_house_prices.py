"""The competition that is shipped: its data, the generator that makes more of it, and what its statement promises."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from competitions.predictions.files import check
from competitions.predictions.folder import check_folder, load_folder
from competitions.predictions.score import score
from competitions.predictions.tables import ids_of, read_header

SHIPPED = Path(__file__).parents[2] / "fixtures" / "competitions" / "house-price-prediction"


def test_the_shipped_folder_is_sound() -> None:
    assert check_folder(SHIPPED) == []
    competition = load_folder(SHIPPED)
    assert competition.title.en == "House Price Prediction"  # students' notebooks name it so
    assert "solution.csv" not in competition.files
    assert len(ids_of(competition).names) == 1459


def test_the_shipped_data_has_the_shape_that_is_promised() -> None:
    with (SHIPPED / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    features = rows[0].keys() - {"Id", "SalePrice"}
    prices = sorted(int(row["SalePrice"]) for row in rows)
    assert (len(rows), len(features)) == (1460, 79)
    assert 140_000 < prices[730] < 180_000
    assert sum(prices) / 1460 > 1.05 * prices[730]  # skewed, as prices are
    is_number = {name: all(re.fullmatch(r"-?\d+(\.\d+)?|NA", row[name]) for row in rows) for name in features}
    has_missing = {name for name in features if any(row[name] == "NA" for row in rows)}
    assert 30 <= sum(is_number.values()) <= 50
    assert 10 <= len(has_missing) <= 25


def test_every_column_is_described() -> None:
    described = re.findall(
        r"^\| (\w+) \|", (SHIPPED / "data_description.md").read_text(encoding="utf-8"), re.M
    )
    assert described == read_header(SHIPPED / "train.csv")


def generate(folder: Path, seed: str) -> dict[str, bytes]:
    size = ["--train-rows", "60", "--test-rows", "41"]
    command = [sys.executable, str(SHIPPED / "generate.py"), "--seed", seed, "--out", str(folder), *size]
    subprocess.run(command, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_generator_gives_the_same_bytes_for_the_same_seed_and_loads(tmp_path) -> None:
    first = generate(tmp_path / "a", "a class of March")
    assert generate(tmp_path / "b", "a class of March") == first
    other = generate(tmp_path / "c", "a class of April")
    assert all(other[name] != first[name] for name in first)
    for name in ("competition.yaml", "statement.ko.md", "statement.en.md", "data_description.md", "starter.ipynb"):
        shutil.copy(SHIPPED / name, tmp_path / "a")
    assert check_folder(tmp_path / "a") == []
    for name in first:
        assert read_header(tmp_path / "a" / name) == read_header(SHIPPED / name)
    usage = [line.rsplit(",", 1)[1] for line in first["solution.csv"].decode().split()[1:]]
    assert (usage.count("Public"), usage.count("Private")) == (20, 21)


def starters() -> list[str]:
    statement = load_folder(SHIPPED).statement
    return [
        block
        for text in (statement.ko, statement.en)
        for block in re.findall(r"```python\n(.*?)```", text, re.S)
    ]


def test_the_starter_of_the_statement_makes_a_valid_submission_that_beats_the_median(tmp_path) -> None:
    korean, english = starters()
    assert korean == english
    competition = load_folder(SHIPPED)
    for name in competition.files:
        shutil.copy(competition.path(name), tmp_path)
    # One thread: on a busy machine of two cores the threads of so small a network only wait for each other.
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-c", korean], cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    data = (tmp_path / "submission.csv").read_bytes()
    assert check(data, competition).is_valid
    median = next(line.score for line in competition.baselines if line.title.en == "Median")
    assert score(data, competition).public < median / 3


def test_the_figures_of_the_statement_are_those_of_the_description() -> None:
    """The sample submission is the median: its baseline can be measured here, and each figure stands in both texts."""
    competition = load_folder(SHIPPED)
    sample = score(competition.path("sample_submission.csv").read_bytes(), competition)
    for line in competition.baselines:
        assert f"{line.score:,.0f}" in competition.statement.ko
        assert f"{line.score:,.0f}" in competition.statement.en
    assert competition.baselines[0].score == round(sample.public)
    for text in (competition.statement.ko, competition.statement.en):
        assert f"{sample.private:,.0f}" not in text  # nothing private while it is open
