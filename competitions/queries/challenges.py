"""Challenges as one person in one round sees them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from competitions.actions import quotas
from competitions.models import Challenge, RoundChallenge, Standing
from courses.models import CourseRound


@dataclass(frozen=True)
class Card:
    """One challenge on a list. `solved_by` of `tried_by` people of the round have full marks (exercises)."""

    opening: RoundChallenge
    standing: Standing | None
    tried_by: int
    solved_by: int
    now: datetime

    @property
    def challenge(self) -> Challenge:
        return self.opening.challenge

    @property
    def is_solved(self) -> bool:
        score = self.standing.score if self.standing else None
        full = self.challenge.max_score
        return score is not None and full is not None and score >= full

    @property
    def is_tried(self) -> bool:
        return self.standing is not None and self.standing.score is not None

    @property
    def is_open(self) -> bool:
        return self.opening.is_open(self.now)

    @property
    def is_upcoming(self) -> bool:
        return self.opening.is_upcoming(self.now)

    @property
    def is_over(self) -> bool:
        return self.opening.is_over(self.now)


def cards_of(round: CourseRound, user, *, exercises: bool, teaches: bool = False) -> list[Card]:
    """The round's exercises (by topic) or competitions, in three statements whatever their number (four where a board
    stands still)."""
    kind = Challenge.Kind.EXERCISE
    chosen = Q(challenge__kind=kind) if exercises else ~Q(challenge__kind=kind)
    openings = (
        RoundChallenge.objects.filter(chosen, round=round, challenge__is_active=True)
        .select_related("challenge__topic", "round__course")
        .defer("challenge__statement_ko", "challenge__statement_en")
        .order_by(
            F("challenge__topic__position").asc(nulls_last=True), "challenge__position", "challenge__slug"
        )
    )
    live = Standing.objects.filter(opening__round=round, board=Standing.Board.LIVE)
    # The latest phase comes last and stays.
    own = live.filter(participant__members__user=user).order_by(F("phase__opens_at").asc(nulls_first=True))
    mine = {row.opening_id: row for row in own}
    now = timezone.now()
    # A board that stands still tells students nothing of who has come since.
    frozen = [opening.pk for opening in openings if opening.is_frozen(now) and not teaches]
    moving = live.exclude(opening__in=frozen) if frozen else live
    still = Standing.objects.filter(opening__in=frozen, board=Standing.Board.FROZEN)
    counts = _counts(moving) | (_counts(still) if frozen else {})
    return [Card(opening, mine.get(opening.pk), *counts.get(opening.pk, (0, 0)), now) for opening in openings]


def _counts(standings: QuerySet[Standing]) -> dict[int, tuple[int, int]]:
    """Opening -> (who has a score, who has full marks), of its phases the one with the most."""
    solved = Count("pk", filter=Q(score__gte=F("opening__challenge__max_score")))
    ranked = standings.filter(is_ranked=True, sort_key__isnull=False)
    rows = ranked.order_by().values_list("opening_id", "phase_id").annotate(tried=Count("pk"), solved=solved)
    found: dict[int, tuple[int, int]] = {}
    for opening_id, _phase_id, tried, solved_by in rows:
        found[opening_id] = max(found.get(opening_id, (0, 0)), (tried, solved_by))
    return found


def opening_of(round: CourseRound, slug: str, *, exercise: bool | None = None) -> RoundChallenge | None:
    """The round's opening of the challenge; None when there is none, or it is of the other family."""
    found = RoundChallenge.objects.filter(round=round, challenge__slug=slug, challenge__is_active=True)
    if exercise is not None:
        kind = Q(challenge__kind=Challenge.Kind.EXERCISE)
        found = found.filter(kind if exercise else ~kind)
    return found.select_related("challenge__topic", "round__course").first()


def tries_left(opening: RoundChallenge, user) -> int | None:
    """Today's, in the course's zone; None when there is no limit."""
    if opening.daily_quota is None:
        return None
    return max(opening.daily_quota - quotas.used_today(opening, user, timezone.now()), 0)


def find_challenge(name: str) -> Challenge | None:
    """By the exact title in either language, or by slug: that is how leaderboard addresses name one.

    A macOS keyboard sends Korean decomposed (NFD); titles are stored composed.
    """
    wanted = unicodedata.normalize("NFC", name).strip()
    rows = Challenge.objects.filter(is_active=True).filter(
        Q(title_ko=wanted) | Q(title_en=wanted) | Q(slug=wanted)
    )
    return rows.order_by("kind", "slug").first()
