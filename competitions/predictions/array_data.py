"""An instructor's arrays: the parts of a data set that are not CSV.

    train.npz, .safetensors     arrays by name: the features and, named as the target, the labels
    train.npy                   one array called "x"; train_<name>.npy beside it or instead of it one called <name>
    test....                    the same without the target, row by row in the order of sample_submission.csv
    solution....                the target alone, or by its name; and the column of the split, if there is one

Only headers are read, but of the solution. Trusted, so .npz is taken too; pickles are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from competitions.arrays import BadArrayError, Layout, archive, npy, tensors
from competitions.arrays.layout import read_elements
from competitions.folders import FolderError, Problem
from competitions.predictions.competition import PredictionsCompetition, data_files
from competitions.predictions.messages import say
from sandbox.contract import Text

_HEAD = tensors.LONGEST_HEADER + 12


def layouts_of(folder: Path, part: str) -> dict[str, Layout]:
    """The arrays of `part` by name. Raises FolderError."""
    found: dict[str, Layout] = {}
    for name in data_files(folder, part):
        try:
            found |= _layouts(folder / name, part)
        except BadArrayError as bad:
            raise FolderError([Problem(name, say(bad.key, **bad.details))]) from bad
    return found


def layouts_in(path: Path) -> dict[str, Layout]:
    """The arrays of one file by name. Raises FolderError."""
    try:
        return _layouts(path, path.stem)
    except BadArrayError as bad:
        raise FolderError([Problem(path.name, say(bad.key, **bad.details))]) from bad


def _layouts(path: Path, part: str) -> dict[str, Layout]:
    if path.suffix == ".npz":
        return archive.layouts_of(path)
    length = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if path.suffix == ".safetensors":
        return tensors.layouts_of(head, length)
    return {path.stem.removeprefix(part).removeprefix("_") or "x": npy.layout_of(head, length)}


def read_array(folder: Path, part: str, name: str, rows: int) -> tuple[Layout, Sequence]:
    """One array of a value for each of `rows`, and its elements. Raises FolderError where there is none of that name and
    size: before it is read, for a small .npz can unpack to anything."""
    layouts = layouts_of(folder, part)
    if name not in layouts:
        found = ", ".join(layouts)
        text = Text(
            f"'{name}' 배열이 없습니다. 있는 것: {found}", f'There is no array "{name}", only: {found}'
        )
        raise FolderError([Problem(part, text)])
    layout = layouts[name]
    if layout.shape not in ((rows,), (rows, 1)):
        text = Text(
            f"'{name}'의 모양이 {layout.shape}입니다. {rows}행이어야 합니다.",
            f'"{name}" has the shape {layout.shape}; {rows} rows are needed.',
        )
        raise FolderError([Problem(part, text)])
    try:
        return layout, read_elements(layout, _bytes(folder, part, name))
    except BadArrayError as bad:
        raise FolderError([Problem(part, say(bad.key, **bad.details))]) from bad


def _bytes(folder: Path, part: str, name: str) -> bytes:
    files = data_files(folder, part)
    if files[0].endswith(".npz"):
        return archive.read_member(folder / files[0], name)
    if files[0].endswith(".safetensors"):
        return (folder / files[0]).read_bytes()
    return (folder / (f"{part}.npy" if name == "x" else f"{part}_{name}.npy")).read_bytes()


def solution_name(competition: PredictionsCompetition) -> str:
    """Which array of the solution is the truth: the target by its name, or the only one."""
    layouts = layouts_of(competition.folder, "solution")
    return next(iter(layouts)) if len(layouts) == 1 else competition.target_column


def check_arrays(competition: PredictionsCompetition, rows: int) -> list[Problem]:
    """What is inconsistent in train and test; `rows` are those of sample_submission.csv."""
    train, test = (layouts_of(competition.folder, part) for part in ("train", "test"))
    target = train.pop(competition.target_column, None)
    problems = []
    if target is None:
        problems.append(
            _problem("train", "목표 배열이 없습니다", "It lacks the target", competition.target_column)
        )
    if competition.target_column in test:
        problems.append(
            _problem("test", "목표 배열이 있습니다", "It holds the target", competition.target_column)
        )
        del test[competition.target_column]
    for name in sorted(train.keys() ^ test.keys()):
        part = "test" if name in train else "train"
        problems.append(
            _problem(part, "다른 쪽에는 있는 배열이 없습니다", "It lacks an array of the other", name)
        )
    for name in sorted(train.keys() & test.keys()):
        if (train[name].element, train[name].shape[1:]) != (test[name].element, test[name].shape[1:]):
            problems.append(
                _problem("test", "train과 모양이나 자료형이 다릅니다", "It is unlike train's", name)
            )
    expected = {"train": target.shape[0] if target and target.shape else 0, "test": rows}
    for part, layouts in (("train", train), ("test", test)):
        for name, layout in layouts.items():
            if layout.shape[:1] != (expected[part],):
                count = layout.shape[0] if layout.shape else 0
                text = f"{count} / {expected[part]}"
                problems.append(
                    _problem(part, f"행 수가 다릅니다({text})", f"The rows differ ({text})", name)
                )
    return problems


def _problem(part: str, korean: str, english: str, name: str) -> Problem:
    return Problem(part, Text(f"{korean}: {name}", f"{english}: {name}"))
