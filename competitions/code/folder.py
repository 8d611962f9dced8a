"""The folder of a competition of programs: that of predictions, and

    house-price-code/
        competition.yaml        kind: code, limits: {seconds: 60, memory_mb: 1024}, and the fields of predictions
        train.csv               (or arrays) in the jail from the beginning; students may download it
        test.csv                in the jail once training is over; nobody may download it
        sample_submission.py    a program that can be submitted as it is

`load_folder` reads the description only; `check_folder` compares all of the files.
"""

from __future__ import annotations

import ast
from pathlib import Path

from competitions.code.competition import ENTRY, CodeCompetition
from competitions.folders import FolderError, Problem, open_spec
from competitions.folders.limits import read_limits
from competitions.predictions.competition import data_files
from competitions.predictions.folder import check_files, missing_files
from competitions.predictions.spec import FIELDS, HIDDEN, read_fields
from sandbox.contract import Limits, Text

KIND = "code"
# The jail has no GPU device in it yet: a competition that asked for one could never be judged.
DEVICES = ("cpu",)
LIMITS = {"seconds": 60, "memory_mb": 1024}
WANTED = ("train", "predict")


def load_folder(path: Path | str) -> CodeCompetition:
    """The competition in the folder `path`. Raises FolderError, with every problem found, where it cannot be one."""
    problems: list[Problem] = []
    folder = Path(path).resolve()
    competition = _read(folder, problems)
    missing = [*missing_files(folder), *([] if (folder / ENTRY).is_file() else [ENTRY])]
    problems += [Problem(name, Text("파일이 없습니다.", "The file is missing.")) for name in missing]
    if problems or competition is None:
        raise FolderError(problems)
    return competition


def _read(folder: Path, problems: list[Problem]) -> CodeCompetition | None:
    reader = open_spec(folder, problems)
    if reader is None:
        return None
    before = len(problems)
    reader.refuse_unknown(FIELDS | {"limits", "device"})
    limits = read_limits(reader, LIMITS)
    competition = CodeCompetition(
        **read_fields(reader, folder, KIND, (*HIDDEN, *data_files(folder, "test"))),
        limits=Limits(seconds=limits["seconds"], memory_mb=int(limits["memory_mb"])),
        device=reader.choice("device", DEVICES, "cpu"),
    )
    return competition if len(problems) == before else None


def check_folder(path: Path | str) -> list[Problem]:
    """Everything that is inconsistent in the folder; an empty list means that it can be loaded and judged."""
    try:
        competition = load_folder(path)
    except FolderError as error:
        return error.problems
    return check_files(competition) + _check_entry(competition)


def _check_entry(competition: CodeCompetition) -> list[Problem]:
    try:
        tree = ast.parse((competition.folder / ENTRY).read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return [
            Problem(f"{ENTRY}:{line}", Text("파이썬으로 읽을 수 없습니다.", "This cannot be read as Python."))
        ]
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return [
        Problem(ENTRY, Text(f"{name} 함수가 없습니다.", f"It has no function {name}."))
        for name in WANTED
        if name not in names
    ]
