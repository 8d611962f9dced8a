"""A student's CSV -> its predictions in the order of the competition's ids, or what is wrong with which row.

    bytes --records--> rows --_find_columns--> (row, id, value) --Collector--> Checked

Time and memory are bounded by the file and by the rows expected: lines are read one at a time, a record has a
greatest length, and only ids that the competition knows are remembered. Rows are numbered as a spreadsheet shows
them: the header is row 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper

from competitions.predictions.checked import Checked, FileError, RefusedError
from competitions.predictions.collector import Collector, listed
from competitions.predictions.competition import PredictionsCompetition
from competitions.predictions.messages import say
from competitions.predictions.tables import ids_of
from sandbox.contract import Text

MAX_RECORD = 64 * 1024  # characters: a quote never closed or a file of one line must not be held in memory
MAX_SPARE_ROWS = (
    1000  # over twice the rows expected; then it is another file, and reading on would only cost time
)

_SEPARATORS = {";": ("세미콜론(;)", "semicolons (;)"), "\t": ("탭", "tabs"), "|": ("세로줄(|)", "bars (|)")}
_OTHER_FORMATS = (
    (b"PK\x03\x04", say("excel")),  # .xlsx, and zip
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", say("excel")),  # .xls
    (b"\x1f\x8b", say("archive", kind="gzip")),
    (b"\xff\xfe", say("utf16")),
    (b"\xfe\xff", say("utf16")),
)


def refuse_other_formats(data: bytes) -> None:
    """Raises RefusedError for what is often sent in place of a text file."""
    for magic, message in _OTHER_FORMATS:
        if data.startswith(magic):
            raise RefusedError(message)


def read_csv(data: bytes, competition: PredictionsCompetition) -> Checked:
    """Raises RefusedError where nothing of the file can be used."""
    refuse_other_formats(data)
    ids = ids_of(competition)
    rows = records(data, len(ids.names))
    row, header = next(rows, (1, []))
    if not header:
        raise RefusedError(say("empty"))
    header = [name.strip() for name in header]
    id_at, places = _find_columns(row, header, competition)
    collector = Collector(competition, ids)
    for row, cells in rows:
        if any(cells[len(header) :]):
            collector.add_error(row, "", "extra_cells", cells=len(cells), expected=len(header))
        else:
            collector.add(row, _cell(cells, id_at), [_cell(cells, place) for place in places])
    return collector.finish(_warn_of_extra_columns(header, competition))


def _cell(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


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
            raise RefusedError(say("long_row", row=self.row), self.row)
        return line

    def _refuse_bad_text(self, line: str) -> None:
        if "\0" in line:
            raise RefusedError(say("nul", row=self.row), self.row)
        if line.isascii():
            return
        try:
            line.encode()
        except UnicodeEncodeError:
            key = "cp949" if _is_korean(line.encode(errors="surrogateescape")) else "not_utf8"
            raise RefusedError(say(key, row=self.row), self.row) from None

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


def records(data: bytes, expected: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with its number. Blank ones are counted: a spreadsheet shows them too."""
    lines, limit = _Lines(data), 2 * expected + MAX_SPARE_ROWS
    reader = csv.reader(lines)
    while lines.row <= limit:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # what the reader refuses differs between Python versions
            raise RefusedError(say("unreadable", row=lines.row), lines.row) from None
        if "".join(cells).strip():
            yield lines.row, cells
        lines.end_record()
    raise RefusedError(say("far_too_many_rows", limit=limit, expected=expected))


def _find_columns(row: int, header: list[str], competition: PredictionsCompetition) -> tuple[int, list[int]]:
    """Where the id and the predicted columns stand. Raises RefusedError where one of them is missing or there twice."""
    for column in competition.required_columns:
        if column not in header:
            raise RefusedError(_why_missing(column, header, competition), row, column)
        if header.count(column) > 1:
            raise RefusedError(say("repeated_column", column=column), row, column)
    return header.index(competition.id_column), [header.index(name) for name in competition.predicted_columns]


def _why_missing(column: str, header: list[str], competition: PredictionsCompetition) -> Text:
    found = listed([name or '""' for name in header])
    for separator, (korean, english) in _SEPARATORS.items():
        if any(separator in name for name in header):
            return say("separator", separator_ko=korean, separator_en=english)
    if not any(name[:1].isalpha() for name in header):
        return say("no_header", columns=",".join(competition.required_columns), found=found)
    return say("missing_column", column=column, found=found)


def _warn_of_extra_columns(header: list[str], competition: PredictionsCompetition) -> tuple[FileError, ...]:
    extra = [name for name in header if name and name not in competition.required_columns]
    if not extra:
        return ()
    found = listed(extra)
    return (FileError(1, extra[0], say("extra_columns", found=found)),)
