"""That an attack was a real one: what is seen of it in the very run in which it fails, or in a world with fewer walls.

    said      its words tell what it did before it was held: "forked", "full True"
    memory, time, output    it used up that limit
    crossed   a hidden input left the jail over the wire, and is not in the report
    odd       the worker got a frame, or an error, that an honest submission never causes in that place
    invalid   it was not even read
    partial   it earned the example's points
    dirty     what runs next in the same process notices it       (twins.py)
    naive     it robs a grader whose tests run in the student's process        (twins.py)
    paper     it escapes from a jail without inner walls          (twins.py)
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy
import torch

from sandbox.contract import Report
from sandbox.wire import Channel, Handle, Refused, WireError
from tests.sandbox.attacks import Attack
from tests.sandbox.attacks.target import CANARIES

LIMITS = {"memory_limit": "memory", "time_limit": "time", "output_limit": "output"}
OWN_MISTAKES = {"NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "IndentationError"}  # of an attack's author
TWINS = ("dirty", "naive", "paper")
WORDS = ("ok", "error", "out")
MOST = 400  # items of a frame that are looked at
SHORT = 400  # characters of a text


@dataclass
class Heard:
    """What the worker got from the jail: its words, the outlines of its frames, and why a frame was refused."""

    words: str = ""
    outlines: list[str] = field(default_factory=list)
    raised: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return f"{self.outlines[-5:]} {self.words[-200:]}"


@contextlib.contextmanager
def listening() -> Iterator[Heard]:
    """Notes what every Channel of this process receives."""
    heard, receive = Heard(), Channel.receive

    def noting(channel: Channel, *arguments: Any) -> Any:
        try:
            value = receive(channel, *arguments)
        except (WireError, EOFError, TimeoutError) as error:
            heard.outlines.append(f"{type(error).__name__}: {error}")
            raise
        heard.words += " ".join(_words(value)) + "\n"
        outline = _outline(value)
        heard.outlines += [outline] if not outline.startswith("out ") else []
        if type(value) is list and len(value) == 4 and type(value[1]) is str:
            heard.raised.add(value[1])
        return value

    Channel.receive = noting  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        Channel.receive = receive  # type: ignore[method-assign]


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, (list, tuple, set)):
        yield str(len(value))
        for item in [*value][:MOST]:
            yield from _words(item)
    elif isinstance(value, dict):
        yield from _words([*value.items()])
    elif isinstance(value, Handle):
        yield value.type_name
    elif isinstance(value, Refused):
        yield f"{value.reason} {value.detail}"
    elif isinstance(value, (torch.Tensor, numpy.ndarray)):
        yield str(tuple(value.shape))
    else:
        yield str(value)[:SHORT]


def _outline(value: Any) -> str:
    """The frame without its numbers: types, the shapes of tensors, and its first word."""
    if isinstance(value, (list, tuple)):
        first = f"{value[0]} " if value and type(value[0]) is str and value[0] in WORDS else ""
        return f"{first}[{' '.join(_outline(item) for item in value[:MOST])}]"
    if isinstance(value, dict):
        return f"{{{' '.join(map(_outline, [*value.items()][:MOST]))}}}"
    if isinstance(value, (torch.Tensor, numpy.ndarray)):
        return f"{type(value).__name__}({value.dtype}, {tuple(value.shape)})"
    return f"refused {value.reason}" if isinstance(value, Refused) else type(value).__name__


def kind_of(attack: Attack) -> str:
    """How this attack shows that it is one."""
    if attack.shown:
        return attack.shown
    if attack.says and not attack.says.startswith("refused"):
        return "said"
    return LIMITS.get(*attack.verdicts, "odd") if len(attack.verdicts) == 1 else "odd"


def is_seen(attack: Attack, report: Report, heard: Heard, honest: Heard) -> bool:
    """Whether this run shows it; `honest` is what an honest submission is heard of in the same place."""
    return not heard.raised & OWN_MISTAKES and SEEN[kind_of(attack)](report, heard, honest)


SEEN: dict[str, Callable[[Report, Heard, Heard], bool]] = {
    "said": lambda report, *_: True,  # `says` is looked for in every run
    "memory": lambda report, *_: report.verdict == "memory_limit",
    "time": lambda report, *_: report.verdict == "time_limit",
    "output": lambda report, *_: report.verdict == "output_limit",
    "crossed": lambda report, heard, _: any(canary in heard.words for canary in CANARIES),
    "odd": lambda report, heard, honest: heard.outlines != honest.outlines,
    **{name: lambda report, *_, name=name: report.verdict == name for name in ("partial", "invalid")},
    **dict.fromkeys(TWINS, lambda report, *_: True),  # its twin shows it, see twins.py
}
