"""Writing boards: one participant's rows after a verdict, all of an opening's when a rule changes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import transaction

from competitions.actions import measuring
from competitions.models import BoardSummary, Participant, RoundChallenge, Standing, Submission
from competitions.tally import Line, Rules, Scored, tally

FIELDS = ("pk", "score", "private_score", "received_at", "is_late", "is_selected")
BATCH = 1000


def rules_of(opening: RoundChallenge) -> Rules:
    return Rules(opening.challenge.higher_is_better, opening.final_selections, opening.freezes_at)


def update_standings(participant: Participant, phase_id: int | None) -> None:
    """Makes one participant's rows on the boards of a phase true again; touches those few rows and no other. Callers
    hold the transaction.

    The first row is locked before the submissions are read: of two results that arrive at once, the second sees the
    first.
    """
    place = {"opening_id": participant.opening_id, "participant": participant, "phase_id": phase_id}
    _lock(place, participant)
    participant.refresh_from_db(fields=["role", "disqualified_at"])
    opening = participant.opening
    if measuring.uses_ladder(opening.challenge):
        measuring.release(participant.pk, phase_id, opening.challenge)
    scored = Submission.objects.filter(participant=participant, phase=phase_id, score__isnull=False)
    lines = tally((Scored(*row) for row in scored.values_list(*FIELDS)), rules_of(opening))
    intervals = measuring.intervals_of(opening.challenge, {line.submission for line in lines.values()})
    there = {row.board: row for row in Standing.objects.filter(**place)}
    for board in lines.keys() | there.keys():
        row = there.get(board) or Standing(**place, board=board, is_ranked=participant.is_ranked)
        row.is_ranked = participant.is_ranked
        _fill(row, lines.get(board), intervals)
        row.save()
    note_change(opening, phase_id, lines.keys() | there.keys())


def _lock(place: dict, participant: Participant) -> None:
    first = {**place, "board": Standing.Board.LIVE}
    while True:
        Standing.objects.get_or_create(**first, defaults={"is_ranked": participant.is_ranked})
        if Standing.objects.select_for_update(of=("self",)).filter(**first).first():
            return  # else the boards were written anew between the two


def _fill(row: Standing, line: Line | None, intervals: dict) -> None:
    row.best_id = line.submission if line else None
    row.score = line.score if line else None
    row.sort_key = line.sort_key if line else None
    row.reached_at = line.reached_at if line else None
    row.entries = line.entries if line else 0
    row.last_at = line.last_at if line else None
    public, private = intervals.get(row.best_id, ((None, None), (None, None)))
    row.low, row.high = private if row.board == Standing.Board.FINAL else public


def note_change(opening: RoundChallenge, phase_id: int | None, boards: Iterable[str]) -> None:
    """Remembers that a worker has to look at these boards again. Callers hold the transaction: whoever looks takes the mark
    away first, and so waits for the scores that put it there."""
    for board in sorted(set(boards) - {Standing.Board.LATE}):  # late entries have no rank to share
        place: dict[str, Any] = {"opening": opening, "phase_id": phase_id, "board": board}
        if not BoardSummary.objects.filter(**place).update(is_dirty=True):
            BoardSummary.objects.get_or_create(**place)


def rebuild_boards(opening: RoundChallenge) -> int:
    """Writes all rows of all boards of `opening` anew, in one pass over its submissions; returns how many.

    The opening is locked, so that of two changes of rules the later one is what stands. Verdicts that are recorded
    meanwhile wait for the rows of theirs that are there, and are counted by their own update.
    """
    with transaction.atomic():
        opening = (
            RoundChallenge.objects.select_for_update(of=("self",))
            .select_related("challenge")
            .get(pk=opening.pk)
        )
        people = {row.pk: row for row in opening.participants.exclude(role=Participant.Role.BASELINE)}
        kept = _day_ranks(people)
        Standing.objects.filter(opening=opening).exclude(participant__role=Participant.Role.BASELINE).delete()
        rows = list(_all_rows(opening, people))
        for row in rows:
            row.day_rank = kept.get((row.participant_id, row.phase_id, row.board))
        Standing.objects.bulk_create(rows, batch_size=BATCH)
        for phase_id, board in sorted({(row.phase_id or 0, row.board) for row in rows}):
            note_change(opening, phase_id or None, [board])
    return len(rows)


def _day_ranks(people: Iterable[int]) -> dict[tuple[int, int | None, str], int]:
    """Locks the rows of `people`, and tells the ranks of the last midnight, which nothing else can tell."""
    rows = Standing.objects.select_for_update().filter(participant__in=people)
    return {row[:3]: row[3] for row in rows.values_list("participant", "phase", "board", "day_rank") if row[3]}


def _all_rows(opening: RoundChallenge, people: dict[int, Participant]):
    _release_all(opening)
    scored = Submission.objects.filter(participant__opening=opening, score__isnull=False)
    ordered = scored.order_by("participant", "phase").values_list("participant", "phase", *FIELDS)
    rules = rules_of(opening)
    waiting: list[tuple[Standing, Line]] = []
    for (number, phase_id), group in groupby(ordered.iterator(), key=lambda row: row[:2]):
        for board, line in tally((Scored(*row[2:]) for row in group), rules).items():
            row = Standing(
                opening=opening,
                participant_id=number,
                phase_id=phase_id,
                board=board,
                is_ranked=people[number].is_ranked,
            )
            waiting.append((row, line))
        if len(waiting) >= BATCH:
            yield from _filled(opening, waiting)
            waiting = []
    yield from _filled(opening, waiting)


def _filled(opening: RoundChallenge, rows: list[tuple[Standing, Line]]) -> Iterable[Standing]:
    intervals = measuring.intervals_of(opening.challenge, {line.submission for _row, line in rows})
    for row, line in rows:
        _fill(row, line, intervals)
        yield row


def _release_all(opening: RoundChallenge) -> None:
    if not measuring.uses_ladder(opening.challenge):
        return
    mine = Submission.objects.filter(participant__opening=opening, score__isnull=False)
    for number, phase_id in list(mine.order_by().values_list("participant", "phase").distinct()):
        measuring.release(number, phase_id, opening.challenge)
