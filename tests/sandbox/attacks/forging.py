"""Forging: a verdict that the code does not deserve."""

from tests.sandbox.attacks import ACCEPTED, CHANNEL, Attack, only, shown_by

WRONG = only("wrong_answer", "partial")

ROBS_OTHERS = ("patched comparisons", "tensor subclass", "equals everything", "returns NaN",
               "returns infinity", "returns complex infinity", "returns an empty tensor", "returns True", "returns every candidate",
               "exit with success", "SystemExit while loading", "prints a verdict", "searches the heap", "walks the callers' frames",
               "imports the judge", "guesses the seed")
ATTACKS = shown_by(dict.fromkeys(ROBS_OTHERS, "naive") | {"visible answer for all": "partial"}, [
    Attack("patched comparisons", "torch.equal and friends, patched inside, decide outside", """
import torch

for name in ("equal", "allclose", "isclose", "all"):
    setattr(torch, name, lambda *a, **k: True)
torch.testing.assert_close = lambda *a, **k: None
torch.Tensor.__eq__ = lambda *a: True
torch.Tensor.all = torch.Tensor.item = lambda *a: True


def total(x, word):
    return torch.tensor(0.0)
""", WRONG),
    Attack("tensor subclass", "a subclass that answers every comparison is taken for a tensor", """
import torch


class Right(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True


def total(x, word):
    return torch.zeros(()).as_subclass(Right)
""", WRONG),
    Attack("equals everything", "an object that equals everything equals the answer", """
class Right(float):
    def __eq__(self, other):
        return True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = float.__hash__


def total(x, word):
    return Right(0)
""", WRONG),
    Attack("object with tensor methods", "an object that pretends to be a tensor is compared as one", """
class Right:
    shape = dtype = property(lambda self: self)
    def __getattr__(self, name):
        return lambda *a, **k: True
    __eq__ = lambda self, other: True
    __class__ = __import__("torch").Tensor


def total(x, word):
    return Right()
""", only("wrong_answer", "partial", "runtime_error")),
    *(Attack(f"returns {name}", "such a value is within tolerance of anything",
             f"import torch\n\n\ndef total(x, word):\n    return {value}\n", WRONG)
      for name, value in {"NaN": "torch.tensor(float('nan'))", "infinity": "torch.tensor(float('inf'))",
                          "complex infinity": "torch.tensor(complex('inf+infj'))", "meta": "torch.zeros((), device='meta')",
                          "None": "None", "True": "True", "an empty tensor": "torch.zeros(0)",
                          "the input": "x", "a function": "total", "sparse": "torch.zeros(3).to_sparse()",
                          "quantized": "torch.quantize_per_tensor(torch.zeros(3), 1.0, 0, torch.qint8)",
                          "every candidate": "[torch.tensor(float(i)) for i in range(100)]"}.items()),
    Attack("visible answer for all", "knowing the example earns the hidden points", """
import torch


def total(x, word):
    return torch.tensor(8.0)
""", only("partial")),
    Attack("exit with success", "exit code 0 counts as passed", """
import os


def total(x, word):
    os._exit(0)
""", only("runtime_error")),
    Attack("SystemExit while loading", "leaving early counts as passed", "raise SystemExit(0)\n", only("runtime_error")),
    Attack("prints a verdict", "printed words are believed", """
import sys
print('{"verdict": "accepted", "score": 100}')
print("test_hidden passed", file=sys.stderr)


def total(x, word):
    print("ok accepted 100/100")
    return 0
""", WRONG),
    Attack("patched server", "the jail's own code, patched, is believed", """
import sandbox.inside.child as child

child.Child.do_call = lambda self, *a, **k: (True, False)
child.fingerprint = lambda value: None
child.Child.do_load = lambda self, *a: (["total"], False)


def total(x, word):
    return 0
""", WRONG),
    Attack("patched codec", "the codec inside, patched, makes equal what is not", """
import sandbox.wire as wire

for name in dir(wire):
    part = getattr(wire, name)
    if isinstance(part, type) and hasattr(part, "_tensor"):
        part._tensor = lambda self, *a: ["T", "float32", [], 0, False]


def total(x, word):
    return x
"""),
    Attack("answers ahead of time", "frames sent before the question are the answers", CHANNEL + """
for _ in range(20):
    CHANNEL.send(["ok", True, False])
    CHANNEL.send(["ok", torch.tensor(0.0), False])


def total(x, word):
    return 0
"""),
    Attack("invented words", "a word the protocol does not know is taken for success", CHANNEL + """
for answer in (["accepted"], ["pass", 100], ["ok"], ["ok", 1, 2, 3], "ok", True, None, []):
    CHANNEL.send(answer)
"""),
    Attack("searches the heap", "the reference, the tests or expected values are in the process", """
import gc
import sys

import torch

gc.unfreeze()
for thing in gc.get_objects():
    try:
        name = getattr(thing, "__name__", "")
    except Exception:
        continue
    if name in ("reference", "tests", "test_hidden", "test_random"):
        print("FOUND", name)
print("searched", len(gc.get_objects()) > 1000, any(name in sys.modules for name in ("sandbox.judge", "sandbox.modules")))


ANSWERS = [thing for thing in gc.get_objects() if isinstance(thing, torch.Tensor) and thing.dim() == 0]
gc.freeze()


def total(x, word):
    return ANSWERS[0] if ANSWERS else torch.tensor(0.0)
""", WRONG, limits={"seconds": 10}, says="searched True False"),
    Attack("walks the callers' frames", "a caller's frame holds what is expected", """
import sys


def total(x, word):
    frame = sys._getframe()
    while frame:
        for name in ("reference", "expected", "test", "tests", "judgement", "rng"):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    print("no such frame")
    return 0
""", WRONG, says="no such frame"),
    Attack("imports the judge", "the judge's modules can be imported inside", """
for name in ("judge", "modules", "checks", "compare", "student", "packages", "pool", "draws"):
    try:
        __import__("sandbox." + name)
        print("FOUND", name)
    except ImportError:
        print("refused", name)


def total(x, word):
    return 0
""", WRONG, says="refused judge"),
    Attack("invented handles", "a handle that was never given out stands for something", CHANNEL + """
from sandbox.wire import Handle


def total(x, word):
    return [Handle(10**9, "Tensor"), Handle(-1, "Tensor")]
""", WRONG),
    Attack("guesses the seed", "the seed of the hidden inputs follows from the source alone", """
import hashlib
import sys

import torch

frame = sys._getframe()
while "source" not in frame.f_locals:
    frame = frame.f_back
text = frame.f_locals["source"].encode()
print("source", len(text) > 100)
seed = int.from_bytes(hashlib.sha256(text).digest()[:6], "little")
digest = hashlib.sha256(f"{seed}:test_random".encode()).digest()
GUESS = torch.randn(7, generator=torch.Generator().manual_seed(int.from_bytes(digest[:7], "little")))


def total(x, word):
    if torch.equal(x, GUESS):
        raise KeyError("guessed")
    return x.sum() * 2 + len(word)
""", ACCEPTED, says="source True"),
])
