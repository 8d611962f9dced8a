"""Kinds: what only some kinds of exercise ask for (parameters, batches, frames, lengths), patched or of the student's making.

`total` itself stays honest: where a place never asks for what was patched, the submission is accepted, and rightly.
"""

from tests.sandbox.attacks import ACCEPTED, FAILED, HONEST, Attack

EITHER = ACCEPTED | FAILED
SHORT = {"seconds": 1.5}


MODELS = ("model", "adapted model")


def patched(name: str, must_not: str, places: tuple[str, ...], body: str) -> Attack:
    """An attack that patches something, says so, and is honest otherwise; it bites in `places`."""
    source = f"import torch\n\n{body}\nprint('patched')\n" + HONEST
    return Attack(name, must_not, source, EITHER, says="patched", fails_in=places, limits=SHORT)


ATTACKS = [
    patched("parameters without end", "a model's parameters are all taken", (*MODELS, "training"), """
def endless(self, *arguments, **named):
    while True:
        yield "w", torch.nn.Parameter(torch.zeros(1))


torch.nn.Module.named_parameters = torch.nn.Module.named_buffers = endless
"""),
    patched("twenty thousand parameters", "a mapping is looked for among all of them", MODELS, """
MANY = [(f"w{n}", torch.nn.Parameter(torch.zeros(2, 2))) for n in range(20_000)]
torch.nn.Module.named_parameters = lambda self, *a, **k: iter(MANY)
"""),
    patched("many parameters of one shape", "every permutation of equal shapes is tried", MODELS, """
before = torch.nn.Module.named_parameters


def many(self, *arguments, **named):
    yield from before(self, *arguments, **named)
    for n in range(60):
        yield f"extra{n}", torch.nn.Parameter(torch.zeros(3))


torch.nn.Module.named_parameters = many
"""),
    patched("giant parameters", "a model of any size is filled with random numbers", MODELS, """
torch.nn.Module.named_parameters = lambda self, *a, **k: iter([("w", torch.nn.Parameter(torch.zeros(1).expand(2**40)))])
"""),
    patched("names that are no names", "a parameter's name reaches a page or an error as it is", (), """
before = torch.nn.Module.named_parameters
torch.nn.Module.named_parameters = lambda self, *a, **k: (("\\x1b[31m<script>" + "x" * 100_000 + name, t) for name, t in before(self))
"""),
    patched("weights that are not taken", "a model that keeps its own weights is compared by them", MODELS, """
torch.Tensor.copy_ = lambda self, *arguments: self
torch.manual_seed = lambda number: None
"""),
    patched("gradients that are invented", "a gradient that the jail names is believed", ("model", "training"), """
torch.Tensor.grad = property(lambda self: torch.full_like(self.detach(), float("nan")))
torch.Tensor.backward = lambda self, *arguments, **named: None
"""),
    patched("hooks in every module", "a hook on all modules runs where the judge computes", MODELS, """
torch.nn.modules.module.register_module_forward_hook(lambda module, inputs, output: torch.zeros_like(output))
"""),
    patched("batches without end", "a loader's batches are all taken", ("loader",), """
def endless(self):
    while True:
        yield torch.tensor(1.0)


torch.utils.data.DataLoader.__iter__ = endless
"""),
    patched("lengths that lie", "a Dataset's length is believed", ("dataset",), """
import builtins

before = builtins.len
builtins.len = lambda value: 2**62 if isinstance(value, torch.utils.data.Dataset) else before(value)
"""),
    patched("a frame without end", "a frame's columns are all taken", ("frame",), """
import pandas


class Endless(list):
    def __iter__(self):
        while True:
            yield "total"


pandas.DataFrame.columns = property(lambda self: Endless(["total"]))
"""),
    patched("float() and str() of tensors", "a number that the jail makes of a tensor is believed", ("text", "frame"), """
torch.Tensor.__float__ = lambda self: float("nan")
torch.Tensor.__repr__ = torch.Tensor.__format__ = lambda self, *arguments: "x" * 1_000_000
"""),
]
