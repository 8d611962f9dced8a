"""What those who teach decide: the rules of an opening, and about one participant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.actions import refusals
from competitions.actions.baselines import put_baselines
from competitions.actions.participating import lock
from competitions.actions.standings import rebuild_boards
from competitions.models import Participant, Phase, RoundChallenge, Ruling, Standing, Submission
from web.text import localized

RULES = (
    "opens_at",
    "closes_at",
    "freezes_at",
    "daily_quota",
    "allows_late",
    "final_selections",
    "max_team_size",
    "merges_until",
    "allows_self_reports",
)


@dataclass(frozen=True)
class PhasePlan:
    """A phase as it shall be: a new one, or `number` changed."""

    title_ko: str
    title_en: str
    opens_at: datetime
    closes_at: datetime
    number: int | None = None


def set_rules(opening: RoundChallenge, **rules) -> None:
    """Writes `rules` (names of RULES) and all boards anew. Raises BadRules, in words, for dates that contradict."""
    unknown = rules.keys() - set(RULES)
    if unknown:
        raise TypeError(f"no rules: {sorted(unknown)}")
    with transaction.atomic():
        row = RoundChallenge.objects.select_for_update().get(pk=opening.pk)
        for name, value in rules.items():
            setattr(row, name, value)
        _refuse_bad_dates(row)
        _refuse_bad_phases(row, list(row.phases.all()))
        row.save(update_fields=list(rules))
        renew_boards(row)
    opening.refresh_from_db(fields=list(rules))


def set_phases(opening: RoundChallenge, plans: list[PhasePlan]) -> None:
    """Makes the phases those of `plans`, in one step; submissions go to the board of the phase they were received in."""
    with transaction.atomic():
        opening = RoundChallenge.objects.select_for_update().get(pk=opening.pk)
        rows = [
            Phase(
                pk=plan.number,
                opening=opening,
                title_ko=plan.title_ko,
                title_en=plan.title_en,
                opens_at=plan.opens_at,
                closes_at=plan.closes_at,
            )
            for plan in plans
        ]
        _refuse_bad_phases(opening, rows)
        kept = {row.pk for row in rows if row.pk}
        if kept - set(opening.phases.values_list("pk", flat=True)):
            raise refusals.BadRules(_("A phase was removed meanwhile. Please look again."))
        opening.phases.exclude(pk__in=kept).delete()
        for row in rows:
            row.save()
        renew_boards(opening)


def renew_boards(opening: RoundChallenge) -> None:
    """Makes everything that follows from the rules true again: late or not, phase, standings, baselines. Callers hold
    the transaction."""
    mine = Submission.objects.filter(participant__opening=opening)
    late = Q(received_at__gte=opening.closes_at) if opening.closes_at else Q(pk__in=[])
    mine.filter(late, is_late=False).update(is_late=True)
    mine.filter(~late, is_late=True).update(is_late=False)
    phases = list(opening.phases.all())
    for phase in phases:
        within = Q(received_at__gte=phase.opens_at, received_at__lt=phase.closes_at)
        within |= late if phase == phases[-1] else Q(pk__in=[])
        mine.filter(phase=phase).exclude(within).update(phase=None)
        mine.filter(within).exclude(phase=phase).update(phase=phase)
    rebuild_boards(opening)
    put_baselines(opening)


def _refuse_bad_dates(opening: RoundChallenge) -> None:
    begin, end = opening.opens_at, opening.closes_at
    if end is not None and end <= begin:
        raise refusals.BadRules(_("It must close after it opens."))
    for moment, text in (
        (opening.freezes_at, _("The board must freeze while the competition is open.")),
        (opening.merges_until, _("Teams can only merge while the competition is open.")),
    ):
        if moment is not None and (moment <= begin or (end is not None and moment > end)):
            raise refusals.BadRules(text)


def _refuse_bad_phases(opening: RoundChallenge, phases: list[Phase]) -> None:
    phases = sorted(phases, key=lambda phase: phase.opens_at)
    for phase in phases:
        if phase.closes_at <= phase.opens_at:
            raise refusals.BadRules(
                _("“%(phase)s” must close after it opens.") % {"phase": localized(phase, "title")}
            )
        too_late = opening.closes_at is not None and phase.closes_at > opening.closes_at
        if phase.opens_at < opening.opens_at or too_late:
            raise refusals.BadRules(
                _("“%(phase)s” is not within the competition's dates.") % {"phase": localized(phase, "title")}
            )
    for before, after in pairwise(phases):
        if after.opens_at < before.closes_at:
            text = _("“%(one)s” and “%(other)s” overlap.")
            raise refusals.BadRules(
                text % {"one": localized(before, "title"), "other": localized(after, "title")}
            )


def disqualify(participant: Participant, by, reason: str) -> None:
    """Takes it off the boards. `reason` is shown to the participant. Raises BadRules without one, or when it is so
    already."""
    if not reason.strip():
        raise refusals.BadRules(_("Give a reason: the participant will read it."))
    with transaction.atomic():
        row = _held(participant)
        if row.is_disqualified:
            raise refusals.BadRules(_("It is disqualified already."))
        row.disqualified_at, row.disqualified_reason = timezone.now(), reason.strip()
        _decide(row, Ruling.Kind.DISQUALIFIED, by, reason.strip())


def lift_disqualification(participant: Participant, by, reason: str = "") -> None:
    """Puts it back where its scores belong."""
    with transaction.atomic():
        row = _held(participant)
        if not row.is_disqualified:
            raise refusals.BadRules(_("It is not disqualified."))
        row.disqualified_at, row.disqualified_reason = None, ""
        _decide(row, Ruling.Kind.LIFTED, by, reason.strip())


def set_role(participant: Participant, role: str, by) -> None:
    """Ranked, shown unranked as a baseline, or hidden (testers)."""
    with transaction.atomic():
        row = _held(participant)
        row.role = Participant.Role(role)
        _decide(row, Ruling.Kind.ROLE, by, role)


def _held(participant: Participant) -> Participant:
    row = lock(participant.pk)
    if row is None:
        raise refusals.BadRules(_("It has become part of another team meanwhile."))
    return row


def _decide(row: Participant, kind: str, by, reason: str) -> None:
    row.save(update_fields=["role", "disqualified_at", "disqualified_reason"])
    Ruling.objects.create(participant=row, kind=kind, by=by, reason=reason)
    standings = Standing.objects.filter(participant=row)
    list(
        standings.select_for_update().values_list("pk")
    )  # a verdict that is being recorded adds its rows first
    standings.update(is_ranked=row.is_ranked)
