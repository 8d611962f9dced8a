"""What a worker finds out about whole boards, some seconds after scores came: shared ranks, the best scores over time, and
once a day the ranks that today's are compared with."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from competitions.actions.measuring import vector_of
from competitions.models import BoardSummary, Measurement, Standing, Submission
from competitions.queries import boards

logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=3)  # between two looks at one board: scores that come together are looked at together
ABANDONED = timedelta(minutes=2)
MOST = 1000  # places from the top for which ranks are shared; below them everybody has a rank of their own
BATCH = 200
SHOWN = 5  # participants with a line in the chart
MOST_STEPS = 60  # of one line: the latest


def renew_due(limit: int = 20) -> int:
    """Looks at boards with new scores, at most `limit`; returns how many. Two workers never look at the same."""
    now = timezone.now()
    rested = Q(made_at=None) | Q(made_at__lt=now - PAUSE)
    lost = Q(is_dirty=False, claimed_at__lt=now - ABANDONED) & (Q(made_at=None) | Q(made_at__lt=F("claimed_at")))
    due = BoardSummary.objects.filter((Q(is_dirty=True) & rested) | lost)
    done = 0
    for key in list(due.order_by("made_at", "id").values_list("pk", flat=True)[:limit]):
        # In a transaction of its own: it waits for scores that are just being written, and they are seen below.
        if due.filter(pk=key).update(is_dirty=False, claimed_at=timezone.now()):
            renew_board(_summary(key))
            done += 1
    begin_days()
    return done


def _summary(key: int) -> BoardSummary:
    rows = BoardSummary.objects.select_related("phase", "opening__challenge", "opening__round__course")
    return rows.get(pk=key)


def renew_board(summary: BoardSummary) -> None:
    """Writes the shared ranks of the first MOST places, and the lines of the chart. Holds no lock meanwhile: what comes
    during it is seen the next time."""
    view = boards.View(summary.opening, summary.board, summary.phase)
    rows = list(boards.ranked(view).only("pk", "participant_id", "best_id", "shared_first", "shared_last")[:MOST])
    changed = []
    for row, shared in zip(rows, _shared_ranks(view, rows), strict=True):
        if (row.shared_first, row.shared_last) != shared:
            row.shared_first, row.shared_last = shared
            changed.append(row)
    for start in range(0, len(changed), BATCH):
        Standing.objects.bulk_update(changed[start : start + BATCH], ["shared_first", "shared_last"])
    series = _series(view, [row.participant_id for row in rows[:SHOWN]])
    BoardSummary.objects.filter(pk=summary.pk).update(made_at=timezone.now(), series=series)


def _shared_ranks(view: boards.View, rows: list[Standing]) -> Iterable[tuple[int, int]]:
    from competitions.standings.ties import shared_ranks  # NumPy

    is_final = view.kind == Standing.Board.FINAL
    fields = ("submission__private_score", "private") if is_final else ("measured", "public")
    found = Measurement.objects.filter(pk__in=[row.best_id for row in rows]).values_list("pk", *fields)
    vectors = {key: vector_of(score, bytes(packed)) for key, score, packed in found if score is not None}
    ordered = [vectors.get(row.best_id) for row in rows]
    return shared_ranks(ordered, view.opening.challenge.higher_is_better)


def _series(view: boards.View, participants: list[int]) -> list:
    """[[participant, [[ISO time, best score so far], ...]], ...], in the order of the board."""
    if view.kind not in (Standing.Board.LIVE, Standing.Board.FROZEN) or view.opening.challenge.is_exercise:
        return []
    timely = Submission.objects.filter(
        participant__in=participants, phase=view.phase, is_late=False, score__isnull=False
    )
    if view.kind == Standing.Board.FROZEN:
        timely = timely.filter(received_at__lt=view.opening.freezes_at)
    sign = 1 if view.opening.challenge.higher_is_better else -1
    steps: dict[int, list] = {number: [] for number in participants}
    for number, moment, score in timely.order_by("received_at", "id").values_list(
        "participant", "received_at", "score"
    ):
        mine = steps[number]
        assert score is not None
        if not mine or sign * score > sign * mine[-1][1]:
            mine.append([moment.isoformat(), score])
    return [[number, mine[-MOST_STEPS:]] for number, mine in steps.items() if mine]


def begin_days() -> int:
    """Notes the ranks of boards for which a new day of the course's zone has begun; returns how many."""
    rows = BoardSummary.objects.filter(board=Standing.Board.LIVE).select_related(
        "phase", "opening__challenge", "opening__round__course"
    )
    now, begun = timezone.now(), 0
    for summary in rows:
        today = summary.opening.round.course.today()
        if summary.day == today or summary.opening.is_over(now):
            continue
        with transaction.atomic():
            if not BoardSummary.objects.filter(pk=summary.pk, day=summary.day).update(day=today):
                continue  # another worker has
            if summary.day is not None:  # else the board is of today: nobody had a rank yesterday
                _note_ranks(boards.View(summary.opening, summary.board, summary.phase))
        begun += 1
    return begun


def _note_ranks(view: boards.View) -> None:
    """Standing.day_rank of everybody on the board, in one statement whatever its size."""
    order = [F("sort_key").desc(), F("reached_at").asc(), F("id").asc()]
    places = boards.ranked(view).order_by().annotate(place=Window(RowNumber(), order_by=order))
    sql, parameters = places.values("id", "place").query.sql_with_params()
    table = Standing._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET day_rank = numbered.place FROM ({sql}) AS numbered"  # noqa: S608  our own SQL
            f" WHERE numbered.id = {table}.id AND (day_rank IS NULL OR day_rank <> numbered.place)",
            parameters,
        )
