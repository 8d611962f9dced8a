"""One right choice among two to five.

choices:
  - id: a                     # stays with the choice in every order it is shown in
    text_ko: ...
    text_en: ...
    why_ko: ...               # the misconception; the right choice has none
    why_en: ...
key: b
shuffle: false                # only where the order of the choices means something
"""

from __future__ import annotations

import random

from .base import (
    Body,
    Explained,
    ExplainedOption,
    Marked,
    Option,
    Presented,
    Problem,
    RefusedError,
    Value,
    gettext_noop,
    missing_texts,
    pick,
    unknown_fields,
)

FIELDS = frozenset(
    {"stem_ko", "stem_en", "choices", "key", "shuffle", "explanation_ko", "explanation_en"},
)
CHOICE_FIELDS = frozenset({"id", "text_ko", "text_en", "why_ko", "why_en"})
IDS = "abcde"


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    problems = unknown_fields(body, FIELDS) + missing_texts(body, "stem") + missing_texts(body, "explanation")
    if not isinstance(body.get("shuffle", True), bool):
        problems.append(Problem("shuffle", "must be true or false"))
    choices = body.get("choices")
    if not isinstance(choices, list) or not 2 <= len(choices) <= len(IDS):
        return [*problems, Problem("choices", "two to five choices are needed")]
    if not all(isinstance(choice, dict) for choice in choices):
        return [*problems, Problem("choices", "each choice is a mapping with id, text and why")]
    for place, choice in enumerate(choices):
        problems += _validate_choice(choice, place, is_right=choice.get("id") == body.get("key"))
    if body.get("key") not in [choice.get("id") for choice in choices]:
        problems.append(Problem("key", "names no choice"))
    for language in ("ko", "en"):
        texts = [str(choice.get(f"text_{language}")).strip() for choice in choices]
        if len(set(texts)) < len(texts):
            problems.append(Problem("choices", f"two choices read the same ({language})"))
    return problems


def _validate_choice(choice: Body, place: int, *, is_right: bool) -> list[Problem]:
    prefix = f"choices.{place}."
    problems = unknown_fields(choice, CHOICE_FIELDS, prefix) + missing_texts(choice, "text", prefix)
    if choice.get("id") != IDS[place]:
        problems.append(Problem(f"{prefix}id", f"ids run a, b, c ...: this one must be {IDS[place]}"))
    if is_right:
        if choice.get("why_ko") or choice.get("why_en"):
            problems.append(Problem(f"{prefix}why_ko", "the right choice has no misconception"))
    else:
        problems += missing_texts(choice, "why", prefix)
    return problems


def present(body: Body, seed: int, language: str) -> Presented:
    """Stem and choices, in an order that belongs to `seed` and stays the same at every reload."""
    options = tuple(Option(choice["id"], pick(choice, "text", language)) for choice in _ordered(body, seed))
    return Presented(stem=pick(body, "stem", language), options=options)


def _ordered(body: Body, seed: int) -> list[Body]:
    choices = list(body["choices"])
    if body.get("shuffle", True):
        random.Random(seed).shuffle(choices)  # noqa: S311 - an order, not a secret
    return choices


def parse(body: Body, raw: str) -> Value | None:
    """`{"choice": id}` for the id of one of the choices; None for nothing; raises RefusedError for all else."""
    if not raw.strip():
        return None
    if raw not in [choice["id"] for choice in body["choices"]]:
        raise RefusedError(gettext_noop("This is not one of the choices. Please load the page again."))
    return {"choice": raw}


def show(value: Value | None) -> str:
    return value["choice"] if value else ""


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """All or nothing."""
    return Marked(1.0 if show(value) == body["key"] else 0.0)


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The choices in the order in which the student saw them, each with its misconception."""
    options = tuple(
        ExplainedOption(
            id=choice["id"],
            text=pick(choice, "text", language),
            is_right=choice["id"] == body["key"],
            is_chosen=choice["id"] == show(value),
            why=pick(choice, "why", language),
        )
        for choice in _ordered(body, seed)
    )
    chosen = next((option for option in options if option.is_chosen), None)
    return Explained(
        yours=chosen.text if chosen else "",
        right=next(option.text for option in options if option.is_right),
        explanation=pick(body, "explanation", language),
        why=chosen.why if chosen else "",
        options=options,
    )
