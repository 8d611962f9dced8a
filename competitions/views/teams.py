"""A student's team, the name they stand under, and which of their submissions count at the end."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions import actions, queries
from competitions.actions.participating import enter
from competitions.models import Invitation, RoundChallenge
from competitions.views import sending
from courses.access import RoundRequest, round_required


@require_http_methods(["GET", "HEAD", "POST"])
@round_required
def team(request: RoundRequest, slug: str) -> HttpResponseBase:
    """The team and the name; a POST does one thing with them, named by `action`."""
    opening = sending.opening_or_404(request, slug, exercise=False)
    refusal = None
    if request.method == "POST":
        try:
            done = _ACTIONS.get(request.POST.get("action", ""), _nothing)(request, opening)
        except actions.Refused as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect("competitions:team", slug)
    context = _team_context(request, opening)
    status = refusal.status if refusal else 200
    context |= {"refusal": refusal, "typed": request.POST}  # nobody types a name twice
    return render(request, "competitions/team.html", context, status=status)


def _team_context(request: RoundRequest, opening: RoundChallenge) -> dict:
    mine = queries.participant_of(opening, request.user)
    leads = mine is not None and mine.is_team and mine.is_led_by(request.user)
    sent = list(mine.invitations.select_related("invitee")) if mine and leads else []
    link = next((row for row in sent if row.invitee is None), None)
    return {
        "opening": opening,
        "challenge": opening.challenge,
        "participant": mine,
        "members": mine.members.select_related("user") if mine and mine.is_team else [],
        "leads": leads,
        "takes_teams": opening.takes_teams(timezone.now()),
        "may_leave": mine is not None and mine.is_team and not mine.submissions.exists(),
        "invited": [row for row in sent if row.invitee],
        "link": link,
        "link_address": _address(request, opening, link) if link else "",
        "invitations": queries.invitations_to(opening, request.user, mine),
    }


def _address(request: RoundRequest, opening: RoundChallenge, link: Invitation) -> str:
    return request.build_absolute_uri(f"{opening.challenge.get_absolute_url()}team/join/{link.token}/")


def _create(request: RoundRequest, opening: RoundChallenge) -> str:
    actions.create_team(opening, request.user, request.POST.get("name", ""))
    return _("The team is there.")


def _invite(request: RoundRequest, opening: RoundChallenge) -> str:
    row = actions.invite(opening, request.user, request.POST.get("username", ""))
    return _("%(name)s is invited.") % {"name": row.invitee.display_name if row.invitee else ""}


def _link(request: RoundRequest, opening: RoundChallenge) -> str:
    actions.open_link(opening, request.user)
    return _("There is a new link. An earlier one is not valid any more.")


def _leave(request: RoundRequest, opening: RoundChallenge) -> str:
    actions.leave(opening, request.user)
    return _("You have left the team.")


def _accept(request: RoundRequest, opening: RoundChallenge) -> str:
    joined = actions.accept(_invitation(request, opening), request.user)
    return _("You are in “%(team)s” now.") % {"team": joined.team_name}


def _withdraw(request: RoundRequest, opening: RoundChallenge) -> str:
    actions.withdraw(_invitation(request, opening), request.user)
    return _("The invitation is taken back.")


def _choose_name(request: RoundRequest, opening: RoundChallenge) -> str:
    with transaction.atomic():
        participant = enter(opening, request.user)
        actions.choose_name(participant, request.POST.get("anonymous") == "1")
    return _("On the board you are “%(name)s”.") % {"name": participant.shown_name}


def _nothing(request: RoundRequest, opening: RoundChallenge) -> str:
    raise actions.refusals.BadChoice(_("This page was made for something else. Please try again."))


def _invitation(request: RoundRequest, opening: RoundChallenge) -> Invitation:
    number = request.POST.get("invitation", "")
    rows = Invitation.objects.filter(team__opening=opening).select_related("team__opening__round__course")
    row = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if row is None or (row.invitee is None and request.POST.get("action") == "accept"):
        raise actions.refusals.BadChoice(_("This invitation is not valid any more."))
    return row


_ACTIONS: dict[str, Callable[[RoundRequest, RoundChallenge], str]] = {
    "create": _create,
    "invite": _invite,
    "link": _link,
    "leave": _leave,
    "accept": _accept,
    "withdraw": _withdraw,
    "name": _choose_name,
}


@require_http_methods(["GET", "HEAD", "POST"])
@round_required
def join(request: RoundRequest, slug: str, token: str) -> HttpResponseBase:
    """The page behind a team's link: it asks before it does anything."""
    opening = sending.opening_or_404(request, slug, exercise=False)
    link = queries.link_named(opening, token)
    if link is None:
        raise Http404(_("This invitation is not valid any more."))
    refusal = None
    if request.method == "POST":
        try:
            joined = actions.accept(link, request.user)
        except actions.Refused as error:
            refusal = error
        else:
            messages.success(request, _("You are in “%(team)s” now.") % {"team": joined.team_name})
            return redirect("competitions:team", slug)
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "link": link,
        "members": link.team.members.select_related("user"),
        "participant": queries.participant_of(opening, request.user),
        "refusal": refusal,
    }
    return render(request, "competitions/join.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@round_required
def selection(request: RoundRequest, slug: str) -> HttpResponseBase:
    """Which submissions count for the private score, phase by phase."""
    opening = sending.opening_or_404(request, slug, exercise=False)
    now = timezone.now()
    phase = queries.view_of(opening, now, phase=request.GET.get("phase", "")).phase
    refusal = None
    if request.method == "POST":
        try:
            actions.select_finals(opening, request.user, phase, _numbers(request))
        except actions.Refused as error:
            refusal = error
        else:
            messages.success(request, _("Your choice is kept."))
            return redirect(request.get_full_path())
    mine = queries.participant_of(opening, request.user)
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "phase": phase,
        "phases": list(opening.phases.all()),
        "choices": queries.choices_of(mine, phase) if mine else [],
        "is_over": opening.is_over(now),
        "refusal": refusal,
    }
    return render(request, "competitions/selection.html", context, status=refusal.status if refusal else 200)


def _numbers(request: RoundRequest) -> list[int]:
    typed = request.POST.getlist("submission")
    return [int(number) if number.isdecimal() and len(number) < 19 else 0 for number in typed]
