"""The .npy format, versions 1 to 3: "\\x93NUMPY", version, length of the header, a Python literal, the elements.

Source of the format: numpy/lib/format.py of NumPy, "NPY format".
"""

from __future__ import annotations

import ast
import re

from competitions.arrays.layout import NUMBERS, BadArrayError, Layout, checked

MAGIC = b"\x93NUMPY"
LONGEST_HEADER = (
    4096  # what NumPy writes for a plain array is 118 bytes; a literal of megabytes could exhaust the parser
)
_TYPE = re.compile(r"([<>|=]?)([biufU])(\d{1,4})")


def layout_of(data: bytes, length: int) -> Layout:
    """What the header says. `data` is the beginning of the file, LONGEST_HEADER + 12 bytes at least, or all of it;
    `length` that of the whole file. Raises BadArrayError."""
    if len(data) < 12 or not data.startswith(MAGIC) or data[6] not in (1, 2, 3):
        raise BadArrayError("array_header")
    wide = data[6] > 1
    size = int.from_bytes(data[8 : 12 if wide else 10], "little")
    begin = 12 if wide else 10
    if size > LONGEST_HEADER or begin + size > len(data):
        raise BadArrayError("array_header")
    header = _literal(data[begin : begin + size])
    sign, kind, width = _type(header["descr"])
    element = f"{kind}{width}"
    if kind != "U" and element not in NUMBERS:
        raise BadArrayError("array_type", found=header["descr"])
    layout = Layout(element, header["shape"], begin + size, sign == ">", header["fortran_order"])
    return checked(layout, length)


def _literal(text: bytes) -> dict:
    try:
        header = ast.literal_eval(text.decode("utf-8").strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        raise BadArrayError("array_header") from None
    if not isinstance(header, dict) or header.keys() != {"descr", "fortran_order", "shape"}:
        raise BadArrayError("array_header")
    shape = header["shape"]
    is_shape = isinstance(shape, tuple) and all(type(side) is int for side in shape)
    if not is_shape or type(header["fortran_order"]) is not bool:
        raise BadArrayError("array_header")
    return header


def _type(descr: object) -> tuple[str, str, str]:
    if isinstance(descr, str) and descr.endswith("O"):
        raise BadArrayError("array_objects")  # its elements are a pickle
    found = _TYPE.fullmatch(descr) if isinstance(descr, str) else None
    if found is None:
        raise BadArrayError("array_type", found=str(descr)[:40])
    return found[1], found[2], found[3]
