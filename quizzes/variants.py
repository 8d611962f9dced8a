"""A student's own numbers: parameters drawn from a seed, what is computed of them, and texts with both in their places.

    parameters:
      n: {range: [16, 64]}              # a whole number, both ends included; optional step: 4
      k: {choices: [3, 5, 7]}           # one of these
      x: {uniform: [-1, 1], digits: 2}  # a decimal, rounded
      v: {list: {range: [1, 9]}, length: 3}
    where: ["k < n"]                    # drawn again until all of them hold
    let: {out: "(n - k)//2 + 1"}        # computed in order

Everything is drawn with random() alone, of whose sequence Python promises that it stays the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .expressions import Budget, ExpressionError, evaluate, number

MAX_TRIES = 100
MAX_LIST = 30
MAX_PARAMETERS, MAX_EXPRESSIONS = 12, 20
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,30}")
PLACE = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*(?::([^{}]*))?\}\}")
FORMAT = re.compile(r"[+]?,?(\.\d{1,2})?[defg%]?")


@dataclass(frozen=True, slots=True)
class Variant:
    """`names` are the parameters and what `let` computes; `tries` is how often was drawn until `where` held."""

    names: dict[str, Any]
    parameters: dict[str, Any]
    tries: int
    budget: Budget

    def value(self, expression: Any) -> Any:
        """The value of an expression of the body, which may be written as a plain number."""
        if isinstance(expression, int | float):
            return expression
        return evaluate(expression, self.names, self.budget)


def draw_variant(body: dict[str, Any], seed: int) -> Variant:
    """The variant of `seed`; raises ExpressionError where there is none."""
    generator, budget = random.Random(seed), Budget()  # noqa: S311 - repeatable on purpose
    for tries in range(1, MAX_TRIES + 1):
        drawn = {name: _draw(how, generator) for name, how in body["parameters"].items()}
        names = dict(drawn)
        if all(evaluate(condition, names, budget) for condition in body.get("where", [])):
            for name, expression in body.get("let", {}).items():
                names[name] = expression if _is_plain(expression) else evaluate(expression, names, budget)
            return Variant(names, drawn, tries, budget)
    raise ExpressionError(f"`where` held in none of {MAX_TRIES} draws")


def _is_plain(expression: Any) -> bool:
    return isinstance(expression, int | float)


def _draw(how: dict[str, Any], generator: random.Random) -> Any:
    if "list" in how:
        return [_draw(how["list"], generator) for _ in range(how["length"])]
    if "choices" in how:
        return how["choices"][int(generator.random() * len(how["choices"]))]
    if "uniform" in how:
        low, high = how["uniform"]
        # Adding 0.0 makes a zero of -0.0, which would be printed with its sign.
        return round(low + (high - low) * generator.random(), how["digits"]) + 0.0
    low, high = how["range"]
    step = how.get("step", 1)
    return low + step * int(generator.random() * ((high - low) // step + 1))


def drawing_problems(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) for all of `parameters`, `where` and `let` that cannot be drawn or computed."""
    parameters, where, let = body.get("parameters"), body.get("where", []), body.get("let", {})
    if not isinstance(parameters, dict) or not 0 < len(parameters) <= MAX_PARAMETERS:
        yield "parameters", f"must be a mapping of 1 to {MAX_PARAMETERS} names"
        parameters = {}
    for name, how in parameters.items():
        if not _is_name(name):
            yield "parameters", f"{name} is no name"
        elif message := _parameter_problem(how):
            yield f"parameters.{name}", message
    is_list = isinstance(where, list) and len(where) <= MAX_EXPRESSIONS
    if not is_list or not all(isinstance(each, str) for each in where):
        yield "where", "must be a list of expressions in quotes"
    if not isinstance(let, dict) or len(let) > MAX_EXPRESSIONS:
        yield "let", "must be a mapping of names to expressions"
        let = {}
    for name, expression in let.items():
        if not _is_name(name) or name in parameters:
            yield "let", f"{name} is no name, or taken"
        elif not isinstance(expression, str | int | float):
            yield f"let.{name}", "must be an expression in quotes"


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def _parameter_problem(how: Any, *, in_list: bool = False) -> str:
    """Why a parameter cannot be drawn; "" when it can."""
    if not isinstance(how, dict):
        return "must be a mapping with range, choices, uniform or list"
    fields = set(how)
    if fields == {"list", "length"} and not in_list:
        if not _is_whole(how["length"]) or not 1 <= how["length"] <= MAX_LIST:
            return f"a list has 1 to {MAX_LIST} elements"
        return _parameter_problem(how["list"], in_list=True)
    if fields == {"choices"}:
        return _choices_problem(how["choices"])
    if fields == {"uniform", "digits"}:
        is_right = (
            _is_pair(how["uniform"], int | float) and _is_whole(how["digits"]) and 0 <= how["digits"] <= 10
        )
        return "" if is_right else "uniform needs a low and a high number, digits a whole number"
    if fields in ({"range"}, {"range", "step"}):
        is_right = _is_pair(how["range"], int) and _is_whole(how.get("step", 1)) and how.get("step", 1) > 0
        return "" if is_right else "range needs a low and a high whole number, step a whole one above 0"
    return "must have range (and step), choices, uniform and digits, or list and length"


def _choices_problem(choices: Any) -> str:
    if not isinstance(choices, list) or not 0 < len(choices) <= MAX_LIST:
        return f"choices is a list of 1 to {MAX_LIST}"
    for choice in choices:
        if not isinstance(choice, int | float | str) or len(str(choice)) > 100:
            return "choices are numbers or short texts"
    return ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_pair(value: Any, kind: Any) -> bool:
    """A low and a high number of a size that people calculate with."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    is_kind = all(isinstance(each, kind) and not isinstance(each, bool) for each in value)
    return is_kind and -1e12 <= value[0] <= value[1] <= 1e12


def fill(text: str, names: dict[str, Any]) -> str:
    """The text with {{name}} and {{name:.2f}} replaced; raises ExpressionError for a name or format that is not there."""

    def replace(place: re.Match[str]) -> str:
        name, how = place[1], (place[2] or "").strip()
        if name not in names:
            raise ExpressionError(f"there is no {name}")
        return _format(names[name], how)

    return PLACE.sub(replace, text)


def _format(value: Any, how: str) -> str:
    if not how:
        return written(value)
    if not FORMAT.fullmatch(how):
        raise ExpressionError(f"{how} is no format; write .2f")
    if isinstance(value, list):
        return f"[{', '.join(_format(each, how) for each in value)}]"
    try:
        return format(number(value), how)
    except ValueError as error:
        raise ExpressionError(f"{how} does not fit {written(value)}") from error


def written(value: Any) -> str:
    """A value as a text shows it: 0.3 and not 0.30000000000000004, [1, 2, 3] for a list."""
    if isinstance(value, list):
        return f"[{', '.join(written(each) for each in value)}]"
    if isinstance(value, float):
        value += 0.0  # -0.0 becomes 0.0
        return f"{value:.10g}" if value != int(value) or abs(value) >= 1e15 else f"{value:.1f}"
    return str(value)
