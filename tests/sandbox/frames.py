"""Frames on a real socket pair: what one side sends, and what the other makes of it."""

import contextlib
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sandbox.wire import DTYPES, Channel

PREFIX = struct.Struct("<IQ")
quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@contextlib.contextmanager
def pair(keep=None):
    """(the jail's end, the judge's end) of a fresh channel."""
    left, right = socket.socketpair()
    with left, right:
        right.settimeout(20)
        yield Channel(left, keep=keep), Channel(right)


def travel(value, keep=None):
    """`value` as the other side gets it."""
    with pair(keep) as (sender, receiver), ThreadPoolExecutor(1) as thread:
        sending = thread.submit(sender.send, value)
        sending.add_done_callback(lambda done: done.exception() and sender.sock.shutdown(socket.SHUT_WR))
        try:
            return receiver.receive(time.monotonic() + 20)
        except EOFError:
            sending.result()  # says why nothing was sent
            raise


def receive_raw(header, body=b"", sizes=None):
    """What the judge makes of a frame with this header (a tree, or bytes as they are)."""
    data = header if isinstance(header, bytes) else msgspec.msgpack.encode(header)
    with pair() as (sender, receiver):
        prefix = PREFIX.pack(*(sizes or (len(data), len(body))))
        thread = threading.Thread(target=_send_and_close, args=(sender.sock, prefix + data + body))
        thread.start()
        try:
            return receiver.receive(time.monotonic() + 20)
        finally:
            thread.join()


def _send_and_close(sock, data):
    with contextlib.suppress(OSError):  # the judge may have hung up already: that is what is tested
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)


def same(one, other):
    """Whether two values are the same to the last bit and type; NaN is NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and one.shape == other.shape and bool(torch.equal(_bits(one), _bits(other)))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other) or (one != one and other != other)
    return one == other


def _bits(tensor):
    # contiguous() keeps the odd stride of a tensor with no or one element, and view() refuses it: a fresh one has none.
    plain = tensor.detach().resolve_conj()
    return torch.zeros(plain.numel(), dtype=plain.dtype).copy_(plain.reshape(-1)).view(torch.uint8)


# --- strategies of hypothesis ---

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
finite = st.floats(allow_nan=False)
keys = st.one_of(text, st.integers(-(1 << 63), (1 << 63) - 1), st.booleans(), st.none(), finite, st.binary(max_size=9))
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(1 << 4000), 1 << 4000), st.integers(), st.floats(), text,
                    st.binary(max_size=99), st.builds(complex, finite, finite), st.sampled_from(list(DTYPES.values())))


@st.composite
def tensors(draw):
    """A tensor of any dtype that travels, of 0 to 4 dimensions, perhaps a view that is not contiguous."""
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    value = torch.randn(shape, generator=torch.Generator().manual_seed(draw(st.integers(0, 99)))) * 100
    value = value.to(draw(st.sampled_from(list(DTYPES.values()))))
    view = draw(st.sampled_from(["plain", "transposed", "sliced", "expanded", "gradient"]))
    if view == "transposed" and value.dim() > 1:
        return value.transpose(0, 1)
    if view == "sliced" and value.dim():
        return value[::2]
    if view == "expanded":
        return value.expand(3, *shape)
    return value.requires_grad_() if view == "gradient" and value.dtype.is_floating_point else value


@st.composite
def arrays(draw):
    """A numpy array of any dtype that travels, perhaps not contiguous."""
    value = draw(tensors()).detach().resolve_conj()
    array = (value.float() if value.dtype is torch.bfloat16 else value).numpy()
    return array[::-1] if array.ndim and draw(st.booleans()) else array


values = st.recursive(
    st.one_of(scalars, tensors(), arrays(), st.sets(keys, max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple),
                            st.dictionaries(keys, inner, max_size=4)), max_leaves=12)
