"""A model counts as the reference's when it computes the same with the same random weights, however it is written."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  as everybody writes it

from sandbox.compare import Mismatch
from sandbox.contract import Verdict
from sandbox.draws import Rng
from sandbox.transplant import assert_same_model, assert_same_parameters
from tests.sandbox.building import package_of, result, source, why


class Reference(nn.Module):
    """Two hidden layers of one size (their weights have equal shapes), and a BatchNorm between them."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4)
        self.second = nn.Linear(4, 4)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        return self.out(torch.relu(self.second(torch.relu(self.norm(self.first(x))))))


class OtherNames(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d = nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 4), nn.Linear(4, 2)

    def forward(self, x):
        return self.d(F.relu(self.c(F.relu(self.b(self.a(x))))))


class OtherOrder(nn.Module):
    """Registered last to first, used first to last."""

    def __init__(self):
        super().__init__()
        self.d, self.c, self.b, self.a = nn.Linear(4, 2), nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 4)

    forward = OtherNames.forward


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)), nn.ReLU(), nn.Linear(4, 4), nn.ReLU())
        self.heads = nn.ModuleDict({"out": nn.Linear(4, 2)})

    def forward(self, x):
        return self.heads["out"](self.body(x))


class OwnParameters(nn.Module):
    """Linear layers by hand, with weights that look like nn.Linear's."""

    def __init__(self):
        super().__init__()
        self.w1, self.b1 = nn.Parameter(torch.randn(4, 4)), nn.Parameter(torch.zeros(4))
        self.bn = nn.BatchNorm1d(4)
        self.w2, self.b2 = nn.Parameter(torch.randn(4, 4)), nn.Parameter(torch.zeros(4))
        self.w3, self.b3 = nn.Parameter(torch.randn(2, 4)), nn.Parameter(torch.zeros(2))

    def forward(self, x):
        x = (self.bn(x @ self.w1.T + self.b1)).clamp(min=0)
        x = torch.where((y := torch.einsum("bi,oi->bo", x, self.w2) + self.b2) > 0, y, 0 * y)
        return F.linear(x, self.w3, self.b3)


def sequential(*change, **replace):
    """The reference as a Sequential, with layers replaced by index."""
    layers = [nn.Linear(4, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2)]
    for index, layer in change:
        layers[index] = layer
    return nn.Sequential(*layers)


def check(model, training=True, seed=1):
    rng = Rng(seed, "transplant")
    assert_same_model(model, Reference(), rng.normal(8, 4), rng=rng, training=training)


HONEST = {"the same": Reference, "other names": OtherNames, "Sequential": sequential, "other order": OtherOrder, "nested": Nested,
          "own parameters": OwnParameters}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST)
def test_honest_ways_of_writing_it_pass(make, seed):
    check(make(), seed=seed)


class Detached(Reference):
    def forward(self, x):
        return self.out(torch.relu(self.second(torch.relu(self.norm(self.first(x))).detach())))


class Unused(Reference):
    """One layer is there and does nothing, of a shape that another one has."""

    def forward(self, x):
        return self.out(torch.relu(self.first(torch.relu(self.norm(self.first(x))))))


class InList(nn.Module):
    """Layers in a plain list: PyTorch does not see them."""

    def __init__(self):
        super().__init__()
        self.layers = list(sequential())

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class NoStatistics(Reference):
    def forward(self, x):
        x = F.batch_norm(self.first(x), None, None, self.norm.weight, self.norm.bias, training=True)
        return self.out(torch.relu(self.second(torch.relu(x))))


class TwoSteps(Reference):
    """Moves the running statistics twice in each step."""

    def forward(self, x):
        self.norm(self.first(x))
        return super().forward(x)


class Tuple(Reference):
    def forward(self, x):
        return super().forward(x), None


WRONG = {
    "no activation": (lambda: sequential((2, nn.Identity())), "differ"),
    "another activation": (lambda: sequential((4, nn.Tanh())), "differ"),
    "leaky": (lambda: sequential((2, nn.LeakyReLU(0.1))), "differ"),
    "softmax at the end": (lambda: nn.Sequential(sequential(), nn.Softmax(dim=1)), "differ"),
    "another eps": (lambda: sequential((1, nn.BatchNorm1d(4, eps=0.1))), "differ"),
    "another momentum": (lambda: sequential((1, nn.BatchNorm1d(4, momentum=0.5))), "differ"),
    "no bias": (lambda: sequential((0, nn.Linear(4, 4, bias=False))), "number or the shapes"),
    "another width": (lambda: sequential((5, nn.Linear(4, 3))), "number or the shapes"),
    "a layer more": (lambda: nn.Sequential(sequential(), nn.Linear(2, 2)), "number or the shapes"),
    "LayerNorm": (lambda: sequential((1, nn.LayerNorm(4))), "buffers"),
    "no statistics kept": (lambda: sequential((1, nn.BatchNorm1d(4, track_running_stats=False))), "buffers"),
    "statistics never used": (NoStatistics, "differ"),
    "statistics moved twice": (TwoSteps, "differ"),
    "detached inside": (Detached, "gradient"),
    "unused layer": (Unused, ""),
    "layers in a list": (InList, "no parameters"),
    "a tuple": (Tuple, "torch.Tensor is needed"),
    "float64": (lambda: sequential().double(), "dtype"),
    "not a model": (lambda: 5, "not an nn.Module"),
    "a class": (lambda: Reference, "not an nn.Module"),
    "None": (lambda: None, "not an nn.Module"),
}


@pytest.mark.parametrize(("make", "words"), WRONG.values(), ids=WRONG)
def test_wrong_models_fail_in_words(make, words):
    with pytest.raises(Mismatch) as caught:
        check(make())
    assert words in caught.value.reason.en
    assert caught.value.reason.ko


class Permuted(nn.Module):
    """Five layers of one shape, used in another order than they are registered."""

    def __init__(self, order):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(3, 3, bias=False) for _ in order)
        self.order = order

    def forward(self, x):
        for index in self.order:
            x = torch.tanh(self.layers[index](x))
        return x


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (0, 2, 1, 3)])
def test_permutations_of_equal_shapes_are_found(order):
    rng = Rng(5, "permuted")
    assert_same_model(Permuted(order), Permuted((0, 1, 2, 3)), rng.normal(6, 3), rng=rng, training=True)


def test_one_layer_used_twice_is_not_two_layers():
    rng = Rng(5, "permuted")
    with pytest.raises(Mismatch):
        assert_same_model(Permuted((0, 0, 2, 3)), Permuted((0, 1, 2, 3)), rng.normal(6, 3), rng=rng)


def test_parameters_are_counted_in_any_order():
    assert_same_parameters(OtherOrder(), Reference())
    with pytest.raises(Mismatch) as caught:
        assert_same_parameters(sequential((5, nn.Linear(4, 3))), Reference())
    assert "[3, 4]" in caught.value.detail.en
    assert "[3, 4]" not in caught.value.reason.en


NET_REFERENCE = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))

    def forward(self, x):
        return self.layers(x)
"""
NET_TESTS = """
@points(100)
@visible
def test_it(student, reference, rng):
    assert_same_model(student.Net(), reference.Net(), rng.normal(6, 4), rng=rng, training=True)
"""
NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)
        self.norm = nn.BatchNorm1d(4)
        self.inner = nn.Linear(4, 4)

    def forward(self, x):
        return self.out(torch.relu(self.norm(self.inner(x))))
"""


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    return package_of(tmp_path_factory.mktemp("packages"), "net", tests=NET_TESTS, reference=NET_REFERENCE, wanted="[Net]")


IN_JAIL = {
    "honest": (NET, Verdict.ACCEPTED, ""),
    "no activation": (NET.replace("torch.relu(self.norm(self.inner(x)))", "self.norm(self.inner(x))"), Verdict.WRONG_ANSWER, "differ"),
    "lazy layers": (NET.replace("nn.Linear(4, 4)", "nn.LazyLinear(4)"), Verdict.WRONG_ANSWER, "Lazy"),
    "function": ("def Net():\n    return lambda x: x\n", Verdict.WRONG_ANSWER, "nn.Module"),
    "detached": (NET.replace("x))))", "x)))).detach()"), Verdict.WRONG_ANSWER, "Back-propagation"),
    "frozen": (NET.replace("    def forward", "        self.requires_grad_(False)\n\n    def forward"), Verdict.WRONG_ANSWER, "Back-propagation"),
    "other arguments": (NET.replace("__init__(self)", "__init__(self, size)", 1), Verdict.RUNTIME_ERROR, "TypeError"),
    "super forgotten": (NET.replace("        super().__init__()\n", ""), Verdict.RUNTIME_ERROR, "AttributeError"),
    "forward raises": (NET.replace("self.inner(x)", "self.nosuch(x)"), Verdict.RUNTIME_ERROR, "AttributeError"),
    "forward missing": (NET.replace("def forward", "def forwrad"), Verdict.RUNTIME_ERROR, "NotImplementedError"),
    "no_grad": (NET.replace("    def forward", "    @torch.no_grad()\n    def forward"), Verdict.WRONG_ANSWER, "Back-propagation"),
    "patched torch": (NET.replace("torch.relu(", "(") + "\ntorch.equal = torch.allclose = lambda *a, **k: True\n", Verdict.WRONG_ANSWER, "differ"),
    "lying parameters": (NET.replace("    def forward", "    def named_parameters(self, *a, **k):\n        return iter([('x', nn.Parameter("
                                     "torch.ones(1))) for _ in range(5000)])\n\n    def forward"), Verdict.WRONG_ANSWER, ""),
}


@pytest.mark.parametrize(("text", "verdict", "words"), IN_JAIL.values(), ids=IN_JAIL)
def test_models_in_the_jail(judge, net, text, verdict, words):
    report = judge.run(net, source(text))
    assert report.verdict is verdict, why(report)
    assert words in result(report, "test_it").message.en
