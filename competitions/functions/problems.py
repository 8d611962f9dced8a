"""The hidden tasks of a folder: problems.jsonl in HumanEval's own format, or problems/*.py, which people can edit.

problems.jsonl, an object a line:

    {"task_id": ..., "prompt": ..., "entry_point": ..., "canonical_solution": ..., "test": ...}
    and, where one likes, "wrong_solutions": [bodies that must fail] and "usage": "Public"

problems/masked_mean.py (the task's id is "masked_mean"; the entry point the last function or class of the prompt):

    # usage: Private                where the split is by column
    # --- prompt ---
    def masked_mean(x, mask):
        '''What to write.'''
    # --- solution ---
        return ...
    # --- wrong: divides by all positions ---
        return ...
    # --- test ---
    def check(candidate):
        assert ...
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

from competitions.folders import FolderError, Problem
from competitions.functions.competition import PROBLEM_FOLDER, PROBLEMS, HiddenTask
from sandbox.contract import Text
from sandbox.prompts import entry_point_of

MARK = re.compile(r"^[ ]*# --- (prompt|solution|wrong|test)\b.*---[ ]*$\n?", re.MULTILINE)
USAGE = re.compile(r"^# usage:[ ]*(\w+)[ ]*$", re.MULTILINE)
FIELDS = ("task_id", "prompt", "entry_point", "canonical_solution", "test")


def read_problems(folder: Path) -> list[HiddenTask]:
    """The folder's tasks, in the order of the file or of the names. Raises FolderError with all that is wrong."""
    problems: list[Problem] = []
    if (folder / PROBLEMS).is_file():
        tasks = list(_from_jsonl(folder / PROBLEMS, problems))
    else:
        files = sorted((folder / PROBLEM_FOLDER).glob("*.py"))
        tasks = [task for file in files if (task := _from_python(file, problems))]
    seen: set[str] = set()
    for task in tasks:
        if task.task_id in seen:
            problems.append(
                Problem(
                    task.where,
                    Text(
                        f"task_id '{task.task_id}'가 두 번 있습니다.",
                        f'The task_id "{task.task_id}" is there twice.',
                    ),
                )
            )
        seen.add(task.task_id)
    if not tasks and not problems:
        problems.append(
            Problem(
                PROBLEMS,
                Text(
                    f"{PROBLEMS} 또는 {PROBLEM_FOLDER}/*.py에 과제가 없습니다.",
                    f"There is no task in {PROBLEMS} or {PROBLEM_FOLDER}/*.py.",
                ),
            )
        )
    if problems:
        raise FolderError(problems)
    return tasks


def read_human_eval(path: Path) -> list[HiddenTask]:
    """The tasks of a HumanEval file as it is published (.jsonl or .jsonl.gz). Raises FolderError or OSError."""
    problems: list[Problem] = []
    tasks = list(_from_jsonl(path, problems))
    if problems:
        raise FolderError(problems)
    return tasks


def to_jsonl(rows: list[dict]) -> str:
    """An object a line, Korean left readable."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _from_jsonl(path: Path, problems: list[Problem]) -> Iterator[HiddenTask]:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        if line.strip() and (task := _from_line(line, f"{path.name}:{number}", problems)):
            yield task


def _from_line(line: str, where: str, problems: list[Problem]) -> HiddenTask | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in FIELDS):
        names = ", ".join(FIELDS)
        words = Text(
            f"글자인 {names}이(가) 있는 JSON 객체여야 합니다.",
            f"It must be a JSON object with the texts {names}.",
        )
        problems.append(Problem(where, words))
        return None
    wrong = row.get("wrong_solutions", [])
    if not isinstance(wrong, list) or not all(isinstance(body, str) for body in wrong):
        words = Text(
            "wrong_solutions는 글자의 목록이어야 합니다.", "wrong_solutions must be a list of texts."
        )
        problems.append(Problem(where, words))
        wrong = []
    return HiddenTask(
        row["task_id"],
        row["prompt"],
        row["entry_point"],
        row["canonical_solution"],
        row["test"],
        tuple(wrong),
        str(row.get("usage", "")),
        where,
    )


def _from_python(path: Path, problems: list[Problem]) -> HiddenTask | None:
    where = f"{PROBLEM_FOLDER}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        problems.append(
            Problem(where, Text("UTF-8 글자로 읽을 수 없습니다.", "It cannot be read as UTF-8 text."))
        )
        return None
    pieces = MARK.split(text)
    parts = [(name, body.rstrip("\n") + "\n") for name, body in zip(pieces[1::2], pieces[2::2], strict=True)]
    named = {name: body for name, body in parts if name != "wrong"}
    missing = [name for name in ("prompt", "solution", "test") if name not in named]
    entry_point = entry_point_of(named.get("prompt", ""))
    if missing or not entry_point:
        problems.append(
            Problem(
                where,
                Text(
                    f"'# --- prompt ---', '# --- solution ---', '# --- test ---'가 있어야 하고, prompt의 끝에 함수나 클래스가 있어야 합니다. 빠진 것: {', '.join(missing) or 'def'}",
                    f'"# --- prompt ---", solution and test must be there, and the prompt must end in a function or class. Missing: {", ".join(missing) or "def"}',
                ),
            )
        )
        return None
    usage = USAGE.search(pieces[0])
    return HiddenTask(
        path.stem,
        named["prompt"],
        entry_point,
        named["solution"],
        named["test"],
        tuple(body for name, body in parts if name == "wrong"),
        usage[1] if usage else "",
        where,
    )
