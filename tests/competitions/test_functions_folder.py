"""The folder of a competition of functions: what is wrong with it is said by file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from competitions.folders import FolderError
from competitions.functions.folder import check_folder, load_folder, write_tasks
from competitions.functions.problems import read_human_eval, read_problems, to_jsonl
from competitions.scaffolds import create

HUMAN_EVAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "human-eval" / "HumanEval.jsonl.gz"


@pytest.fixture
def folder(tmp_path) -> Path:
    create(tmp_path / "four", "functions")
    return tmp_path / "four"


def change(name: str, old: str, new: str):
    def spoil(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return spoil


WRONG = [
    (lambda folder: (folder / "tasks.jsonl").unlink(), "tasks.jsonl", "missing"),
    (lambda folder: [path.unlink() for path in folder.glob("problems/*.py")], "problems.jsonl", "There is no task"),
    (change("competition.yaml", "pass@1", "mae"), "competition.yaml:5", "It must be one of: pass@k"),
    (change("competition.yaml", "pass@1", "pass@k"), "competition.yaml:5", "It must be one of: pass@k"),
    (change("competition.yaml", "max_samples: 5", "max_samples: 0"), "competition.yaml:6", "from 1 to 200"),
    (change("competition.yaml", "seconds: 5,", "seconds: soon,"), "competition.yaml:7", "seconds must be a number"),
    (change("competition.yaml", "seconds: 5,", "minutes: 5,"), "competition.yaml:7", "Unknown 'minutes'"),
    (change("competition.yaml", "public: 0.5", "public: 0.9"), "problems.jsonl", "No task is private"),
    (change("competition.yaml", "[tasks.jsonl,", "[problems/double.py,"), "competition.yaml:9", "Not a file of this folder"),
    (change("problems/double.py", "# --- test ---", "# the test"), "problems/double.py", "Missing: test"),
    (change("problems/double.py", "def double(x):", "double = 1"), "problems/double.py", "Missing: def"),
    (change("problems/double.py", "return x * 2", "return x *"), "problems/double.py", "Line 6 of its canonical_solution"),
    (change("problems/double.py", "def check(candidate)", "def verify(candidate)"), "problems/double.py", 'does not define "check"'),
    (change("problems/double.py", "Twice every", "Two times every"), "tasks.jsonl:2", "--write-tasks"),
    (change("sample_submission.jsonl", '"double"', '"single"'), "sample_submission.jsonl", 'There is no task "single"'),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "where", "words"), WRONG, ids=[case[2][:40] for case in WRONG])
def test_what_is_wrong_is_said_by_file_and_line(folder, spoil, where, words):
    assert check_folder(folder) == []
    spoil(folder)
    said = [(problem.where, problem.message.en) for problem in check_folder(folder)]
    assert any(place == where and words in message for place, message in said), said


@pytest.mark.parametrize("escaped", [False, True], ids=["plain", "in a notebook's JSON"])
@pytest.mark.parametrize("part", ["solution", "test"])
def test_no_file_to_download_may_hold_a_solution_or_a_test(folder, part, escaped):
    task = next(task for task in read_problems(folder) if task.task_id == "double")
    secret = task.test.strip() if part == "test" else "return (x * 2).reshape(x.shape).clone().contiguous()"
    if part == "solution":
        change("problems/double.py", "return x * 2\n", secret + "\n")(folder)
    (folder / "starter.ipynb").write_text(json.dumps({"cells": [secret]}) if escaped else secret)
    change("competition.yaml", "[tasks.jsonl,", "[starter.ipynb, tasks.jsonl,")(folder)
    said = [(problem.where, problem.message.en) for problem in check_folder(folder)]
    assert said == [("starter.ipynb", 'It holds the solution or test of "double".')]


def test_the_hidden_tasks_may_be_one_file_in_the_form_of_human_eval(folder):
    rows = [
        {
            **task.public,
            "canonical_solution": task.solution,
            "test": task.test,
            "wrong_solutions": list(task.wrong),
        }
        for task in read_problems(folder)
    ]
    (folder / "problems.jsonl").write_text(to_jsonl(rows))
    for path in folder.glob("problems/*.py"):
        path.unlink()
    assert check_folder(folder) == []
    assert next(task.wrong for task in read_problems(folder)) == tuple(rows[0]["wrong_solutions"])
    assert "problems.jsonl" in load_folder(folder).judged_by

    (folder / "problems.jsonl").write_text(to_jsonl([*rows, {"task_id": "half"}, rows[0]]))
    with pytest.raises(FolderError) as refused:
        read_problems(folder)
    assert [problem.where for problem in refused.value.problems] == ["problems.jsonl:5", "problems.jsonl:6"]


def test_write_tasks_mends_tasks_jsonl_and_hides_what_is_hidden(folder):
    (folder / "tasks.jsonl").write_text("")
    assert check_folder(folder)
    text = write_tasks(folder).read_text()
    assert check_folder(folder) == []
    assert set(json.loads(text.splitlines()[0])) == {"task_id", "prompt", "entry_point"}


@pytest.mark.skipif(not HUMAN_EVAL.is_file(), reason="HumanEval is not here")
def test_human_eval_itself_makes_a_folder(folder):
    tasks = read_human_eval(HUMAN_EVAL)
    rows = [{**task.public, "canonical_solution": task.solution, "test": task.test} for task in tasks]
    (folder / "problems.jsonl").write_text(to_jsonl(rows))
    sample = [{"task_id": task.task_id, "completion": "    pass\n"} for task in tasks]
    (folder / "sample_submission.jsonl").write_text(to_jsonl(sample))
    write_tasks(folder)
    assert len(tasks) == 164
    assert check_folder(folder) == []
