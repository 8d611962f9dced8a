"""Public against private: the report at the end."""

from __future__ import annotations

from dataclasses import dataclass

from competitions.models import Phase, RoundChallenge, Standing
from competitions.queries.boards import View, ranked
from competitions.standings.shakeup import Move, Shakeup, shake_up

MOST = 1000  # from the top of the final board


@dataclass(frozen=True)
class Moved:
    move: Move
    final: Standing
    live: Standing


@dataclass(frozen=True)
class Report:
    """`rows` by private rank; `is_whole` unless the board has more than MOST."""

    shakeup: Shakeup
    rows: list[Moved]
    is_whole: bool

    @property
    def risen(self) -> list[Moved]:
        return self._of(self.shakeup.risen)

    @property
    def fallen(self) -> list[Moved]:
        return self._of(self.shakeup.fallen)

    def _of(self, moves: list[Move]) -> list[Moved]:
        by_participant = {row.move.participant: row for row in self.rows}
        return [by_participant[move.participant] for move in moves]


def shakeup_of(opening: RoundChallenge, phase: Phase | None) -> Report:
    """Of the first MOST of the final board. Their ranks are those among themselves."""
    finals = list(ranked(View(opening, Standing.Board.FINAL, phase)).select_related("participant__person")[: MOST + 1])
    is_whole, finals = len(finals) <= MOST, finals[:MOST]
    live = {
        row.participant_id: row
        for row in ranked(View(opening, Standing.Board.LIVE, phase)).filter(
            participant__in=[row.participant_id for row in finals]
        )
    }
    order = {number: place for place, number in enumerate(live)}  # the query gives the order of the board
    final = {row.participant_id: row for row in finals}
    found = shake_up(order, {number: place for place, number in enumerate(final)})
    rows = [Moved(move, final[move.participant], live[move.participant]) for move in found.moves]
    return Report(found, rows, is_whole)
