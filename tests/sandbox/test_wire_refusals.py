"""Whatever comes that is no frame of the protocol is WireError and nothing worse."""

import contextlib
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.wire import DTYPES, MAX_BODY, MAX_HEADER, WireError, encode
from tests.sandbox.frames import PREFIX, quick, receive_raw, text, values

PRIME = (1 << 61) - 1  # Python's hash of an int is its remainder by this

# --- what is refused ---------------------------------------------------------------------------------------------

T = "T"
BAD = {
    "nothing": (b"", b""),
    "not msgpack": (b"\xc1\xff", b""),
    "two values": (msgspec.msgpack.encode(1) * 2, b""),
    "cut": (msgspec.msgpack.encode([1, 2, 3])[:-1], b""),
    "a map": ({"a": 1}, b""),
    "bytes": (b"\xc4\x01a", b""),
    "a timestamp": (b"\xd6\xff\x00\x00\x00\x00", b""),
    "text that is not UTF-8": (b"\xa1\xff", b""),
    "list without tag": ([1, 2], b""),
    "empty list": ([], b""),
    "unknown tag": (["pickle", "x"], b""),
    "known method as tag": (["value", []], b""),
    "too deep": (b"\x91" * 5000, b""),
    "deep in lists": (None, None),  # filled in below
    "too many": (["l", [0] * 600_000], b""),
    "sequence of nothing": (["l"], b""),
    "sequence of text": (["l", "abc"], b""),
    "sequence of two": (["l", [1], [2]], b""),
    "dict without pairs": (["d", [1, 2]], b""),
    "dict with a triple": (["d", [["a", 1, 2]]], b""),
    "list as key": (["d", [[["l", []], 1]]], b""),
    "tensor as key": (["d", [[[T, "float32", [1], 0], 1]]], b"\0" * 64),
    "list in a set": (["s", [["l", []]]], b""),
    "tuples in a set": (["s", [["t", [1]]]], b""),
    "unknown dtype": ([T, "float8", [1], 0], b"\0" * 64),
    "dtype of a number": ([T, 7, [1], 0], b"\0" * 64),
    "dtype as a list": ([T, ["l", []], [1], 0], b"\0" * 64),
    "no shape": ([T, "float32", None, 0], b"\0" * 64),
    "negative size": ([T, "float32", [-1], 0], b"\0" * 64),
    "two negative sizes": ([T, "float32", [-2, -2], 0], b"\0" * 64),
    "bool size": ([T, "float32", [True], 0], b"\0" * 64),
    "float size": ([T, "float32", [1.0], 0], b"\0" * 64),
    "larger than sent": ([T, "float32", [17], 0], b"\0" * 64),
    "larger than memory": ([T, "float32", [1 << 50], 0], b"\0" * 64),
    "overflowing shape": ([T, "float32", [1 << 32, 1 << 32], 0], b"\0" * 64),
    "17 dimensions": ([T, "float32", [1] * 17, 0], b"\0" * 64),
    "offset past the end": ([T, "float32", [1], 64], b"\0" * 64),
    "negative offset": ([T, "float32", [1], -64], b"\0" * 64),
    "odd offset": ([T, "float32", [1], 3], b"\0" * 64),
    "huge offset": ([T, "float32", [1], 1 << 62], b"\0" * 64),
    "offset as text": ([T, "float32", [1], "0"], b"\0" * 64),
    "field missing": ([T, "float32", [1]], b"\0" * 64),
    "field too many": ([T, "float32", [1], 0, 1, 2], b"\0" * 64),
    "array of bfloat16": (["A", "bfloat16", [1], 0], b"\0" * 64),
    "array of objects": (["A", "object", [1], 0], b"\0" * 64),
    "array larger than sent": (["A", "int8", [65], 0], b"\0" * 64),
    "big int with a word": (["i", "0xzz"], b""),
    "big int too big": (["i", "0x" + "f" * 5000], b""),
    "big int of an int": (["i", 5], b""),
    "complex of text": (["c", "1", "2"], b""),
    "handle of text": (["h", "1", "x"], b""),
    "handle of a bool": (["h", True, "x"], b""),
    "dtype node of a list": (["y", []], b""),
    "refused without reason": (["x"], b""),
    "frame of numbers": (["F", [["a", 1]]], b""),
    "frame of scalars": (["F", [["a", None]]], b""),
    "frame of unequal lengths": (["F", [["a", ["l", [1]]], ["b", ["l", [1, 2]]]]], b""),
    "frame with a number for a name": (["F", [[1, ["l", [1]]]]], b""),
    "bytes larger than sent": (["b", 0, 65], b"\0" * 64),
    "bytes of negative size": (["b", 0, -1], b"\0" * 64),
}
_deep = 1
for _ in range(40):
    _deep = ["l", [_deep]]
BAD["deep in lists"] = (_deep, b"")


@pytest.mark.parametrize(("header", "body"), BAD.values(), ids=BAD)
def test_a_malformed_frame_is_refused(header, body):
    with pytest.raises(WireError):
        receive_raw(header, body)


HASH_ALIKE = {
    "ints": ["s", [["i", hex(PRIME * n)] for n in range(9, 40_000)]],
    "ints as keys": ["d", [[["i", hex(PRIME * n)], 0] for n in range(9, 40_000)]],
    "complex": ["s", [["c", float(10**15 - 1_000_003 * n), float(n)] for n in range(40_000)]],
    "complex in tuples": ["s", [["t", [["c", float(10**15 - 1_000_003 * n), float(n)]]] for n in range(40_000)]],
    "64-bit ints": ["s", [*(PRIME * n for n in range(8)), *(n << 45 for n in range(60_000))]],
    "floats": ["s", [2.0**n for n in range(-1000, 1000)]],
}


@pytest.mark.parametrize("tree", HASH_ALIKE.values(), ids=HASH_ALIKE)
def test_values_that_hash_alike_cost_no_time(tree):
    started = time.process_time()
    with contextlib.suppress(WireError):
        receive_raw(tree)
    assert time.process_time() - started < 5  # quadratic: 10 s and more


@pytest.mark.parametrize("sizes", [(MAX_HEADER + 1, 0), (0xFFFFFFFF, 0), (1, MAX_BODY + 1), (1, (1 << 64) - 1)])
def test_an_oversize_frame_is_refused_before_it_is_read(sizes):
    with pytest.raises(WireError):
        receive_raw(b"\xc0", sizes=sizes)


def test_a_claimed_size_takes_no_memory_before_the_bytes_come():
    before = _resident_mb()
    with pytest.raises(EOFError):
        receive_raw(b"\xc0", b"abc", sizes=(1, MAX_BODY))
    assert _resident_mb() - before < 50


def _resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / (1 << 20)


@quick
@given(st.binary(max_size=300), st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_wire_error(header, body):
    with contextlib.suppress(WireError):
        receive_raw(header, body)


trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(1 << 63), (1 << 64) - 1), st.floats(), text,
              st.sampled_from([*DTYPES, "0x1f", "float8"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4),
                            st.tuples(st.sampled_from("ltsdTAFbicyhx"), inner, inner).map(list),
                            st.tuples(st.sampled_from("TA"), st.sampled_from(list(DTYPES)), st.lists(st.integers(-2, 70), max_size=3),
                                      st.integers(-64, 256)).map(list),
                            st.tuples(st.sampled_from("dF"), st.lists(st.tuples(text, inner).map(list), max_size=3)).map(list),
                            st.tuples(st.sampled_from("lts"), st.lists(inner, max_size=4)).map(list)), max_leaves=15)


@settings(quick, max_examples=400)
@given(trees, st.integers(0, 200))
def test_lying_trees_raise_nothing_but_wire_error(tree, body):
    with contextlib.suppress(WireError):
        receive_raw(tree, bytes(body))


@quick
@given(values, st.data())
def test_mutated_frames_raise_nothing_but_wire_error(value, data):
    prefix, header, *body = encode(value)
    header_size, _ = PREFIX.unpack(prefix)
    frame = bytearray(b"".join(map(bytes, [header, *body])))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        receive_raw(bytes(frame[:header_size]), bytes(frame[header_size:]))
