"""Public against private: who rose and fell when the hidden rows were counted, and how far both boards agree."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Move:
    """One participant's ranks, from 1, among those who are on both boards."""

    participant: Any
    public_rank: int
    private_rank: int

    @property
    def rise(self) -> int:
        """Places up (negative: down)."""
        return self.public_rank - self.private_rank

    @property
    def places(self) -> int:
        return abs(self.rise)


@dataclass(frozen=True, slots=True)
class Shakeup:
    """`moves` by private rank. `spearman` and `kendall` are rank correlations, -1 to 1, None for fewer than two people.
    `shake` is the mean of |rise| over the number of participants, 0 when nobody moved."""

    moves: list[Move]
    spearman: float | None
    kendall: float | None
    shake: float

    @property
    def risen(self) -> list[Move]:
        """Who went up, the most first."""
        return sorted(
            (move for move in self.moves if move.rise > 0), key=lambda move: (-move.rise, move.private_rank)
        )

    @property
    def fallen(self) -> list[Move]:
        """Who went down, the most first."""
        return sorted(
            (move for move in self.moves if move.rise < 0), key=lambda move: (move.rise, move.private_rank)
        )

    @property
    def unmoved(self) -> int:
        return sum(move.rise == 0 for move in self.moves)


def shake_up(public: Mapping[Any, int], private: Mapping[Any, int]) -> Shakeup:
    """`public` and `private`: participant -> rank, or anything that sorts like ranks and is nobody else's. Who is on one of
    both only is left out, and the others close ranks."""
    both = [who for who in private if who in public]
    publics, privates = _ranks(public, both), _ranks(private, both)
    moves = sorted(
        (Move(who, publics[who], privates[who]) for who in both), key=lambda move: move.private_rank
    )
    count = len(moves)
    if count < 2:
        return Shakeup(moves, None, None, 0.0)
    squares = sum(move.rise**2 for move in moves)
    spearman = 1 - 6 * squares / (count * (count**2 - 1))
    shake = sum(move.places for move in moves) / count / count
    return Shakeup(moves, spearman, _kendall(moves), shake)


def _ranks(given: Mapping[Any, int], both: list[Any]) -> dict[Any, int]:
    return {who: rank for rank, who in enumerate(sorted(both, key=lambda who: given[who]), start=1)}


def _kendall(moves: list[Move]) -> float:
    """(pairs in the same order - pairs in the other) / pairs. No ranks are shared here, so this is tau-a and tau-b."""
    seen: list[int] = []
    in_order = 0
    for move in moves:
        in_order += bisect_left(seen, move.public_rank)
        insort(seen, move.public_rank)
    pairs = len(moves) * (len(moves) - 1) / 2
    return 2 * in_order / pairs - 1
