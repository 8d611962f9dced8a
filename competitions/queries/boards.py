"""A leaderboard: one indexed page of Standing, whatever its size; and which board a reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from competitions.models import BoardSummary, Participant, Phase, RoundChallenge, Standing
from competitions.queries.landmarks import STEP, Landmarks, from_landmark, landmarks_of

PAGE_SIZE = 50
SHOWN_LATE = 50
Kind = Standing.Board


@dataclass(frozen=True)
class Row:
    """One line. `rank` counts from 1 and nobody shares one: equal scores are ordered by who was earlier. None: a
    baseline or a late entry, which stands among the ranks and has none. `rise`: places up since yesterday (negative:
    down), None where that is not known."""

    rank: int | None
    standing: Standing
    is_me: bool = False
    rise: int | None = None

    @property
    def shared(self) -> tuple[int, int] | None:
        """The first and last of the ranks that this line shares with others, from whom the held-out rows cannot tell it;
        None where it has one of its own, or has left those ranks since a worker looked."""
        first, last = self.standing.shared_first, self.standing.shared_last
        if self.rank is None or first is None or last is None or first == last or not first <= self.rank <= last:
            return None
        return first, last

    @property
    def interval(self) -> tuple[float, float] | None:
        """What holds the score with 95 %; None where there is no noise that could be measured."""
        low, high = self.standing.low, self.standing.high
        return None if low is None or high is None else (low, high)

    @property
    def places(self) -> int:
        return abs(self.rise or 0)

    @property
    def is_baseline(self) -> bool:
        return self.standing.participant.is_baseline


@dataclass(frozen=True)
class View:
    """Which board is meant: `phase` None where the opening has no phases."""

    opening: RoundChallenge
    kind: str = Kind.LIVE
    phase: Phase | None = None


@dataclass(frozen=True)
class Board:
    """One page, and the reader's own line wherever it is (None when not ranked)."""

    view: View
    page: Page
    rows: list[Row]
    mine: Row | None
    summary: BoardSummary | None = None

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def pinned(self) -> list[Row]:
        """The reader's own line, where it is on another page."""
        return [self.mine] if self.mine and not any(row.is_me for row in self.rows) else []


def kinds_for(opening: RoundChallenge, now: datetime, *, teaches: bool) -> list[str]:
    """The boards that a reader may see, the one to show first. Private scores: for students from the end on."""
    if opening.challenge.is_exercise:
        return [Kind.LIVE]
    if opening.is_over(now):
        return [Kind.FINAL, Kind.LIVE] if _has_private(opening) else [Kind.LIVE]
    if teaches:
        frozen = [Kind.FROZEN] if opening.is_frozen(now) else []
        return [Kind.LIVE, *frozen, *([Kind.FINAL] if _has_private(opening) else [])]
    return [Kind.FROZEN] if opening.is_frozen(now) else [Kind.LIVE]


def _has_private(opening: RoundChallenge) -> bool:
    return Standing.objects.filter(opening=opening, board=Kind.FINAL).exists()


def view_of(
    opening: RoundChallenge, now: datetime, *, teaches: bool = False, kind: str = "", phase: str = ""
) -> View:
    """The board that is asked for (`phase`: its number), or the first that the reader may see; of the phases the one
    that runs, or ran last."""
    allowed = kinds_for(opening, now, teaches=teaches)
    phases = list(opening.phases.all())
    named = next((each for each in phases if str(each.pk) == phase), None)
    begun = [each for each in phases if each.opens_at <= now]
    latest = begun[-1] if begun else next(iter(phases), None)
    return View(opening, kind if kind in allowed else allowed[0], named or latest)


def standings_on(view: View) -> QuerySet[Standing]:
    """Everybody with a score on it, ranked or not, best first in the order of the index `standing_board`."""
    rows = Standing.objects.filter(
        opening=view.opening, phase=view.phase, board=view.kind, sort_key__isnull=False
    )
    return rows.order_by("-sort_key", "reached_at", "id")


def ranked(view: View) -> QuerySet[Standing]:
    return standings_on(view).filter(is_ranked=True)


def _landmarks(view: View, rows: QuerySet[Standing]) -> Landmarks:
    return landmarks_of(f"board:{view.opening.pk}:{view.phase.pk if view.phase else ''}:{view.kind}", rows)


def place_of(standing: Standing) -> int:
    """The rank: one more than those who are better, or equal and earlier."""
    view = View(standing.opening, standing.board, standing.phase)
    rows = ranked(view)
    return _place_among(rows, standing, _landmarks(view, rows))


def _place_among(rows: QuerySet[Standing], standing: Standing, landmarks: Landmarks) -> int:
    """One range of the index, from the landmark before it; no sorting."""
    begin = landmarks.before(standing)
    earlier = Q(reached_at__lt=standing.reached_at) | Q(reached_at=standing.reached_at, id__lt=standing.pk)
    ahead = Q(sort_key__gte=standing.sort_key) & (Q(sort_key__gt=standing.sort_key) | earlier)
    return 1 + begin * STEP + from_landmark(rows, landmarks, begin).order_by().filter(ahead).count()


class _Pages(Paginator):
    """Of a board whose length is known."""

    def __init__(self, rows: QuerySet[Standing], total: int) -> None:
        super().__init__(rows, PAGE_SIZE)
        self.count = total


def board_of(view: View, user, page: str | int = 1) -> Board:
    rows = ranked(view)
    landmarks = _landmarks(view, rows)
    # The reader is a member of one participant of the opening at most.
    of_reader = rows.filter(participant__members__opening=view.opening, participant__members__user=user)
    own = next(iter(of_reader.order_by().select_related("participant__person")), None)
    shown = _Pages(rows, landmarks.total).get_page(page)
    # One line more at the top tells which baselines were on the page before.
    first, last = max(shown.start_index() - 2, 0), shown.end_index()
    begin = first // STEP if landmarks.rows else 0
    near, skipped = from_landmark(rows, landmarks, begin), first - begin * STEP
    if skipped:  # up to STEP rows: whose they are is asked of the page's only
        near = rows.filter(pk__in=near.values("pk")[skipped : last - begin * STEP])
    found = list(near.select_related("participant__person")[: last - first])
    before, found = (found[:1], found[1:]) if shown.number > 1 else ([], found)
    summary = BoardSummary.objects.filter(opening=view.opening, phase=view.phase, board=view.kind).first()
    compares = _compares(view, summary)
    lines = [
        _row(rank, standing, standing == own, compares)
        for rank, standing in enumerate(found, start=shown.start_index() or 1)
    ]
    mine = next((line for line in lines if line.is_me), None)
    if mine is None and own:
        mine = _row(_place_among(rows, own, landmarks), own, True, compares)
    shown_rows = _with_baselines(view, lines, before, is_last=not shown.has_next())
    return Board(view, shown, shown_rows, mine, summary)


def _compares(view: View, summary: BoardSummary | None) -> bool:
    """Whether Standing.day_rank are yesterday's ranks on this board."""
    return summary is not None and summary.day == view.opening.round.course.today()


def _row(rank: int, standing: Standing, is_me: bool, compares: bool) -> Row:
    before = standing.day_rank if compares else None
    return Row(rank, standing, is_me, before - rank if before else None)


def _with_baselines(view: View, lines: list[Row], before: list[Standing], *, is_last: bool) -> list[Row]:
    """`lines` with the baselines between them: behind those who reached them, before those who did not."""
    unranked = standings_on(view).filter(is_ranked=False, participant__role=Participant.Role.BASELINE)
    waiting = [
        row
        for row in unranked.select_related("participant__person")
        if not before or _key(row) <= _key(before[0])
    ]
    result: list[Row] = []
    for line in lines:
        while waiting and _key(waiting[0]) > _key(line.standing):
            result.append(Row(None, waiting.pop(0)))
        result.append(line)
    return result + ([Row(None, row) for row in waiting] if is_last else [])


def _key(standing: Standing) -> float:
    """Of one that is on a board: there it has one."""
    assert standing.sort_key is not None
    return standing.sort_key


def late_rows(view: View) -> list[Row]:
    """The best late entries: never ranked, shown apart. Of participants that could be ranked only."""
    late = View(view.opening, Kind.LATE, view.phase)
    return [Row(None, row) for row in ranked(late).select_related("participant__person")[:SHOWN_LATE]]
