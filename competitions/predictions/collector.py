"""The rows of a student's file, of whatever format, brought into the order of the ids."""

from __future__ import annotations

from array import array
from itertools import islice
from typing import Protocol

from competitions.predictions.cells import BadCellError, check_row, check_value, read_cell
from competitions.predictions.checked import MAX_SHOWN, Checked, FileError
from competitions.predictions.competition import CellKind, PredictionsCompetition
from competitions.predictions.messages import say, shown
from competitions.predictions.tables import Ids
from sandbox.contract import Text

MAX_NAMED = 8  # columns or ids named in one message


class Values(Protocol):
    """The values of one row; `read` raises BadCellError for one that is none."""

    def read(self, at: int) -> float | str: ...

    def shown(self, at: int) -> str: ...


class _Cells:
    def __init__(self, cells: list[str], kind: CellKind) -> None:
        self._cells = cells
        self._kind = kind

    def read(self, at: int) -> float | str:
        return read_cell(self._cells[at], self._kind)

    def shown(self, at: int) -> str:
        return self._cells[at].strip()


class Collector:
    """Puts each row's value at its id's place, and counts what is wrong."""

    def __init__(
        self, competition: PredictionsCompetition, ids: Ids, *, counts_from_zero: bool = False
    ) -> None:
        self._competition = competition
        self._measure = competition.measure
        self._cells = competition.cells
        self._columns = competition.predicted_columns
        self._counts_from_zero = counts_from_zero
        self._ids = ids
        self._errors: list[FileError] = []
        self._count = 0
        self._rows = 0
        self._row_of = array("L", bytes(array("L").itemsize * len(ids.names)))  # 0: not seen yet
        size = len(ids.names) * len(self._columns)
        self._values: array[float] | list[str] = (
            [""] * size if self._cells == "text" else array("d", bytes(8 * size))
        )

    def add_error(self, row: int, column: str, key: str, **details: object) -> None:
        self._rows += 1
        self._note(row, column, key, **details)

    def _note(self, row: int | None, column: str, key: str, **details: object) -> None:
        self._count += 1
        if len(self._errors) < MAX_SHOWN:
            message = say(key, row=row, column=column, **details)
            if self._counts_from_zero and row is not None:
                message = Text(f"배열(0부터 셈) {message.ko}", f"Array, counted from 0: {message.en}")
            self._errors.append(FileError(row, column, message))

    def add(self, row: int, id_text: str, cells: list[str]) -> None:
        """A row of CSV: the text of the id and of each predicted column."""
        self._rows += 1
        self._put(row, self._place(row, id_text.strip()), _Cells(cells, self._cells))

    def add_values(self, row: int, values: Values) -> None:
        """A row of an array, whose place is its id's."""
        self._rows += 1
        self._row_of[row] = row + 1
        self._put(row, row, values)

    def _put(self, row: int, place: int | None, cells: Values) -> None:
        found: list = []
        for at, column in enumerate(self._columns):
            try:
                value = cells.read(at)
                check_value(value, self._measure)
                found.append(value)
            except BadCellError as bad:
                self._note(row, column, bad.key, value=shown(cells.shown(at)), **bad.details)
        width = len(self._columns)
        if len(found) < width:
            return
        if width > 1:
            try:
                check_row(found, self._measure)
            except BadCellError as bad:
                self._note(row, "", bad.key, **bad.details)
                return
        if place is not None:
            for at, value in enumerate(found, start=place * width):
                self._values[at] = value

    def _place(self, row: int, name: str) -> int | None:
        """The place of the id `name`; None, and an error noted, if it has none or is taken."""
        column = self._competition.id_column
        place = self._ids.find(name)
        if place is None:
            self._note(row, column, "unknown_id" if name else "empty_id", value=shown(name))
        elif first := self._row_of[place]:
            self._note(row, column, "duplicate_id", value=shown(name), first=first)
            return None
        else:
            self._row_of[place] = row
        return place

    def finish(self, warnings: tuple[FileError, ...]) -> Checked:
        """All that was found; what is said of the whole file comes first, for it explains the rest."""
        row_errors, self._errors = self._errors, []
        expected = len(self._ids.names)
        missing = expected - sum(1 for row in self._row_of if row)
        if not self._rows:
            self._note(None, "", "header_only", expected=expected)
        elif self._rows != expected:
            self._note(None, "", "row_count", rows=self._rows, expected=expected)
        if missing and self._rows:
            self._note(
                None, self._competition.id_column, "missing_ids", ids=self._first_missing(), count=missing
            )
        errors = (self._errors + row_errors)[:MAX_SHOWN]
        values = self._values if not self._count else []
        return Checked(tuple(errors), self._count, warnings, values, len(self._columns))

    def _first_missing(self) -> str:
        names = (name for name, row in zip(self._ids.names, self._row_of, strict=True) if not row)
        return listed(list(islice(names, MAX_NAMED + 1)))


def listed(names: list[str]) -> str:
    """The first few of `names`, as they may stand in a sentence."""
    return ", ".join(map(shown, names[:MAX_NAMED])) + (", …" if len(names) > MAX_NAMED else "")
