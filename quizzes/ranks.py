"""Ranks on a result board. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """One student's points, of the quizzes that count."""

    user_id: int
    points: Decimal
    maximum: Decimal
    quizzes: int = 1


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    score: Score


def rank_scores(scores: Iterable[Score]) -> list[Ranked]:
    """Most points first; equal points share a rank and the next one is skipped (1, 2, 2, 4).

    Time plays no part: who thinks longer is not behind.
    """
    ordered = sorted(scores, key=lambda score: (-score.points, score.user_id))
    ranked: list[Ranked] = []
    for place, score in enumerate(ordered, start=1):
        tied = ranked and ranked[-1].score.points == score.points
        ranked.append(Ranked(ranked[-1].rank if tied else place, score))
    return ranked
