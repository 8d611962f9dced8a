"""Elements of an array -> values, by the same rules as cells of CSV."""

from __future__ import annotations

from collections.abc import Sequence

from competitions.arrays import Layout
from competitions.predictions.cells import LARGEST_INTEGER, BadCellError, read_number
from competitions.predictions.competition import CellKind


class ArrayRow:
    """Some elements of an array; reading one raises BadCellError, as reading a cell does."""

    def __init__(self, elements: Sequence, layout: Layout, kind: CellKind) -> None:
        self._elements = elements
        self._layout = layout
        self._kind = kind

    def shown(self, at: int) -> str:
        return str(self._elements[at])

    def read(self, at: int) -> float | str:
        """A finite float for "number" and "integer", text for "text": class 3 of an array is "3" of a CSV."""
        value = self._elements[at]
        if self._layout.is_text:
            if self._kind != "text":
                raise BadCellError("not_number")
            if not value.strip():
                raise BadCellError("empty_value")
            return value.strip()
        if self._kind == "text" and self._layout.is_whole:
            return str(value)
        number = read_number(value)
        if self._kind == "number":
            return number
        if not number.is_integer() or abs(number) > LARGEST_INTEGER:
            raise BadCellError("not_integer")
        return str(int(number)) if self._kind == "text" else number
