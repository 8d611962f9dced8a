"""Teams: formed by one person, joined by invitation, made one with another while that is allowed.

A team that one joins takes over what was submitted alone: joining and merging are the same step, agreed to by both
captains (who takes part alone is their own). What was used of the day's tries is added up.
"""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.actions import quotas, refusals
from competitions.actions.participating import begin, enter, lock
from competitions.actions.standings import update_standings
from competitions.models import (
    Invitation,
    Member,
    Participant,
    QuotaDay,
    RoundChallenge,
    Ruling,
    Standing,
    Submission,
)
from courses.models import Enrolment

SHORTEST_NAME, LONGEST_NAME = 2, 40


def create_team(opening: RoundChallenge, user, name: str) -> Participant:
    """Makes the person's participant a team with this name and no other member yet."""
    _refuse_closed(opening)
    name = " ".join("".join(letter for letter in name if letter.isprintable()).split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        text = _("A team's name has %(shortest)s to %(longest)s characters.")
        raise refusals.BadChoice(text % {"shortest": SHORTEST_NAME, "longest": LONGEST_NAME})
    with transaction.atomic():
        team = enter(opening, user)
        if team.is_team:
            raise refusals.BadChoice(_("You are in a team already."))
        _refuse_unfit(team)
        if _is_taken(opening, name):
            raise refusals.BadChoice(_("Somebody is called “%(name)s” already.") % {"name": name})
        team.team_name, team.person, team.captain = name, None, user
        try:
            with transaction.atomic():
                team.save(update_fields=["team_name", "person", "captain"])
        except IntegrityError as error:
            raise refusals.BadChoice(_("Somebody is called “%(name)s” already.") % {"name": name}) from error
    return team


def _is_taken(opening: RoundChallenge, name: str) -> bool:
    """Whether a team, or a person of the round, is called so: nobody may be taken for another on a board."""
    people = User.objects.filter(enrolments__round=opening.round_id)
    return (
        opening.participants.filter(team_name__iexact=name).exists()
        or people.filter(username__iexact=name).exists()
        or people.filter(nickname__iexact=name).exists()
    )


def invite(opening: RoundChallenge, by, username: str) -> Invitation:
    """Asks a student of the round by user name, and with them the team they lead."""
    with transaction.atomic():
        team = _led_by(opening, by)
        if not username.strip():
            raise refusals.BadChoice(_("Type a user name first."))
        students = Enrolment.objects.filter(round=opening.round_id, role=Enrolment.Role.STUDENT)
        found = students.filter(user__username=username.strip()).select_related("user").first()
        if found is None:
            text = _("There is no student “%(name)s” in this round.")
            raise refusals.BadChoice(text % {"name": username.strip()})
        if team.members.filter(user=found.user).exists():
            raise refusals.BadChoice(
                _("%(name)s is in your team already.") % {"name": found.user.display_name}
            )
        theirs = Member.objects.filter(opening=opening, user=found.user).first()
        _refuse_overfull(team, theirs.participant if theirs else None)
        row, _created = Invitation.objects.get_or_create(
            team=team, invitee=found.user, defaults={"token": secrets.token_urlsafe(32), "by": by}
        )
        return row


def open_link(opening: RoundChallenge, by) -> Invitation:
    """A new link for whoever has it; the one before ends."""
    with transaction.atomic():
        team = _led_by(opening, by)
        team.invitations.filter(invitee=None).delete()
        return Invitation.objects.create(team=team, token=secrets.token_urlsafe(32), by=by)


def withdraw(invitation: Invitation, by) -> None:
    """Takes an invitation or link back (the captain), or says no to it (who was asked)."""
    if invitation.invitee_id != by.pk and not _leads(invitation.team, by):
        raise refusals.NotCaptain(_("Only the team's captain can do this."))
    invitation.delete()


def leave(opening: RoundChallenge, user) -> None:
    """Leaves the team, before its first submission."""
    with transaction.atomic():
        team = enter(opening, user)
        if not team.is_team:
            raise refusals.BadChoice(_("You are in no team."))
        if team.is_disqualified or team.submissions.exists():
            raise refusals.BadChoice(_("The team has submitted already: nobody can leave it any more."))
        team.members.filter(user=user).delete()
        first = team.members.order_by("joined_at", "id").first()
        if first is None:
            team.delete()
        elif team.captain_id == user.pk:
            team.captain_id = first.user_id
            team.save(update_fields=["captain"])


def accept(invitation: Invitation, user) -> Participant:
    """The person, with the team they lead, becomes part of the inviting team. Raises a `Refused` in words."""
    opening = invitation.team.opening
    _refuse_closed(opening)
    with transaction.atomic():
        member = Member.objects.filter(opening=opening, user=user).first() or begin(opening, user)
        lock(member.participant_id, invitation.team_id)
        # Whatever was true before both were locked may have changed meanwhile.
        joining = Participant.objects.filter(pk=member.participant_id, members__user=user).first()
        fresh = (
            Invitation.objects.select_related("team__opening__round__course").filter(pk=invitation.pk).first()
        )
        if joining is None or fresh is None:
            raise refusals.BadChoice(_("This invitation is not valid any more."))
        team = fresh.team
        if team == joining:
            raise refusals.BadChoice(_("You are in this team already."))
        if fresh.invitee_id and not joining.members.filter(user=fresh.invitee_id).exists():
            raise refusals.BadChoice(_("This invitation is for somebody else."))
        if not _leads(joining, user):
            raise refusals.NotCaptain(_("Only your team's captain can accept this."))
        for row in (team, joining):
            _refuse_unfit(row)
        _refuse_overfull(team, joining)
        _refuse_overspent(opening, team, joining)
        _merge(team, joining)
    return team


def _refuse_closed(opening: RoundChallenge) -> None:
    if not opening.takes_teams(timezone.now()):
        raise refusals.NotOpen(_("Teams cannot be changed here any more, or there are none."))


def _led_by(opening: RoundChallenge, user) -> Participant:
    """The person's team, locked. Raises NotCaptain for anybody but its captain."""
    _refuse_closed(opening)
    team = enter(opening, user)
    if not team.is_team or not _leads(team, user):
        raise refusals.NotCaptain(_("Only the team's captain can do this."))
    _refuse_unfit(team)
    return team


def _leads(participant: Participant, user) -> bool:
    return participant.is_led_by(user) and participant.members.filter(user=user).exists()


def _refuse_unfit(participant: Participant) -> None:
    if participant.is_disqualified or participant.role != Participant.Role.ENTRANT:
        raise refusals.BadChoice(
            _("“%(name)s” is not ranked and can be in no team.") % {"name": participant.real_name}
        )


def _refuse_overfull(team: Participant, joining: Participant | None) -> None:
    size = team.members.count() + (joining.members.count() if joining else 1)
    if size > team.opening.max_team_size:
        text = _("The team would have %(size)s members; at most %(limit)s are allowed.")
        raise refusals.BadChoice(text % {"size": size, "limit": team.opening.max_team_size})


def _refuse_overspent(opening: RoundChallenge, team: Participant, joining: Participant) -> None:
    """Two who tried twice as often as one team may are not made one: that would be a way to more tries."""
    if opening.daily_quota is None:
        return
    now = timezone.now()
    days = (quotas.day_of(opening, now) - quotas.day_of(opening, opening.opens_at)).days + 1
    rows = QuotaDay.objects.filter(participant__in=[team, joining])
    used = rows.aggregate(total=Sum("used"))["total"] or 0
    if used > opening.daily_quota * days:
        text = _("Together you have used %(used)s tries; one team could have used %(limit)s so far.")
        raise refusals.BadChoice(text % {"used": used, "limit": opening.daily_quota * days})


def _merge(team: Participant, joining: Participant) -> None:
    """Everything of `joining` becomes the team's, and `joining` is gone. Both are locked.

    Submissions first: a verdict that is being recorded holds its submission, and what follows waits for it.
    """
    Submission.objects.filter(participant=joining).update(participant=team)
    for day in list(joining.quota_days.all()):
        row, _created = QuotaDay.objects.get_or_create(participant=team, day=day.day)
        QuotaDay.objects.filter(pk=row.pk).update(used=F("used") + day.used)
        Submission.objects.filter(quota_day=day).update(quota_day=row)
    Member.objects.filter(participant=joining).update(participant=team)
    Ruling.objects.filter(participant=joining).update(participant=team)
    newcomers = team.members.values("user")
    team.invitations.filter(invitee__in=newcomers).delete()
    Standing.objects.filter(participant=joining).delete()
    joining.delete()
    for phase_id in set(team.submissions.order_by().values_list("phase", flat=True)):
        chosen = team.submissions.filter(phase=phase_id, is_selected=True)
        if chosen.count() > team.opening.final_selections:
            chosen.update(is_selected=False)  # nobody's choice is more the team's than the other's
        update_standings(team, phase_id)
