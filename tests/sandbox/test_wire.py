"""The codec: what may travel arrives as it was, and a channel ends as it should."""

import math
import threading
import time
from collections import OrderedDict, namedtuple

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given

from sandbox.wire import MAX_HEADER, Handle, Refused, WireError
from tests.sandbox.frames import PREFIX, pair, quick, same, travel, values


@quick
@given(values)
def test_every_plain_value_arrives_as_it_was(value):
    assert same(travel(value), value)


Point = namedtuple("Point", "x y")

BECOMES = {
    "named tuple": (Point(1, 2), (1, 2)),
    "torch.Size": (torch.zeros(2, 3).shape, (2, 3)),
    "result of max": (torch.tensor([[1.0, 2.0]]).max(dim=1), (torch.tensor([2.0]), torch.tensor([1]))),
    "OrderedDict": (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    "frozenset": (frozenset({1}), {1}),
    "bytearray": (bytearray(b"ab"), b"ab"),
    "numpy float": (np.float64(1.5), 1.5),
    "numpy int": (np.int32(7), 7),
    "numpy bool": (np.bool_(True), True),
    "parameter": (torch.nn.Parameter(torch.ones(2)), torch.ones(2)),
    "conjugate": (torch.tensor([1 + 2j]).conj(), torch.tensor([1 - 2j])),
    "one element of a column": (torch.ones(1, 3)[:, 0], torch.ones(1)),
    "negative": (torch.tensor([1 + 2j]).conj().imag, torch.tensor([-2.0])),
    "big-endian": (np.array([1.5, 2.0], ">f4"), np.array([1.5, 2.0], "<f4")),
    "0-d array": (np.array(3.0), np.array(3.0)),
    "empty array": (np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32)),
    "bool array": (np.array([True, False]), np.array([True, False])),
    "array of objects": (np.array(["a", None], dtype=object), ["a", None]),
    "column-major array": (np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3)),
}


@pytest.mark.parametrize(("value", "arrived"), BECOMES.values(), ids=BECOMES)
def test_kin_of_plain_values_become_plain(value, arrived):
    assert same(travel(value), arrived), travel(value)


REFUSED = {
    "sparse": (torch.eye(2).to_sparse(), "sparse"),
    "meta": (torch.ones(2, device="meta"), "meta"),
    "quantized": (torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), "dtype"),
    "subclass": (torch.ones(2).as_subclass(type("Mine", (torch.Tensor,), {})), "subclass"),
    "expanded to 4 TB": (torch.ones(1).expand(1 << 40), "too_large"),
    "broadcast to 8 TB": (np.broadcast_to(np.ones(1), (1 << 40,)), "too_large"),
    "20 dimensions": (torch.ones([1] * 20), "too_large"),
    "array of text": (np.array(["a"]), "dtype"),
    "dates": (np.array(["2024-01-01"], "datetime64[D]"), "dtype"),
    "huge int": (1 << 5000, "big_int"),
}


@pytest.mark.parametrize(("value", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_travel_arrives_as_a_reason(value, reason):
    started = time.process_time()
    arrived = travel([value, 1])
    assert isinstance(arrived[0], Refused)
    assert arrived[0].reason == reason
    assert arrived[1] == 1
    assert time.process_time() - started < 5


def _nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def _endless():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize("value", [
    object(), len, {1, 2}.__iter__(), _nested(100), _endless(), "\udcff", [0] * 600_000, {"a": _nested(5000)}, "x" * (MAX_HEADER + 1),
], ids=["object", "function", "iterator", "deep", "endless", "surrogate", "too many", "very deep", "too long"])
def test_what_is_not_plain_is_not_sent_at_all(value):
    with pair() as (sender, receiver):
        with pytest.raises(WireError):
            sender.send(value)
        sender.send("next")
        assert receiver.receive(time.monotonic() + 5) == "next"  # not one byte of the refused frame had left


def test_objects_travel_as_handles():
    kept = []

    def keep(value):
        kept.append(value)
        return Handle(len(kept) - 1, type(value).__name__)

    model = torch.nn.Linear(2, 1)
    assert travel({"model": [model]}, keep) == {"model": [Handle(0, "Linear")]}
    assert kept == [model]


def test_frames_of_pandas():
    frame = pd.DataFrame({"x": [1.5, 2.5], "n": [1, 2], "name": ["가", None], "flag": [True, False]})
    arrived = travel(frame)
    assert list(arrived.columns) == ["x", "n", "name", "flag"]
    assert arrived["x"].tolist() == [1.5, 2.5]
    assert arrived["n"].dtype == np.int64
    assert arrived["name"].tolist()[0] == "가"
    assert pd.isna(arrived["name"].tolist()[1])
    assert arrived["flag"].tolist() == [True, False]


def test_arrived_tensors_are_the_receivers_own():
    value = torch.ones(3)
    arrived = travel([value, value])
    arrived[0] += 1
    assert arrived[1].tolist() == [1, 1, 1]
    assert value.tolist() == [1, 1, 1]
    array = travel(np.ones(2))
    array += 1
    assert array.tolist() == [2, 2]


# --- the channel -------------------------------------------------------------------------------------------------

def test_the_other_side_gone_is_the_end_of_file():
    with pair() as (sender, receiver):
        sender.sock.close()
        with pytest.raises(EOFError):
            receiver.receive(time.monotonic() + 5)


@pytest.mark.parametrize("sent", [b"\1", PREFIX.pack(5, 0), PREFIX.pack(5, 0) + b"abc", PREFIX.pack(1, 9) + b"\xc0abc"])
def test_an_end_within_a_frame_is_the_end_of_file(sent):
    with pair() as (sender, receiver):
        sender.sock.sendall(sent)
        sender.sock.close()
        with pytest.raises(EOFError):
            receiver.receive(time.monotonic() + 5)


@pytest.mark.parametrize("sent", [b"", b"\1", PREFIX.pack(5, 0) + b"abc"])
def test_silence_past_the_deadline_is_a_timeout(sent):
    with pair() as (sender, receiver):
        sender.sock.sendall(sent)
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            receiver.receive(started + 0.2)
        assert time.monotonic() - started > 0.15


def test_drop_by_drop_does_not_move_the_deadline():
    with pair() as (sender, receiver):
        stop = threading.Event()

        def drip():
            sender.sock.sendall(PREFIX.pack(1000, 0))
            while not stop.wait(0.05):
                sender.sock.sendall(b"\xc0")

        thread = threading.Thread(target=drip)
        thread.start()
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            receiver.receive(started + 0.4)
        stop.set()
        thread.join()
        assert time.monotonic() - started < 20  # a deadline that each drop moves: 50 s


def test_a_deadline_in_the_past_is_a_timeout():
    with pair() as (_, receiver), pytest.raises(TimeoutError):
        receiver.receive(time.monotonic() - 1)


def test_sending_to_nobody_is_an_os_error():
    with pair() as (sender, receiver):
        receiver.sock.close()
        with pytest.raises(OSError):
            sender.send(torch.zeros(1 << 20))


def test_frames_follow_one_another():
    with pair() as (sender, receiver):
        sent = [1, torch.ones(3), "가", [b"", math.inf]]
        for value in sent:
            sender.send(value)
        assert all(same(receiver.receive(time.monotonic() + 5), value) for value in sent)
