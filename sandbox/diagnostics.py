"""What goes wrong with deep-learning code in particular, each fault a check of one line in any package.

A model is one of the student's, in the jail, or one here. Where a check needs weights, the judge draws them.

`like` is the reference's own model (or loader). A check then asks for the same finding on both sides: with a known mistake
in the reference's place a submission that makes the very mistake passes, and so the mistake is recognised.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import torch

from sandbox.compare import Mismatch, compare, expect_kind, expected_actual, tolerances
from sandbox.contract import Text
from sandbox.draws import Rng
from sandbox.modules import unwrap
from sandbox.student import StudentError
from sandbox.transplant import MODEL_REDUCTION, ask, random_weights, slots_of

SIGMAS = 6  # of a normal variable: one false alarm in 500 million
GROUPS = 16

OTHER_FAULT = Text("기준 모델과 다르게 동작합니다.", "It does not behave as the reference does.")


def diagnosis(check: Callable[..., None]) -> Callable[..., None]:
    """Gives a check of one subject (a model, a loader) the argument `like`, see above."""

    @functools.wraps(check)
    def checked(subject: Any, *arguments: Any, like: Any = None, **named: Any) -> None:
        wanted = None if like is None else _fault(check, like, arguments, named)
        found = _fault(check, subject, arguments, named)
        if wanted is None and found is not None:
            raise found
        if wanted is not None and (found is None or found.reason != wanted.reason):
            raise Mismatch(OTHER_FAULT)

    return checked


def _fault(check: Callable[..., None], subject: Any, arguments: tuple, named: dict) -> Mismatch | None:
    try:
        check(unwrap(subject), *arguments, **named)
    except Mismatch as error:
        return error
    return None


def weights_of(model: Any) -> dict[str, torch.Tensor]:
    """Copies of all parameters and buffers, by name."""
    slots_of(unwrap(model))  # refuses what is not a model
    found = ask(unwrap(model), "values")
    if type(found) is not dict or not all(isinstance(value, torch.Tensor) for value in found.values()):
        raise Mismatch(Text("모델의 파라미터를 읽을 수 없습니다.", "The model's parameters cannot be read."))
    return {name: value.detach().clone() for name, value in found.items()}


def give_weights(rng: Rng, *models: Any) -> dict[str, torch.Tensor]:
    """Puts the same random weights into models whose tensors have the same names and shapes, and returns them."""
    drawn = random_weights(unwrap(models[0]), rng)
    for model in map(unwrap, models):
        shapes = {slot.name: slot.shape for slot in slots_of(model)}
        if any(shapes.get(name) != tuple(value.shape) for name, value in drawn.items()):
            raise Mismatch(Text("파라미터의 이름이나 모양이 다릅니다.", "The names or the shapes of the parameters differ."))
        ask(model, "load", drawn)
    return drawn


def trainable_of(model: Any) -> dict[str, bool]:
    """For each parameter's name whether it requires a gradient."""
    slots_of(unwrap(model))  # refuses what is not a model
    return {row[0]: row[4] for row in ask(unwrap(model), "describe") if row[1] == "parameter"}


def forward(model: Any, inputs: tuple, training: bool) -> torch.Tensor:
    """The output in eval() or train(). Raises Mismatch when it is not a tensor."""
    output = ask(model, "forward", inputs, training)
    expect_kind(output, torch.Tensor, "torch.Tensor")
    return output.detach()


def agree(left: torch.Tensor, right: torch.Tensor) -> bool:
    """Whether two results of one model are the same but for rounding."""
    try:
        compare(left, right, *tolerances(right, MODEL_REDUCTION))
    except Mismatch:
        return False
    return True


@diagnosis
def assert_gradient_reaches_all(model: Any, *inputs: torch.Tensor, rng: Rng) -> None:
    """Fails unless every parameter that requires a gradient gets one that is not all zero, with random weights."""
    give_weights(rng, model)
    upstream = rng.normal(*forward(model, inputs, True).shape)
    try:
        gradients = ask(model, "gradients", inputs, upstream)[1]
    except StudentError as error:
        raise Mismatch(Text("역전파(backward)를 할 수 없습니다. detach()나 .data, no_grad를 썼는지 확인하세요.",
                            "Back-propagation fails. Is there a detach(), .data or no_grad?")) from error
    for name, trains in trainable_of(model).items():
        gradient = gradients.get(name)
        if trains and (gradient is None or not gradient.count_nonzero()):
            raise Mismatch(Text("기울기(gradient)가 모든 파라미터에 전달되지 않습니다. forward에서 쓰지 않는 층이 있는지 확인하세요.",
                                "The gradient does not reach every parameter. Is there a layer that forward does not use?"),
                           Text(f"파라미터: {name[:80]}", f"parameter: {name[:80]}"))


@diagnosis
def assert_modes(model: Any, *inputs: torch.Tensor, random_in_training: bool) -> None:
    """Fails unless equal inputs give equal outputs in eval(), and in train() too or, `random_in_training`, never."""
    if not agree(forward(model, inputs, False), forward(model, inputs, False)):
        raise Mismatch(Text("eval()에서 같은 입력에 다른 출력이 나옵니다. 드롭아웃은 eval()에서 꺼져야 합니다.",
                            "In eval() equal inputs give different outputs. Dropout must be off in eval()."))
    is_random = not agree(forward(model, inputs, True), forward(model, inputs, True))
    if is_random and not random_in_training:
        raise Mismatch(Text("train()에서 출력이 무작위로 달라집니다. 여기에는 드롭아웃이 없습니다.",
                            "In train() the output is random. There is no dropout here."))
    if random_in_training and not is_random:
        raise Mismatch(Text("train()에서 드롭아웃이 동작하지 않습니다.", "Dropout does nothing in train()."))


@diagnosis
def assert_drop_rate(layer: Any, rate: float, *, size: int = 40_000) -> None:
    """Fails unless a dropout layer, in train(), turns off `rate` of its input and scales up the rest by 1 / (1 - rate).

    Of n values n * rate are turned off, give or take sqrt(n * rate * (1 - rate)): SIGMAS of these are allowed.
    """
    output = forward(layer, (torch.ones(size),), True)
    if tuple(output.shape) != (size,):
        raise Mismatch(Text("모양(shape)이 다릅니다.", "The shape differs."), expected_actual((size,), tuple(output.shape)))
    zeros = int((output == 0).sum())
    if abs(zeros - size * rate) > SIGMAS * math.sqrt(size * rate * (1 - rate)):
        raise Mismatch(Text("끄는 비율이 다릅니다. p는 남기는 비율이 아니라 끄는 비율입니다.",
                            "The drop rate differs. p is the share to turn off, not the share to keep."),
                       expected_actual(rate, zeros / size))
    kept = output[output != 0]
    if not agree(kept, torch.full_like(kept, 1 / (1 - rate))):
        raise Mismatch(Text("남은 값을 1 / (1 - p)배 하지 않았습니다.", "What is left is not scaled by 1 / (1 - p)."))


def assert_same_spread(model: Any, reference: Any, rows: torch.Tensor, *, repeats: int = 256) -> None:
    """Fails unless the outputs in train() vary as much as the reference's: the drop rate, wherever the dropout is.

    Both must hold the same weights. Each of `rows` comes `repeats` times in one batch: batch norm sees the same statistics,
    only dropout tells copies apart. The bound is SIGMAS standard errors, taken from GROUPS groups of copies.
    """
    actual, actual_error = _spread(unwrap(model), rows, repeats)
    expected, expected_error = _spread(unwrap(reference), rows, repeats)
    if not abs(actual - expected) <= SIGMAS * math.hypot(actual_error, expected_error):  # NaN fails
        raise Mismatch(Text("train()의 출력이 흔들리는 크기가 다릅니다. 드롭아웃의 비율과 자리를 확인하세요.",
                            "The outputs in train() vary by another amount. Check the rate and the place of the dropout."),
                       expected_actual(expected, actual))


def _spread(model: Any, rows: torch.Tensor, repeats: int) -> tuple[float, float]:
    """(variance over the copies of a row, mean of rows and outputs; its standard error)."""
    output = forward(model, (rows.repeat(repeats, *[1] * (rows.dim() - 1)),), True)
    if output.dim() == 0 or len(output) != repeats * len(rows):
        raise Mismatch(Text("배치의 행마다 출력이 하나씩 나와야 합니다.", "There must be one output for each row of the batch."))
    groups = output.double().reshape(GROUPS, repeats // GROUPS, len(rows), -1).var(dim=1).mean(dim=(1, 2))
    return float(groups.mean()), float(groups.std()) / math.sqrt(GROUPS)


@diagnosis
def assert_running_statistics(model: Any, *inputs: torch.Tensor) -> None:
    """Fails unless buffers move when the model sees inputs in train(), and stay in eval()."""
    names = [slot.name for slot in slots_of(model) if slot.kind == "buffer" and slot.dtype.is_floating_point]

    def moved(training: bool) -> bool:
        before = weights_of(model)
        forward(model, inputs, training)
        after = weights_of(model)
        return any(not torch.equal(before[name], after[name]) for name in names)

    if moved(training=False):
        raise Mismatch(Text("eval()에서 running statistics가 바뀝니다.", "Running statistics move in eval()."))
    if not moved(training=True):
        raise Mismatch(Text("train()에서 running statistics가 바뀌지 않습니다. 배치정규화를 쓰는지 확인하세요.",
                            "Running statistics do not move in train(). Is batch norm used?"))


@diagnosis
def assert_parameter_count(model: Any, count: int, *, trainable_only: bool = False) -> None:
    """Fails unless the model has `count` numbers to learn; `trainable_only`: those that require a gradient."""
    trains = trainable_of(model)
    found = sum(math.prod(slot.shape) for slot in slots_of(model)
                if slot.kind == "parameter" and (trains[slot.name] or not trainable_only))
    if found != count:
        raise Mismatch(Text("파라미터의 수가 다릅니다.", "The number of parameters differs."), expected_actual(count, found))


@diagnosis
def assert_rows_independent(model: Any, *inputs: torch.Tensor, rng: Rng) -> None:
    """Fails unless, in eval(), a row's output depends on that row alone: one row is replaced by a copy of another.

    The batch is the first dimension of every input and of the output; there are two rows or more.
    """
    changed, source = (int(number) for number in rng.permutation(len(inputs[0]))[:2])
    order = torch.arange(len(inputs[0]))
    order[changed] = source
    before, after = forward(model, inputs, False), forward(model, tuple(value[order] for value in inputs), False)
    if before.dim() == 0 or before.shape != after.shape or len(before) != len(order):
        raise Mismatch(Text("배치의 행마다 출력이 하나씩 나와야 합니다.", "There must be one output for each row of the batch."))
    if not agree(after, before[order]):
        raise Mismatch(Text("배치의 한 행을 바꾸면 다른 행의 출력도 바뀝니다. 배치 차원으로 평균, 소프트맥스 등을 구하는지 확인하세요.",
                            "Changing one row of the batch changes the output of another. Is there a mean, a softmax or the like "
                            "over the batch?"))


def assert_padding_ignored(call: Callable[[torch.Tensor], Any], x: torch.Tensor, *, pad: float = 0, extra: int = 3, dim: int = 1) -> None:
    """Fails unless `call` gives the same for x and for x with `extra` positions of `pad` more at the end of `dim`."""
    shape = list(x.shape)
    shape[dim] = extra
    plain, padded = call(x), call(torch.cat([x, torch.full(shape, pad, dtype=x.dtype)], dim))
    expect_kind(plain, torch.Tensor, "torch.Tensor")
    expect_kind(padded, torch.Tensor, "torch.Tensor")
    if not agree(padded, plain):
        raise Mismatch(Text("패딩을 더 붙이면 결과가 달라집니다. 패딩 위치를 빼고 계산하세요.",
                            "More padding changes the result. Leave the padded positions out."), expected_actual(plain, padded))
