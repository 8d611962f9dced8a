"""A number, within a tolerance.

key: 0.6931
tolerance: {absolute: 0.001}   # or relative: 0.01, or both: the wider one counts; none means exact
unit_ko: 개                     # optional, shown behind the field, and may be typed too
unit_en: parameters
units:                         # optional: other units that may be typed; number x factor is in the key's unit
  - {name: KB, factor: 1024}
mistakes:                      # optional: numbers that a known misconception leads to
  - value: 0.5
    why_ko: ...
    why_en: ...
check: sets answer to the number
"""

from __future__ import annotations

from typing import Any

from .base import (
    TEXTS,
    Body,
    Explained,
    Marked,
    Presented,
    Problem,
    Value,
    check_trial,
    outer_problems,
    pick,
    read_list,
    read_mistakes,
    required,
    unknown_fields,
)
from .numbers import (
    check_length,
    is_near,
    is_number,
    own_units,
    read_number,
    strip_unit,
    tolerance_problems,
    unit_problems,
)

FIELDS = TEXTS | {"key", "tolerance", "unit_ko", "unit_en", "units", "mistakes"}
UNIT_FIELDS = frozenset({"name", "factor"})
trial = check_trial


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    problems = (
        outer_problems(body, FIELDS) + unit_problems(body) + tolerance_problems(body) + _validate_units(body)
    )
    if not is_number(body.get("key")):
        problems.append(Problem("key", "must be a finite number"))
    mistakes, wrong = read_mistakes(body, ["value"])
    for place, mistake in enumerate(mistakes):
        if not is_number(mistake.get("value")):
            wrong.append(Problem(f"mistakes.{place}.value", "must be a finite number"))
        elif not problems and not wrong and is_near(body, mistake["value"], body["key"]):
            wrong.append(Problem(f"mistakes.{place}.value", "would be marked as right"))
    return problems + wrong


def _validate_units(body: Body) -> list[Problem]:
    units, problems = read_list(body, "units", 0, 8)
    for place, unit in enumerate(units):
        prefix = f"units.{place}."
        problems += unknown_fields(unit, UNIT_FIELDS, prefix)
        if not isinstance(unit.get("name"), str) or not unit["name"].strip():
            problems.append(Problem(f"{prefix}name", "must be a text"))
        if not is_number(unit.get("factor")) or unit["factor"] <= 0:
            problems.append(Problem(f"{prefix}factor", "must be a number greater than 0"))
    return problems


def present(body: Body, seed: int, language: str) -> Presented:
    return Presented(stem=pick(body, "stem", language), unit=pick(body, "unit", language))


def parse(body: Body, raw: str) -> Value | None:
    """`{"text": as typed, "number": float}`; None for an empty field; raises RefusedError for what is no number.

    Takes 1234 · 1,234 · -0.5 · .5 · 1e-3 · 2×10^-3 · 3/4, full-width digits, and a unit behind it.
    """
    typed = raw.strip()
    if not typed:
        return None
    check_length(typed)
    units = {unit["name"]: unit["factor"] for unit in body.get("units", [])}
    text, factor = strip_unit(typed, units | own_units(body))
    return {"text": typed, "number": read_number(text) * factor}


def show(value: Value | None) -> str:
    return value["text"] if value else ""


def solve(body: Body, seed: int) -> str:
    return repr(body["key"])


def rekey(body: Body, raw: str) -> Body:
    key = required(parse(body, raw))["number"]
    changed = body | {"key": int(key) if key == int(key) and abs(key) < 1e15 else key}
    mistakes = [each for each in body.get("mistakes", []) if not is_near(changed, each["value"], key)]
    return changed | ({"mistakes": mistakes} if "mistakes" in body else {})


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """Right within the wider one of the two tolerances."""
    return Marked(1.0 if value and is_near(body, value["number"], body["key"]) else 0.0)


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The right number, and the misconception whose number this is."""
    why = ""
    if value and not mark(body, value, seed).correct:
        known = (each for each in body.get("mistakes", []) if is_near(body, value["number"], each["value"]))
        why = pick(next(known, {}), "why", language)
    key = body["key"]
    right = " ".join(
        filter(None, (f"{key:,}" if isinstance(key, int) else f"{key}", pick(body, "unit", language)))
    )
    return Explained(yours=show(value), right=right, explanation=pick(body, "explanation", language), why=why)


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return is_number(answer) and is_near(body, answer, body["key"])
