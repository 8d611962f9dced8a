"""Attacks on the judge, as tables of sources: one module per family, each attack with what must not happen.

An attack defines `total(x, word) -> x.sum() * 2 + len(word)`, and runs, in the jail only, in each of the places of places.py
(a function, a Dataset, a model, a training loop, a notebook ...). matrix.py runs it, evidence.py and twins.py tell that it is a
real attack, `make attacks` runs every one in every place. `{...}` in a source is filled in by target.fill.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

HONEST = """
import torch


def total(x, word):
    return x.sum() * 2 + len(word)
"""

# Finds the loop that serves the judge, two or three frames up, and with it the channel.
CHANNEL = """
import socket
import struct
import sys

import torch

frame = sys._getframe()
while not hasattr(frame.f_locals.get("self"), "channel"):
    frame = frame.f_back
SERVER = frame.f_locals["self"]
CHANNEL = SERVER.channel


def raw(header, body=b"", header_size=None, body_size=None):
    sizes = len(header) if header_size is None else header_size, len(body) if body_size is None else body_size
    CHANNEL.sock.sendall(struct.pack("<IQ", *sizes) + header)
    if body:
        CHANNEL.sock.sendall(body)
""" + HONEST

# `attempt(what, call)` prints "refused WHAT" or "ESCAPED WHAT", so that a test sees that it was tried.
ATTEMPT = """
import ctypes
import errno
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def attempt(what, call):
    try:
        result = call()
    except (OSError, ImportError, ValueError, AttributeError, KeyError) as error:
        print("refused", what, type(error).__name__)
    else:
        print("refused" if result is False else "ESCAPED", what, repr(result)[:80] if result is not False else "")


def syscall(number, *arguments):
    # False when the kernel or the filter says no
    ctypes.set_errno(0)
    result = LIBC.syscall(ctypes.c_long(number), *(ctypes.c_ulong(one) for one in arguments))
    if result == -1 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS, errno.EACCES):
        return False
    return result, ctypes.get_errno()
""" + HONEST

FAILED = frozenset({"wrong_answer", "runtime_error", "partial", "invalid", "time_limit", "memory_limit", "output_limit"})


@dataclass(frozen=True)
class Attack:
    """One attack. `verdicts` are the right ones for it in the place "function"; `says` must be printed (it was really tried)."""

    name: str
    must_not: str
    source: str
    verdicts: frozenset[str] = FAILED
    says: str = ""
    shown: str = ""  # how it is seen that it is a real attack, see evidence.py; "" as its verdicts and words tell
    fails_in: tuple[str, ...] = ()  # places where no full marks are right, whatever `verdicts` says
    limits: dict = field(default_factory=dict)
    file: str = "answer.py"
    grows_mb: int = 200  # the worker's memory may grow by this much and no more
    seconds: float = 5.0  # the worker may spend this much beyond the limit: a bound on hangs, wide enough for a busy machine


def only(*verdicts: str) -> frozenset[str]:
    """Exactly these verdicts are right."""
    return frozenset(verdicts)


ACCEPTED = only("accepted")


def shown_by(kinds: dict[str, str], attacks: list[Attack]) -> list[Attack]:
    """The attacks, shown as `kinds` says for their name or, under "", for all others."""
    return [replace(attack, shown=kinds.get(attack.name, kinds.get("", ""))) for attack in attacks]
