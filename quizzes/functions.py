"""The functions of the expression language: `budget` first, then the arguments; each is bounded by what it spends."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .expressions import MAX_ELEMENTS, Budget, ExpressionError, Number, checked, describe, number

Vector = list[Number]
Matrix = list[Vector]


def _numbers(value: Any) -> Vector:
    if not isinstance(value, list):
        raise ExpressionError(f"{describe(value)} is no list")
    return [number(element) for element in value]


def _rows(value: Any) -> Matrix:
    if not isinstance(value, list) or not value:
        raise ExpressionError(f"{describe(value)} is no matrix")
    rows = [_numbers(row) for row in value]
    if len({len(row) for row in rows}) != 1:
        raise ExpressionError("the rows of a matrix differ in length")
    return rows


def _of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers, which come one by one."""
    return lambda budget, *arguments: function(*map(number, arguments))


def _of_elements(function: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """A function of a list, or of two or more arguments in its place: max([1, 2]) and max(1, 2)."""

    def call(budget: Budget, *arguments: Any) -> Any:
        if len(arguments) == 1 and not isinstance(arguments[0], list):
            raise ExpressionError(f"{describe(arguments[0])} is no list")
        return function(arguments[0] if len(arguments) == 1 else list(arguments))

    return call


def _elementwise(function: Callable[[Number], Number]) -> Callable[..., Any]:
    """A function of a number, or of each element of a list."""

    def call(budget: Budget, value: Any) -> Any:
        if isinstance(value, list):
            return [call(budget, element) for element in value]
        return function(number(value))

    return call


def _range(budget: Budget, *arguments: Any) -> list[int]:
    numbers = range(*arguments)
    if len(numbers) > MAX_ELEMENTS:
        raise ExpressionError(f"a list of more than {MAX_ELEMENTS} elements")
    return list(numbers)


def _product(budget: Budget, values: Any) -> Number:
    result: Number = 1
    for value in _numbers(values):
        result = checked(result * value, budget)
    return result


def _sigmoid(x: Number) -> float:
    # Of the two forms the one whose exponential cannot overflow.
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softmax(budget: Budget, values: Any) -> Vector:
    numbers = _numbers(values)
    powers = [math.exp(each - max(numbers)) for each in numbers]
    return [power / sum(powers) for power in powers]


def _dot(budget: Budget, left: Any, right: Any) -> Number:
    return sum(a * b for a, b in zip(_numbers(left), _numbers(right), strict=True))


def _matmul(budget: Budget, left: Any, right: Any) -> Matrix:
    rows, columns = _rows(left), _transpose(budget, right)
    budget.spend(len(rows) * len(columns) * len(rows[0]))
    return [[_dot(budget, row, column) for column in columns] for row in rows]


def _transpose(budget: Budget, matrix: Any) -> Matrix:
    return [list(column) for column in zip(*_rows(matrix), strict=True)]


def _argmax(budget: Budget, values: Any) -> int:
    numbers = _numbers(values)
    return numbers.index(max(numbers))


def _mean(budget: Budget, values: Any) -> float:
    return sum(_numbers(values)) / len(values)


def _norm(budget: Budget, values: Any) -> float:
    return math.sqrt(sum(each * each for each in _numbers(values)))


def _zip(budget: Budget, *lists: Any) -> list[list[Any]]:
    return [
        list(group)
        for group in zip(*(each if isinstance(each, list) else [] for each in lists), strict=False)
    ]


def _length(budget: Budget, value: Any) -> int:
    if not isinstance(value, list | str):
        raise ExpressionError(f"{describe(value)} has no length")
    return len(value)


def _sorted(budget: Budget, values: Any) -> list[Any]:
    return sorted(_numbers(values))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": _elementwise(abs),
    "min": _of_elements(min),
    "max": _of_elements(max),
    "sum": lambda budget, values: sum(_numbers(values)),
    "len": _length,
    "round": _of_numbers(
        lambda value, digits=None: round(value, None if digits is None else max(-20, min(20, digits)))
    ),
    "floor": _of_numbers(math.floor),
    "ceil": _of_numbers(math.ceil),
    "sqrt": _elementwise(math.sqrt),
    "exp": _elementwise(math.exp),
    "log": _of_numbers(math.log),
    "log2": _of_numbers(math.log2),
    "log10": _of_numbers(math.log10),
    "tanh": _elementwise(math.tanh),
    "sigmoid": _elementwise(_sigmoid),
    "relu": _elementwise(lambda x: max(x, 0)),
    "range": _range,
    "sorted": _sorted,
    "zip": _zip,
    "prod": _product,
    "softmax": _softmax,
    "dot": _dot,
    "norm": _norm,
    "transpose": _transpose,
    "matmul": _matmul,
    "argmax": _argmax,
    "mean": _mean,
    "any": _of_elements(any),
    "all": _of_elements(all),
}
