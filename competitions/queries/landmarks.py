"""Ranks and pages of a large board without counting it.

Every 500th row of a board, with its rank, is remembered for some seconds: a rank is that of the landmark before it plus
what stands between the two, and a page begins at a landmark. A board of 100,000 is read in the time of one of 1,000;
what moved across a landmark within those seconds shows afterwards. Boards that are not large are counted as they are.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from competitions.models import Standing

STEP = 500
LARGE = 2000
KEPT = 15  # seconds

Key = tuple[float, datetime, int]


@dataclass(frozen=True)
class Landmarks:
    """`rows[i]` is the key of the row with rank i * STEP + 1; none of a board that is not large."""

    total: int
    rows: list[Key]

    def before(self, standing: Standing) -> int:
        """The landmark that `standing` is, or that is the last one before it."""
        return max(bisect_right(self.rows, _ordered(_key(standing)), key=_ordered) - 1, 0)


def landmarks_of(name: str, ranked: QuerySet[Standing]) -> Landmarks:
    """Of the board `name` (unique to it), whose rows `ranked` gives in their order."""
    known = cache.get(name)
    if known is not None:
        return known
    some = ranked.order_by()[: LARGE + 1].count()
    if some <= LARGE:
        return Landmarks(some, [])
    numbered = ranked.annotate(place=Window(RowNumber(), order_by=_order())).annotate(left=F("place") % STEP)
    # Put in order here: PostgreSQL would sort the whole board before it picks a row of 500.
    found = numbered.filter(left=1).values_list("sort_key", "reached_at", "id").order_by()
    rows = sorted(((float(score or 0), at, number) for score, at, number in found if at), key=_ordered)
    last = max(len(rows) - 1, 0)
    behind = from_landmark(ranked, Landmarks(0, rows), last).order_by().count()
    made = Landmarks(last * STEP + behind, rows)
    cache.set(name, made, KEPT)
    return made


def from_landmark(ranked: QuerySet[Standing], landmarks: Landmarks, place: int) -> QuerySet[Standing]:
    """The rows from the landmark on, it included. (The first is no bound: somebody may have passed it since.)"""
    if not landmarks.rows or place == 0:
        return ranked
    return ranked.filter(_not_before(landmarks.rows[place]))


def _not_before(key: Key) -> Q:
    """Rows equal to or behind `key`. The first condition alone is one range of the index; the rest is exact."""
    sort_key, reached_at, number = key
    later = Q(reached_at__gt=reached_at) | Q(reached_at=reached_at, id__gte=number)
    return Q(sort_key__lte=sort_key) & (Q(sort_key__lt=sort_key) | later)


def _order() -> list:
    return [F("sort_key").desc(), F("reached_at").asc(), F("id").asc()]


def _key(standing: Standing) -> Key:
    assert standing.sort_key is not None
    assert standing.reached_at is not None
    return standing.sort_key, standing.reached_at, standing.pk


def _ordered(key: Key) -> Key:
    """As Python sorts: the best first."""
    return -key[0], key[1], key[2]
