"""Which round a request means."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError

from competitions.models import Challenge, RoundChallenge
from courses.models import CourseRound
from courses.queries import rounds_of


def round_of(user, wanted: str, challenge: Challenge | None = None) -> CourseRound:
    """`wanted`: "0317(1)", "AI Essential 0317(1)" or an id. Empty: the person's only round, or the only one that
    `challenge` is open in.

    Raises PermissionDenied (not enrolled), NotFound (no such round), ValidationError (more than one is meant).
    """
    mine = list(rounds_of(user))
    if not mine:
        raise PermissionDenied(_("You are not enrolled in any active round."))
    found = [row for row in mine if names(row, wanted)] if wanted else mine
    if len(found) > 1 and challenge:
        open_in = RoundChallenge.objects.filter(challenge=challenge, round__in=found)
        chosen = set(open_in.values_list("round_id", flat=True))
        found = [row for row in found if row.pk in chosen] or found
    if len(found) == 1:
        return found[0]
    if found:
        text = _("Name the round; you are in several: %(rounds)s.")
        raise ValidationError({"round": [text % {"rounds": ", ".join(str(row) for row in found)}]})
    if any(names(row, wanted) for row in CourseRound.objects.select_related("course")):
        raise PermissionDenied(_("You are not enrolled in %(round)s.") % {"round": wanted})
    raise NotFound(_("There is no round “%(round)s”.") % {"round": wanted})


def names(row: CourseRound, wanted: str) -> bool:
    """Whether `wanted` is this round's name, its course and name, or its id (a name of digits comes first)."""
    return wanted in (row.name, str(row)) or wanted == str(row.pk)
