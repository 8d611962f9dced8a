"""A leaderboard: one indexed page of Standing, whatever its size; and which board a reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from competitions.models import Member, Participant, Phase, RoundChallenge, Standing

PAGE_SIZE = 50
SHOWN_LATE = 50
Kind = Standing.Board


@dataclass(frozen=True)
class Row:
    """One line. `rank` counts from 1 and nobody shares one: equal scores are ordered by who was earlier. None: a
    baseline or a late entry, which stands among the ranks and has none."""

    rank: int | None
    standing: Standing
    is_me: bool = False

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

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def mine_is_elsewhere(self) -> bool:
        return self.mine is not None and all(not row.is_me for row in self.rows)


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
    chosen = named or (begun or phases or [None])[-1 if begun else 0]
    return View(opening, kind if kind in allowed else allowed[0], chosen)


def standings_on(view: View) -> QuerySet[Standing]:
    """Everybody with a score on it, ranked or not, best first in the order of the index `standing_board`."""
    rows = Standing.objects.filter(
        opening=view.opening, phase=view.phase, board=view.kind, sort_key__isnull=False
    )
    return rows.order_by("-sort_key", "reached_at", "id")


def ranked(view: View) -> QuerySet[Standing]:
    return standings_on(view).filter(is_ranked=True)


def place_of(standing: Standing) -> int:
    """The rank: one more than those who are better, or equal and earlier. Two index ranges, no sorting."""
    rows = ranked(View(standing.opening, standing.board, standing.phase)).order_by()
    better = rows.filter(sort_key__gt=standing.sort_key).count()
    equal = rows.filter(sort_key=standing.sort_key)
    earlier = Q(reached_at__lt=standing.reached_at) | Q(reached_at=standing.reached_at, id__lt=standing.pk)
    return 1 + better + equal.filter(earlier).count()


def board_of(view: View, user, page: str | int = 1) -> Board:
    rows = ranked(view)
    own = (
        Member.objects.filter(opening=view.opening, user=user)
        .values_list("participant_id", flat=True)
        .first()
    )
    shown = Paginator(rows, PAGE_SIZE).get_page(page)
    # One line more at the top tells which baselines were on the page before.
    first = max(shown.start_index() - 2, 0)
    found = list(rows.select_related("participant__person")[first : shown.end_index()])
    before, found = (found[:1], found[1:]) if shown.number > 1 else ([], found)
    lines = [
        Row(rank, standing, standing.participant_id == own)
        for rank, standing in enumerate(found, start=shown.start_index() or 1)
    ]
    mine = next((line for line in lines if line.is_me), None)
    if mine is None and own:
        standing = (
            rows.filter(participant=own).select_related("opening", "phase", "participant__person").first()
        )
        mine = Row(place_of(standing), standing, True) if standing else None
    return Board(view, shown, _with_baselines(view, lines, before, is_last=not shown.has_next()), mine)


def _with_baselines(view: View, lines: list[Row], before: list[Standing], *, is_last: bool) -> list[Row]:
    """`lines` with the baselines between them: behind those who reached them, before those who did not."""
    unranked = standings_on(view).filter(is_ranked=False, participant__role=Participant.Role.BASELINE)
    waiting = [
        row
        for row in unranked.select_related("participant__person")
        if not before or row.sort_key <= before[0].sort_key
    ]
    result: list[Row] = []
    for line in lines:
        while waiting and waiting[0].sort_key > line.standing.sort_key:
            result.append(Row(None, waiting.pop(0)))
        result.append(line)
    return result + ([Row(None, row) for row in waiting] if is_last else [])


def late_rows(view: View) -> list[Row]:
    """The best late entries: never ranked, shown apart. Of participants that could be ranked only."""
    late = View(view.opening, Kind.LATE, view.phase)
    return [Row(None, row) for row in ranked(late).select_related("participant__person")[:SHOWN_LATE]]
