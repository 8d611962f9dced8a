"""One right choice among two to five.

choices: ...                  # see choices.py; the right one has no misconception
key: b
shuffle: false                # only where the order of the choices means something
check: sets answer to the id of the right choice
"""

from __future__ import annotations

from typing import Any

from . import choices
from .base import (
    STALE,
    Body,
    Explained,
    Marked,
    Presented,
    Problem,
    RefusedError,
    Value,
    check_trial,
    outer_problems,
    pick,
    required,
    without_why,
)

FIELDS = choices.FIELDS | {"key"}
MOST = 5
trial = check_trial


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    key = body.get("key")
    problems = outer_problems(body, FIELDS) + choices.validate_choices(body, MOST, [str(key)])
    given = body.get("choices")
    found = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    right = next((place for place, each in enumerate(found) if each.get("id") == key), None)
    if not isinstance(key, str) or right is None:
        problems.append(Problem("key", "names no choice"))
    elif found[right].get("why_ko") or found[right].get("why_en"):
        problems.append(Problem(f"choices.{right}.why_ko", "the right choice has no misconception"))
    return problems


def present(body: Body, seed: int, language: str) -> Presented:
    return Presented(pick(body, "stem", language), choices.present_choices(body, seed, language))


def parse(body: Body, raw: str) -> Value | None:
    """`{"choice": id}` for the id of one of the choices; None for nothing; raises RefusedError for all else."""
    if not raw.strip():
        return None
    if raw not in [choice["id"] for choice in body["choices"]]:
        raise RefusedError(STALE)
    return {"choice": raw}


def show(value: Value | None) -> str:
    return value["choice"] if value else ""


def solve(body: Body, seed: int) -> str:
    return body["key"]


def rekey(body: Body, raw: str) -> Body:
    key = required(parse(body, raw))["choice"]
    told = [without_why(each) if each["id"] == key else each for each in body["choices"]]
    return body | {"key": key, "choices": told}


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """All or nothing."""
    return Marked(1.0 if show(value) == body["key"] else 0.0)


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The choices in the order in which the student saw them, each with its misconception."""
    options = choices.explain_choices(body, [body["key"]], [show(value)], seed, language)
    chosen = next((option for option in options if option.is_chosen), None)
    return Explained(
        yours=chosen.text if chosen else "",
        right=next(option.text for option in options if option.is_right),
        explanation=pick(body, "explanation", language),
        why=chosen.why if chosen else "",
        options=options,
    )


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return answer == body["key"]
