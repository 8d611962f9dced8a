"""Which submissions count at the end."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.actions import refusals
from competitions.actions.participating import enter
from competitions.actions.standings import update_standings
from competitions.models import Phase, RoundChallenge, Submission


def select_finals(opening: RoundChallenge, user, phase: Phase | None, numbers: Collection[int]) -> int:
    """Chooses these submissions of the person, or their team, for the private score of `phase`; returns how many.

    None chosen: those with the best public scores count. Raises a `Refused`: too many, too late, or not theirs.
    """
    if opening.is_over(timezone.now()):
        raise refusals.NotOpen(_("The competition is over: the choice stands as it is."))
    wanted = set(numbers)
    if len(wanted) > opening.final_selections:
        text = _("Choose at most %(limit)s submissions.")
        raise refusals.BadChoice(text % {"limit": opening.final_selections})
    with transaction.atomic():
        participant = enter(opening, user)
        mine = Submission.objects.filter(participant=participant, phase=phase)
        scored = mine.filter(pk__in=wanted, score__isnull=False, is_late=False)
        if scored.count() != len(wanted):
            raise refusals.BadChoice(_("Only scored submissions of your own can be chosen."))
        mine.filter(is_selected=True).exclude(pk__in=wanted).update(is_selected=False)
        scored.update(is_selected=True)
        update_standings(participant, phase.pk if phase else None)
    return len(wanted)
