"""What a header says of an array, and reading its elements once that was found fit."""

from __future__ import annotations

import struct
import sys
from array import array
from dataclasses import dataclass
from math import prod

# Element type -> (bytes, type code of Python's `array`). "b1" is bool; "f2" and "bf2" have no code of their own.
NUMBERS = {
    "b1": (1, "B"),
    "i1": (1, "b"),
    "u1": (1, "B"),
    "i2": (2, "h"),
    "u2": (2, "H"),
    "i4": (4, "i"),
    "u4": (4, "I"),
    "i8": (8, "q"),
    "u8": (8, "Q"),
    "f2": (2, ""),
    "bf2": (2, ""),
    "f4": (4, "f"),
    "f8": (8, "d"),
}
LONGEST_TEXT = 256  # characters of one element of a text array
MOST_DIMENSIONS = 8
LARGEST_DIMENSION = (
    2**40
)  # a product of eight of these is still no trouble for Python, and longer ones are lies


class BadArrayError(Exception):
    """A file that is no array as it should be. `key` names the message, `details` are what it says."""

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(f"{key}: {details}")
        self.key = key
        self.details = details


@dataclass(frozen=True, slots=True)
class Layout:
    """`element` is a key of NUMBERS or "U<n>" for text of n characters; `start` the offset of the first byte of data."""

    element: str
    shape: tuple[int, ...]
    start: int
    is_big_endian: bool = False
    is_column_major: bool = False

    @property
    def is_text(self) -> bool:
        return self.element.startswith("U")

    @property
    def is_whole(self) -> bool:
        """Whether the elements are whole numbers by their type."""
        return self.element[0] in "iub" and self.element != "bf2"

    @property
    def count(self) -> int:
        return prod(self.shape)

    @property
    def size(self) -> int:
        """Bytes of data."""
        return self.count * (4 * int(self.element[1:]) if self.is_text else NUMBERS[self.element][0])


def checked(layout: Layout, length: int) -> Layout:
    """`layout`, if it describes a file of `length` bytes exactly. Raises BadArrayError."""
    if len(layout.shape) > MOST_DIMENSIONS or not all(
        0 <= side <= LARGEST_DIMENSION for side in layout.shape
    ):
        raise BadArrayError("array_header")
    if layout.is_text and not 1 <= int(layout.element[1:]) <= LONGEST_TEXT:
        raise BadArrayError("array_text", limit=LONGEST_TEXT)
    if layout.start + layout.size != length:
        raise BadArrayError("array_length", expected=layout.start + layout.size, found=length)
    return layout


def read_elements(layout: Layout, data: bytes) -> array | list[str]:
    """The elements in row-major order: an `array` of numbers, or a list of str. `data` is the whole file."""
    body = memoryview(data)[layout.start : layout.start + layout.size]
    found = _texts(layout, body) if layout.is_text else _numbers(layout, body)
    if layout.is_column_major and len(layout.shape) == 2:
        rows, columns = layout.shape
        turned = [found[column * rows + row] for row in range(rows) for column in range(columns)]
        return turned if layout.is_text else array(found.typecode, turned)  # type: ignore[union-attr]
    return found


def _numbers(layout: Layout, body: memoryview) -> array:
    swaps = layout.is_big_endian != (sys.byteorder == "big")
    if layout.element == "f2":
        return array("f", (x for (x,) in struct.iter_unpack(">e" if layout.is_big_endian else "<e", body)))
    found = array("H" if layout.element == "bf2" else NUMBERS[layout.element][1])
    found.frombytes(body)
    if swaps:
        found.byteswap()
    if layout.element == "bf2":  # the upper half of a float32
        wide = array("I", (x << 16 for x in found))
        return array("f", wide.tobytes())
    return found


def _texts(layout: Layout, body: memoryview) -> list[str]:
    step = 4 * int(layout.element[1:])
    encoding = "utf-32-be" if layout.is_big_endian else "utf-32-le"
    try:
        return [bytes(body[at : at + step]).decode(encoding).rstrip("\0") for at in range(0, len(body), step)]
    except UnicodeDecodeError:
        raise BadArrayError("array_header") from None
