"""The folder of a competition of programs: what is wrong with it is said by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from competitions.code.folder import check_folder, load_folder
from competitions.scaffolds import create


@pytest.fixture
def folder(tmp_path) -> Path:
    create(tmp_path / "my-prices", "code")
    return tmp_path / "my-prices"


def change(name: str, old: str, new: str):
    def spoil(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return spoil


def hand_out_a_copy(folder: Path) -> None:
    (folder / "more.csv").write_bytes((folder / "test.csv").read_bytes())
    change("competition.yaml", "files: [train.csv,", "files: [train.csv, more.csv,")(folder)


WRONG = [
    (change("competition.yaml", "[train.csv,", "[train.csv, test.csv,"), "competition.yaml:10", "can never be downloaded"),
    (change("competition.yaml", "[train.csv,", "[train.csv, solution.csv,"), "competition.yaml:10", "can never be downloaded"),
    (hand_out_a_copy, "competition.yaml:10", "more.csv is the solution and can never be downloaded"),
    (change("competition.yaml", "seconds: 60", "seconds: 0"), "competition.yaml:8", "seconds must be a number from 0.1 to 3600"),
    (change("competition.yaml", "memory_mb: 1024", "memory_mb: 1"), "competition.yaml:8", "memory_mb must be a number from 64"),
    (change("competition.yaml", "{seconds: 60, memory_mb: 1024}", "60"), "competition.yaml:8", "It must be {seconds"),
    (change("competition.yaml", "daily_quota: 5", "device: tpu"), "competition.yaml:9", "device: It must be one of: cpu, cuda"),
    (lambda folder: (folder / "sample_submission.py").unlink(), "sample_submission.py", "missing"),
    (change("sample_submission.py", "def predict", "def guess"), "sample_submission.py", "no function predict"),
    (change("sample_submission.py", "def train(folder, seed):", "def train(folder, seed"), "sample_submission.py:4", "cannot be read as Python"),
    (change("test.csv", "id,area", "id,size"), "test.csv", 'lacks the column "area"'),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "where", "words"), WRONG, ids=[case[2][:40] for case in WRONG])
def test_what_is_wrong_is_said_by_file_and_line(folder, spoil, where, words):
    assert check_folder(folder) == []
    spoil(folder)
    said = [(problem.where, problem.message.en) for problem in check_folder(folder)]
    assert any(place == where and words in message for place, message in said), said


def test_what_is_left_out_has_a_value(folder):
    change("competition.yaml", "limits: {seconds: 60, memory_mb: 1024}", "limits: {seconds: 30}")(folder)
    competition = load_folder(folder)
    assert (competition.limits.seconds, competition.limits.memory_mb, competition.device) == (30, 1024, "cpu")
    assert competition.config == {"device": "cpu", "seconds": 30, "memory_mb": 1024}
    assert set(competition.data("test")) == {"test.csv"}
