"""Checks a model definition by transplant: random weights drawn here go into the student's model in the jail and into the
reference outside, and both must compute the same.

Weights are never taken *from* the student: zeros and dead units would make many architectures agree. Any honest way of
writing the model passes: other names, Sequential or not, layers registered in another order than they are used.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import nn

from sandbox.compare import Mismatch, compare, tolerances
from sandbox.contract import Text
from sandbox.draws import Rng
from sandbox.inside.models import OPERATIONS
from sandbox.modules import unwrap
from sandbox.student import Remote, StudentError

MAX_TENSORS = 2_000
MAX_MAPPINGS = 120
# Sums in two models may be laid out differently (a convolution by matrix product, an LSTM step by step).
MODEL_REDUCTION = 4_096


@dataclass(frozen=True, slots=True)
class Slot:
    """One parameter or buffer: where it is and what fits into it."""

    name: str
    kind: str
    shape: tuple[int, ...]
    dtype: torch.dtype

    @property
    def fit(self) -> tuple:
        return self.kind, self.shape, self.dtype


def assert_same_parameters(model: Any, reference: nn.Module) -> None:
    """Raises Mismatch unless both have the same number of parameters with the same shapes, in any order."""
    mine, other = slots_of(unwrap(model)), slots_of(unwrap(reference))
    wanted = Counter(slot.shape for slot in other if slot.kind == "parameter")
    found = Counter(slot.shape for slot in mine if slot.kind == "parameter")
    if not found and wanted:
        raise Mismatch(Text("학습할 파라미터가 없습니다. 층을 __init__에서 self의 속성(또는 nn.ModuleList)으로 만들었는지 확인하세요.",
                            "There are no parameters to train. Are the layers made in __init__ as attributes of self "
                            "(or in an nn.ModuleList)?"))
    if found != wanted:
        shapes = [sorted(map(list, counter.elements())) for counter in (wanted, found)]
        raise Mismatch(Text("파라미터의 개수나 모양이 다릅니다. 층의 종류, 크기, bias 여부를 확인하세요.",
                            "The number or the shapes of the parameters differ. Check the layers, their sizes and biases."),
                       Text(f"기대한 파라미터: {shapes[0]}\n나온 파라미터: {shapes[1]}"[:1200],
                            f"expected parameters: {shapes[0]}\nactual parameters: {shapes[1]}"[:1200]))


def assert_same_model(model: Any, reference: nn.Module, *inputs: torch.Tensor, rng: Rng, training: bool = False) -> None:
    """Raises Mismatch unless `model`, with the same random weights, computes what `reference` does for `inputs`.

    `training` also compares the output, every parameter's gradient and the running statistics of one step in train().
    Dropout must be absent or 0 for that: its masks are drawn by each side alone.
    """
    model, reference = unwrap(model), unwrap(reference)
    assert_same_parameters(model, reference)
    weights = random_weights(reference, rng)
    ask(reference, "load", weights)
    expected = ask(reference, "forward", inputs, False)
    mapping, failure = None, None
    for candidate in mappings(slots_of(reference), slots_of(model)):
        try:
            _try(model, candidate, weights, inputs, expected)
            mapping = candidate
            break
        except Mismatch as error:
            failure = failure or error
    if mapping is None:
        raise failure or Mismatch(Text("파라미터의 자료형(dtype)이나 버퍼(running statistics 등)가 다릅니다.",
                                       "The dtype of the parameters, or the buffers (running statistics), differ."))
    if training:
        _compare_training(model, reference, mapping, (inputs, rng.normal(*expected.shape)))


def ask(model: Any, operation: str, *arguments: Any) -> Any:
    """One of the operations of inside/models.py, on a module here or on one in the jail."""
    if isinstance(model, Remote):
        return model.ask_model(operation, *arguments)
    return OPERATIONS[operation](model, *arguments)


def slots_of(model: Any) -> list[Slot]:
    """The parameters and buffers of a module here or of one in the jail, in order of registration."""
    if not isinstance(model, (Remote, nn.Module)):
        _not_a_model()
    try:
        rows = ask(model, "describe")
    except StudentError as error:
        raise Mismatch(Text("모델의 파라미터를 읽을 수 없습니다. nn.Module인지, Lazy 층을 쓰지 않았는지 확인하세요.",
                            "The model's parameters cannot be read. Is it an nn.Module, without Lazy layers?")) from error
    return [_slot(row) for row in rows] if type(rows) is list and len(rows) <= MAX_TENSORS else _not_a_model()


def _slot(row: Any) -> Slot:
    kinds = (str, str, tuple, torch.dtype, bool)
    if type(row) is not tuple or len(row) != 5 or any(not isinstance(v, k) for v, k in zip(row, kinds, strict=True)):
        _not_a_model()
    return Slot(*row[:4])


def _not_a_model() -> NoReturn:
    raise Mismatch(Text("nn.Module이 아닙니다. class가 nn.Module을 상속하는지 확인하세요.",
                        "This is not an nn.Module. Does the class inherit from nn.Module?"))


def random_weights(reference: nn.Module, rng: Rng) -> dict[str, torch.Tensor]:
    """Random values for every floating tensor of `reference`, scaled so that activations neither vanish nor explode.

    Values with "var" in their name (running variances) are positive. Integer buffers (counters) start at zero.
    """
    drawn = {}
    for slot in slots_of(reference):
        if not slot.dtype.is_floating_point:
            drawn[slot.name] = torch.zeros(slot.shape, dtype=slot.dtype)
            continue
        fan_in = max(1, int(torch.tensor(slot.shape[1:]).prod())) if len(slot.shape) > 1 else 4
        value = rng.normal(*slot.shape, std=fan_in**-0.5) if "var" not in slot.name else rng.uniform(*slot.shape, low=0.5, high=2.0)
        drawn[slot.name] = value.to(slot.dtype)
    return drawn


def mappings(reference: list[Slot], model: list[Slot]) -> Iterator[dict[str, str]]:
    """Ways to map the reference's tensors to the model's: by order first, then by shape, then the few permutations of
    equal shapes. At most MAX_MAPPINGS are given.

    Buffers that the reference does not have (a scale, a mask) are the model's own affair."""
    groups: dict[tuple, tuple[list[str], list[str]]] = {}
    for side, slots in enumerate((reference, model)):
        for slot in slots:
            groups.setdefault(slot.fit, ([], []))[side].append(slot.name)
    if any(len(left) > len(right) or (len(left) < len(right) and fit[0] == "parameter") for fit, (left, right) in groups.items()):
        return
    # Within a shape the order of registration comes first: permutations() starts with the identity.
    choices = [[dict(zip(left, order, strict=True))
                for order in itertools.islice(itertools.permutations(right, len(left)), MAX_MAPPINGS)]
               for left, right in groups.values()]
    for combination in itertools.islice(itertools.product(*choices), MAX_MAPPINGS):
        yield {name: target for part in combination for name, target in part.items()}


def _try(model: Any, mapping: dict[str, str], weights: dict, inputs: tuple, expected: Any) -> None:
    ask(model, "load", {mapping[name]: value for name, value in weights.items()})
    _compare_outputs(ask(model, "forward", inputs, False), expected)


def _compare_outputs(actual: Any, expected: torch.Tensor) -> None:
    rtol, _ = tolerances(expected, MODEL_REDUCTION)
    compare(actual, expected, rtol=rtol, atol=rtol * max(1e-3, float(expected.abs().max())))


def _compare_training(model: Any, reference: nn.Module, mapping: dict[str, str], given: tuple) -> None:
    inputs, upstream = given
    expected, gradients = ask(reference, "gradients", inputs, upstream)
    try:
        answer = ask(model, "gradients", inputs, upstream)
    except StudentError as error:
        raise Mismatch(Text("train() 상태에서 역전파(backward)를 할 수 없습니다. detach()나 .data, no_grad를 썼는지 확인하세요.",
                            "Back-propagation fails in train(). Is there a detach(), .data or no_grad?")) from error
    if type(answer) is not tuple or len(answer) != 2 or type(answer[1]) is not dict:
        _not_a_model()
    _compare_outputs(answer[0], expected.detach())
    for name, gradient in gradients.items():
        _compare_gradient(answer[1].get(mapping[name]), gradient)
    after = ask(model, "values")
    for name, value in reference.named_buffers():
        compare(after.get(mapping[name]) if type(after) is dict else None, value.detach())


def _compare_gradient(actual: Any, expected: torch.Tensor | None) -> None:
    if expected is None:
        return
    if actual is None:
        raise Mismatch(Text("기울기(gradient)가 모든 파라미터에 전달되지 않습니다. forward에서 쓰지 않는 층이 있는지 확인하세요.",
                            "The gradient does not reach every parameter. Is there a layer that forward does not use?"))
    _compare_outputs(actual, expected)
