"""Each deep-learning check passes honest code and names the fault of the other, through the whole judge."""

import pytest
import torch
from torch import nn

from sandbox import checks
from sandbox.compare import Mismatch
from sandbox.contract import Verdict
from sandbox.draws import Rng
from tests.sandbox.building import one_test, package_of, result, source, why

HEAD = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n\n"


def net(layers, forward="self.layers(x)", more="pass"):
    """A module `Net` of these layers (Python text)."""
    return (f"{HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            f"        self.layers = nn.Sequential({layers})\n        {more}\n\n"
            f"    def forward(self, x):\n        return {forward}\n")


PLAIN = net("nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)")
NORM = net("nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3)")
DROP = net("nn.Linear(4, 30), nn.BatchNorm1d(30), nn.ReLU(), nn.Dropout(0.3), nn.Linear(30, 3)")
RNN = (HEAD + "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.table = nn.Embedding(9, 5, padding_idx=0)\n"
       "        self.out = nn.Linear(5, 2)\n\n    def forward(self, x):\n        seen = (x != 0)[..., None]\n"
       "        return self.out((self.table(x) * seen).sum(1) / seen.sum(1))\n")
FROZEN = net("nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)", more="self.layers[0].requires_grad_(False)")
LOADER = (HEAD + "from torch.utils.data import DataLoader, TensorDataset\n\n"
          "def make(x, y, seed=0):\n    g = torch.Generator().manual_seed(seed)\n"
          "    return DataLoader(TensorDataset(x, y), 7, shuffle=True, generator=g)\n")
ITEMS = "x, y = rng.normal(30, 2), torch.arange(30)\n"
BATCHES = "batches = [(rng.normal(8, 4), rng.integers(0, 3, 8)) for _ in range(6)]\n"

# check: (reference and honest solution, wanted name, body of the test, {fault: (solution, words of the message)})
CHECKS = {
    "gradients": (NORM, "Net", "assert_gradient_reaches_all(student.Net(), rng.normal(9, 4), rng=rng)", {
        "unused layer": (net("nn.Linear(4, 3)", more="self.other = nn.Linear(2, 2)"), "does not reach every"),
        "detached inside": (net("nn.Linear(4, 8), nn.Linear(8, 3)", "self.layers[1](self.layers[0](x).detach())"), "does not reach every"),
        "times zero": (net("nn.Linear(4, 3)", "self.layers(x) * 0"), "does not reach every"),
        "no_grad": (net("nn.Linear(4, 3)", "self.layers(x).detach()"), "Back-propagation fails"),
        "not a model": (HEAD + "def Net():\n    return 5\n", "not an nn.Module"),
    }),
    "overfits": (DROP, "Net", "assert_overfits(student.Net(), rng.normal(12, 4), rng.integers(0, 3, 12), rng=rng)", {
        "one number for all": (net("nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)", "self.layers(x).mean(0, keepdim=True).expand(len(x), 3)"), "one batch"),
        "frozen": (net("nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)", more="self.requires_grad_(False)"), "one batch"),
        "detached": (net("nn.Linear(4, 3)", "self.layers(x).detach()"), "cannot be back-propagated"),
    }),
    "overfits, regression": (net("nn.Linear(4, 30), nn.Tanh(), nn.Linear(30, 1)"), "Net",
                             "assert_overfits(student.Net(), rng.normal(9, 4), rng.normal(9, 1), rng=rng, loss='mse')", {
        "only positive": (net("nn.Linear(4, 30), nn.Tanh(), nn.Linear(30, 1), nn.ReLU()"), "one batch"),
        "another shape": (net("nn.Linear(4, 30), nn.Tanh(), nn.Linear(30, 1)", "self.layers(x)[:, 0]"), "one batch"),
    }),
    "modes": (DROP, "Net", "assert_modes(student.Net(), rng.normal(9, 4), random_in_training=True)", {
        "no dropout": (NORM, "does nothing in train()"),
        "always on": (net("nn.Linear(4, 30), nn.ReLU(), nn.Linear(30, 3)", "F.dropout(self.layers(x), 0.3)"), "off in eval()"),
    }),
    "modes without dropout": (NORM, "Net", "assert_modes(student.Net(), rng.normal(9, 4), random_in_training=False)", {
        "dropout": (DROP, "no dropout here"),
    }),
    "drop rate": (net("nn.Dropout(0.3)"), "Net", "assert_drop_rate(student.Net(), 0.3)", {
        "share to keep": (net("nn.Dropout(0.7)"), "drop rate differs"),
        "a little off": (net("nn.Dropout(0.32)"), "drop rate differs"),
        "not scaled": (net("nn.Dropout(0.3)", "self.layers(x) * 0.7 if self.training else x"), "not scaled"),
        "another shape": (net("nn.Dropout(0.3)", "self.layers(x)[None]"), "shape"),
        "off": (net("nn.Identity()"), "drop rate differs"),
    }),
    "spread": (DROP, "Net", "a, b = student.Net(), reference.Net()\nassert_same_model(a, b, rng.normal(5, 4), rng=rng)\n"
                            "assert_same_spread(a, b, rng.normal(16, 4))", {
        "another rate": (DROP.replace("0.3", "0.25"), "another amount"),
        "none": (DROP.replace("nn.Dropout(0.3)", "nn.Identity()"), "another amount"),
        "another place": (net("nn.Linear(4, 30), nn.BatchNorm1d(30), nn.ReLU(), nn.Linear(30, 3), nn.Dropout(0.3)"), "another amount"),
    }),
    "running statistics": (NORM, "Net", "assert_running_statistics(student.Net(), rng.normal(9, 4))", {
        "LayerNorm": (NORM.replace("BatchNorm1d", "LayerNorm"), "do not move in train()"),
        "in eval() too": (net("nn.BatchNorm1d(4), nn.Linear(4, 3)", "self.layers(x) if self.training else F.batch_norm(x, "
                              "self.layers[0].running_mean, self.layers[0].running_var, training=True)"), "move in eval()"),
    }),
    "parameter count": (PLAIN, "Net", "assert_parameter_count(student.Net(), 67)", {
        "no bias": (PLAIN.replace("8, 3)", "8, 3, bias=False)"), "number of parameters"),
    }),
    "trained parameters": (FROZEN, "Net", "assert_parameter_count(student.Net(), 27, trainable_only=True)", {
        "not frozen": (PLAIN, "number of parameters"),
    }),
    "frozen stay": (FROZEN, "Net", "assert_only_trains(student.Net(), ['layers.2.weight', 'layers.2.bias'], rng.normal(9, 4), "
                                   "rng.integers(0, 3, 9), rng=rng)", {
        "not frozen": (PLAIN, "should be frozen"),
        "all frozen": (FROZEN.replace("layers[0].", "layers."), "do not move"),
        "head frozen": (FROZEN.replace("layers[0]", "layers[2]"), "should be frozen"),
    }),
    "rows": (NORM, "Net", "assert_rows_independent(student.Net(), rng.normal(9, 4), rng=rng)", {
        "mean over the batch": (net("nn.Linear(4, 3)", "self.layers(x - x.mean(0))"), "one row of the batch"),
        "softmax over the batch": (net("nn.Linear(4, 3)", "self.layers(x).softmax(0)"), "one row of the batch"),
        "rows in another order": (net("nn.Linear(4, 3)", "self.layers(x).roll(1, 0)"), "one row of the batch"),
        "one output for all": (net("nn.Linear(4, 3)", "self.layers(x).mean(0)"), "for each row"),
    }),
    "padding": (RNN, "Net", "model = student.Net()\nassert_padding_ignored(model, rng.integers(1, 9, 4, 6))", {
        "padding counts": (RNN.replace("/ seen.sum(1)", "/ x.shape[1]"), "More padding"),
    }),
    "order": (LOADER.replace("shuffle=True, generator=g", "shuffle=False"), "make", ITEMS + "assert_in_order(student.make(x, y), x, y)", {
        "shuffled": (LOADER, "order of the items"),
        "last batch dropped": (LOADER.replace("shuffle=True, generator=g", "drop_last=True"), "number or the shape"),
        "empty": (HEAD + "def make(x, y):\n    return []\n", "Not a single"),
        "x alone": (HEAD + "def make(x, y):\n    return [x]\n", "two tensors"),
    }),
    "shuffle": (LOADER, "make", ITEMS + "assert_shuffled(student.make(x, y), x, y)", {
        "in order": (LOADER.replace("shuffle=True, generator=g", "shuffle=False"), "not shuffled"),
        "once for all": (HEAD + "def make(x, y):\n    order = torch.randperm(len(x))\n    return [(x[i], y[i]) for i in order.split(7)]\n", "Every epoch"),
        "apart": (HEAD + "class make:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n\n    def __iter__(self):\n"
                  "        return zip(self.x[torch.randperm(30)].split(7), self.y[torch.randperm(30)].split(7))\n", "no longer match"),
        "with repetition": (HEAD + "class make:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n\n    def __iter__(self):\n"
                            "        i = torch.randint(30, (30,))\n        return iter([(self.x[i], self.y[i])])\n", "exactly once"),
    }),
    "reproducible": (LOADER, "make", ITEMS + "assert_reproducible(lambda seed: student.make(x, y, seed), x, y)", {
        "seed ignored": (LOADER.replace(", generator=g", ""), "two orders"),
        "one seed for all": (LOADER.replace("manual_seed(seed)", "manual_seed(7)"), "one order"),
    }),
    "path": (NORM, "Net", BATCHES + "assert_same_path(student.Net(), reference.Net(), batches, lr=0.1, rng=rng)", {
        "half the gradient": (net("nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3)", "self.layers(x) / 2 + self.layers(x).detach() / 2"),
                              "the loss differs"),
        "statistics slower": (NORM.replace("BatchNorm1d(8)", "BatchNorm1d(8, momentum=0.05)"), "the weights differ"),
        "another activation": (NORM.replace("Tanh", "ReLU"), "values differ"),
    }),
}
FAULTS = {f"{check}: {fault}": (check, *CHECKS[check][3][fault]) for check in CHECKS for fault in CHECKS[check][3]}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """package(check): a package with this one check as its only, hidden test."""
    root = tmp_path_factory.mktemp("packages")

    def make(check):
        reference, wanted, body, _ = CHECKS[check]
        slug = "".join(filter(str.isalnum, check))
        return package_of(root, slug, reference=reference, wanted=f"[{wanted}]", tests=one_test(body))

    return make


@pytest.mark.parametrize("check", CHECKS)
def test_honest_code_passes(judge, package, check):
    for seed in range(5):
        report = judge.run(package(check), source(CHECKS[check][0]), seed)
        assert report.verdict is Verdict.ACCEPTED, why(report)


@pytest.mark.parametrize(("check", "text", "words"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_named(judge, package, check, text, words):
    report = judge.run(package(check), source(text), 1)
    message = result(report, "test_it").message
    assert report.verdict is Verdict.WRONG_ANSWER, why(report)
    assert words in message.en
    assert message.ko != message.en


def test_a_layers_name_is_not_in_what_a_hidden_test_says(judge, package):
    text = net("nn.Linear(4, 3)", more="self.whisper = nn.Linear(2, 2)")
    message = result(judge.run(package("gradients"), source(text)), "test_it").message
    assert "does not reach every" in message.en
    assert "whisper" not in message.en + message.ko


class Net(nn.Module):
    def __init__(self, drop=0.0):
        super().__init__()
        self.body, self.drop = nn.Linear(4, 40), nn.Dropout(drop)

    def forward(self, x):
        return self.drop(self.body(x))


def test_models_here_are_checked_alike():
    rng = Rng(1, "here")
    checks.assert_modes(Net(0.5), rng.normal(5, 4), random_in_training=True)
    checks.assert_gradient_reaches_all(Net(), rng.normal(5, 4), rng=rng)
    with pytest.raises(Mismatch, match="does nothing"):
        checks.assert_modes(Net(), rng.normal(5, 4), random_in_training=True)


def test_like_asks_for_the_same_finding():
    x, right, wrong = torch.ones(5, 4), Net(0.5), Net()
    checks.assert_modes(right, x, random_in_training=True, like=right)
    checks.assert_modes(wrong, x, random_in_training=True, like=wrong)
    with pytest.raises(Mismatch, match="does nothing"):
        checks.assert_modes(wrong, x, random_in_training=True, like=right)
    with pytest.raises(Mismatch, match="as the reference"):
        checks.assert_modes(right, x, random_in_training=True, like=wrong)


def test_weights_are_given_by_name():
    rng, one, two = Rng(1, "names"), Net(), Net()
    checks.give_weights(rng, one, two)
    before = checks.weights_of(one)
    assert torch.equal(before["body.weight"], checks.weights_of(two)["body.weight"])
    checks.sgd_step(one, rng.normal(5, 4), rng.integers(0, 40, 5), 0.1)
    assert not torch.equal(before["body.weight"], checks.weights_of(one)["body.weight"])
    with pytest.raises(Mismatch, match="names or the shapes"):
        checks.give_weights(rng, one, nn.Linear(4, 40))


def test_few_items_cannot_be_told_from_chance():
    x = torch.arange(8.0)[:, None]
    with pytest.raises(ValueError, match="20 items"):
        checks.assert_shuffled([(x, x)], x, x)
