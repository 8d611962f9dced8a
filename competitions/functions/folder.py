"""The folder of a competition of functions.

    ai-pair-programmer-code/
        competition.yaml            kind: functions, metric: pass@1, max_samples, limits, and what every kind has
        statement.ko.md, statement.en.md
        tasks.jsonl                 task_id, prompt, entry_point: what students get
        sample_submission.jsonl     task_id, completion: a valid entry
        problems.jsonl              the tasks with solutions and tests, HumanEval's own format: never handed out
        or problems/*.py            the same, to be edited by people (see problems.py)

The split is over tasks. `load_folder` reads the description only; `check_folder` compares all of the files.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from competitions.folders import COMMON_FIELDS, FolderError, Problem, Reader, open_spec, read_common
from competitions.folders.limits import read_limits
from competitions.functions.competition import PROBLEMS, SAMPLE, TASKS, FunctionsCompetition, HiddenTask
from competitions.functions.entries import read_entry
from competitions.functions.problems import read_problems, to_jsonl
from competitions.predictions.split import public_rows
from sandbox.contract import Limits, Text
from sandbox.prompts import closed

KIND = "functions"
METRICS = ("pass@k",)
FIELDS = COMMON_FIELDS | {"max_samples", "limits"}
LIMITS = {"seconds": 5, "memory_mb": 512, "total_seconds": 600}
MOST_SAMPLES = 200
LEAK = 40  # characters: a shorter solution may stand anywhere by chance


def load_folder(path: Path | str) -> FunctionsCompetition:
    """The competition in the folder `path`. Raises FolderError, with every problem found, where it cannot be one."""
    problems: list[Problem] = []
    folder = Path(path).resolve()
    reader = open_spec(folder, problems)
    competition = _read(reader, folder) if reader else None
    for name in (TASKS, SAMPLE):
        if not (folder / name).is_file():
            problems.append(Problem(name, Text("파일이 없습니다.", "The file is missing.")))
    if problems or competition is None:
        raise FolderError(problems)
    return competition


def _read(reader: Reader, folder: Path) -> FunctionsCompetition:
    reader.refuse_unknown(FIELDS)
    limits = read_limits(reader, LIMITS)
    return FunctionsCompetition(
        **read_common(reader, folder, KIND, METRICS, (PROBLEMS,)),
        max_samples=_samples(reader),
        limits=Limits(seconds=limits["seconds"], memory_mb=int(limits["memory_mb"])),
        total_seconds=limits["total_seconds"],
    )


def _samples(reader: Reader) -> int:
    value = reader.get("max_samples")
    if value is None:
        return 1
    if type(value) is not int or not 1 <= value <= MOST_SAMPLES:
        reader.complain(
            "max_samples",
            f"1에서 {MOST_SAMPLES} 사이의 정수여야 합니다.",
            f"It must be a whole number from 1 to {MOST_SAMPLES}.",
        )
        return 1
    return value


def task_ids(competition: FunctionsCompetition) -> list[str]:
    """The tasks that an entry must answer. Read from tasks.jsonl: no web process ever opens the tests."""
    lines = (competition.folder / TASKS).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["task_id"] for line in lines if line.strip()]


def is_public(tasks: list[HiddenTask], competition: FunctionsCompetition) -> list[bool | None]:
    """For each task True if public, False if private, None if it counts for neither."""
    return public_rows(
        [task.task_id for task in tasks], competition.split, usage=[task.usage for task in tasks]
    )


def check_folder(path: Path | str) -> list[Problem]:
    """Everything that is inconsistent in the folder; an empty list means that it can be loaded and judged."""
    problems: list[Problem] = []
    competition, tasks = None, []
    try:
        competition = load_folder(path)
    except FolderError as error:
        problems += error.problems
    try:
        tasks = read_problems(Path(path).resolve())
    except FolderError as error:
        problems += error.problems
    for task in tasks:
        problems += _check_task(task)
    if competition and tasks:
        problems += [
            *_check_public(competition, tasks),
            *_check_split(competition, tasks),
            *_check_leaks(competition, tasks),
        ]
        if not problems:
            entry = read_entry((competition.folder / SAMPLE).read_bytes(), task_ids(competition), competition)
            problems += [Problem(SAMPLE, error) for error in entry.errors]
    return problems


def _check_task(task: HiddenTask) -> Iterator[Problem]:
    """Its three parts are Python, and define what they must."""
    parts = {"prompt": task.prompt, "test": task.test, "canonical_solution": task.prompt + task.solution}
    for name, source in parts.items():
        try:
            tree = ast.parse(closed(source) if name == "prompt" else source)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", 0)
            yield Problem(
                task.where,
                Text(
                    f"{name}의 {line}번째 줄이 파이썬이 아닙니다.",
                    f"Line {line} of its {name} is not Python.",
                ),
            )
            continue
        wanted = {"prompt": "", "test": "check", "canonical_solution": task.entry_point}[name]
        names = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        if wanted and wanted not in names:
            yield Problem(
                task.where,
                Text(
                    f"{name}에 '{wanted}'이(가) 정의되어 있지 않습니다.",
                    f'Its {name} does not define "{wanted}".',
                ),
            )


def _check_public(competition: FunctionsCompetition, tasks: list[HiddenTask]) -> Iterator[Problem]:
    """tasks.jsonl says the same as the hidden tasks, line by line."""
    expected = [task.public for task in tasks]
    try:
        lines = (competition.folder / TASKS).read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines if line.strip()]
    except ValueError:
        found = []
    if found == expected:
        return
    number = next(
        (place for place, pair in enumerate(zip(found, expected, strict=False), 1) if pair[0] != pair[1]),
        min(len(found), len(expected)) + 1,
    )
    yield Problem(
        f"{TASKS}:{number}",
        Text(
            "숨은 과제와 다릅니다. manage.py check_competition DIR --write-tasks로 다시 쓰세요.",
            "It differs from the hidden tasks. Write it again with manage.py check_competition DIR --write-tasks.",
        ),
    )


def _check_split(competition: FunctionsCompetition, tasks: list[HiddenTask]) -> Iterator[Problem]:
    try:
        parts = is_public(tasks, competition)
    except KeyError as missing:
        yield Problem(
            PROBLEMS,
            Text(
                f"usage {missing}: Public, Private, Ignored만 쓸 수 있습니다.",
                f"usage {missing}: it must be Public, Private or Ignored.",
            ),
        )
        return
    for part, korean, english in ((True, "공개", "public"), (False, "비공개", "private")):
        if part not in parts:
            yield Problem(PROBLEMS, Text(f"{korean} 점수에 쓸 과제가 없습니다.", f"No task is {english}."))


def _check_leaks(competition: FunctionsCompetition, tasks: list[HiddenTask]) -> Iterator[Problem]:
    """No file that is handed out holds a solution or a test, plain or as a string of JSON."""
    for name in (*competition.files, SAMPLE):
        text = (competition.folder / name).read_text(encoding="utf-8", errors="replace")
        for task in tasks:
            secrets = [body.strip() for body in (task.solution, task.test) if len(body.strip()) >= LEAK]
            if any(
                secret in text or json.dumps(secret, ensure_ascii=False)[1:-1] in text for secret in secrets
            ):
                yield Problem(
                    name,
                    Text(
                        f"'{task.task_id}'의 정답이나 테스트가 들어 있습니다.",
                        f'It holds the solution or test of "{task.task_id}".',
                    ),
                )


def write_tasks(path: Path | str) -> Path:
    """Writes tasks.jsonl from the hidden tasks. Raises FolderError where these cannot be read."""
    folder = Path(path)
    (folder / TASKS).write_text(to_jsonl([task.public for task in read_problems(folder)]), encoding="utf-8")
    return folder / TASKS
