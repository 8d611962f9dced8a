"""Whether a submission comes at the right time, and what it counts for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from competitions.actions import refusals
from competitions.models import Phase, RoundChallenge
from web.templatetags.web import course_deadline, course_time


@dataclass(frozen=True)
class Admission:
    """`phase`: whose board it counts for, None where the opening has none. `is_late`: on no ranked board."""

    phase: Phase | None
    is_late: bool = False


def admit(opening: RoundChallenge, now: datetime) -> Admission:
    """Raises NotOpen, with the moment that matters, when nothing is taken at `now`."""
    if opening.is_upcoming(now):
        raise _opens_at(opening, opening.opens_at)
    phases = list(opening.phases.all())
    if opening.is_over(now):
        if not opening.allows_late:
            end = course_deadline(opening.closes_at, opening.round.course.timezone)
            raise refusals.NotOpen(_("This closed at %(moment)s.") % {"moment": end})
        return Admission(phases[-1] if phases else None, is_late=True)
    if not phases:
        return Admission(None)
    current = next((phase for phase in phases if phase.contains(now)), None)
    if current:
        return Admission(current)
    coming = next((phase for phase in phases if phase.opens_at > now), None)
    if coming:
        raise _opens_at(opening, coming.opens_at)
    raise refusals.NotOpen(_("The last phase is over."))


def _opens_at(opening: RoundChallenge, moment: datetime) -> refusals.NotOpen:
    begin = course_time(moment, opening.round.course.timezone)
    return refusals.NotOpen(_("This opens at %(moment)s.") % {"moment": begin})
