"""A number, within a tolerance.

key: 0.6931
tolerance: {absolute: 0.001}   # or relative: 0.01, or both: the wider one counts; none means exact
unit_ko: 개                     # optional, shown behind the field, and may be typed too
unit_en: parameters
mistakes:                      # optional: numbers that a known misconception leads to
  - value: 0.5
    why_ko: ...
    why_en: ...
"""

from __future__ import annotations

import math
import re
from typing import Any

from .base import (
    Body,
    Explained,
    Marked,
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
    {
        "stem_ko",
        "stem_en",
        "key",
        "tolerance",
        "unit_ko",
        "unit_en",
        "mistakes",
        "explanation_ko",
        "explanation_en",
    },
)
MISTAKE_FIELDS = frozenset({"value", "why_ko", "why_en"})
MAX_LENGTH = 60

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_NUMBER = rf"[+-]?(?:{_DIGITS}(?:\.\d*)?|\.\d+)(?:(?:e|[x×*]10\^)[+-]?\d+)?"
_PLAIN = re.compile(_NUMBER, re.ASCII | re.IGNORECASE)
_FRACTION = re.compile(rf"({_NUMBER})/({_NUMBER})", re.ASCII | re.IGNORECASE)
_POWER = re.compile(r"[x×*]10\^", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
# What Korean keyboards and word processors put in place of ASCII. Not NFKC: it would read 10² as 102 and 1½ as 11/2.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_SIGNS = str.maketrans(
    _FULL_WIDTH | {0x2212: "-", 0x2013: "-", 0x2010: "-", 0x2044: "/", 0x2215: "/", 0xF7: "/"}
)


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    problems = unknown_fields(body, FIELDS) + missing_texts(body, "stem") + missing_texts(body, "explanation")
    if not _is_number(body.get("key")):
        problems.append(Problem("key", "must be a finite number"))
    if ("unit_ko" in body) != ("unit_en" in body):
        problems.append(Problem("unit_ko", "a unit needs both languages"))
    problems += _validate_tolerance(body.get("tolerance", {}))
    mistakes = body.get("mistakes", [])
    if not isinstance(mistakes, list) or not all(isinstance(mistake, dict) for mistake in mistakes):
        return [*problems, Problem("mistakes", "must be a list of value and why")]
    for place, mistake in enumerate(mistakes):
        prefix = f"mistakes.{place}."
        problems += unknown_fields(mistake, MISTAKE_FIELDS, prefix) + missing_texts(mistake, "why", prefix)
        if not _is_number(mistake.get("value")):
            problems.append(Problem(f"{prefix}value", "must be a finite number"))
        elif not problems and _is_near(body, mistake["value"], body["key"]):
            problems.append(Problem(f"{prefix}value", "would be marked as right"))
    return problems


def _validate_tolerance(tolerance: Any) -> list[Problem]:
    if not isinstance(tolerance, dict):
        return [Problem("tolerance", "must be a mapping with absolute or relative")]
    problems = unknown_fields(tolerance, frozenset({"absolute", "relative"}), "tolerance.")
    for name, width in tolerance.items():
        if not _is_number(width) or width < 0:
            problems.append(Problem(f"tolerance.{name}", "must be a number, 0 or more"))
    return problems


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def present(body: Body, seed: int, language: str) -> Presented:
    return Presented(stem=pick(body, "stem", language), unit=pick(body, "unit", language))


def parse(body: Body, raw: str) -> Value | None:
    """`{"text": as typed, "number": float}`; None for an empty field; raises RefusedError for what is no number.

    Takes 1234 · 1,234 · -0.5 · .5 · 1e-3 · 2×10^-3 · 3/4, full-width digits, and the unit behind it.
    """
    typed = raw.strip()
    if not typed:
        return None
    if len(typed) > MAX_LENGTH:
        raise RefusedError(gettext_noop("This is too long for a number."))
    number = read_number(_without_unit(body, typed))
    return {"text": typed, "number": number}


def _without_unit(body: Body, typed: str) -> str:
    for language in ("ko", "en"):
        unit = body.get(f"unit_{language}", "")
        if unit and typed.casefold().endswith(unit.casefold()):
            return typed[: -len(unit)].rstrip()
    return typed


def read_number(typed: str) -> float:
    """The number that a person typed, finite; raises RefusedError, whose message says what to type instead."""
    text = typed.translate(_SIGNS)
    if not re.search(r"\d\s+\d", text):
        text = re.sub(r"\s", "", text)
    if _DECIMAL_COMMA.fullmatch(text) and not _PLAIN.fullmatch(text):
        raise RefusedError(
            gettext_noop("A comma separates thousands, as in 1,234. Write the decimal point as a dot: 0.5."),
        )
    if _PLAIN.fullmatch(text):
        number = _to_float(text)
    elif fraction := _FRACTION.fullmatch(text):
        over, under = _to_float(fraction[1]), _to_float(fraction[2])
        if under == 0:
            raise RefusedError(gettext_noop("A fraction cannot be divided by 0."))
        number = over / under
    else:
        raise RefusedError(
            gettext_noop("“%(text)s” is not a number. Write it like 12, 0.75, 3/4 or 1e-3."),
            text=typed,
        )
    if not math.isfinite(number):
        raise RefusedError(gettext_noop("This number is too large."))
    return number


def _to_float(text: str) -> float:
    return float(_POWER.sub("e", text).replace(",", ""))


def show(value: Value | None) -> str:
    return value["text"] if value else ""


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """Right within the wider one of the two tolerances."""
    return Marked(1.0 if value and _is_near(body, value["number"], body["key"]) else 0.0)


def _is_near(body: Body, number: float, wanted: float) -> bool:
    tolerance = body.get("tolerance", {})
    # 1e-9 relative: 3/10 and 0.1 + 0.2 are the same number to a person.
    width = max(tolerance.get("absolute", 0), tolerance.get("relative", 0) * abs(wanted), 1e-9 * abs(wanted))
    return abs(number - wanted) <= width * (1 + 1e-9)


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The right number, and the misconception whose number this is."""
    unit = pick(body, "unit", language)
    right = " ".join(
        filter(None, (f"{body['key']:,}" if isinstance(body["key"], int) else f"{body['key']}", unit))
    )
    why = ""
    if value and not mark(body, value, seed).correct:
        known = (
            mistake
            for mistake in body.get("mistakes", [])
            if _is_near(body, value["number"], mistake["value"])
        )
        why = pick(next(known, {}), "why", language)
    return Explained(yours=show(value), right=right, explanation=pick(body, "explanation", language), why=why)
