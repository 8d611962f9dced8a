"""Array files for tests, as NumPy writes them and as the safetensors format is specified."""

from __future__ import annotations

import io
import json

import numpy as np

NAMES = {
    "float16": "F16",
    "float32": "F32",
    "float64": "F64",
    "int64": "I64",
    "int32": "I32",
    "uint8": "U8",
    "bool": "BOOL",
}


def npy(array: object, **options: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array), **options)
    return buffer.getvalue()


def safetensors(**tensors: object) -> bytes:
    """The format of the specification: length of the header, JSON, the bytes of each tensor."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, value in tensors.items():
        array = np.ascontiguousarray(value)
        offsets = [len(body), len(body) + array.nbytes]
        header[name] = {"dtype": NAMES[array.dtype.name], "shape": list(array.shape), "data_offsets": offsets}
        body += array.tobytes()
    return framed(json.dumps(header).encode(), body)


def framed(header: bytes, body: bytes = b"") -> bytes:
    return len(header).to_bytes(8, "little") + header + body
