"""The codec between judge and jail, the same file on both sides: strict, bounded, never pickle.

A frame on the socket:

    header length  u32 little-endian     at most MAX_HEADER
    body length    u64 little-endian     at most what the receiver allows
    header         msgpack               a tree of plain values, see below
    body           raw bytes             the tensors' memory, each aligned to 64 bytes

In the header None, bool, 64-bit int, float and str stand for themselves. All else is a list whose first item is a tag:

    ["l", [...]] list       ["t", [...]] tuple      ["s", [...]] set       ["d", [[key, value], ...]] dict
    ["b", offset, size] bytes                       ["i", hex] big int      ["c", re, im] complex  ["y", name] torch dtype
    ["T", dtype, shape, offset] tensor              ["A", dtype, shape, offset] numpy array
    ["F", [[name, value], ...]] pandas DataFrame    ["h", id, type] handle: an object that stays in the jail
    ["x", reason, detail] a value that cannot travel, and why

Of a tensor its values travel, laid out plainly: whether it needs a gradient, was expanded, conjugated, a view or a Parameter is
forgotten. What has no plain form is refused by name: "subclass", "sparse", "meta", "nested", "dtype" (quantized ones, objects),
"too_large", "big_int"; compare.py says it in words.

Neither side trusts the other's numbers: lengths, depths, counts, dtypes and shapes are checked before anything is allocated.
Keys and members of sets are plain scalars only, since Python ints, tuples and complex numbers can be made to hash alike
and a set of them takes quadratic time.
"""

from sandbox.wire.channel import Channel
from sandbox.wire.decoder import decode
from sandbox.wire.encoder import Encoder, encode
from sandbox.wire.values import (
           DTYPES,
           MAX_BODY,
           MAX_HEADER,
           MAX_NODES,
           EncodeError,
           Handle,
           Refused,
           WireError,
)

__all__ = ["DTYPES", "MAX_BODY", "MAX_HEADER", "MAX_NODES", "Channel", "EncodeError", "Encoder", "Handle", "Refused",
           "WireError", "decode", "encode"]
