"""What every kind of question takes and gives. Plain Python: marking knows neither Django nor a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

Body = dict[str, Any]
Value = dict[str, Any]

LANGUAGES = ("ko", "en")


def gettext_noop(message: str) -> str:
    """Marks a message for the catalogue; it is translated where a person reads it."""
    return message


class RefusedError(ValueError):
    """An answer that cannot be read. `message` is an English msgid with `%(name)s` places for `params`."""

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a question's file: `field` is a path such as `choices.2.why_en`."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as the browser may see it: nothing of it tells whether it is right."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Presented:
    """A question before it is marked: all that may leave the server."""

    stem: str
    options: tuple[Option, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """The mark of one answer: `fraction` of the item's points, 0 to 1."""

    fraction: float

    @property
    def correct(self) -> bool:
        return self.fraction >= 1


@dataclass(frozen=True, slots=True)
class ExplainedOption:
    id: str
    text: str
    is_right: bool
    is_chosen: bool
    why: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A question after it was marked. `why` says the misconception behind this student's answer, if known."""

    yours: str
    right: str
    explanation: str
    why: str = ""
    options: tuple[ExplainedOption, ...] = field(default=())


class Kind(Protocol):
    """The functions of a module in this folder. `seed` is the student's own number for this item."""

    FIELDS: frozenset[str]

    def validate(self, body: Body) -> list[Problem]: ...

    def present(self, body: Body, seed: int, language: str) -> Presented: ...

    def parse(self, body: Body, raw: str) -> Value | None:
        """The value of what was sent, None for an empty one; raises RefusedError."""

    def show(self, value: Value | None) -> str:
        """What the form's field holds for this value."""

    def mark(self, body: Body, value: Value | None, seed: int) -> Marked: ...

    def explain(self, body: Body, value: Value | None, seed: int, language: str) -> Explained: ...


def pick(source: Body, name: str, language: str) -> str:
    """`name` in the reader's language, or in the other one where that is empty."""
    first, second = ("en", "ko") if language.startswith("en") else ("ko", "en")
    return source.get(f"{name}_{first}") or source.get(f"{name}_{second}") or ""


def missing_texts(source: Body, name: str, prefix: str = "") -> list[Problem]:
    """A problem for each language in which the text `name` is not written."""
    problems = []
    for language in LANGUAGES:
        text = source.get(f"{name}_{language}")
        if not isinstance(text, str) or not text.strip():
            problems.append(Problem(f"{prefix}{name}_{language}", "a text is missing here"))
    return problems


def unknown_fields(source: Body, known: frozenset[str], prefix: str = "") -> list[Problem]:
    """A misspelt field would otherwise be ignored in silence."""
    return [Problem(f"{prefix}{name}", "no such field") for name in source if name not in known]
