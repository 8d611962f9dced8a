"""Colab notebook -> the Python source that is judged. Runs in the jail: a hostile notebook can at worst hurt itself.

What counts is decided by the syntax tree, not by the position of a cell: the wanted names' last definitions, and the
imports, functions, classes and constants that those need. Magics, shell lines, drive mounts, plots, training and cells that do not
parse are left out. A cell marked `# submit` or `#| submit` wins over the rest.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_CELLS = 2_000
MAX_CELL_CHARACTERS = 200_000
MAX_MAGIC_LINES = 200  # IPython's transformer takes quadratic time in them
MARK = re.compile(r"^\s*#\|?\s*submit\s*$", re.MULTILINE)
BODY_MAGICS = ("%%time", "%%capture", "%%timeit", "%%prun")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


class BrokenNotebook(Exception):
    """Not a notebook, or one without any code."""


@dataclass(slots=True)
class Statement:
    """A top-level statement: its text, the names it binds, and those it needs."""

    text: str
    cell: int
    binds: set[str]
    needs: set[str]
    marked: bool
    node: ast.stmt = field(repr=False)


def extract(data: bytes, wanted: list[str]) -> str:
    """The source of the `wanted` names in the notebook `data`. Raises BrokenNotebook."""
    statements = [statement for cell in _cells(data) for statement in cell]
    chosen = _closure(statements, wanted)
    parts, last = [], None
    for index in sorted(chosen):
        statement = statements[index]
        if statement.cell != last:
            parts.append(f"# --- cell {statement.cell} ---")
            last = statement.cell
        parts.append(statement.text)
    return "\n".join(parts) + "\n"


def _cells(data: bytes) -> Iterator[list[Statement]]:
    sources = code_cells(data)
    if not sources:
        raise BrokenNotebook("no code")
    for number, source in enumerate(sources[:MAX_CELLS], 1):
        yield list(_statements(clean(source[:MAX_CELL_CHARACTERS]), number))


def code_cells(data: bytes) -> list[str]:
    """The sources of the code cells, for nbformat 3 and 4."""
    import nbformat  # not needed for .py files

    try:
        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        cells = [cell["source"] for cell in notebook["cells"] if cell.get("cell_type") == "code"]
    except Exception:  # nbformat raises what it likes on hostile files; Colab's small sins are forgiven
        cells = _raw_cells(data)
    return [source for source in cells if isinstance(source, str) and source.strip()]


def _raw_cells(data: bytes) -> list[str]:
    try:
        notebook = json.loads(data)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        sources = [cell.get("source", cell.get("input", "")) for cell in cells if cell.get("cell_type") == "code"]
        return ["".join(source) if isinstance(source, list) else source for source in sources]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise BrokenNotebook("not a notebook") from error


def clean(source: str) -> str:
    """The cell without magics and shell lines, as plain Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    first, _, body = source.lstrip().partition("\n")
    if first.startswith("%%"):
        if not first.startswith(BODY_MAGICS):
            return ""
        source = body
    lines = source.splitlines()
    if sum(line.lstrip().startswith(("!", "%")) for line in lines) > MAX_MAGIC_LINES:
        return "\n".join(line for line in lines if not line.lstrip().startswith(("!", "%")))
    try:
        return TransformerManager().transform_cell(source)
    except Exception:  # it chokes on some broken cells: they are left as they are, and then do not parse
        return source


def _statements(source: str, cell: int) -> Iterator[Statement]:
    marked = bool(MARK.search(source))
    lines = source.splitlines()
    for node in _parse(source, lines):
        if _uses_ipython(node):
            continue
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        text = "\n".join(lines[start - 1 : node.end_lineno])
        if not isinstance(node, (*DEFINITIONS, *IMPORTS)) and ";" in text:
            text = ast.unparse(node)  # a; b on one line: each is a statement of its own
        for part in _parts(node, text):
            yield Statement(part[1], cell, _bound(part[0]), _needed(part[0]), marked, part[0])


def _parse(source: str, lines: list[str]) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _parts(node: ast.stmt, text: str) -> list[tuple[ast.stmt, str]]:
    """A compound statement (try, if, with) that only wraps imports gives up those imports too."""
    if isinstance(node, (ast.Try, ast.If, ast.With)):
        inner = [child for child in ast.walk(node) if isinstance(child, IMPORTS)]
        return [*((child, ast.unparse(child)) for child in inner), (node, text)]
    return [(node, text)]


def _uses_ipython(node: ast.stmt) -> bool:
    """Whether the transformer made it of a magic or shell line; `files = !ls` is then dropped with it."""
    return not isinstance(node, DEFINITIONS) and any(
        isinstance(child, ast.Name) and child.id == "get_ipython" for child in ast.walk(node))


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, IMPORTS):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)}


def _needed(node: ast.stmt) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name) and not hasattr(builtins, child.id)}


def _closure(statements: list[Statement], wanted: list[str]) -> set[int]:
    """The statements that the wanted names need, by index."""
    chosen = {index for index, s in enumerate(statements)
              if isinstance(s.node, ast.ImportFrom) and any(alias.name == "*" for alias in s.node.names)}
    chosen |= {index for index, s in enumerate(statements) if s.marked and s.binds}
    queue = [*wanted, *(name for index in chosen for name in statements[index].needs)]
    seen: set[str] = set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for index in _definers(statements, name):
            chosen.add(index)
            queue += statements[index].needs
    return chosen


def _definers(statements: list[Statement], name: str) -> list[int]:
    """The statement that defines `name` last, a marked one first; definitions win over other statements that bind it."""
    found = [index for index, s in enumerate(statements) if name in s.binds]
    for group in ([i for i in found if statements[i].marked],
                  [i for i in found if isinstance(statements[i].node, (*DEFINITIONS, *IMPORTS, ast.Assign, ast.AnnAssign))],
                  found):
        if group:
            return _with_steps(statements, group[-1], found)
    return []


def _with_steps(statements: list[Statement], index: int, found: list[int]) -> list[int]:
    """An assignment made from its own name (`x = x + 1`) needs the one before it too."""
    chosen = [index]
    name_needed = statements[index].binds & statements[index].needs
    if name_needed and isinstance(statements[index].node, (ast.Assign, ast.AnnAssign)):
        earlier = [i for i in found if i < index and statements[i].binds & name_needed]
        if earlier:
            target = statements[index].node
            value = target.value if isinstance(target, (ast.Assign, ast.AnnAssign)) else None
            loads = {c.id for c in ast.walk(value) if isinstance(c, ast.Name)} if value is not None else set()
            if loads & name_needed:
                chosen += _with_steps(statements, earlier[-1], earlier[:-1])
    return chosen
