"""Frame -> value. Everything the other side claims is checked before anything is allocated for it."""

from __future__ import annotations

import gc
import math
from typing import Any, Union

import msgspec
import numpy as np
import torch

from sandbox.wire.values import (
    ALIGNMENT,
    ARRAY_DTYPES,
    DTYPES,
    MAX_BODY,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_NDIM,
    MAX_NODES,
    Handle,
    Refused,
    WireError,
)


def _tree_type(depth: int) -> Any:
    """What a header may hold, spelt out to `depth`: msgspec then refuses maps, extensions and deeper nesting by itself."""
    tree: Any = Union[None, bool, int, float, str]  # noqa: UP007  a union that grows needs the class
    for _ in range(depth):
        tree = Union[None, bool, int, float, str, list[tree]]  # noqa: UP007
    return tree


_header = msgspec.msgpack.Decoder(_tree_type(3 * MAX_DEPTH + 4))


class Decoder:
    """Turns header and body back into values. Tensors share the body's memory: no copy, writable."""

    def __init__(self, body: np.ndarray) -> None:
        self.body = body
        self.nodes = 0
        self.elements = 0
        self.used = 0  # every buffer is sent once: values that share their bytes would be larger than what was sent

    def value(self, tree: Any, depth: int = 0) -> Any:
        """The value of `tree`. Raises WireError on whatever `Encoder` would not have written."""
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise WireError("nested too deeply or too many parts")
        if tree is None or type(tree) in (bool, int, float, str):
            return tree
        if type(tree) is not list or not tree or type(tree[0]) is not str:
            raise WireError("a node without a tag")
        tag, *fields = tree
        if tag in _SEQUENCES and len(fields) == 1 and type(fields[0]) is list:
            return self._sequence(tag, fields[0], depth)
        reader = _READERS.get(tag)
        if reader is None:
            raise WireError("an unknown tag")
        try:
            return reader(self, depth, *fields)
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:
            raise WireError(f"a malformed node {tag!r}") from error

    def _sequence(self, tag: str, items: list, depth: int) -> Any:
        values = [self.value(item, depth + 1) for item in items]
        return set(map(_hashable, values)) if tag == "s" else _SEQUENCES[tag](values)

    def _dict(self, depth: int, pairs: list) -> dict:
        if type(pairs) is not list or any(type(pair) is not list or len(pair) != 2 for pair in pairs):
            raise WireError("a dict without pairs")
        return {_hashable(self.value(key, depth + 1)): self.value(value, depth + 1) for key, value in pairs}

    def _extent(self, shape: Any, itemsize: int, offset: Any) -> tuple[tuple[int, ...], int]:
        """The checked shape and number of elements of a tensor whose bytes start at `offset`."""
        if type(shape) is not list or len(shape) > MAX_NDIM:
            raise WireError("a shape that is none")
        if any(type(size) is not int or not 0 <= size <= MAX_BODY for size in shape):
            raise WireError("a shape out of range")
        count = math.prod(shape)
        if type(offset) is not int or not self.used <= offset <= len(self.body) or offset % ALIGNMENT:
            raise WireError("an offset out of range")
        if count * itemsize > len(self.body) - offset:
            raise WireError("a shape larger than what was sent")
        self.used = offset + count * itemsize
        self.elements += count
        if self.elements > MAX_ELEMENTS:
            raise WireError("too many elements")
        return tuple(shape), count

    def _bytes(self, depth: int, offset: int, size: int) -> bytes:
        _, count = self._extent([size], 1, offset)
        return self.body[offset : offset + count].tobytes()

    def _tensor(self, depth: int, name: str, shape: list, offset: int) -> torch.Tensor:
        dtype = DTYPES.get(name)
        if dtype is None:
            raise WireError("an unknown dtype")
        size, count = self._extent(shape, dtype.itemsize, offset)
        if not count:
            return torch.empty(size, dtype=dtype)
        return torch.frombuffer(self.body, dtype=dtype, count=count, offset=offset).reshape(size)

    def _array(self, depth: int, name: str, shape: list, offset: int) -> np.ndarray:
        dtype = ARRAY_DTYPES.get(name)
        if dtype is None:
            raise WireError("an unknown dtype")
        size, count = self._extent(shape, dtype.itemsize, offset)
        return np.frombuffer(self.body, dtype=dtype, count=count, offset=offset if count else 0).reshape(size)

    def _frame(self, depth: int, columns: list) -> Any:
        import pandas  # only packages that hand out frames pay for it

        values = self._dict(depth, columns)
        arrays = [column for column in values.values() if isinstance(column, np.ndarray)]
        if any(type(name) is not str or not isinstance(column, (list, np.ndarray)) for name, column in values.items()):
            raise WireError("a frame without columns")
        # Columns that share their bytes, or of unequal lengths, would grow to more than what was sent.
        lengths = {column.shape if isinstance(column, np.ndarray) else (len(column),) for column in values.values()}
        if len(lengths) > 1 or any(column.ndim != 1 for column in arrays) or sum(a.nbytes for a in arrays) > len(self.body):
            raise WireError("a frame's columns do not fit")
        return pandas.DataFrame({name: column.copy() if isinstance(column, np.ndarray) else column
                                 for name, column in values.items()})


def _hashable(value: Any) -> Any:
    big = type(value) is int and not -(1 << 63) <= value < 1 << 64
    if big or not (value is None or type(value) in (bool, int, float, str, bytes)):
        raise WireError("a key that is no scalar")
    return value


def _big(_: Decoder, depth: int, digits: str) -> int:
    if type(digits) is not str or len(digits) > 1100:
        raise WireError("an int too big")
    return int(digits, 16)


def _typed(kind: Any, *types: type) -> Any:
    """A reader that checks the types of its fields, then builds `kind` of them."""

    def read(_: Decoder, depth: int, *fields: Any) -> Any:
        if len(fields) != len(types) or any(type(f) is not t for f, t in zip(fields, types, strict=True)):
            raise WireError("a field of another type")
        return kind(*fields)

    return read


_SEQUENCES: dict[str, Any] = {"l": list, "t": tuple, "s": set}
_READERS: dict[str, Any] = {
    "d": Decoder._dict, "T": Decoder._tensor, "A": Decoder._array, "F": Decoder._frame, "i": _big,
    "b": Decoder._bytes, "c": _typed(complex, float, float), "h": _typed(Handle, int, str),
    "x": _typed(lambda reason, detail: Refused(reason[:40], detail[:200]), str, str),
    "y": _typed(lambda name: DTYPES.get(name, Refused("dtype", name[:100])), str),
}


def _tree(header: bytes) -> Any:
    """The header as lists. No cycle can come of it, and the collector would take ten times as long as the decoding."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _header.decode(header)
    finally:
        if collecting:
            gc.enable()


def decode(header: bytes, body: np.ndarray) -> Any:
    """The value of one frame. Raises WireError on anything that `encode` would not have written."""
    try:
        return Decoder(body).value(_tree(header))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise WireError("not a frame of this protocol") from error
