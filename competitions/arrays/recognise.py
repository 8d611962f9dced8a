"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from typing import Literal

from competitions.arrays.npy import MAGIC
from competitions.arrays.tensors import is_safetensors

Format = Literal["npy", "safetensors", "pickle", "torch", "npz", "hdf5", "parquet", "other"]
_HEAD = 4096


def recognise(data: bytes) -> Format:
    """The format of a file that begins with `data`. "other" may well be CSV."""
    if data.startswith(MAGIC):
        return "npy"
    if data.startswith(b"PK\x03\x04"):
        return _zip(data[:_HEAD])
    if len(data) > 2 and data[0] == 0x80 and 2 <= data[1] <= 5:  # PROTO, which begins every binary pickle
        return "pickle"
    if data.startswith(b"\x89HDF\r\n"):
        return "hdf5"
    if data.startswith(b"PAR1"):
        return "parquet"
    return "safetensors" if is_safetensors(data) else "other"


def _zip(head: bytes) -> Format:
    """torch.save writes <name>/data.pkl as the first member, numpy.savez <name>.npy."""
    name = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    if name.endswith((b"data.pkl", b"/.format_version", b"/byteorder")):
        return "torch"
    return "npz" if name.endswith(b".npy") else "other"
