"""Checks of training: one batch by heart, the path of plain SGD, what stays frozen. See diagnostics.py for `like`.

Where learning itself is judged, the judge draws the weights, takes the steps and computes the losses; the jail only gives
outputs and gradients. Targets do cross to it: give these checks some that tell nothing about a hidden test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812  as everybody writes it

from sandbox.compare import Mismatch, compare, expect_kind, tolerances
from sandbox.contract import Text
from sandbox.diagnostics import diagnosis, forward, give_weights, trainable_of, weights_of
from sandbox.draws import Rng
from sandbox.inside.models import LOSSES
from sandbox.modules import unwrap
from sandbox.student import StudentError
from sandbox.transplant import MODEL_REDUCTION, ask, assert_same_model

ADAM_RATE = 0.02
MEMORISED = 0.01  # of the targets' variance: what a regression that knows a batch by heart may leave

Batch = tuple[torch.Tensor, torch.Tensor]


def sgd_step(model: Any, x: torch.Tensor, y: torch.Tensor, lr: float, *, loss: str = "cross_entropy", training: bool = True) -> None:
    """One step of plain SGD, where the model is; `training`: in train(), otherwise in eval()."""
    ask(unwrap(model), "sgd_step", (x,), y, loss, lr, training)


@diagnosis
def assert_overfits(model: Any, x: torch.Tensor, y: torch.Tensor, *, rng: Rng, loss: str = "cross_entropy",
                    steps: int = 150) -> None:
    """Fails unless the model learns one batch by heart: every class right, or 99 % of the targets' variance explained.

    Adam runs here, on weights drawn here; the jail only gives gradients.
    """
    weights = give_weights(rng, model)
    leaves = {name: weights[name].requires_grad_() for name, trains in trainable_of(model).items() if trains}
    if leaves:
        _learn_by_heart(model, leaves, (x, y, loss), steps)
    output = forward(model, (x,), False)
    learnt = (torch.equal(output.argmax(1), y) if loss == "cross_entropy"
              else output.shape == y.shape and F.mse_loss(output, y) < MEMORISED * y.var())
    if not learnt:
        raise Mismatch(Text("배치 하나도 외우지 못합니다. 층이 이어져 있는지, 활성화 함수와 출력의 모양이 맞는지 확인하세요.",
                            "It cannot even learn one batch by heart. Check that the layers are connected, the activations and "
                            "the shape of the output."))


def _learn_by_heart(model: Any, leaves: dict[str, torch.Tensor], batch: tuple, steps: int) -> None:
    optimizer = torch.optim.Adam(leaves.values(), lr=ADAM_RATE)
    for _ in range(steps):
        gradients = loss_gradients(model, *batch)[1]
        for name, leaf in leaves.items():
            leaf.grad = gradients.get(name)
        optimizer.step()
        ask(model, "load", {name: leaf.detach() for name, leaf in leaves.items()})


def loss_gradients(model: Any, x: torch.Tensor, y: torch.Tensor, loss: str) -> tuple[torch.Tensor, dict]:
    """Output and gradients of one step in train(). Raises Mismatch when there is no way back from the loss."""
    try:
        output, gradients = ask(model, "backward", (x,), y, loss, True)
    except StudentError as error:
        raise Mismatch(Text("손실을 구해 역전파(backward)를 할 수 없습니다. 출력의 모양과 detach(), no_grad를 확인하세요.",
                            "The loss cannot be back-propagated. Check the shape of the output, detach() and no_grad.")) from error
    expect_kind(output, torch.Tensor, "torch.Tensor")
    expect_kind(gradients, dict, "dict")
    return output.detach(), gradients


@diagnosis
def assert_only_trains(model: Any, trainable: Sequence[str], x: torch.Tensor, y: torch.Tensor, *, rng: Rng,
                       loss: str = "cross_entropy") -> None:
    """Fails unless exactly the parameters named in `trainable` move in three steps of SGD with random weights."""
    before = give_weights(rng, model)
    for _ in range(3):
        if any(trainable_of(model).values()):
            sgd_step(model, x, y, 0.1, loss=loss, training=False)
    after = weights_of(model)
    moved = {name for name in trainable_of(model) if not torch.equal(before[name], after[name])}
    if moved - set(trainable):
        raise Mismatch(Text("얼려야 할 파라미터가 학습으로 바뀝니다. requires_grad를 확인하세요.",
                            "Parameters that should be frozen are trained. Check requires_grad."))
    if moved != set(trainable):
        raise Mismatch(Text("학습해야 할 파라미터가 바뀌지 않습니다. requires_grad와 이름을 확인하세요.",
                            "Parameters that should be trained do not move. Check requires_grad and their names."))


def assert_same_path(model: Any, reference: Any, batches: Sequence[Batch], *, lr: float, rng: Rng,
                     loss: str = "cross_entropy") -> None:
    """Fails unless plain SGD over `batches` ((x, y) each) takes the model the same way as the reference: every loss, then
    all weights and running statistics. Dropout must be absent or 0.

    Both begin with the same random weights. Rounding errors of the steps add up, and so do the tolerances.
    """
    model, reference = unwrap(model), unwrap(reference)
    assert_same_model(model, reference, batches[0][0], rng=rng)
    mapping = _mapping(model, reference)
    mine, other = ({name: value for name, value in weights_of(one).items() if name in trainable_of(one)} for one in (model, reference))
    for number, (x, y) in enumerate(batches, start=1):
        actual, expected = _descend(model, mine, (x, y, loss, lr)), _descend(reference, other, (x, y, loss, lr))
        _compare_within(actual, expected, number, LOSS_DIFFERS)
    for name, value in weights_of(reference).items():
        if name in mapping:
            _compare_within(weights_of(model).get(mapping[name]), value, len(batches), WEIGHTS_DIFFER)


LOSS_DIFFERS = Text("학습하는 동안의 손실이 기준 모델과 다릅니다.", "While training, the loss differs from the reference's.")
WEIGHTS_DIFFER = Text("학습한 뒤의 가중치가 기준 모델과 다릅니다.", "After training, the weights differ from the reference's.")


def _mapping(model: Any, reference: Any) -> dict[str, str]:
    """The reference's names to the model's, by the random values that assert_same_model has put into both."""
    mine = weights_of(model)
    found = {}
    for name, value in weights_of(reference).items():
        if value.is_floating_point():
            found[name] = next((other for other, its in mine.items() if torch.equal(its, value)), "")
    return found


def _descend(model: Any, weights: dict[str, torch.Tensor], step: tuple) -> torch.Tensor:
    """One step of SGD: the loss before it. `weights` are moved, here and in the model."""
    x, y, loss, lr = step
    output, gradients = loss_gradients(model, x, y, loss)
    for name, weight in weights.items():
        if gradients.get(name) is not None:
            weight -= lr * gradients[name].detach()
    ask(model, "load", weights)
    return LOSSES[loss](output, y)


def _compare_within(actual: Any, expected: torch.Tensor, steps: int, reason: Text) -> None:
    rtol, atol = (steps * tolerance for tolerance in tolerances(expected, MODEL_REDUCTION))
    try:
        compare(actual, expected, rtol, atol)
    except Mismatch as error:
        raise Mismatch(reason, error.detail) from error
