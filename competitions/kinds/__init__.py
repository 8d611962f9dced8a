"""The kinds of challenge: one file each, named like `Challenge.kind`. A new kind is a new file and changes no other.

A kind's module has
    MAX_BYTES        of one submission
    SUFFIXES         of the files it takes, lower case, with the dot
    NEEDS_JAIL       whether students' code runs
    check(challenge, source) -> Text | None      in the web process: what is wrong with the file, for the student
    judge(challenge, source, tools) -> Outcome   in the worker, outside any transaction
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from competitions.kinds.outcome import Outcome
from sandbox.contract import Source, Text


class Tools(Protocol):
    """What a worker lends to a kind."""

    @property
    def judge(self):
        """The process's one warm `sandbox.judge.Judge`."""

    def report_progress(self, share: float) -> None:
        """Shows how far it is (0.0 to 1.0) to who waits. May be called as often as one likes."""


class Kind(Protocol):
    MAX_BYTES: int
    SUFFIXES: tuple[str, ...]
    NEEDS_JAIL: bool

    def check(self, challenge, source: Source) -> Text | None: ...

    def judge(self, challenge, source: Source, tools: Tools) -> Outcome: ...


def names() -> list[str]:
    return sorted(module.name for module in iter_modules(__path__) if module.name != "outcome")


def get(name: str) -> Kind:
    """The kind's module. Raises LookupError when there is no such file."""
    if name not in names():
        raise LookupError(f"no kind {name!r}; there are {', '.join(names())}")
    return import_module(f"{__name__}.{name}")
