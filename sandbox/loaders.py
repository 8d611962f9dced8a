"""Checks of a DataLoader, or of anything that is iterated over for (x, y) batches. See diagnostics.py for `like`.

Items must be told apart: no two rows of x alike. With 20 items or more a shuffle that keeps the order by chance, or gives one
order twice, comes once in 2 * 10**18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from sandbox.compare import Mismatch, expect_kind, expected_actual
from sandbox.contract import Text
from sandbox.diagnostics import diagnosis

FEWEST = 20


def items_of(loader: Iterable[Any]) -> list[torch.Tensor]:
    """One pass: [x, y], every batch joined to the next."""
    batches = list(iter(loader))  # list(loader) would ask for a length, which an iterable need not have
    if not batches:
        raise Mismatch(Text("배치가 하나도 나오지 않습니다.", "Not a single batch comes."))
    for batch in batches:
        if type(batch) not in (list, tuple) or len(batch) != 2 or not all(isinstance(part, torch.Tensor) for part in batch):
            raise Mismatch(Text("배치는 (x, y) 텐서 두 개여야 합니다.", "A batch must be two tensors, (x, y)."))
        expect_kind(batch[0], torch.Tensor, "torch.Tensor")
    try:
        return [torch.cat(parts) for parts in zip(*batches, strict=True)]
    except RuntimeError as error:
        raise Mismatch(Text("배치마다 한 항목의 모양이 다릅니다.", "The items differ in shape from batch to batch.")) from error


def order_of(loader: Iterable[Any], x: torch.Tensor, y: torch.Tensor) -> list[int]:
    """The numbers of the items of one pass. Raises Mismatch unless each comes once, x with its own y."""
    inputs, targets = items_of(loader)
    if inputs.shape != x.shape or targets.shape != y.shape:
        raise Mismatch(Text("나온 데이터의 수나 모양이 다릅니다.", "The number or the shape of the items differs."),
                       expected_actual([tuple(x.shape), tuple(y.shape)], [tuple(inputs.shape), tuple(targets.shape)]))
    same = (inputs.reshape(len(x), 1, -1) == x.reshape(1, len(x), -1)).all(dim=2)
    if not bool((same.sum(0) == 1).all() & (same.sum(1) == 1).all()):
        raise Mismatch(Text("모든 데이터가 한 번씩 나오지 않습니다.", "Not every item comes exactly once."))
    order = same.int().argmax(1)
    if not torch.equal(targets, y[order]):
        raise Mismatch(Text("입력과 정답의 짝이 어긋납니다. 함께 섞어야 합니다.", "Inputs and targets no longer match: shuffle them together."))
    return order.tolist()


@diagnosis
def assert_in_order(loader: Any, x: torch.Tensor, y: torch.Tensor) -> None:
    """Fails unless two passes give every item once, as they stand in x and y."""
    for _ in range(2):
        if order_of(loader, x, y) != list(range(len(x))):
            raise Mismatch(Text("데이터의 순서가 바뀌었습니다.", "The order of the items has changed."))


@diagnosis
def assert_shuffled(loader: Any, x: torch.Tensor, y: torch.Tensor) -> None:
    """Fails unless each pass gives every item once, each with its own y, in a new random order."""
    _enough(x)
    first, second = order_of(loader, x, y), order_of(loader, x, y)
    if first == sorted(first):
        raise Mismatch(Text("데이터가 섞이지 않았습니다.", "The items are not shuffled."))
    if first == second:
        raise Mismatch(Text("에폭마다 순서가 같습니다. 에폭마다 새로 섞어야 합니다.", "Every epoch has the same order: shuffle anew each time."))


@diagnosis
def assert_reproducible(make: Callable[[int], Any], x: torch.Tensor, y: torch.Tensor) -> None:
    """Fails unless the loaders that make(seed) gives have one order for one seed, and others for other seeds."""
    _enough(x)
    first, again, other = (order_of(make(seed), x, y) for seed in (1, 1, 2))
    if first != again:
        raise Mismatch(Text("시드가 같아도 순서가 다릅니다.", "One seed gives two orders."))
    if first == other:
        raise Mismatch(Text("시드가 달라도 순서가 같습니다.", "Two seeds give one order."))


def _enough(x: torch.Tensor) -> None:
    if len(x) < FEWEST:
        raise ValueError(f"{FEWEST} items or more are needed to tell a shuffle from chance")
