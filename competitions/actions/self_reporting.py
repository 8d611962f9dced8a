"""Keeping a score that a notebook claims, apart from what was judged here."""

from __future__ import annotations

import datetime as dt
import math

from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.actions import refusals
from competitions.models import RoundChallenge, SelfReport

MOST_PER_HOUR = 120


class NotWanted(refusals.Refused):
    """This competition takes no self-reported scores."""

    status = 403
    code = "self_reports_off"


def report_oneself(user, opening: RoundChallenge, score: float, claimed_at: str = "") -> SelfReport:
    """Stores the claim. Raises a `Refused`: switched off, not open, no number, or too many."""
    now = timezone.now()
    if not opening.allows_self_reports:
        raise NotWanted(_("This competition takes no scores of your own making: submit your predictions."))
    if not opening.is_open(now):
        raise refusals.NotOpen(_("This is not open in your round."))
    if not math.isfinite(score):
        raise refusals.BadFile(_("The score is not a number."))
    recent = SelfReport.objects.filter(user=user, received_at__gt=now - dt.timedelta(hours=1))
    if recent.count() >= MOST_PER_HOUR:
        raise refusals.QuotaUsed(_("Too many reports within an hour. Please wait."))
    return SelfReport.objects.create(
        round=opening.round,
        challenge=opening.challenge,
        user=user,
        score=score,
        claimed_at=claimed_at[:40],
        received_at=now,
    )
