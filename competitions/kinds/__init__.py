"""The kinds of challenge: one file each, named like `Challenge.kind`. A new kind is a new file and changes no other.

A kind's module has
    load_folder(path) -> Competition             what a folder describes; raises FolderError, with all that is wrong
    check_folder(path) -> list[Problem]          compares all of its files; empty: it can be loaded and scored
    MAX_BYTES        of one submission
    SUFFIXES         of the files it takes, lower case, with the dot
    NEEDS_JAIL       whether students' code runs
    check(challenge, source) -> Text | None      in the web process: what is wrong with the file, for the student
    judge(challenge, source, tools) -> Outcome   in the worker, outside any transaction
The first two are a competition's: an exercise is a package of the sandbox. It may also have
    sample_fingerprint(challenge) -> str         that of the sample, which is no copy
    RUNS_FOLDERS_CODE = True                     hidden tests in its folder run outside the jail: as trusted as the site
    prove_folder(path) -> list[Problem]          what shows only when the folder's own code (metric.py) runs: for
                                                 commands and workers, never the web process
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Protocol

from competitions.folders import METRIC_FILE, Competition, Problem, kind_named
from competitions.kinds.outcome import Outcome
from sandbox.contract import Source, Text


class Tools(Protocol):
    """What a worker lends to a kind."""

    @property
    def judge(self):
        """The process's one warm `sandbox.judge.Judge`."""

    seed: int | None
    """What is random is drawn from this; None: from the submission."""

    def report_progress(self, share: float) -> None:
        """Shows how far it is (0.0 to 1.0) to who waits. May be called as often as one likes."""

    def ticking(self, seconds: float) -> AbstractContextManager[None]:
        """Within it progress moves by the clock, for work of at most `seconds` that cannot be heard."""


class Kind(Protocol):
    MAX_BYTES: int
    SUFFIXES: tuple[str, ...]
    NEEDS_JAIL: bool

    def check(self, challenge, source: Source) -> Text | None: ...

    def judge(self, challenge, source: Source, tools: Tools) -> Outcome: ...


class CompetitionKind(Kind, Protocol):
    def load_folder(self, path: Path) -> Competition: ...

    def check_folder(self, path: Path) -> list[Problem]: ...


def names() -> list[str]:
    return sorted(module.name for module in iter_modules(__path__) if module.name != "outcome")


def get(name: str) -> Kind:
    """The kind's module. Raises LookupError when there is no such file."""
    if name not in names():
        raise LookupError(f"no kind {name!r}; there are {', '.join(names())}")
    return import_module(f"{__name__}.{name}")


def of_folder(path: Path) -> CompetitionKind:
    """The kind that the folder's competition.yaml names. Raises FolderError where it names none."""
    return get(kind_named(path, [name for name in names() if name != "exercise"]))  # type: ignore[return-value]


def prove_folder(path: Path, make_judge: Callable[[], Any] | None = None) -> list[Problem]:
    """What the kind's `prove_folder` says of a folder that `check_folder` finds sound. `make_judge` gives a worker's own warm
    judge to the kinds that need the jail; they start one of their own otherwise."""
    kind = of_folder(path)
    prove = getattr(kind, "prove_folder", None)
    if prove is None:
        return []
    return prove(path, make_judge()) if kind.NEEDS_JAIL and make_judge else prove(path)


def runs_folders_code(competition: Competition) -> bool:
    """Whether judging runs code of the competition's folder outside the jail: a metric of its own, hidden tests."""
    return competition.metric == METRIC_FILE or getattr(get(competition.kind), "RUNS_FOLDERS_CODE", False)


def competition_of(challenge) -> Any:
    """What the challenge's folder describes, read once per process and version: the hash changes with all that it
    is judged by (pages take its words from the challenge). Its type is the kind's own `Competition`."""
    return _load(challenge.kind, challenge.path, challenge.content_hash)


@lru_cache(maxsize=32)
def _load(kind: str, path: Path, _content_hash: str) -> Competition:
    return get(kind).load_folder(path)  # type: ignore[attr-defined]
