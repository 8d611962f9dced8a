"""Value -> frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import torch

from sandbox.wire.values import (
    ALIGNMENT,
    ARRAY_DTYPES,
    DTYPE_NAMES,
    MAX_BODY,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_HEADER,
    MAX_NDIM,
    MAX_NODES,
    PREFIX,
    EncodeError,
    Handle,
    Refused,
)


class Encoder:
    """Turns one value into header and body. `keep(object) -> Handle` is asked for whatever is not plain data."""

    def __init__(self, keep: Any = None) -> None:
        self.keep = keep
        self.buffers: list[memoryview] = []
        self.size = 0
        self.elements = 0
        self.nodes = 0

    def tree(self, value: Any, depth: int = 0) -> Any:
        """`value` as msgpack can carry it. Raises WireError when it is nested too deeply or has too many parts."""
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise EncodeError("nested too deeply or too many parts")
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
            return self._bytes(value)
        if isinstance(value, (complex, bool, int, float, str)):  # subclasses, enums among them
            return self._scalar(value, depth)
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
            raise EncodeError(f"a {type(value).__name__} cannot travel")
        return self.tree(self.keep(value), depth + 1)

    def _bytes(self, value: bytes | bytearray) -> Any:
        if len(value) > MAX_BODY - self.size:
            return ["x", "too_large", ""]
        return ["b", self._append(np.frombuffer(value, np.uint8) if value else None), len(value)]

    def _scalar(self, value: Any, depth: int) -> Any:
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        base = next(base for base in (bool, int, float, str) if isinstance(value, base))
        return self.tree(base(value), depth + 1)

    def _big(self, value: int) -> Any:
        return ["i", hex(value)] if value.bit_length() <= 4096 else ["x", "big_int", ""]

    def _tensor(self, value: torch.Tensor) -> Any:
        kind = type(value)
        if kind is not torch.Tensor and kind is not torch.nn.Parameter:
            return ["x", "subclass", kind.__name__[:100]]
        if value.is_nested:
            return ["x", "nested", ""]
        if value.layout is not torch.strided:
            return ["x", "sparse", ""]
        if value.device.type == "meta":
            return ["x", "meta", ""]
        name = DTYPE_NAMES.get(value.dtype)
        if name is None or value.is_quantized:
            return ["x", "dtype", str(value.dtype)]
        # An expanded tensor claims more than it holds: its size is checked before it is laid out in memory.
        if not self._fits(value.shape, value.element_size()):
            return ["x", "too_large", "x".join(map(str, value.shape))]
        plain = value.detach().resolve_conj().resolve_neg().cpu().contiguous()
        flat = plain.reshape(-1)
        if flat.numel() == 1 and flat.stride(0) != 1:  # contiguous all the same, but view() refuses the stride
            flat = flat.clone(memory_format=torch.contiguous_format)
        offset = self._append(flat.view(torch.uint8).numpy() if flat.numel() else None)
        return ["T", name, list(value.shape), offset]

    def _array(self, value: np.ndarray) -> Any:
        if value.dtype == object and value.ndim == 1:
            return self.tree(value.tolist())
        if value.dtype.name not in ARRAY_DTYPES:
            return ["x", "dtype", value.dtype.name[:100]]
        if not self._fits(value.shape, value.itemsize):
            return ["x", "too_large", "x".join(map(str, value.shape))]
        plain = np.ascontiguousarray(value.astype(value.dtype.newbyteorder("="), copy=False))
        offset = self._append(plain.reshape(-1).view(np.uint8) if plain.size else None)
        return ["A", value.dtype.name, list(value.shape), offset]

    def _fits(self, shape: Sequence[int], itemsize: int) -> bool:
        """Whether a tensor of this shape may travel in this frame; counts it when it may."""
        count = math.prod(shape)
        fits = (len(shape) <= MAX_NDIM and max(shape, default=0) <= MAX_BODY and self.elements + count <= MAX_ELEMENTS
                and count * itemsize <= MAX_BODY - self.size)
        self.elements += count if fits else 0
        return fits

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


def encode(value: Any, keep: Any = None) -> list[bytes | memoryview]:
    """The pieces of one frame, in order. Raises EncodeError when `value` is too large or, without `keep`, not plain."""
    encoder = Encoder(keep)
    try:
        header = msgspec.msgpack.encode(encoder.tree(value))
    except RecursionError as error:
        raise EncodeError("nested too deeply") from error
    except UnicodeEncodeError as error:
        raise EncodeError("text that is not Unicode") from error
    if len(header) > MAX_HEADER:
        raise EncodeError("too many values")
    return [PREFIX.pack(len(header), encoder.size), header, *encoder.buffers]
