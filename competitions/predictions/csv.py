"""A student's CSV -> its predictions in the order of the competition's ids, or what is wrong with which row.

    bytes --_refuse_other_formats--> records --_find_columns--> (row, id, value) --_Collector--> Checked

Time and memory are bounded by the file and by the rows expected: lines are read one at a time, a record has a
greatest length, and only ids that the competition knows are remembered. Rows are numbered as a spreadsheet shows
them: the header is row 1.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import BinaryIO

from competitions.predictions.cells import BadCellError, read_cell
from competitions.predictions.competition import PredictionsCompetition
from competitions.predictions.messages import say, shown
from competitions.predictions.tables import Ids, ids_of
from sandbox.contract import Text

MAX_BYTES = 20 * 1024 * 1024
MAX_RECORD = 64 * 1024  # characters: a quote never closed or a file of one line must not be held in memory
MAX_SPARE_ROWS = (
    1000  # over twice the rows expected; then it is another file, and reading on would only cost time
)
MAX_SHOWN = 5  # errors kept; all are counted
MAX_NAMED = 8  # columns or ids named in one message

_SEPARATORS = {";": ("세미콜론(;)", "semicolons (;)"), "\t": ("탭", "tabs"), "|": ("세로줄(|)", "bars (|)")}
_OTHER_FORMATS = (
    (b"PK\x03\x04", say("excel")),  # .xlsx, and zip
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", say("excel")),  # .xls
    (b"\x1f\x8b", say("archive", kind="gzip")),
    (b"\xff\xfe", say("utf16")),
    (b"\xfe\xff", say("utf16")),
)


@dataclass(frozen=True, slots=True)
class CsvError:
    """One thing wrong. `row` is None where it concerns the whole file; `message` names row and column."""

    row: int | None
    column: str
    message: Text


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds. `errors` are the first few of `count`; `values` follow `ids_of(competition)` if
    there are none.
    """

    errors: tuple[CsvError, ...] = ()
    count: int = 0
    warnings: tuple[CsvError, ...] = ()
    values: array[float] | list[str] = field(default_factory=list, repr=False)

    @property
    def is_valid(self) -> bool:
        return not self.count


class _RefusedError(Exception):
    """The file cannot be read any further."""

    def __init__(self, message: Text, row: int | None = None, column: str = "") -> None:
        super().__init__(message.en)
        self.error = CsvError(row, column, message)


def check(data: bytes | BinaryIO, competition: PredictionsCompetition) -> Checked:
    """Read a student's file of at most MAX_BYTES. Never raises because of what is in it."""
    if not isinstance(data, bytes):
        data = data.read(MAX_BYTES + 1)
    try:
        return _read(data, competition)
    except _RefusedError as refused:
        return Checked(errors=(refused.error,), count=1)


def _read(data: bytes, competition: PredictionsCompetition) -> Checked:
    _refuse_other_formats(data, competition)
    ids = ids_of(competition)
    records = _records(data, len(ids.names))
    row, header = next(records, (1, []))
    if not header:
        raise _RefusedError(say("empty"))
    header = [name.strip() for name in header]
    id_at, target_at = _find_columns(row, header, competition)
    collector = _Collector(competition, ids)
    for row, cells in records:
        if any(cells[len(header) :]):
            collector.add_error(row, "", "extra_cells", cells=len(cells), expected=len(header))
        else:
            collector.add(row, _cell(cells, id_at), _cell(cells, target_at))
    return collector.finish(_warn_of_extra_columns(header, competition))


def _cell(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _refuse_other_formats(data: bytes, competition: PredictionsCompetition) -> None:
    if len(data) > MAX_BYTES:
        columns = ", ".join(competition.required_columns)
        raise _RefusedError(say("too_large", limit=MAX_BYTES // 1024**2, columns=columns))
    for magic, message in _OTHER_FORMATS:
        if data.startswith(magic):
            raise _RefusedError(message)


class _Lines:
    """Hands physical lines to csv.reader, and refuses what is not text or too long to be a row."""

    def __init__(self, data: bytes) -> None:
        # Bytes that are not UTF-8 become lone surrogates, so the row they stand in can be told.
        self._text = TextIOWrapper(BytesIO(data), encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._held = 0
        self.row = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_RECORD + 1)
        if not line:
            raise StopIteration
        self._refuse_bad_text(line)
        self._held += len(line)
        if self._held > MAX_RECORD:
            raise _RefusedError(say("long_row", row=self.row), self.row)
        return line

    def _refuse_bad_text(self, line: str) -> None:
        if "\0" in line:
            raise _RefusedError(say("nul", row=self.row), self.row)
        if line.isascii():
            return
        try:
            line.encode()
        except UnicodeEncodeError:
            key = "cp949" if _is_korean(line.encode(errors="surrogateescape")) else "not_utf8"
            raise _RefusedError(say(key, row=self.row), self.row) from None

    def end_record(self) -> None:
        self._held = 0
        self.row += 1


def _is_korean(line: bytes) -> bool:
    """Whether bytes that are not UTF-8 are Hangul as Korean Excel's plain "CSV" writes it."""
    try:
        text = line.decode("cp949")
    except UnicodeDecodeError:
        return False
    return any("가" <= character <= "힣" for character in text)


def _records(data: bytes, expected: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with its number. Blank ones are counted: a spreadsheet shows them too."""
    lines, limit = _Lines(data), 2 * expected + MAX_SPARE_ROWS
    reader = csv.reader(lines)
    while lines.row <= limit:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # what the reader refuses differs between Python versions
            raise _RefusedError(say("unreadable", row=lines.row), lines.row) from None
        if "".join(cells).strip():
            yield lines.row, cells
        lines.end_record()
    raise _RefusedError(say("far_too_many_rows", limit=limit, expected=expected))


def _find_columns(row: int, header: list[str], competition: PredictionsCompetition) -> tuple[int, int]:
    """Where the id and the target stand. Raises _RefusedError where one of them is missing or there twice."""
    for column in competition.required_columns:
        if column not in header:
            raise _RefusedError(_why_missing(column, header, competition), row, column)
        if header.count(column) > 1:
            raise _RefusedError(say("repeated_column", column=column), row, column)
    return header.index(competition.id_column), header.index(competition.target_column)


def _why_missing(column: str, header: list[str], competition: PredictionsCompetition) -> Text:
    found = _listed([name or '""' for name in header])
    for separator, (korean, english) in _SEPARATORS.items():
        if any(separator in name for name in header):
            return say("separator", separator_ko=korean, separator_en=english)
    if not any(name[:1].isalpha() for name in header):
        return say("no_header", columns=",".join(competition.required_columns), found=found)
    return say("missing_column", column=column, found=found)


def _warn_of_extra_columns(header: list[str], competition: PredictionsCompetition) -> tuple[CsvError, ...]:
    extra = [name for name in header if name and name not in competition.required_columns]
    if not extra:
        return ()
    found = _listed(extra)
    return (CsvError(1, extra[0], say("extra_columns", found=found)),)


class _Collector:
    """Puts each row's value at its id's place, and counts what is wrong."""

    def __init__(self, competition: PredictionsCompetition, ids: Ids) -> None:
        self._competition = competition
        self._ids = ids
        self._errors: list[CsvError] = []
        self._count = 0
        self._rows = 0
        self._row_of = array("L", bytes(array("L").itemsize * len(ids.names)))  # 0: not seen yet
        is_text = competition.values == "text"
        self._values: array[float] | list[str] = (
            [""] * len(ids.names) if is_text else array("d", bytes(8 * len(ids.names)))
        )

    def add_error(self, row: int, column: str, key: str, **details: object) -> None:
        self._rows += 1
        self._note(row, column, key, **details)

    def _note(self, row: int | None, column: str, key: str, **details: object) -> None:
        self._count += 1
        if len(self._errors) < MAX_SHOWN:
            self._errors.append(CsvError(row, column, say(key, row=row, column=column, **details)))

    def add(self, row: int, id_text: str, value_text: str) -> None:
        self._rows += 1
        place = self._place(row, id_text.strip())
        column = self._competition.target_column
        try:
            value = read_cell(value_text, self._competition.values)
        except BadCellError as bad:
            self._note(row, column, bad.key, value=shown(value_text.strip()), **bad.details)
            return
        if place is not None:
            self._values[place] = value  # type: ignore[assignment]

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

    def finish(self, warnings: tuple[CsvError, ...]) -> Checked:
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
        return Checked(tuple(errors), self._count, warnings, self._values if not self._count else [])

    def _first_missing(self) -> str:
        names = (name for name, row in zip(self._ids.names, self._row_of, strict=True) if not row)
        return _listed(list(islice(names, MAX_NAMED + 1)))


def _listed(names: list[str]) -> str:
    """The first few of `names`, as they may stand in a sentence."""
    return ", ".join(map(shown, names[:MAX_NAMED])) + (", …" if len(names) > MAX_NAMED else "")
