"""A statement that is true or false.

key: true                     # or false
why_ko: ...                   # the misconception of whoever answers wrongly
why_en: ...
check: sets answer to True or False
"""

from __future__ import annotations

from typing import Any

from .base import (
    STALE,
    TEXTS,
    Body,
    Explained,
    ExplainedOption,
    Marked,
    Option,
    Presented,
    Problem,
    RefusedError,
    Value,
    check_trial,
    missing_texts,
    outer_problems,
    pick,
    required,
    without_why,
)

FIELDS = TEXTS | {"key", "why_ko", "why_en"}
WORDS = {"true": {"word_ko": "참", "word_en": "True"}, "false": {"word_ko": "거짓", "word_en": "False"}}
trial = check_trial


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    problems = outer_problems(body, FIELDS) + missing_texts(body, "why")
    if not isinstance(body.get("key"), bool):
        problems.append(Problem("key", "must be true or false"))
    return problems


def present(body: Body, seed: int, language: str) -> Presented:
    options = tuple(Option(each, pick(words, "word", language)) for each, words in WORDS.items())
    return Presented(pick(body, "stem", language), options)


def parse(body: Body, raw: str) -> Value | None:
    """`{"choice": "true" or "false"}`; None for nothing; raises RefusedError for all else."""
    if not raw.strip():
        return None
    if raw not in WORDS:
        raise RefusedError(STALE)
    return {"choice": raw}


def show(value: Value | None) -> str:
    return value["choice"] if value else ""


def solve(body: Body, seed: int) -> str:
    return "true" if body["key"] else "false"


def rekey(body: Body, raw: str) -> Body:
    key = required(parse(body, raw))["choice"] == "true"
    return body if key is body["key"] else without_why(body) | {"key": key}


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """All or nothing."""
    return Marked(1.0 if show(value) == solve(body, seed) else 0.0)


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """Both words; the wrong one has the misconception."""
    right, chosen, why = solve(body, seed), show(value), pick(body, "why", language)
    options = tuple(
        ExplainedOption(
            each, pick(words, "word", language), each == right, each == chosen, "" if each == right else why
        )
        for each, words in WORDS.items()
    )
    return Explained(
        yours=pick(WORDS.get(chosen, {}), "word", language),
        right=pick(WORDS[right], "word", language),
        explanation=pick(body, "explanation", language),
        why=why if chosen and chosen != right else "",
        options=options,
    )


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return isinstance(answer, bool) and answer is body["key"]
