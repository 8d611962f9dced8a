"""What is found in a student's file."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from sandbox.contract import Text

MAX_SHOWN = 5  # errors kept; all are counted


@dataclass(frozen=True, slots=True)
class FileError:
    """One thing wrong. `row` is None where it concerns the whole file; `message` names row and column."""

    row: int | None
    column: str
    message: Text


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds. `errors` are the first few of `count`. If there are none, `values` follow
    `ids_of(competition)`, `width` of them for each id.
    """

    errors: tuple[FileError, ...] = ()
    count: int = 0
    warnings: tuple[FileError, ...] = ()
    values: array[float] | list[str] = field(default_factory=list, repr=False)
    width: int = 1

    @property
    def is_valid(self) -> bool:
        return not self.count


class RefusedError(Exception):
    """The file cannot be read any further."""

    def __init__(self, message: Text, row: int | None = None, column: str = "") -> None:
        super().__init__(message.en)
        self.error = FileError(row, column, message)
