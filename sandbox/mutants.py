"""Small changes of a reference solution: hidden tests that let one pass do not test what they seem to.

Each mutant differs in one place: an operator, a constant, a dimension, a flag, a swapped function, a removed line or a
dropped keyword. One that computes the same as the reference is named in exercise.yaml, with the reason:

    equivalent:
      - "12:gt->gte at 'x > 0'": x is never exactly 0 here
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult,
    ast.Mod: ast.Mult, ast.MatMult: ast.Mult,
}
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}
SWAPPED = {
    "argmax": "argmin", "argmin": "argmax", "amax": "amin", "max": "min", "min": "max", "sum": "mean", "mean": "sum",
    "std": "var", "relu": "sigmoid", "ReLU": "Identity", "tanh": "sigmoid", "Tanh": "Sigmoid", "softmax": "log_softmax",
    "log_softmax": "softmax", "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "MaxPool2d": "AvgPool2d",
    "Dropout": "Identity", "exp": "log", "log": "exp", "floor": "ceil", "BatchNorm1d": "LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed reference. `name` says the line and the change, and stays the same while the line does."""

    name: str
    source: str


def mutants_of(source: str) -> list[Mutant]:
    """All mutants of a Python source, without doublets, in the order of its lines."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for number, node in enumerate(ast.walk(tree)):
        for change, apply in _changes(node):
            mutated = copy.deepcopy(tree)
            target = next(other for index, other in enumerate(ast.walk(mutated)) if index == number)
            apply(target)
            text = ast.unparse(ast.fix_missing_locations(mutated))
            if text != original and text not in found:
                found[text] = Mutant(f"{getattr(node, 'lineno', 0)}:{change}", text)
    return sorted(found.values(), key=lambda mutant: (int(mutant.name.partition(":")[0]), mutant.name))


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """(what is changed, how) for one node."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in BINARY:
        other = BINARY[type(node.op)]
        yield f"{_name(node.op)}->{other.__name__.lower()} at '{_short(node)}'", _setting("op", other())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        compared = COMPARED[type(node.ops[0])]
        yield f"{_name(node.ops[0])}->{compared.__name__.lower()} at '{_short(node)}'", lambda n: n.ops.__setitem__(0, compared())
    if isinstance(node, ast.BoolOp):
        joined = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"and<->or at '{_short(node)}'", _setting("op", joined())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)) and not isinstance(node.operand, ast.Constant):
        yield f"sign or not dropped at '{_short(node)}'", _drop_operator
    if isinstance(node, ast.Constant):
        yield from _constants(node)
    if isinstance(node, ast.Call):
        yield from _calls(node)
    if isinstance(node, (ast.FunctionDef, ast.If, ast.For, ast.While, ast.With)):
        yield from _removals(node)


def _setting(attribute: str, value: Any) -> Callable[[Any], None]:
    return lambda node: setattr(node, attribute, value)


def _dropping(index: int) -> Callable[[Any], None]:
    return lambda node: node.keywords.pop(index)


def _emptying(index: int) -> Callable[[Any], None]:
    return lambda node: node.body.__setitem__(index, ast.Pass())


def _drop_operator(node: ast.UnaryOp) -> None:
    """`-x` becomes `+x`; `not x` becomes `not not x`, which is x in a condition."""
    if isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    else:
        node.op = ast.UAdd()


def _constants(node: ast.Constant) -> Iterator[tuple[str, Callable[[Any], None]]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value}->{not value}", _setting("value", not value)
    elif isinstance(value, int):
        for changed in (value + 1, value - 1):  # not -value: the last of two dimensions is 1 and -1
            yield f"{value}->{changed}", _setting("value", changed)
    elif isinstance(value, float):
        for scaled in sorted({value * 2, value / 2, -value} - {value}):
            yield f"{value}->{scaled}", _setting("value", scaled)


def _calls(node: ast.Call) -> Iterator[tuple[str, Callable[[Any], None]]]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in SWAPPED:
        other = SWAPPED[name]
        key = "attr" if isinstance(function, ast.Attribute) else "id"
        yield f"{name}->{other} at '{_short(node)}'", lambda n: setattr(n.func, key, other)
    for index, keyword in enumerate(node.keywords):
        if keyword.arg:
            yield f"{keyword.arg}= dropped at '{_short(node)}'", _dropping(index)


def _removals(node: Any) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Each simple statement of the body left out; what then no longer runs is killed at once, and that is fine."""
    for index, statement in enumerate(node.body):
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Return)) and not is_docstring:
            yield (f"removed '{_short(statement)}' of line {statement.lineno}",
                   _emptying(index))


def _name(operator: ast.AST) -> str:
    return type(operator).__name__.lower()


def _short(node: ast.AST) -> str:
    return ast.unparse(node).replace("\n", " ")[:60]
