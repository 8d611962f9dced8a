"""What a format's reader gives, and the limits that every reader keeps. Plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quizzes.kinds.base import RefusedError, gettext_noop

Entry = dict[str, Any]
"""A question as it stands in one of our files: slug, kind, difficulty and the fields of its kind."""

MAX_BYTES = 10_000_000
MAX_QUESTIONS = 2_000

TOO_LARGE = gettext_noop("The file is larger than %(limit)s MB.")
TOO_MANY = gettext_noop("The file holds more than %(limit)s questions. Please split it.")
NOT_UTF8 = gettext_noop("The file is not UTF-8 text. Please save it as UTF-8.")


class FormatError(RefusedError):
    """A file that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about one question: an English msgid with `%(name)s` places for `params`."""

    message: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """One question found in a file. `entry` is None where it was not taken; `notes` say what was lost, or why."""

    name: str
    entry: Entry | None = None
    notes: list[Note] = field(default_factory=list)

    def note(self, message: str, **params: str) -> None:
        self.notes.append(Note(message, params))


def guarded(reading: Reading, read: Callable[[], None]) -> Reading:
    """Calls `read`; a question that it refuses is left out with the reason, and the others of the file are not lost."""
    try:
        read()
    except RefusedError as error:
        reading.entry = None
        reading.note(error.message, **error.params)
    return reading


def check_size(data: bytes) -> None:
    """Raises FormatError before anything is parsed."""
    if len(data) > MAX_BYTES:
        raise FormatError(TOO_LARGE, limit=str(MAX_BYTES // 1_000_000))


def check_count(count: int) -> None:
    if count > MAX_QUESTIONS:
        raise FormatError(TOO_MANY, limit=f"{MAX_QUESTIONS:,}")


def decode(data: bytes) -> str:
    """The text of a UTF-8 file, its byte order mark dropped."""
    check_size(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(NOT_UTF8) from error
