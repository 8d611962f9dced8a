"""What the judge asks of an nn.Module that stays in the jail: its tensors, and runs with gradients.

The judge draws the weights and compares the results outside; a lie told here is a wrong answer there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  as everybody writes it

LOSSES: dict[str, Callable[..., torch.Tensor]] = {"cross_entropy": F.cross_entropy, "mse": F.mse_loss}


def _module(value: Any) -> nn.Module:
    if not isinstance(value, nn.Module):
        raise TypeError(f"expected an nn.Module, got {type(value).__name__}")
    return value


def describe(model: Any) -> list[tuple]:
    """(name, "parameter" or "buffer", shape, dtype, requires_grad) of every tensor, in the order of registration."""
    module = _module(model)
    parameters = [(name, "parameter", tuple(t.shape), t.dtype, t.requires_grad) for name, t in module.named_parameters()]
    buffers = [(name, "buffer", tuple(t.shape), t.dtype, False) for name, t in module.named_buffers()]
    return parameters + buffers


def load(model: Any, values: dict[str, torch.Tensor]) -> None:
    """Copies `values` into the parameters and buffers of these names."""
    tensors = tensors_of(_module(model))
    with torch.no_grad():
        for name, value in values.items():
            tensors[name].copy_(value)


def values(model: Any) -> dict[str, torch.Tensor]:
    """All parameters and buffers, by name."""
    return tensors_of(_module(model))


def forward(model: Any, inputs: tuple, training: bool) -> Any:
    """The output for `inputs` in eval() or train(), without gradients."""
    module = _module(model).train(training)
    with torch.no_grad():
        return module(*inputs)


def gradients(model: Any, inputs: tuple, upstream: torch.Tensor) -> tuple:
    """One step in train(): the output, and every parameter's gradient of sum(output * upstream) or None."""
    module = _module(model).train()
    module.zero_grad(set_to_none=True)
    output = module(*inputs)
    output.backward(upstream)
    return output, {name: tensor.grad for name, tensor in module.named_parameters()}


def backward(model: Any, inputs: tuple, target: torch.Tensor, loss: str, training: bool) -> tuple:
    """The output, and every parameter's gradient of the loss or None; nothing is moved but running statistics."""
    module = _module(model).train(training)
    module.zero_grad(set_to_none=True)
    output = module(*inputs)
    LOSSES[loss](output, target).backward()
    return output, {name: tensor.grad for name, tensor in module.named_parameters()}


def sgd_step(model: Any, inputs: tuple, target: torch.Tensor, loss: str, lr: float, training: bool) -> None:
    """One step of torch.optim.SGD on every parameter that requires a gradient."""
    backward(model, inputs, target, loss, training)
    torch.optim.SGD([tensor for tensor in model.parameters() if tensor.requires_grad], lr=lr).step()


def tensors_of(module: nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and buffers by name, parameters first."""
    return dict(module.named_parameters()) | dict(module.named_buffers())


OPERATIONS: dict[str, Callable[..., Any]] = {
    "describe": describe, "load": load, "values": values, "forward": forward, "gradients": gradients, "backward": backward,
    "sgd_step": sgd_step,
}
