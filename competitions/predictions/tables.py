"""The CSV files of a competition's folder: the instructor's, so trusted, but read without pandas all the same."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from competitions.folders import FolderError, Problem
from competitions.predictions.array_data import read_array, solution_name
from competitions.predictions.array_values import ArrayRow
from competitions.predictions.cells import LARGEST_INTEGER, BadCellError, read_cell
from competitions.predictions.competition import SAMPLE, PredictionsCompetition
from competitions.predictions.messages import shown
from competitions.predictions.split import public_rows
from sandbox.contract import Text

SOLUTION = "solution.csv"


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that a submission must hold, in the order of the sample submission, and the place of each."""

    names: tuple[str, ...]
    places: dict[str, int]

    def find(self, name: str) -> int | None:
        """The place of `name`, or None. "1461.0", as pandas and NumPy often write it, finds "1461"."""
        place = self.places.get(name)
        if place is not None or not name.isascii() or len(name) > 30:
            return place
        try:
            number = float(name)
        except ValueError:
            return None
        is_whole = number.is_integer() and abs(number) <= LARGEST_INTEGER
        return self.places.get(str(int(number))) if is_whole else None


@dataclass(frozen=True, slots=True)
class Solution:
    """The truth in the order of the ids. `public` is True, False for private, None where a row counts for neither."""

    values: tuple[float | str, ...]
    public: tuple[bool | None, ...]


def ids_of(competition: PredictionsCompetition) -> Ids:
    """The competition's ids. Read from the sample, so that no web process ever opens the solution."""
    path = competition.folder / SAMPLE
    stat = path.stat()
    return _read_ids(path, competition.id_column, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read_ids(path: Path, column: str, _modified: int, _size: int) -> Ids:
    names = tuple(name for (name,) in read_columns(path, (column,)))
    return Ids(names, {name: place for place, name in enumerate(names)})


def read_header(path: Path) -> list[str]:
    """The column names of a CSV file; an empty list for an empty file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [name.strip() for name in next(csv.reader(file), [])]


def read_columns(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The cells of `columns`, stripped, row by row; blank rows are left out.

    Raises FolderError for a column that is not there or a row that is cut short, naming it.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = [name.strip() for name in next(rows, [])]
        for column in columns:
            if column not in header:
                raise FolderError([_missing_column(path, column)])
        places = [header.index(column) for column in columns]
        for number, row in enumerate(rows, start=2):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise FolderError([_ragged(path, number, len(row), len(header))])
            yield tuple(row[place].strip() for place in places)


def read_solution(competition: PredictionsCompetition) -> Solution:
    """The truth, in the order of `ids_of(competition)`. For the worker and for whoever checks the folder.

    Raises FolderError where the solution does not fit the ids or holds a value that is not one.
    """
    if not (competition.folder / SOLUTION).is_file():
        return _read_solution_array(competition)
    path, split = competition.folder / SOLUTION, competition.split
    columns = (competition.id_column, competition.target_column, *([split.column] if split.column else ()))
    rows = {name: rest for name, *rest in read_columns(path, columns)}
    names = ids_of(competition).names
    try:
        values = tuple(read_cell(rows[name][0], competition.values) for name in names)
        usage = [rows[name][1] for name in names] if split.column else None
        return Solution(values, tuple(public_rows(names, split, values, usage)))
    except BadCellError as bad:
        raise FolderError([_bad_value(path, competition, rows)]) from bad
    except KeyError as missing:
        raise FolderError([_bad_key(str(missing.args[0]))]) from missing


def _read_solution_array(competition: PredictionsCompetition) -> Solution:
    """From .npy, .npz or .safetensors, whose rows stand in the order of the ids."""
    names, split = ids_of(competition).names, competition.split
    count = len(names)
    layout, elements = read_array(competition.folder, "solution", solution_name(competition), count)
    row = ArrayRow(elements, layout, competition.values)
    usage = list(read_array(competition.folder, "solution", split.column, count)[1]) if split.column else None
    try:
        values = tuple(row.read(at) for at in range(len(names)))
        return Solution(values, tuple(public_rows(names, split, values, usage)))
    except BadCellError as bad:
        text = Text("읽을 수 없는 값이 있습니다.", f"It holds a value that cannot be read ({bad.key}).")
        raise FolderError([Problem("solution", text)]) from bad
    except (KeyError, AttributeError) as missing:
        raise FolderError([_bad_key(str(missing))]) from missing


def _bad_value(path: Path, competition: PredictionsCompetition, rows: dict[str, list[str]]) -> Problem:
    for name, (text, *_) in rows.items():
        try:
            read_cell(text, competition.values)
        except BadCellError:
            return Problem(
                path.name,
                Text(
                    f"{competition.id_column} {shown(name)}의 값 '{shown(text)}'을(를) 읽을 수 없습니다.",
                    f'The value "{shown(text)}" of {competition.id_column} {shown(name)} cannot be read.',
                ),
            )
    raise AssertionError("called although every value can be read")


def _bad_key(key: str) -> Problem:
    return Problem(
        SOLUTION,
        Text(
            f"'{shown(key)}'을(를) 쓸 수 없습니다. 예시 제출의 모든 id가 있어야 하고, 나누는 열에는 Public, Private, Ignored만 "
            "쓸 수 있습니다.",
            f'"{shown(key)}" does not fit: all ids of the sample must be here, and the split column holds '
            "Public, Private or Ignored.",
        ),
    )


def _missing_column(path: Path, column: str) -> Problem:
    return Problem(path.name, Text(f"'{column}' 열이 없습니다.", f'There is no column "{column}".'))


def _ragged(path: Path, number: int, cells: int, expected: int) -> Problem:
    return Problem(
        path.name,
        Text(
            f"{number}행의 칸이 {cells}개입니다. 열 이름은 {expected}개입니다.",
            f"Row {number} has {cells} cells; the header has {expected}.",
        ),
    )
