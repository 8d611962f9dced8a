"""Opening challenges for a round."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from competitions.actions.baselines import put_baselines
from competitions.actions.ruling import renew_boards
from competitions.models import Challenge, RoundChallenge
from courses.models import CourseRound


def window_of(round: CourseRound, challenge: Challenge) -> dict[str, datetime | None]:
    """From the round's first midnight; competitions until the midnight after its last day, exercises without end."""
    zone = ZoneInfo(round.course.timezone)
    end = datetime.combine(round.ends_on + timedelta(days=1), time.min, tzinfo=zone)
    start = datetime.combine(round.starts_on, time.min, tzinfo=zone)
    return {"opens_at": start, "closes_at": None if challenge.is_exercise else end}


def open_challenge(round: CourseRound, challenge: Challenge, **window) -> RoundChallenge:
    """Opens `challenge` for `round`. `window`: opens_at, closes_at, daily_quota; what is left out comes from the
    round's dates and the challenge's own files. An opening that is there already is left alone."""
    defaults = {**window_of(round, challenge), "daily_quota": challenge.config.get("daily_quota"), **window}
    with transaction.atomic():
        opening, created = RoundChallenge.objects.get_or_create(
            round=round, challenge=challenge, defaults=defaults
        )
        if created:
            put_baselines(opening)
    return opening


def open_all(round: CourseRound) -> int:
    """Opens every active challenge for `round`; returns how many are open for it now."""
    with transaction.atomic():
        for challenge in Challenge.objects.filter(is_active=True):
            open_challenge(round, challenge)
        return RoundChallenge.objects.filter(round=round).count()


def follow_round(round: CourseRound) -> None:
    """Opens again what has closed with the round although the round goes on: its dates were moved (the demo class is, each
    time it is played weeks later). What closed with it closed at a midnight; at any other moment an instructor ended it, and
    its final board stays open."""
    now, zone = timezone.now(), ZoneInfo(round.course.timezone)
    with transaction.atomic():
        for opening in RoundChallenge.objects.filter(round=round, closes_at__lte=now).select_related(
            "challenge"
        ):
            end = window_of(round, opening.challenge)["closes_at"]
            ended_with_round = opening.closes_at and opening.closes_at.astimezone(zone).time() == time.min
            if ended_with_round and (end is None or end > now):
                RoundChallenge.objects.filter(pk=opening.pk).update(closes_at=end)
                opening.closes_at = end
                renew_boards(opening)
