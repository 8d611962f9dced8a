"""Seeded random inputs for hidden tests: the same seed and test name, the same numbers, on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import torch

T = TypeVar("T")


class Rng:
    """Draws tensors and numbers from one seeded generator. Shapes are given as separate ints.

    `sizes` replaces sizes in shapes by others (see shrink.py); `drawn` keeps the tensors.
    """

    def __init__(self, seed: int, name: str = "", sizes: dict[int, int] | None = None) -> None:
        self.seed, self.name, self.sizes = seed, name, sizes or {}
        self.drawn: list[torch.Tensor] = []
        digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
        self.generator = torch.Generator().manual_seed(int.from_bytes(digest[:7], "little"))

    def normal(self, *shape: int, mean: float = 0.0, std: float = 1.0) -> torch.Tensor:
        """float32 Tensor[*shape] of a normal distribution."""
        return self._keep(torch.randn(self._shape(shape), generator=self.generator) * std + mean)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
        """float32 Tensor[*shape], uniform in [low, high)."""
        return self._keep(torch.rand(self._shape(shape), generator=self.generator) * (high - low) + low)

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """int64 Tensor[*shape], low <= value < high."""
        return self._keep(torch.randint(low, high, self._shape(shape), generator=self.generator))

    def _shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(self.sizes.get(size, size) for size in shape)

    def _keep(self, tensor: torch.Tensor) -> torch.Tensor:
        self.drawn.append(tensor)
        return tensor

    def permutation(self, n: int) -> torch.Tensor:
        """int64 Tensor[n]: 0..n-1 in random order."""
        return torch.randperm(n, generator=self.generator)

    def integer(self, low: int, high: int) -> int:
        """An int, low <= value < high."""
        return int(torch.randint(low, high, (), generator=self.generator))

    def float(self, low: float, high: float) -> float:
        """A float in [low, high)."""
        return low + (high - low) * torch.rand((), generator=self.generator, dtype=torch.float64).item()

    def choice(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[self.integer(0, len(items))]
