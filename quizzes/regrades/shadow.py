"""What a correction would do: which marks move, by how much, and what that does to scores and ranks. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..ranks import Score, rank_scores


@dataclass(frozen=True, slots=True)
class Move:
    """One marked answer under both keys."""

    answer_id: int
    attempt_id: int
    was_right: bool
    is_right: bool
    before: Decimal
    after: Decimal

    @property
    def moves(self) -> bool:
        return (self.was_right, self.before) != (self.is_right, self.after)

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all answers marked: how many go up, go down, stay, and by how many points together."""

    up: int
    down: int
    same: int
    points: Decimal


def total(moves: Collection[Move]) -> Totals:
    up = sum(move.change > 0 for move in moves)
    down = sum(move.change < 0 for move in moves)
    return Totals(up, down, len(moves) - up - down, sum((move.change for move in moves), Decimal(0)))


def fingerprint(moves: Collection[Move]) -> str:
    """Names exactly this diff: what is applied must be what was looked at."""
    lines = sorted(f"{move.answer_id} {move.before} {move.after}" for move in moves if move.moves)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RankMove:
    before: int
    after: int


def rank_moves(scores: Sequence[Score], changes: dict[int, Decimal]) -> dict[int, RankMove]:
    """User id -> rank before and after, on a board of `scores` to which `changes` (user id -> points) are added."""
    before = {each.score.user_id: each.rank for each in rank_scores(scores)}
    moved = [
        Score(one.user_id, one.points + changes.get(one.user_id, Decimal(0)), one.maximum, one.quizzes)
        for one in scores
    ]
    return {
        each.score.user_id: RankMove(before[each.score.user_id], each.rank) for each in rank_scores(moved)
    }
