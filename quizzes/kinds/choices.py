"""What the kinds with choices share. Choices stand in the file as

choices:
  - id: a                     # stays with the choice in every order it is shown in
    text_ko: ...
    text_en: ...
    why_ko: ...               # the misconception behind a wrong one
    why_en: ...
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import combinations

from .base import (
    LANGUAGES,
    TEXTS,
    Body,
    ExplainedOption,
    Option,
    Problem,
    missing_texts,
    pick,
    read_list,
    unknown_fields,
)
from .numbers import RefusedError, read_number

CHOICE_FIELDS = frozenset({"id", "text_ko", "text_en", "why_ko", "why_en"})
FIELDS = TEXTS | {"choices", "shuffle"}
IDS = "abcdefghi"


def validate_choices(body: Body, most: int, right: Collection[str]) -> list[Problem]:
    """What is wrong with `choices` and `shuffle`; the ids in `right` need no misconception."""
    problems = []
    if not isinstance(body.get("shuffle", True), bool):
        problems.append(Problem("shuffle", "must be true or false"))
    choices, wrong = read_list(body, "choices", 2, most)
    for place, choice in enumerate(choices):
        problems += _validate_choice(choice, place, needs_why=choice.get("id") not in right)
    return problems + wrong + same_texts("choices", choices)


def _validate_choice(choice: Body, place: int, *, needs_why: bool) -> list[Problem]:
    prefix = f"choices.{place}."
    problems = unknown_fields(choice, CHOICE_FIELDS, prefix) + missing_texts(choice, "text", prefix)
    problems += wrong_id(choice, place, prefix)
    if needs_why or choice.get("why_ko") or choice.get("why_en"):
        problems += missing_texts(choice, "why", prefix)
    return problems


def wrong_id(entry: Body, place: int, prefix: str) -> list[Problem]:
    """Ids are the letters in order: a file with other ones was edited without care."""
    if entry.get("id") == IDS[place]:
        return []
    return [Problem(f"{prefix}id", f"ids run a, b, c ...: this one must be {IDS[place]}")]


def same_texts(field: str, entries: Sequence[Body], name: str = "text") -> list[Problem]:
    """Two texts that mean the same cannot be told apart, so one of them would be right and wrong."""
    problems = []
    for language in LANGUAGES:
        known = [_meaning(str(entry.get(f"{name}_{language}", ""))) for entry in entries]
        for (one, left), (other, right) in combinations(enumerate(known), 2):
            if left == right:
                problems.append(Problem(field, f"{IDS[one]} and {IDS[other]} read the same ({language})"))
    return problems


def _meaning(text: str) -> str | float:
    """A text without what does not count: 1/2 is 0.5. Capitals count in code, `torch.tensor` is not `torch.Tensor`."""
    plain = re.sub(r"[\s`$\"'.。]+$|[\s`$\"']", "", unicodedata.normalize("NFKC", text))
    try:
        return read_number(plain)
    except RefusedError:
        return plain if "`" in text or "$" in text else plain.casefold()


def present_choices(body: Body, seed: int, language: str) -> tuple[Option, ...]:
    """The choices, in an order that belongs to `seed` and stays the same at every reload."""
    return tuple(Option(choice["id"], pick(choice, "text", language)) for choice in ordered(body, seed))


def ordered(body: Body, seed: int) -> list[Body]:
    """The choices as `seed` shuffles them."""
    choices = list(body["choices"])
    if body.get("shuffle", True):
        random.Random(seed).shuffle(choices)  # noqa: S311 - an order, not a secret
    return choices


def explain_choices(
    body: Body, right: Collection[str], chosen: Collection[str], seed: int, language: str
) -> tuple[ExplainedOption, ...]:
    """The choices in the order in which the student saw them, each with its misconception."""
    return tuple(
        ExplainedOption(
            id=choice["id"],
            text=pick(choice, "text", language),
            is_right=choice["id"] in right,
            is_chosen=choice["id"] in chosen,
            why=pick(choice, "why", language),
        )
        for choice in ordered(body, seed)
    )
