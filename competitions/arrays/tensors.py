"""The .safetensors format: 8 bytes of length, a JSON header, the elements.

Source: the README of huggingface/safetensors, "Format". Only what is needed of it is read, and strictly: each tensor
must lie within the file and have as many bytes as its shape says.
"""

from __future__ import annotations

import json
from typing import TypeGuard

from competitions.arrays.layout import BadArrayError, Layout, checked

LONGEST_HEADER = 64 * 1024
MOST_TENSORS = 64
ELEMENTS = {
    "BOOL": "b1",
    "I8": "i1",
    "U8": "u1",
    "I16": "i2",
    "U16": "u2",
    "I32": "i4",
    "U32": "u4",
    "I64": "i8",
    "U64": "u8",
    "F16": "f2",
    "BF16": "bf2",
    "F32": "f4",
    "F64": "f8",
}


def is_safetensors(data: bytes) -> bool:
    """Whether a file begins like one: no text has seven bytes and a header's brace like this."""
    return len(data) > 8 and data[8:9] == b"{" and data[4:8] == bytes(4)


def layouts_of(data: bytes, length: int) -> dict[str, Layout]:
    """The tensors by name. `data` is the beginning of the file, LONGEST_HEADER + 8 bytes at least, or all of it.
    Raises BadArrayError."""
    size = int.from_bytes(data[:8], "little")
    if size > LONGEST_HEADER or 8 + size > len(data):
        raise BadArrayError("array_header")
    try:
        header = json.loads(data[8 : 8 + size])
    except (ValueError, RecursionError):
        raise BadArrayError("array_header") from None
    if not isinstance(header, dict) or len(header) > MOST_TENSORS:
        raise BadArrayError("array_header")
    entries = {name: value for name, value in header.items() if name != "__metadata__"}
    return {name: _layout(value, 8 + size, length) for name, value in entries.items()}


def _layout(entry: object, begin: int, length: int) -> Layout:
    if not isinstance(entry, dict) or not isinstance(entry.get("dtype"), str):
        raise BadArrayError("array_header")
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    if not _are_numbers(shape) or not _are_numbers(offsets) or len(offsets) != 2:
        raise BadArrayError("array_header")
    if entry["dtype"] not in ELEMENTS:
        raise BadArrayError("array_type", found=entry["dtype"][:40])
    first, last = (begin + offset for offset in offsets)
    if not begin <= first <= last <= length:
        raise BadArrayError("array_length", expected=last, found=length)
    return checked(Layout(ELEMENTS[entry["dtype"]], tuple(shape), first), last)


def _are_numbers(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(item) is int for item in value)
