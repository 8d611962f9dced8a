"""The places where student code runs: one for every kind of exercise, a notebook, and a listing of the question bank.

In each place stands the same `total(x, word) -> x.sum() * 2 + len(word)`, so that every attack runs in every one: the place adds
to the attack's source what that kind of exercise asks for (a Dataset, a model, a training loop), written with `total`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.contract import Limits, Report, Source, Verdict
from sandbox.judge import Judge
from sandbox.listings import Listing, Outcome, evaluate
from sandbox.packages import Package
from tests.sandbox.attacks.target import REFERENCE, WORD, WRONG, tests_with
from tests.sandbox.building import notebook, package_of

LIMITS = "limits: {seconds: 10, memory_mb: 256, output_kb: 16, processes: 16}"
MAX_ERROR = 1_000  # characters of what a listing's failure says

# wanted name, what is added to the source, and what a test does with one input (`side` is the student or the reference)
EXERCISES: dict[str, tuple[str, str, str]] = {
    "function": ("total", "", """
def check(student, reference, x, word, rng):
    assert_close(student.total(x, word), reference.total(x, word))
"""),
    "text": ("spell", """
def spell(numbers, word):
    return [word[:1], str(float(total(torch.tensor(numbers), word)))]
""", """
def check(student, reference, x, word, rng):
    assert_equal(student.spell(x.tolist(), word), reference.spell(x.tolist(), word))
"""),
    "object": ("Counter", """
class Counter:
    def __init__(self, word):
        self.word = word

    def add(self, x):
        self.value = total(x, self.word)
""", """
def check(student, reference, x, word, rng):
    sides = student.Counter(word), reference.Counter(word)
    [side.add(x) for side in sides]
    assert_close(*(side.get("value") for side in sides))
"""),
    "dataset": ("Totals", """
class Totals(torch.utils.data.Dataset):
    def __init__(self, x, word):
        self.x, self.word = x, word

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.x[index], total(self.x[: index + 1], self.word)
""", """
def check(student, reference, x, word, rng):
    sides = student.Totals(x, word), reference.Totals(x, word)
    assert_equal(*map(len, sides))
    assert_close(*(side[len(x) - 1] for side in sides))
"""),
    "loader": ("make_loader", """
def make_loader(x, word):
    return torch.utils.data.DataLoader(x, batch_size=2, collate_fn=lambda rows: total(torch.stack(rows), word))
""", """
def check(student, reference, x, word, rng):
    assert_close(*([*iter(side.make_loader(x, word))] for side in (student, reference)))
"""),
    "frame": ("table", """
def table(frame, word):
    import pandas
    return pandas.DataFrame({"total": [float(total(torch.tensor(frame["x"].to_numpy()), word))]})
""", """
def check(student, reference, x, word, rng):
    import pandas
    frame = pandas.DataFrame({"x": x.numpy()})
    assert_close(*(torch.tensor(side.table(frame, word)["total"].to_numpy()) for side in (student, reference)))
"""),
    "model": ("Net", """
class Net(torch.nn.Module):
    def __init__(self, features, word):
        super().__init__()
        self.linear, self.word = torch.nn.Linear(features, 2), word

    def forward(self, x):
        return total(self.linear(x), self.word)
""", """
def check(student, reference, x, word, rng):
    for training in (False, True):
        model, expected = student.Net(len(x), word), reference.Net(len(x), word)
        assert_same_model(model, expected, x[None], rng=rng, training=training)
"""),
    "adapted model": ("adapt", """
class Last(torch.nn.Module):
    def __init__(self, word):
        super().__init__()
        self.word = word

    def forward(self, x):
        return total(x, self.word)


def adapt(model, word):
    model.last = Last(word)
    return model
""", """
def check(student, reference, x, word, rng):
    model, expected = (side.adapt(side.given.Net(len(x)), word) for side in (student, reference))
    assert_same_model(model, expected, x[None], rng=rng)
"""),
    "training": ("train", """
def train(model, batches, word):
    losses = []
    for x in batches:
        loss = total(model(x), word)
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.1 * parameter.grad
        losses.append(loss.item())
    return losses
""", """
def check(student, reference, x, word, rng):
    models = student.given.Net(len(x)), reference.given.Net(len(x))
    give_weights(rng, *models)
    assert_close(*(side.train(model, [x[None]], word) for side, model in zip((student, reference), models)))
    assert_close(*map(weights_of, models))
"""),
}
GIVEN = """
import torch


class Net(torch.nn.Module):
    def __init__(self, features):
        super().__init__()
        self.first, self.last = torch.nn.Linear(features, 3), torch.nn.Identity()

    def forward(self, x):
        return self.last(self.first(x))
"""
IN_A_CELL = "TEXT = {source!r}\n\ntotal = (exec(TEXT, globals()), globals()['total'])[1]\n"

CASE = {"case": [7.5, -1.0, 2.0], "case_word": WORD}
LISTING = "\nanswer = float(total(__import__('torch').tensor(case), case_word))\n"
ANSWERS = (2 * sum(CASE["case"]) + len(WORD),)


@dataclass(frozen=True)
class Place:
    """One place: `strike(judge, source, limits)` runs an attack's source there."""

    name: str
    package: Package
    strike: Callable[[Judge, Source, Limits], Report]


def build(root: Path) -> dict[str, Place]:
    """Every place, its exercise below `root`."""
    places = {}
    for name, (wanted, added, check) in EXERCISES.items():
        added = "\n\nimport torch\n" + added if added else ""
        package = package_of(root, name.replace(" ", "-"), tests=tests_with(check, name), reference=REFERENCE + added,
                             wanted=f"[{wanted}]", more=LIMITS, given=GIVEN, submissions={"wrong_answer/single.py": WRONG + added})
        places[name] = Place(name, package, _submission(package, added))
    function = places["function"].package
    places["notebook"] = Place("notebook", function, _notebook(function))
    places["listing"] = Place("listing", function, _listing)
    return places


def _submission(package: Package, added: str) -> Callable[[Judge, Source, Limits], Report]:
    def strike(judge: Judge, source: Source, limits: Limits) -> Report:
        whole = source if source.name.endswith(".ipynb") else Source(source.name, source.data + added.encode())
        return judge.run(dataclasses.replace(package, limits=limits), whole)

    return strike


def _notebook(package: Package) -> Callable[[Judge, Source, Limits], Report]:
    def strike(judge: Judge, source: Source, limits: Limits) -> Report:
        cell = IN_A_CELL.format(source=source.data.decode())
        whole = source if source.name.endswith(".ipynb") else notebook(cell, "print('not wanted')\n1 / 0\n")
        return judge.run(dataclasses.replace(package, limits=limits), whole)

    return strike


def _listing(judge: Judge, source: Source, limits: Limits) -> Report:
    """The outcome as a report: a listing has no verdict of its own."""
    judge.warm_up()
    listing = Listing(source.data.decode() + LISTING, (CASE,))
    [outcome] = evaluate([listing], limits.seconds, limits, judge.zygote)
    score = 100.0 if outcome.answers == ANSWERS and not outcome.error else 0.0
    return Report("", _verdict(outcome, score), score, 100.0, stdout=outcome.output, error=outcome.error, limits=limits)


def _verdict(outcome: Outcome, score: float) -> Verdict:
    assert len(outcome.error) < MAX_ERROR
    word = outcome.error.partition(":")[0]
    if word in list(Verdict):
        return Verdict(word)
    if outcome.error:
        return Verdict.INVALID if word == "SyntaxError" else Verdict.RUNTIME_ERROR
    return Verdict.ACCEPTED if score else Verdict.WRONG_ANSWER

