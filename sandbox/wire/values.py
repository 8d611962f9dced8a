"""What both directions agree on: the bounds, the dtypes, and the two values that are no plain data."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import torch

PREFIX = struct.Struct("<IQ")
MAX_HEADER = 4 << 20
MAX_BODY = 256 << 20
MAX_ELEMENTS = 16 << 20  # of all tensors of a frame: code that loops over a result makes an object of each
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


class EncodeError(WireError):
    """This side was asked to send what cannot travel."""


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
