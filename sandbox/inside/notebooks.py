"""Colab notebook -> the Python source that is judged. Runs in the jail: a hostile notebook can at worst hurt itself.

What counts is decided by the syntax tree, not by the position of a cell: the wanted names' last definitions, and the
imports, functions, classes and constants that those need. Magics, shell lines, drive mounts, plots, training and cells that do
not parse are left out. A cell marked `# submit` or `#| submit` wins over the rest.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator

from sandbox.inside.statements import DEFINITIONS, Statement, statements_of

MAX_CELLS = 2_000
MAX_CELL_CHARACTERS = 200_000
MAX_MAGIC_LINES = 200  # IPython's transformer takes quadratic time in them
MARK = re.compile(r"^\s*#\|?\s*submit\s*$", re.MULTILINE)
MAGIC = re.compile(r"^(\s*)(%{1,2}|!)")
BODY_MAGICS = ("%%time", "%%capture", "%%timeit", "%%prun")


class BrokenNotebook(ValueError):
    """Not a notebook ("not a notebook"), one without code ("no code"), or one past the bounds ("too long")."""


def extract(data: bytes, wanted: list[str]) -> str:
    """The source of the `wanted` names in the notebook `data`. Raises BrokenNotebook."""
    sources = code_cells(data)
    if not sources:
        raise BrokenNotebook("no code")
    if len(sources) > MAX_CELLS or any(len(source) > MAX_CELL_CHARACTERS for source in sources):
        raise BrokenNotebook("too long")
    statements = [statement for number, source in enumerate(sources, 1)
                  for statement in statements_of(clean(source), number, bool(MARK.search(source)))]
    return _text([statements[index] for index in sorted(_closure(statements, wanted))])


def _text(chosen: list[Statement]) -> str:
    """The chosen statements in their order, cell by cell; a `from __future__` has to come first."""
    parts, last = [statement.text for statement in chosen if statement.is_future], None
    for statement in chosen:
        if statement.is_future:
            continue
        if statement.cell != last:
            parts.append(f"# --- cell {statement.cell} ---")
            last = statement.cell
        parts.append(statement.text)
    return "\n".join(parts) + "\n"


def code_cells(data: bytes) -> list[str]:
    """The sources of the code cells, for nbformat 3 and 4."""
    import nbformat  # not needed for .py files

    logging.disable(logging.CRITICAL)  # its complaints about missing cell ids are not the student's business
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        cells = [cell["source"] for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        if not any(cells):  # without its version number a notebook is read as an empty one
            cells = _raw_cells(data)
    except Exception:  # nbformat raises what it likes on hostile files; Colab's small sins are forgiven
        cells = _raw_cells(data)
    finally:
        logging.disable(logging.NOTSET)
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
    """The cell as plain Python: magics and shell lines become calls of get_ipython(), which are dropped later."""
    from IPython.core.inputtransformer2 import TransformerManager

    first, _, body = source.lstrip().partition("\n")
    if first.startswith("%%"):
        if not first.startswith(BODY_MAGICS):
            return ""
        source = body
    lines = source.split("\n")
    if sum(bool(MAGIC.match(line)) for line in lines) > MAX_MAGIC_LINES:
        return "\n".join(MAGIC.sub(r"\1pass  # ", line) if MAGIC.match(line) else line for line in lines)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return TransformerManager().transform_cell(source)
    except Exception:  # it chokes on some broken cells: they are left as they are, and then do not parse
        return source


def _closure(statements: list[Statement], wanted: list[str]) -> set[int]:
    """The statements that the wanted names need, by index."""
    chosen = {index for index, s in enumerate(statements) if s.is_future or s.is_star or (s.marked and s.binds)}
    queue = [*wanted, *(name for index in chosen for name in statements[index].needs)]
    seen: set[str] = set()
    while queue:
        name = queue.pop()
        if name not in seen:
            seen.add(name)
            found = set(_definers(statements, name)) - chosen
            chosen |= found
            queue += [needed for index in found for needed in statements[index].needs]
    return chosen


def _definers(statements: list[Statement], name: str) -> Iterator[int]:
    """What makes `name` what it is at the end: its last definition (a marked one first), every import of it, and the
    steps that change it afterwards (`name += 1`, `name["a"] = 1`, `name.append(...)`)."""
    binding = [index for index, s in enumerate(statements) if name in s.binds]
    yield from (index for index in binding if statements[index].is_import)
    for group in ([i for i in binding if statements[i].marked],
                  [i for i in binding if statements[i].is_definition],
                  [i for i in binding if not statements[i].is_import]):
        if group:
            yield from _steps_back(statements, name, group)
            yield from (i for i in range(group[-1] + 1, len(statements)) if name in statements[i].changes)
            return


def _steps_back(statements: list[Statement], name: str, group: list[int]) -> Iterator[int]:
    """The last of `group`, and those before it as long as each is made from its own name (`sign = sign + 2`)."""
    for index in reversed(group):
        yield index
        if name not in statements[index].needs or statements[index].kind in DEFINITIONS:
            return
