"""A cell's top-level statements, and what each of them binds, needs and changes, by syntax tree and symbol table."""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)
SIMPLE = (ast.AugAssign, ast.Assign, ast.Expr)
BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While)
LINE_END = re.compile(r"\r\n|\r|\n")  # str.splitlines also breaks at form feeds and U+2028, which Python's parser does not


@dataclass(frozen=True, slots=True)
class Statement:
    """One top-level statement. `binds` are the names it defines, `needs` the global ones it reads, `changes` those whose
    object it alters in place."""

    text: str
    cell: int
    marked: bool
    kind: type[ast.AST]
    binds: frozenset[str]
    needs: frozenset[str]
    changes: frozenset[str]
    is_star: bool
    is_future: bool

    @property
    def is_import(self) -> bool:
        return self.kind in IMPORTS

    @property
    def is_definition(self) -> bool:
        """Whether it defines its names for sure: not a loop, an `if` or a `try` that may or may not do so."""
        return self.kind in (*DEFINITIONS, ast.Assign, ast.AnnAssign)


def statements_of(source: str, cell: int, marked: bool) -> Iterator[Statement]:
    """The statements of one cell; none where it does not parse. Those of the notebook's own magic are left out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = LINE_END.split(source)
    for node in nodes:
        if not _uses_ipython(node):
            yield _statement(node, _text_of(node, nodes, lines), (cell, marked))
        elif isinstance(node, BLOCKS):
            # try: import einops / except: !pip install einops. The imports are wanted, the rest cannot run.
            for inner in ast.walk(node):
                if isinstance(inner, IMPORTS):
                    yield _statement(inner, ast.unparse(inner), (cell, marked))


def _text_of(node: ast.stmt, nodes: list[ast.stmt], lines: list[str]) -> str:
    """The statement as it was written, comments inside included; on a shared line (a; b) only its own part."""
    start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    end = node.end_lineno or node.lineno
    if any(other is not node and other.lineno <= end and (other.end_lineno or 0) >= start for other in nodes):
        return ast.unparse(node)
    return "\n".join(lines[start - 1 : end])


def _uses_ipython(node: ast.stmt) -> bool:
    """Whether the input transformer made it of a magic or a shell line; `files = !ls` is dropped with it."""
    return not isinstance(node, DEFINITIONS) and any(
        isinstance(child, ast.Name) and child.id == "get_ipython" for child in ast.walk(node))


def _statement(node: ast.stmt, text: str, place: tuple[int, bool]) -> Statement:
    binds, needs = _names(node)
    star = isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return Statement(text, *place, type(node), binds, needs, _changes(node), star, future)


def _names(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """The module-level names that the statement binds, and the global names that it or its functions read."""
    try:
        top = symtable.symtable(ast.unparse(node), "cell", "exec")
    except (SyntaxError, RecursionError, ValueError):  # `return` outside a function: it could not run either
        return frozenset(), frozenset()
    binds = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    needs = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    tables = list(top.get_children())
    while tables:
        table = tables.pop()
        tables += table.get_children()
        needs |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        binds |= {s.get_name() for s in table.get_symbols() if s.is_declared_global() and s.is_assigned()} & needs
    return frozenset(binds), frozenset(needs)


def _changes(node: ast.stmt) -> frozenset[str]:
    """Names altered in place at the top level: `x += 1`, `x[0] = 1`, `Net.forward = f`, `x.append(1)`, alone or in a loop."""
    if isinstance(node, BLOCKS):
        return frozenset().union(*(_changes(inner) for inner in ast.walk(node) if isinstance(inner, SIMPLE)))
    if isinstance(node, ast.AugAssign):
        return frozenset(filter(None, [_root(node.target)]))
    if isinstance(node, ast.Assign):
        return frozenset(filter(None, (_root(t) for t in node.targets if not isinstance(t, ast.Name))))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        return frozenset(filter(None, [_root(node.value.func.value)])) if _is_container_call(node.value) else frozenset()
    return frozenset()


CONTAINER_METHODS = {"append", "extend", "insert", "add", "update", "setdefault"}


def _is_container_call(call: ast.Call) -> bool:
    """Whether the call fills a list, set or dict; `model.train()` and `plt.show()` are not needed for a definition."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in CONTAINER_METHODS


def _root(node: ast.expr) -> str | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
