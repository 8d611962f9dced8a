"""Whether two submissions say the same, however their files are written."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from hashlib import sha256


def of_values(values: array | Iterable[str]) -> str:
    """The first half of SHA-256 (32 hex digits) of predictions in the order of the ids: one for "1" and "1.0", and for any order of the
    rows of the file."""
    if isinstance(values, array):
        return sha256(
            array(values.typecode, (value + 0 for value in values)).tobytes()
        ).hexdigest()  # -0.0 is 0.0
    return sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()
