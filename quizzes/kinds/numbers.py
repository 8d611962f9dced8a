"""Numbers as people type them, and how near to the key they must come. Shared by the kinds with numbers."""

from __future__ import annotations

import math
import re
from typing import Any

from .base import Body, Problem, RefusedError, gettext_noop, pick, unknown_fields

MAX_LENGTH = 60
TOLERANCE_FIELDS = frozenset({"absolute", "relative"})

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


def to_ascii(text: str) -> str:
    """The text with full-width letters and the signs of word processors as plain ones."""
    return text.translate(_SIGNS)


def read_number(typed: str) -> float:
    """The number that a person typed, finite; raises RefusedError, whose message says what to type instead."""
    text = to_ascii(typed)
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


def is_number(value: Any) -> bool:
    """Whether it is a finite number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_near(body: Body, number: float, wanted: float) -> bool:
    """Within the wider one of the body's two tolerances."""
    tolerance = body.get("tolerance", {})
    # 1e-9 relative: 3/10 and 0.1 + 0.2 are the same number to a person.
    width = max(tolerance.get("absolute", 0), tolerance.get("relative", 0) * abs(wanted), 1e-9 * abs(wanted))
    return abs(number - wanted) <= width * (1 + 1e-9)


def tolerance_problems(body: Body) -> list[Problem]:
    tolerance = body.get("tolerance", {})
    if not isinstance(tolerance, dict):
        return [Problem("tolerance", "must be a mapping with absolute or relative")]
    problems = unknown_fields(tolerance, TOLERANCE_FIELDS, "tolerance.")
    for name, width in tolerance.items():
        if not is_number(width) or width < 0:
            problems.append(Problem(f"tolerance.{name}", "must be a number, 0 or more"))
    return problems


def unit_problems(body: Body) -> list[Problem]:
    if ("unit_ko" in body) != ("unit_en" in body):
        return [Problem("unit_ko", "a unit needs both languages")]
    wrong = [name for name in ("unit_ko", "unit_en") if not isinstance(body.get(name, ""), str)]
    return [Problem(name, "must be a text: put it in quotes") for name in wrong]


def check_length(typed: str) -> None:
    """Raises RefusedError for more than a number needs."""
    if len(typed) > MAX_LENGTH:
        raise RefusedError(gettext_noop("This is too long for a number."))


def strip_unit(typed: str, units: dict[str, float]) -> tuple[str, float]:
    """What stands before the longest of the units that `typed` ends with, and that unit's factor, else 1."""
    for unit, factor in sorted(units.items(), key=lambda pair: -len(pair[0])):
        if unit and typed.casefold().endswith(unit.casefold()):
            return typed[: -len(unit)].rstrip(), factor
    return typed, 1


def own_units(body: Body) -> dict[str, float]:
    """The key's own unit, in both languages."""
    return {unit: 1 for unit in (body.get("unit_ko"), body.get("unit_en")) if unit}


def with_unit(number: float, body: Body, language: str) -> str:
    """The number as a person writes it, with six digits where it was computed, and the unit behind it."""
    if isinstance(number, int):
        text = f"{number:,}"
    else:
        text = f"{number:,.2f}" if abs(number) >= 1e5 else f"{number + 0.0:.6g}"
    return " ".join(filter(None, (text, pick(body, "unit", language))))
