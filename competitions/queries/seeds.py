"""The best programs of a competition, with their own score and that with another seed, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from competitions.models import RoundChallenge, SeedRun, Standing
from competitions.queries.boards import View, ranked


@dataclass(frozen=True)
class SeedRow:
    """One line: `rank` on the board now, `new_rank` among the lines by the score with the other seed; None where there is none."""

    rank: int
    standing: Standing
    run: SeedRun | None
    new_rank: int | None

    @property
    def moved(self) -> int:
        """How many places it would move up (negative: down) among the lines."""
        return self.rank - self.new_rank if self.new_rank else 0

    @property
    def places(self) -> int:
        return abs(self.moved)


def seeds_of(opening: RoundChallenge) -> list[int]:
    """The seeds that programs of this opening were run with, the latest first."""
    rows = SeedRun.objects.filter(submission__round=opening.round, submission__challenge=opening.challenge)
    return list(dict.fromkeys(rows.order_by("-requested_at", "-id").values_list("seed", flat=True)))


def seed_rows(view: View, seed: int, count: int) -> list[SeedRow]:
    """The first `count` of the board and what became of them with `seed`. By the private score on the final board."""
    standings = list(ranked(view).select_related("participant__person", "best")[:count])
    runs: dict[int | None, SeedRun] = {
        run.submission_id: run
        for run in SeedRun.objects.filter(seed=seed, submission__in=[row.best_id for row in standings])
    }
    is_final = view.kind == Standing.Board.FINAL
    scores = {}
    for row in standings:
        run = runs.get(row.best_id)
        score = (run.private_score if is_final else run.score) if run else None
        if score is not None:
            scores[row.pk] = score
    better_first = sorted(
        scores, key=lambda key: scores[key], reverse=view.opening.challenge.higher_is_better
    )
    ranks = {key: place for place, key in enumerate(better_first, 1)}
    return [
        SeedRow(place, row, runs.get(row.best_id), ranks.get(row.pk))
        for place, row in enumerate(standings, 1)
    ]
