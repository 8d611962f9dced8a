"""A leaderboard: one indexed page of Standing, whatever its size."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from competitions.models import Challenge, Standing
from courses.models import CourseRound

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One line. `rank` counts from 1; nobody shares one: equal scores are ordered by who was earlier."""

    rank: int
    standing: Standing
    is_me: bool


@dataclass(frozen=True)
class Board:
    """One page, and the reader's own line wherever it is (None when not ranked)."""

    page: Page
    rows: list[Row]
    mine: Row | None

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def mine_is_elsewhere(self) -> bool:
        return self.mine is not None and all(not row.is_me for row in self.rows)


def ranked(round: CourseRound, challenge: Challenge) -> QuerySet[Standing]:
    """Best first, in the order of the index `standing_board`. Who has no score is not in it."""
    rows = Standing.objects.filter(round=round, challenge=challenge, is_ranked=True, sort_key__isnull=False)
    return rows.order_by("-sort_key", "reached_at", "id")


def place_of(standing: Standing) -> int:
    """The rank: one more than those who are better, or equal and earlier. Two index ranges, no sorting."""
    rows = ranked(standing.round, standing.challenge).order_by()
    better = rows.filter(sort_key__gt=standing.sort_key).count()
    equal = rows.filter(sort_key=standing.sort_key)
    earlier = Q(reached_at__lt=standing.reached_at) | Q(reached_at=standing.reached_at, id__lt=standing.pk)
    return 1 + better + equal.filter(earlier).count()


def board_of(round: CourseRound, challenge: Challenge, user, page: str | int = 1) -> Board:
    rows = ranked(round, challenge)
    shown = Paginator(rows.select_related("user"), PAGE_SIZE).get_page(page)
    lines = [
        Row(rank, standing, standing.user_id == user.pk)
        for rank, standing in enumerate(shown.object_list, start=shown.start_index())
    ]
    mine = next((line for line in lines if line.is_me), None)
    if mine is None:
        own = rows.filter(user=user).select_related("user", "round", "challenge").first()
        mine = Row(place_of(own), own, True) if own else None
    return Board(shown, lines, mine)
