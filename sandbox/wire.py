"""The codec between judge and jail, the same file on both sides: strict, bounded, never pickle.

A frame on the socket:

    header length  u32 little-endian     at most MAX_HEADER
    body length    u64 little-endian     at most what the receiver allows
    header         msgpack               a tree of plain values, see below
    body           raw bytes             the tensors' memory, each aligned to 64 bytes

In the header None, bool, 64-bit int, float and str stand for themselves. All else is a list whose first item is a tag:

    ["l", [...]] list       ["t", [...]] tuple      ["s", [...]] set       ["d", [[key, value], ...]] dict
    ["b", bytes]            ["i", hex] big int      ["c", re, im] complex  ["y", name] torch dtype
    ["T", dtype, shape, offset, grad] tensor        ["A", dtype, shape, offset] numpy array
    ["F", [[name, value], ...]] pandas DataFrame    ["h", id, type] handle: an object that stays in the jail
    ["x", reason, detail] a value that cannot travel, and why

Neither side trusts the other's numbers: lengths, depths, counts, dtypes and shapes are checked before anything is allocated.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import torch

PREFIX = struct.Struct("<IQ")
MAX_HEADER = 16 << 20
MAX_BODY = 512 << 20
MAX_DEPTH = 32
MAX_NODES = 500_000
MAX_NDIM = 16
ALIGNMENT = 64

DTYPES: dict[str, torch.dtype] = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.uint8, torch.int8, torch.int16,
                  torch.int32, torch.int64, torch.bool, torch.complex64, torch.complex128)
}
DTYPE_NAMES = {dtype: name for name, dtype in DTYPES.items()}
ARRAY_DTYPES = {name: np.dtype(name) for name in DTYPES if name != "bfloat16"}


class WireError(Exception):
    """The other side sent what is not of this protocol, or more of it than is allowed."""


@dataclass(frozen=True, slots=True)
class Handle:
    """An object that stays in the jail. `type_name` is what the jail claims it to be."""

    id: int
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that could not travel. `reason` is one of the words of `encode`; `detail` is the sender's own text."""

    reason: str
    detail: str = ""


class Encoder:
    """Turns one value into header and body. `keep(object) -> Handle` is asked for whatever is not plain data."""

    def __init__(self, keep: Any = None) -> None:
        self.keep = keep
        self.buffers: list[memoryview] = []
        self.size = 0
        self.nodes = 0

    def tree(self, value: Any, depth: int = 0) -> Any:
        """`value` as msgpack can carry it. Raises WireError when it is nested too deeply or has too many parts."""
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise WireError("nested too deeply or too many parts")
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int:
            return value if -(1 << 63) <= value < 1 << 63 else self._big(value)
        if kind is list:
            return ["l", [self.tree(item, depth + 1) for item in value]]
        if isinstance(value, tuple):  # named tuples and torch.Size come out as plain tuples
            return ["t", [self.tree(item, depth + 1) for item in value]]
        if isinstance(value, dict):
            return ["d", [[self.tree(k, depth + 1), self.tree(v, depth + 1)] for k, v in value.items()]]
        if kind in (set, frozenset):
            return ["s", [self.tree(item, depth + 1) for item in value]]
        return self._special(value, depth)

    def _special(self, value: Any, depth: int) -> Any:
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic):
            return self.tree(value.item(), depth + 1)
        if isinstance(value, (bytes, bytearray)):
            return ["b", bytes(value)]
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, (bool, int, float, str)):  # subclasses, enums among them
            base = next(base for base in (bool, int, float, str) if isinstance(value, base))
            return self.tree(base(value), depth + 1)
        if isinstance(value, torch.dtype):
            return ["y", str(value).removeprefix("torch.")]
        if isinstance(value, Handle):
            return ["h", value.id, value.type_name]
        if isinstance(value, Refused):
            return ["x", value.reason, value.detail[:200]]
        if type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "columns"):
            columns = [[str(name), value[name].to_numpy()] for name in value.columns]
            return ["F", [[name, self.tree(_plain_column(column), depth + 1)] for name, column in columns]]
        if self.keep is None:
            raise WireError(f"a {type(value).__name__} cannot travel")
        return self.tree(self.keep(value), depth + 1)

    def _big(self, value: int) -> Any:
        return ["i", hex(value)] if value.bit_length() <= 4096 else ["x", "big_int", ""]

    def _tensor(self, value: torch.Tensor) -> Any:
        kind = type(value)
        if kind is not torch.Tensor and kind is not torch.nn.Parameter:
            return ["x", "subclass", kind.__name__[:100]]
        if value.layout is not torch.strided:
            return ["x", "sparse", ""]
        if value.device.type == "meta":
            return ["x", "meta", ""]
        name = DTYPE_NAMES.get(value.dtype)
        if name is None or value.is_quantized:
            return ["x", "dtype", str(value.dtype)]
        # An expanded tensor claims more than it holds: its size is checked before it is laid out in memory.
        if value.dim() > MAX_NDIM or value.numel() * value.element_size() > MAX_BODY - self.size:
            return ["x", "too_large", "x".join(map(str, value.shape))]
        plain = value.detach().resolve_conj().resolve_neg().cpu().contiguous()
        offset = self._append(plain.reshape(-1).view(torch.uint8).numpy() if plain.numel() else None)
        return ["T", name, list(value.shape), offset, bool(value.requires_grad)]

    def _array(self, value: np.ndarray) -> Any:
        if value.dtype == object and value.ndim == 1:
            return self.tree(value.tolist())
        if value.dtype.name not in ARRAY_DTYPES:
            return ["x", "dtype", value.dtype.name[:100]]
        if value.ndim > MAX_NDIM or value.nbytes > MAX_BODY - self.size:
            return ["x", "too_large", "x".join(map(str, value.shape))]
        plain = np.ascontiguousarray(value)
        offset = self._append(plain.reshape(-1).view(np.uint8) if plain.size else None)
        return ["A", value.dtype.name, list(value.shape), offset]

    def _append(self, raw: np.ndarray | None) -> int:
        offset = self.size
        if raw is not None:
            padding = -raw.nbytes % ALIGNMENT
            self.buffers.append(memoryview(raw.data).cast("B"))
            if padding:
                self.buffers.append(memoryview(bytes(padding)))
            self.size += raw.nbytes + padding
        return offset


def _plain_column(column: np.ndarray) -> Any:
    return column if column.dtype.name in ARRAY_DTYPES else [None if item != item else item for item in column.tolist()]


class Decoder:
    """Turns header and body back into values. Tensors share the body's memory: no copy, writable."""

    def __init__(self, body: bytearray) -> None:
        self.body = body
        self.nodes = 0

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
        try:
            return _SEQUENCES[tag](values)
        except TypeError as error:
            raise WireError("an unhashable member of a set") from error

    def _dict(self, depth: int, pairs: list) -> dict:
        if type(pairs) is not list or any(type(pair) is not list or len(pair) != 2 for pair in pairs):
            raise WireError("a dict without pairs")
        return {self.value(key, depth + 1): self.value(value, depth + 1) for key, value in pairs}

    def _extent(self, shape: Any, itemsize: int, offset: Any) -> tuple[tuple[int, ...], int]:
        """The checked shape and number of elements of a tensor whose bytes start at `offset`."""
        if type(shape) is not list or len(shape) > MAX_NDIM:
            raise WireError("a shape that is none")
        if any(type(size) is not int or not 0 <= size <= MAX_BODY for size in shape):
            raise WireError("a shape out of range")
        count = math.prod(shape)
        if type(offset) is not int or not 0 <= offset <= len(self.body) or offset % ALIGNMENT:
            raise WireError("an offset out of range")
        if count * itemsize > len(self.body) - offset:
            raise WireError("a shape larger than what was sent")
        return tuple(shape), count

    def _tensor(self, depth: int, name: str, shape: list, offset: int, grad: bool) -> torch.Tensor:
        dtype = DTYPES.get(name)
        if dtype is None or type(grad) is not bool:
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
        return pandas.DataFrame({name: column.copy() if isinstance(column, np.ndarray) else column
                                 for name, column in values.items()})


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
    "b": _typed(bytes, bytes), "c": _typed(complex, float, float), "h": _typed(Handle, int, str),
    "x": _typed(lambda reason, detail: Refused(reason[:40], detail[:200]), str, str),
    "y": _typed(lambda name: DTYPES.get(name, Refused("dtype", name[:100])), str),
}


def encode(value: Any, keep: Any = None) -> list[bytes | memoryview]:
    """The pieces of one frame, in order. Raises WireError when `value` is too large or, without `keep`, not plain."""
    encoder = Encoder(keep)
    try:
        header = msgspec.msgpack.encode(encoder.tree(value))
    except RecursionError as error:
        raise WireError("nested too deeply") from error
    except UnicodeEncodeError as error:
        raise WireError("text that is not Unicode") from error
    if len(header) > MAX_HEADER:
        raise WireError("too many values")
    return [PREFIX.pack(len(header), encoder.size), header, *encoder.buffers]


def decode(header: bytes | bytearray, body: bytearray) -> Any:
    """The value of one frame. Raises WireError on anything that `encode` would not have written."""
    try:
        return Decoder(body).value(msgspec.msgpack.decode(memoryview(header)))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, TypeError) as error:
        raise WireError("not a frame of this protocol") from error


class Channel:
    """One end of the socket between judge and jail.

    `max_body` bounds what is taken from the other side, in bytes. `keep` is handed to `encode`.
    """

    def __init__(self, sock: socket.socket, max_body: int = MAX_BODY, keep: Any = None) -> None:
        self.sock = sock
        self.max_body = max_body
        self.keep = keep

    def send(self, value: Any) -> None:
        """Writes one frame. Raises OSError when the other side is gone, TimeoutError past the socket's timeout."""
        for piece in encode(value, self.keep):
            self.sock.sendall(piece)

    def receive(self, deadline: float | None = None) -> Any:
        """Reads one frame; `deadline` is in seconds of time.monotonic().

        Raises EOFError when the other side is gone, TimeoutError past the deadline, WireError on a malformed frame.
        """
        header_size, body_size = PREFIX.unpack(self._read(PREFIX.size, deadline))
        if header_size > MAX_HEADER or body_size > self.max_body:
            raise WireError("a frame larger than allowed")
        return decode(self._read(header_size, deadline), self._read(body_size, deadline))

    def _read(self, size: int, deadline: float | None) -> bytearray:
        buffer = bytearray(size)
        view, done = memoryview(buffer), 0
        while done < size:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self.sock.settimeout(left)
            got = self.sock.recv_into(view[done:])
            if not got:
                raise EOFError("the other side is gone")
            done += got
        return buffer
