"""Tries per day. Callers hold the transaction."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from competitions.models import Participant, QuotaDay, RoundChallenge, Submission


def zone_of(opening: RoundChallenge) -> ZoneInfo:
    return ZoneInfo(opening.round.course.timezone)


def day_of(opening: RoundChallenge, moment: datetime) -> date:
    """The date on the course's calendar, which is not UTC's for nine hours of each day in Seoul."""
    return moment.astimezone(zone_of(opening)).date()


def resets_at(opening: RoundChallenge, moment: datetime) -> datetime:
    """The next midnight of the course's zone."""
    tomorrow = day_of(opening, moment) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=zone_of(opening))


def take(opening: RoundChallenge, participant: Participant, moment: datetime) -> QuotaDay | None:
    """Takes one try of today; None when the day's are used.

    The comparison and the step are one UPDATE: of two tabs, or two members of a team, that both want the last try, the
    second finds the row changed. (The row is also kept where there is no limit, so that a limit set at noon knows the
    morning.)
    """
    row, _created = QuotaDay.objects.get_or_create(participant=participant, day=day_of(opening, moment))
    free = QuotaDay.objects.filter(pk=row.pk)
    if opening.daily_quota is not None:
        free = free.filter(used__lt=opening.daily_quota)
    return row if free.update(used=F("used") + 1) else None


def used_today(opening: RoundChallenge, user, moment: datetime) -> int:
    """The tries that the person, or their team, took today."""
    mine = QuotaDay.objects.filter(
        participant__members__opening=opening, participant__members__user=user, day=day_of(opening, moment)
    )
    return mine.values_list("used", flat=True).first() or 0


def give_back(submission: Submission) -> None:
    """Returns the try that `submission` took, once: it forgets the day as it does."""
    if submission.quota_day_id is None:
        return
    QuotaDay.objects.filter(pk=submission.quota_day_id, used__gt=0).update(used=F("used") - 1)
    Submission.objects.filter(pk=submission.pk).update(quota_day=None)
    submission.quota_day = None
