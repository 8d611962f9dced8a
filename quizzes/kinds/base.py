"""What every kind of question takes and gives. Plain Python: marking knows neither Django nor a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

Body = dict[str, Any]
Value = dict[str, Any]

LANGUAGES = ("ko", "en")
TEXTS = frozenset({"stem_ko", "stem_en", "explanation_ko", "explanation_en"})


def gettext_noop(message: str) -> str:
    """Marks a message for the catalogue; it is translated where a person reads it."""
    return message


NO_ANSWER = gettext_noop("Give the right answer.")
STALE = gettext_noop("This is not one of the choices. Please load the page again.")


class RefusedError(ValueError):
    """An answer that cannot be read. `message` is an English msgid with `%(name)s` places for `params`."""

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


def required(value: Value | None) -> Value:
    """The value of a new key; raises RefusedError for an empty one."""
    if value is None:
        raise RefusedError(NO_ANSWER)
    return value


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
    """A question before it is marked: all that may leave the server.

    `parts` is how many fields the answer has, `lefts` are what is to be matched, `code` is a listing, whose gaps
    are written {{1}}, {{2}} ... `is_shape`: the field takes (3, 4). `has_own_numbers`: another student reads other ones.
    """

    stem: str
    options: tuple[Option, ...] = ()
    unit: str = ""
    lefts: tuple[str, ...] = ()
    code: str = ""
    parts: int = 1
    is_shape: bool = False
    has_own_numbers: bool = False


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
class ExplainedPart:
    """One place of an order, one pair, or one blank of a listing, after marking. `yours` is "" where it was left open."""

    label: str
    yours: str
    right: str
    is_right: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A question after it was marked. `why` says the misconception behind this student's answer, if known.

    `near` is the accepted answer that a misspelt one comes close to; `code` the listing as it should be.
    `misconception` is `why` without the student's own numbers, so that an analysis can count it.
    """

    yours: str
    right: str
    explanation: str
    why: str = ""
    options: tuple[ExplainedOption, ...] = field(default=())
    parts: tuple[ExplainedPart, ...] = ()
    near: str = ""
    code: str = ""
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What proves a key: a listing for the jail, run once for each of `cases`, which map seeds to its variables."""

    source: str
    cases: dict[int, dict[str, Any]] = field(default_factory=lambda: {0: {}})


class Kind(Protocol):
    """The functions of a module in this folder. `seed` is the student's own number for this item.

    `raw` is an answer as it travels: one text. An answer of several parts has one line for each, and an empty line
    where a part is left open.
    """

    FIELDS: frozenset[str]

    def validate(self, body: Body) -> list[Problem]: ...

    def present(self, body: Body, seed: int, language: str) -> Presented: ...

    def parse(self, body: Body, raw: str) -> Value | None:
        """The value of what was sent, None for an empty one; raises RefusedError."""

    def show(self, value: Value | None) -> str:
        """The raw answer of this value."""

    def solve(self, body: Body, seed: int) -> str:
        """The raw answer that is right."""

    def rekey(self, body: Body, raw: str) -> Body:
        """The body with this answer for its key; nothing that is shown before marking changes. Raises RefusedError."""

    def mark(self, body: Body, value: Value | None, seed: int) -> Marked: ...

    def explain(self, body: Body, value: Value | None, seed: int, language: str) -> Explained: ...

    def trial(self, body: Body, check: str) -> Trial | None:
        """What is to be run to prove the key; None where nothing can be."""

    def agrees(self, body: Body, answer: Any, output: str, seed: int) -> bool:
        """Whether what the trial's listing left in `answer`, or printed, is what the key says."""


def pick(source: Body, name: str, language: str) -> str:
    """`name` in the reader's language, or in the other one where that is empty."""
    first, second = ("en", "ko") if language.startswith("en") else ("ko", "en")
    return source.get(f"{name}_{first}") or source.get(f"{name}_{second}") or ""


def without_why(entry: Body) -> Body:
    """An entry that has become right: what was said against it is gone."""
    return {name: text for name, text in entry.items() if name not in ("why_ko", "why_en")}


def split_parts(raw: str, count: int) -> list[str]:
    """The lines of an answer of `count` parts, "" for what is open; raises RefusedError when there are more."""
    lines = [line.strip() for line in raw.replace("\r\n", "\n").split("\n")]
    while len(lines) > count and not lines[-1]:
        lines.pop()
    if len(lines) > count:
        raise RefusedError(gettext_noop("This answer has too many parts. Please load the page again."))
    return lines + [""] * (count - len(lines))


def check_trial(body: Body, check: str) -> Trial | None:
    """The trial of most kinds: the question's own check, once."""
    return Trial(check) if check.strip() else None


def missing_texts(source: Body, name: str, prefix: str = "") -> list[Problem]:
    """A problem for each language in which the text `name` is not written."""
    problems = []
    for language in LANGUAGES:
        text = source.get(f"{name}_{language}")
        if not isinstance(text, str) or not text.strip():
            problems.append(Problem(f"{prefix}{name}_{language}", "a text is missing here"))
    return problems


def outer_problems(body: Body, fields: frozenset[str]) -> list[Problem]:
    """What every kind asks of a body: no unknown field, a stem and an explanation."""
    return unknown_fields(body, fields) + missing_texts(body, "stem") + missing_texts(body, "explanation")


def unknown_fields(source: Body, known: frozenset[str], prefix: str = "") -> list[Problem]:
    """A misspelt field would otherwise be ignored in silence."""
    return [Problem(f"{prefix}{name}", "no such field") for name in source if name not in known]


def read_list(body: Body, name: str, least: int, most: int) -> tuple[list[Body], list[Problem]]:
    """The mappings of the list `name`; nothing but a problem when it is no such list of `least` to `most`."""
    entries = body.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return [], [Problem(name, "must be a list of mappings")]
    if not least <= len(entries) <= most:
        return [], [Problem(name, f"must have {least} to {most} entries")]
    return entries, []


def read_mistakes(
    body: Body, fields: Iterable[str], name: str = "mistakes"
) -> tuple[list[Body], list[Problem]]:
    """The mistakes that a body knows, each with its misconception in both languages."""
    entries, problems = read_list(body, name, 0, 12)
    known = frozenset({*fields, "why_ko", "why_en"})
    for place, entry in enumerate(entries):
        prefix = f"{name}.{place}."
        problems += unknown_fields(entry, known, prefix) + missing_texts(entry, "why", prefix)
    return entries, problems
