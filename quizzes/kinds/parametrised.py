"""A question in which every student has numbers of their own, drawn from the seed; variants.py says how.

parameters, where, let: ...
stem_ko: '입력의 한 변이 {{n}}일 때 ...'    # {{name}} is replaced in every text, {{x:.2f}} formats
key: "out"                    # an expression (see quizzes/expressions.py): a number, or a list of whole ones
answer: number                # or shape, for which (3, 4) · 3, 4 · [3, 4] are all understood
tolerance, unit_ko, unit_en: as of numeric
mistakes:
  - {value: "out - 1", why_ko: ..., why_en: ...}     # one that equals the key for a seed is left out there
check: gets the parameters as variables and sets answer; tried with SEEDS
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import combinations
from math import isclose
from typing import Any

from ..expressions import ExpressionError
from ..variants import Variant, draw_variant, drawing_problems, fill, written
from .base import (
    NO_ANSWER,
    TEXTS,
    Body,
    Explained,
    Marked,
    Presented,
    Problem,
    RefusedError,
    Trial,
    Value,
    gettext_noop,
    outer_problems,
    pick,
    read_mistakes,
)
from .numbers import (
    check_length,
    is_near,
    is_number,
    own_units,
    read_number,
    strip_unit,
    to_ascii,
    tolerance_problems,
    unit_problems,
    with_unit,
)

OWN = frozenset({"parameters", "where", "let", "key", "answer", "mistakes"})
FIELDS = TEXTS | OWN | {"tolerance", "unit_ko", "unit_en"}
SEEDS = range(50)
MOST_ALIKE = 0.6  # share of students for whom a mistake's number may be another answer's
LEAST_HOLDING = 0.15  # of all draws: the format asks for one in five, of which fifty seeds are a sample
SHAPE = re.compile(r"(?:torch\.Size)?[(\[\s]*([\d\s,x×*]*)[)\]\s]*", re.ASCII | re.IGNORECASE)


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can. What it computes is tried with SEEDS."""
    problems = outer_problems(body, FIELDS) + unit_problems(body) + tolerance_problems(body)
    problems += [Problem(field, message) for field, message in drawing_problems(body)]
    if not isinstance(body.get("key"), str | int | float):
        problems.append(Problem("key", "must be an expression in quotes"))
    if body.get("answer", "number") not in ("number", "shape"):
        problems.append(Problem("answer", "must be number or shape"))
    _, wrong = read_mistakes(body, ["value"])
    problems += wrong
    return problems or _try_seeds(body)


def _try_seeds(body: Body) -> list[Problem]:
    """What goes wrong for one of SEEDS: the first of it, as the others would say the same."""
    tries = 0
    for seed in SEEDS:
        try:
            variant = draw_variant(body, seed)
        except ExpressionError as error:
            return [Problem("let" if body.get("let") else "where", f"with seed {seed}: {error}")]
        tries += variant.tries
        if problem := _try_variant(body, variant, seed):
            return [problem]
    if len(SEEDS) / tries < LEAST_HOLDING:
        return [Problem("where", f"holds in {len(SEEDS)} of {tries} draws only: draw from less")]
    return []


def _try_variant(body: Body, variant: Variant, seed: int) -> Problem | None:
    uses = {"key": partial(_key, body, variant)}
    uses |= {field: partial(fill, text, variant.names) for field, text in _texts(body)}
    for place, mistake in enumerate(body.get("mistakes", [])):
        uses[f"mistakes.{place}.value"] = partial(_value, body, variant, mistake.get("value"))
    for field, use in uses.items():
        try:
            use()
        except ExpressionError as error:
            return Problem(field, f"with seed {seed}: {error}")
    return None


def _texts(body: Body) -> Iterator[tuple[str, str]]:
    """Every text that is filled in, with its place."""
    for name in ("stem_ko", "stem_en", "explanation_ko", "explanation_en"):
        yield name, body[name]
    for place, mistake in enumerate(body.get("mistakes", [])):
        for name in ("why_ko", "why_en"):
            yield f"mistakes.{place}.{name}", mistake[name]


def _key(body: Body, variant: Variant) -> Any:
    return _value(body, variant, body["key"])


def _value(body: Body, variant: Variant, expression: Any) -> Any:
    """An expression's value as an answer can be; raises ExpressionError for all else."""
    value = variant.value(expression)
    if body.get("answer") == "shape":
        if not isinstance(value, list) or not all(isinstance(each, int) and each >= 0 for each in value):
            raise ExpressionError(f"{written(value)} is no shape, which is a list of whole numbers")
    elif not is_number(value):
        raise ExpressionError(f"{written(value)} is no number")
    return value


def present(body: Body, seed: int, language: str) -> Presented:
    names = draw_variant(body, seed).names
    return Presented(
        stem=fill(pick(body, "stem", language), names),
        unit=pick(body, "unit", language),
        is_shape=body.get("answer") == "shape",
        has_own_numbers=True,
    )


def parse(body: Body, raw: str) -> Value | None:
    """`{"text": as typed, "number": float}` or `{"text", "shape": [int]}`; None for an empty field; raises RefusedError."""
    typed = raw.strip()
    if not typed:
        return None
    check_length(typed)
    if body.get("answer") == "shape":
        return {"text": typed, "shape": _read_shape(typed)}
    text, _ = strip_unit(typed, own_units(body))
    return {"text": typed, "number": read_number(text)}


def _read_shape(typed: str) -> list[int]:
    found = SHAPE.fullmatch(to_ascii(typed).strip())
    parts = re.findall(r"\d+", found[1], re.ASCII) if found else []
    if (
        found is None
        or (not parts and not re.match(r"[(\[]|torch", typed))
        or any(len(part) > 12 for part in parts)
    ):
        raise RefusedError(gettext_noop("“%(text)s” is not a shape. Write it like (3, 4)."), text=typed)
    return [int(part) for part in parts]


def show(value: Value | None) -> str:
    return value["text"] if value else ""


def solve(body: Body, seed: int) -> str:
    return _as_text(_key(body, draw_variant(body, seed)))


def _as_text(key: Any) -> str:
    """A key as a student would type it."""
    return (
        f"({', '.join(map(str, key))})"
        if isinstance(key, list)
        else repr(float(key) if isinstance(key, float) else int(key))
    )


def rekey(body: Body, raw: str) -> Body:
    """Here `raw` is an expression, as `key` is: a single number would be right for one student only."""
    if not raw.strip():
        raise RefusedError(NO_ANSWER)
    return body | {"key": raw.strip()}


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """All or nothing, by the student's own numbers."""
    if value is None:
        return Marked(0.0)
    return Marked(1.0 if _is_same(body, _given(value), _key(body, draw_variant(body, seed))) else 0.0)


def _given(value: Value) -> Any:
    return value["shape"] if "shape" in value else value["number"]


def _is_same(body: Body, given: Any, wanted: Any) -> bool:
    if isinstance(given, list) or isinstance(wanted, list):
        return given == wanted
    return is_near(body, given, wanted)


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The right value for these numbers, and the misconception that leads to this one."""
    variant = draw_variant(body, seed)
    key = _key(body, variant)
    misconception = ""
    if value is not None and not _is_same(body, _given(value), key):
        known = (
            each
            for each in body.get("mistakes", [])
            if _is_same(body, _given(value), _value(body, variant, each["value"]))
        )
        misconception = pick(next(known, {}), "why", language)
    return Explained(
        yours=show(value),
        right=_as_text(key) if isinstance(key, list) else with_unit(key, body, language),
        explanation=fill(pick(body, "explanation", language), variant.names),
        why=fill(misconception, variant.names),
        misconception=misconception,
    )


def clashing_mistakes(body: Body) -> list[str]:
    """Mistakes that tell nothing: for most of SEEDS one is the key itself, or what another one is; or, for any, near it.

    A wrong number within the key's tolerance would be marked as right.
    """
    near, same, twins = Counter[int](), Counter[int](), Counter[tuple[int, int]]()
    mistakes = body.get("mistakes", [])
    for seed in SEEDS:
        variant = draw_variant(body, seed)
        key = _key(body, variant)
        values = [_value(body, variant, mistake["value"]) for mistake in mistakes]
        for place, value in enumerate(values):
            is_equal = value == key or (not isinstance(key, list) and isclose(value, key, rel_tol=1e-9))
            same[place] += is_equal
            near[place] += not is_equal and _is_same(body, value, key)
        twins.update(
            pair for pair in combinations(range(len(values)), 2) if values[pair[0]] == values[pair[1]]
        )
    most = MOST_ALIKE * len(SEEDS)
    problems = [
        f"mistakes.{place} is the key for {count} of {len(SEEDS)} students"
        for place, count in same.items()
        if count > most
    ]
    problems += [
        f"mistakes.{place} is marked as right for {count} of {len(SEEDS)} students"
        for place, count in near.items()
        if count
    ]
    problems += [
        f"mistakes.{one} and mistakes.{other} are the same number"
        for (one, other), count in twins.items()
        if count > most
    ]
    return problems


def trial(body: Body, check: str) -> Trial | None:
    """The check with the parameters of each of SEEDS, and not what `let` computes: it must not lean on the key."""
    if not check.strip():
        return None
    return Trial(check, {seed: draw_variant(body, seed).parameters for seed in SEEDS})


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    wanted = _key(body, draw_variant(body, seed))
    if isinstance(wanted, list):
        return isinstance(answer, list) and answer == wanted
    return is_number(answer) and is_near(body, answer, wanted)
