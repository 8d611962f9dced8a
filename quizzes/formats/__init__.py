"""Formats of other systems, one file each: a module of this folder that can read and write is a format.

    TITLE, SUFFIX, MIME
    KINDS                        kinds of question that the format has a form for
    write(entries, language)     bytes of a file; `entries` are questions as they stand in our files,
                                 `language` is "ko", "en" or "both"
    read(data)                   a `Reading` for each question found; raises FormatError for a file that is none

A written file carries beside each question a *keepsake* (see keepsake.py), so that what comes back unchanged is our own
question to the letter, and what was edited elsewhere is taken as it reads now. A new format is a new file.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from .contract import Entry, FormatError, Note, Reading

__all__ = ["Entry", "Format", "FormatError", "Note", "Reading", "find", "guess", "names"]


class Format(Protocol):
    TITLE: str
    SUFFIX: str
    MIME: str
    KINDS: frozenset[str]

    def write(self, entries: Sequence[Entry], language: str) -> bytes: ...

    def read(self, data: bytes) -> list[Reading]: ...


_MODULES: dict[str, Any] = {
    module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)
}
_FORMATS = {name: cast(Format, module) for name, module in _MODULES.items() if hasattr(module, "write")}


def names() -> list[str]:
    """The formats there are, in alphabetical order."""
    return sorted(_FORMATS)


def find(name: str) -> Format:
    """The format called `name`; KeyError when there is none."""
    return _FORMATS[name]


def guess(data: bytes) -> str:
    """The format that a file seems to be in, by how it begins; its reader then looks closer."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK") or (start.startswith(b"<") and b"assessmentItem" in start):
        return "qti"
    return "moodle_xml" if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")) else "gift"
