"""Scores over time: one's own, and those of the best of a board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from competitions.models import Participant, RoundChallenge, Standing, Submission
from competitions.queries.boards import Board
from competitions.standings.chart import Chart, Curve, Point, draw

MOST_POINTS = 500


@dataclass(frozen=True)
class Named:
    """A curve and who it is of."""

    participant: Participant | None
    curve: Curve


@dataclass(frozen=True)
class Drawing:
    chart: Chart
    curves: list[Named]


def progress_of(participant: Participant | None, opening: RoundChallenge) -> Drawing | None:
    """One participant's public scores, the latest MOST_POINTS; None before there are two."""
    if participant is None:
        return None
    rows = Submission.objects.filter(participant=participant, is_late=False, score__isnull=False)
    latest = rows.order_by("-received_at", "-id").values_list("received_at", "score")[:MOST_POINTS]
    points: list[Point] = [(moment, score) for moment, score in latest if score is not None][::-1]
    if len(points) < 2:
        return None
    return _drawing([points], [participant], opening)


def drawing_of(board: Board) -> Drawing | None:
    """The best of a board on its first page, as a worker last noted them; those who have left the page are left out."""
    if board.summary is None or board.page.number != 1:
        return None
    there = {row.standing.participant_id: row.standing.participant for row in board.rows}
    series = [(there[number], points) for number, points in board.summary.series if number in there]
    if not series or board.view.kind not in (Standing.Board.LIVE, Standing.Board.FROZEN):
        return None
    points = [[(datetime.fromisoformat(moment), score) for moment, score in each] for _who, each in series]
    return _drawing(points, [who for who, _each in series], board.view.opening)


def _drawing(
    points: list[list[Point]], participants: list[Participant], opening: RoundChallenge
) -> Drawing | None:
    now = timezone.now()
    end = min(now, opening.closes_at) if opening.closes_at else now
    chart = draw(points, end, opening.challenge.higher_is_better)
    if chart is None:
        return None
    curves = zip(participants, chart.curves, strict=True)
    return Drawing(chart, [Named(who, curve) for who, curve in curves])
