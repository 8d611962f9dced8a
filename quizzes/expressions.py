"""A small safe language for questions with numbers of one's own: expressions in Python's syntax, and nothing else.

    evaluate("(n + 2*p - k)//s + 1", {"n": 32, "p": 1, "k": 3, "s": 2}, Budget())   -> 16

Numbers, texts, lists, names, arithmetic, comparisons, and/or/not, x if c else y, indexing, list comprehensions, and the
functions of `functions.py`. No attribute and no other call: there is nothing to reach. The parser builds Python's tree; it
is walked here and never compiled.

It is bounded, so that no text can hold a process up: the length and nodes of an expression, the size of a whole number, the
elements of a list with all that is in it, and the steps of all expressions that share a `Budget`.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

MAX_TEXT = 500
MAX_NODES = 200
MAX_STEPS = 20_000
MAX_ELEMENTS = 2_000
MAX_DEPTH = 6
MAX_BITS = 256
MAX_LETTERS = 500

Number = int | float


class ExpressionError(ValueError):
    """An expression that cannot be read, has no value, or asks for too much."""


class Budget:
    """The steps that are left to all expressions of one student's variant."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Raises ExpressionError when they are used up."""
        self.left -= steps
        if self.left < 0:
            raise ExpressionError("takes too many steps")


def number(value: Any) -> Number:
    """The value, when it is a number (a truth value counts as 0 or 1)."""
    if not isinstance(value, int | float):
        raise ExpressionError(f"{describe(value)} is no number")
    return value


def checked(value: Any, budget: Budget) -> Any:
    """The value, when it is one of this language and small enough; what it holds is paid for."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            raise ExpressionError("a number becomes too large")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ExpressionError("a number becomes too large, or is none")
    elif isinstance(value, str):
        if len(value) > MAX_LETTERS:
            raise ExpressionError("a text becomes too long")
    elif isinstance(value, list):
        budget.spend(_weigh(value, MAX_DEPTH))
    else:
        raise ExpressionError("a value that is no number, text or list")
    return value


def _weigh(value: Any, depth: int) -> int:
    """How many elements a list has, with those of the lists in it: one list may stand in another many times."""
    if not isinstance(value, list):
        return 1
    if depth == 0:
        raise ExpressionError("lists nested too deeply")
    total = 1
    for element in value:
        total += _weigh(element, depth - 1)
        if total > MAX_ELEMENTS:
            raise ExpressionError(f"a list of more than {MAX_ELEMENTS} elements")
    return total


def describe(value: Any) -> str:
    """A value as an error may show it."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _multiply(left: Any, right: Any) -> Number:
    return number(left) * number(right)


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    return number(left) + number(right)


def _power(base: Any, exponent: Any) -> Number:
    base, exponent = number(base), number(exponent)
    if (
        isinstance(base, int)
        and isinstance(exponent, int)
        and abs(base) > 1
        and exponent * abs(base).bit_length() > 2 * MAX_BITS
    ):
        raise ExpressionError("a number becomes too large")
    result = base**exponent
    if isinstance(result, complex):
        raise ExpressionError("the root of a negative number")
    return result


def _arithmetic(function: Callable[[Any, Any], Number]) -> Callable[[Any, Any], Number]:
    return lambda left, right: function(number(left), number(right))


def _within(left: Any, right: Any) -> bool:
    if isinstance(right, list) or (isinstance(left, str) and isinstance(right, str)):
        return left in right
    raise ExpressionError("`in` needs a list")


BINARY: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: _arithmetic(operator.sub),
    ast.Mult: _multiply,
    ast.Div: _arithmetic(operator.truediv),
    ast.FloorDiv: _arithmetic(operator.floordiv),
    ast.Mod: _arithmetic(operator.mod),
    ast.Pow: _power,
}
UNARY: dict[type[ast.AST], Callable[[Any], Any]] = {
    ast.USub: lambda value: -number(value),
    ast.UAdd: number,
    ast.Not: operator.not_,
}
COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: _within,
    ast.NotIn: lambda left, right: not _within(left, right),
}


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """The tree of an expression; raises ExpressionError for what is none of this language."""
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"an expression is a text of at most {MAX_TEXT} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        nodes = list(ast.walk(tree))
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(f"cannot be read: {text[:60]}") from error
    if len(nodes) > MAX_NODES:
        raise ExpressionError(f"has more than {MAX_NODES} parts")
    return tree


def evaluate(text: Any, names: Mapping[str, Any], budget: Budget) -> Any:
    """The value of an expression; raises ExpressionError, and no other error, where it has none."""
    if not isinstance(text, str):
        raise ExpressionError(f"{describe(text)} is no expression: put it in quotes")
    tree = parse(text)
    try:
        return _Walk(names, budget).value(tree)
    except ExpressionError as error:
        raise ExpressionError(f"{text[:60]}: {error}") from error
    except (ArithmeticError, ValueError, TypeError, IndexError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{text[:60]}: {error}") from error


class _Walk:
    """One evaluation: the names in sight, and the budget that every node draws on."""

    def __init__(self, names: Mapping[str, Any], budget: Budget) -> None:
        self.names = dict(names)
        self.budget = budget

    def value(self, node: ast.expr) -> Any:
        self.budget.spend(1)
        visit = getattr(self, f"_{type(node).__name__}", None)
        if visit is None:
            raise ExpressionError(f"{type(node).__name__} is not part of this language")
        result = visit(node)
        return result if isinstance(node, ast.Name) else checked(result, self.budget)

    def _Constant(self, node: ast.Constant) -> Any:
        if not isinstance(node.value, int | float | str):
            raise ExpressionError(f"{describe(node.value)} is no number and no text")
        return node.value

    def _Name(self, node: ast.Name) -> Any:
        if node.id not in self.names:
            raise ExpressionError(f"there is no {node.id}")
        return self.names[node.id]

    def _List(self, node: ast.List) -> list[Any]:
        return [self.value(element) for element in node.elts]

    def _Tuple(self, node: ast.Tuple) -> list[Any]:
        return [self.value(element) for element in node.elts]

    def _BinOp(self, node: ast.BinOp) -> Any:
        if type(node.op) not in BINARY:
            raise ExpressionError(f"{type(node.op).__name__} is not part of this language")
        return BINARY[type(node.op)](self.value(node.left), self.value(node.right))

    def _UnaryOp(self, node: ast.UnaryOp) -> Any:
        if type(node.op) not in UNARY:
            raise ExpressionError(f"{type(node.op).__name__} is not part of this language")
        return UNARY[type(node.op)](self.value(node.operand))

    def _BoolOp(self, node: ast.BoolOp) -> Any:
        is_and = isinstance(node.op, ast.And)
        for operand in node.values:
            result = self.value(operand)
            if bool(result) is not is_and:
                break
        return result

    def _Compare(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for operation, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.value(comparator)
            if type(operation) not in COMPARISONS:
                raise ExpressionError(f"{type(operation).__name__} is not part of this language")
            # A list is compared element by element, and `in` compares it with each of the other's.
            self.budget.spend(_weigh(left, MAX_DEPTH) + _weigh(right, MAX_DEPTH))
            if not COMPARISONS[type(operation)](left, right):
                return False
            left = right
        return True

    def _IfExp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def _Subscript(self, node: ast.Subscript) -> Any:
        source = self.value(node.value)
        if not isinstance(source, list | str):
            raise ExpressionError(f"{describe(source)} has no elements")
        if isinstance(node.slice, ast.Slice):
            parts = (node.slice.lower, node.slice.upper, node.slice.step)
            return source[slice(*(None if part is None else self.value(part) for part in parts))]
        return source[self.value(node.slice)]

    def _ListComp(self, node: ast.ListComp | ast.GeneratorExp) -> list[Any]:
        outer = dict(self.names)
        found: list[Any] = []
        for _ in self._rounds(node.generators):
            found.append(self.value(node.elt))
            if len(found) > MAX_ELEMENTS:
                raise ExpressionError(f"a list of more than {MAX_ELEMENTS} elements")
        self.names = outer
        return found

    _GeneratorExp = _ListComp

    def _rounds(self, generators: list[ast.comprehension]) -> Iterator[None]:
        """Once for each turn of the nested loops, with the loops' names in sight."""
        first, rest = generators[0], generators[1:]
        source = self.value(first.iter)
        if not isinstance(source, list):
            raise ExpressionError(f"{describe(source)} is no list")
        for element in source:
            self.budget.spend(1)
            self._bind(first.target, element)
            if not all(self.value(condition) for condition in first.ifs):
                continue
            if rest:
                yield from self._rounds(rest)
            else:
                yield

    def _bind(self, target: ast.expr, element: Any) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = element
        elif isinstance(target, ast.Tuple) and isinstance(element, list) and len(target.elts) == len(element):
            for inner, part in zip(target.elts, element, strict=True):
                self._bind(inner, part)
        else:
            raise ExpressionError("a loop's names do not fit its elements")

    def _Call(self, node: ast.Call) -> Any:
        from .functions import FUNCTIONS

        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
            raise ExpressionError("only the functions of this language can be called")
        arguments = [self.value(argument) for argument in node.args]
        self.budget.spend(sum(_weigh(argument, MAX_DEPTH) for argument in arguments))
        return FUNCTIONS[node.func.id](self.budget, *arguments)
