"""Writing boards: one participant's rows after a verdict, all of an opening's when a rule changes."""

from __future__ import annotations

from itertools import groupby

from django.db import transaction

from competitions.models import Participant, RoundChallenge, Standing, Submission
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
    scored = Submission.objects.filter(participant=participant, phase=phase_id, score__isnull=False)
    lines = tally((Scored(*row) for row in scored.values_list(*FIELDS)), rules_of(participant.opening))
    there = {row.board: row for row in Standing.objects.filter(**place)}
    for board in lines.keys() | there.keys():
        row = there.get(board) or Standing(**place, board=board, is_ranked=participant.is_ranked)
        row.is_ranked = participant.is_ranked
        _fill(row, lines.get(board))
        row.save()


def _lock(place: dict, participant: Participant) -> None:
    first = {**place, "board": Standing.Board.LIVE}
    while True:
        Standing.objects.get_or_create(**first, defaults={"is_ranked": participant.is_ranked})
        if Standing.objects.select_for_update(of=("self",)).filter(**first).first():
            return  # else the boards were written anew between the two


def _fill(row: Standing, line: Line | None) -> None:
    row.best_id = line.submission if line else None
    row.score = line.score if line else None
    row.sort_key = line.sort_key if line else None
    row.reached_at = line.reached_at if line else None
    row.entries = line.entries if line else 0
    row.last_at = line.last_at if line else None


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
        list(Standing.objects.select_for_update().filter(participant__in=people).values_list("pk"))
        Standing.objects.filter(opening=opening).exclude(participant__role=Participant.Role.BASELINE).delete()
        rows = list(_all_rows(opening, people))
        Standing.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _all_rows(opening: RoundChallenge, people: dict[int, Participant]):
    scored = Submission.objects.filter(participant__opening=opening, score__isnull=False)
    ordered = scored.order_by("participant", "phase").values_list("participant", "phase", *FIELDS)
    rules = rules_of(opening)
    for (number, phase_id), group in groupby(ordered.iterator(), key=lambda row: row[:2]):
        lines = tally((Scored(*row[2:]) for row in group), rules)
        for board, line in lines.items():
            row = Standing(
                opening=opening,
                participant_id=number,
                phase_id=phase_id,
                board=board,
                is_ranked=people[number].is_ranked,
            )
            _fill(row, line)
            yield row
