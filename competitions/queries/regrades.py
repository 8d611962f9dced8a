"""Who would move, or did, by a regrade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from competitions.actions.measuring import vector_of
from competitions.actions.standings import rules_of
from competitions.models import Measurement, Participant, Regrade, ScoreChange, Standing, Submission
from competitions.models.regrades import RegradeLine
from competitions.tally import Line, Scored, tally
from sandbox.contract import Verdict

BOARDS = (Standing.Board.LIVE, Standing.Board.FINAL)
FIELDS = ("participant", "phase", "pk", "score", "private_score", "received_at", "is_late", "is_selected")


@dataclass(frozen=True)
class RegradeMove:
    """One participant on one board: ranks and scores before and after; None where it does not stand there."""

    board: str
    phase: int | None
    participant: int
    name: str
    old_rank: int | None
    new_rank: int | None
    old_score: float | None
    new_score: float | None

    @property
    def rise(self) -> int:
        return self.old_rank - self.new_rank if self.old_rank and self.new_rank else 0

    @property
    def places(self) -> int:
        return abs(self.rise)

    @property
    def is_change(self) -> bool:
        return (self.old_rank, self.old_score) != (self.new_rank, self.new_score)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def moves_of(regrade: Regrade) -> list[RegradeMove]:
    """Everybody whose rank or score would change, by board and new rank; as it would be now."""
    people = {
        row.pk: row
        for row in regrade.opening.participants.filter(
            role=Participant.Role.ENTRANT, disqualified_at=None
        ).select_related("person")
    }
    rows = Submission.objects.filter(participant__in=people, score__isnull=False)
    before = list(rows.order_by("participant", "phase", "received_at", "pk").values_list(*FIELDS))
    old = _boards(regrade, before)
    new = _boards(regrade, _after(regrade, before))
    places = sorted(old.keys() | new.keys(), key=lambda place: (place[0] != Standing.Board.LIVE, place[1] or 0))
    moves = [
        _move(place, number, people[number], old.get(place, {}), new.get(place, {}))
        for place in places
        for number in {**new.get(place, {}), **old.get(place, {})}
    ]
    return sorted(
        (move for move in moves if move.is_change),
        key=lambda move: (move.board != Standing.Board.LIVE, move.phase or 0, move.new_rank or 10**9, move.old_rank or 0),
    )


def _move(place: tuple[str, int | None], number: int, participant: Participant, old: dict, new: dict) -> RegradeMove:
    before, after = old.get(number, (None, None)), new.get(number, (None, None))
    board, phase = place
    return RegradeMove(board, phase, number, participant.real_name, before[0], after[0], before[1], after[1])


def _after(regrade: Regrade, before: list[tuple]) -> list[tuple]:
    """The same rows with what the new version says; under the Ladder rule, what would be said."""
    lines = {
        line.submission_id: line
        for line in regrade.lines.exclude(judged_at=None)
        .exclude(verdict=Verdict.JUDGE_ERROR.value)
        .only("submission_id", "score", "private_score", "public")
    }
    rows = [
        (*row[:3], lines[row[2]].score, lines[row[2]].private_score, *row[5:]) if row[2] in lines else row
        for row in before
    ]
    rows = [row for row in rows if row[3] is not None]
    challenge = regrade.opening.challenge
    return _climbed(rows, lines, challenge.higher_is_better) if challenge.config.get("ladder") else rows


def _climbed(rows: list[tuple], lines: dict[int, RegradeLine], higher_is_better: bool) -> list[tuple]:
    from competitions.standings.ladder import Probe, climb  # NumPy

    known = Measurement.objects.in_bulk([row[2] for row in rows])

    def probe(row: tuple) -> Probe:
        if row[2] in lines:
            return Probe(row[3], vector_of(row[3], bytes(lines[row[2]].public)))
        found = known.get(row[2])
        return Probe(found.measured, vector_of(found.measured, bytes(found.public))) if found else Probe(row[3])

    result = []
    for _place, group in groupby(rows, key=lambda row: row[:2]):
        mine = list(group)
        timely = [row for row in mine if not row[6]]
        said = climb(map(probe, timely), higher_is_better)
        result += [(*row[:3], release.score, *row[4:]) for row, release in zip(timely, said, strict=True)]
        result += [row for row in mine if row[6]]
    return result


def _boards(regrade: Regrade, rows: Iterable[tuple]) -> dict[tuple[str, int | None], dict[int, tuple[int, float]]]:
    """(board, phase) -> participant -> (rank, score), in the order of the board."""
    rules = rules_of(regrade.opening)
    lines: dict[tuple[str, int | None], list[tuple[int, Line]]] = {}
    for (number, phase), group in groupby(rows, key=lambda row: row[:2]):
        for board, line in tally((Scored(*row[2:]) for row in group), rules).items():
            if board in BOARDS:
                lines.setdefault((board, phase), []).append((number, line))
    boards = {}
    for place, found in lines.items():
        found.sort(key=lambda pair: (-pair[1].sort_key, pair[1].reached_at, pair[1].submission))
        boards[place] = {number: (rank, line.score) for rank, (number, line) in enumerate(found, start=1)}
    return boards


def verdict_changes(regrade: Regrade) -> list[tuple[str, str, int]]:
    """(before, after, how many), the most frequent first; the verdicts that stay are left out."""
    pairs: Counter[tuple[str, str]] = Counter()
    lines = regrade.lines.exclude(judged_at=None).values_list("is_exchanged", "verdict", "submission__verdict")
    for is_exchanged, held, stands in lines.iterator():
        before, after = (held, stands) if is_exchanged else (stands, held)
        if before != after:
            pairs[before, after] += 1
    return [(before, after, count) for (before, after), count in pairs.most_common()]


def changes_for(user, opening) -> list[ScoreChange]:
    """What a person reads about their scores of this challenge that a regrade changed: the latest of each submission."""
    rows = ScoreChange.objects.filter(
        submission__participant__members__user=user, submission__participant__opening=opening, regrade__isnull=False
    ).select_related("submission__challenge")
    latest: dict[int, ScoreChange] = {}
    for change in rows.defer("old_report", "submission__report").order_by("-requested_at", "-id")[:200]:
        latest.setdefault(change.submission_id, change)
    return [change for change in latest.values() if change.is_seen]
