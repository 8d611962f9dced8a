"""Questions in the form of our files: what formats read and write. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from quizzes.files import QuestionFile
from quizzes.formats import Entry, Format


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stand as blocks, as a person writes them."""


def _as_block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _as_block)


def to_yaml(entries: Iterable[Entry]) -> str:
    """A file of the bank."""
    return yaml.dump(list(entries), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def entry_of(source: QuestionFile) -> Entry:
    """The question as it stands in its file."""
    outer: dict[str, Any] = {"slug": source.slug, "kind": source.kind, "difficulty": source.difficulty}
    if source.pages:
        outer["pages"] = source.pages
    if source.check:
        outer["check"] = source.check
    return outer | source.body


def source_of(entry: Entry, topic: str, path: str = "") -> QuestionFile:
    """The reverse; `path` is empty where it stands in no file."""
    outer = ("slug", "kind", "difficulty", "pages", "check")
    return QuestionFile(
        slug=entry["slug"],
        topic=topic,
        kind=entry["kind"],
        difficulty=entry["difficulty"],
        pages=entry.get("pages", ""),
        body={name: value for name, value in entry.items() if name not in outer},
        check=entry.get("check", ""),
        path=path,
        line=1,
    )


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for another system, and the names of the questions that its format has no form for."""

    data: bytes
    written: int
    left_out: list[str]


def export(entries: Iterable[Entry], form: Format, language: str) -> Exported:
    """`language`: "ko", "en" or "both"."""
    every = list(entries)
    known = [entry for entry in every if entry["kind"] in form.KINDS]
    left_out = [entry["slug"] for entry in every if entry["kind"] not in form.KINDS]
    return Exported(form.write(known, language), len(known), left_out)
