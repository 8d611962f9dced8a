"""The instructor's pages of one competition: its rules, who takes part, who handed in the same."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions import actions, forms, queries
from competitions.models import Participant, RoundChallenge
from competitions.views import sending
from courses.access import RoundRequest, instructor_required

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def rules(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = sending.opening_or_404(request, slug, exercise=False)
    with timezone.override(opening.round.course.zone):
        posted = request.POST if request.method == "POST" else None
        is_phases = posted is not None and "phases-TOTAL_FORMS" in posted
        form = forms.RulesForm.of(opening, None if is_phases else posted)
        phases = forms.phases_of(opening, posted if is_phases else None)
        if posted is not None:
            saved = _save_phases(opening, phases) if is_phases else _save_rules(opening, form)
            if saved:
                messages.success(request, _("Saved. The boards are written anew."))
                return redirect("competitions:instructor_rules", slug)
        context = {"opening": opening, "challenge": opening.challenge, "form": form, "phases": phases}
        status = 422 if posted is not None else 200
        return render(
            request, "competitions/instructor/rules.html", {**context, "tab": "rules"}, status=status
        )


def _save_rules(opening: RoundChallenge, form: forms.RulesForm) -> bool:
    if not form.is_valid():
        return False
    try:
        # What was not touched stays as it is to the second.
        actions.set_rules(opening, **{name: form.cleaned_data[name] for name in form.changed_data})
    except actions.Refused as refused:
        form.add_error(None, refused.message)
        return False
    return True


def _save_phases(opening: RoundChallenge, phases: forms.BasePhases) -> bool:
    if not phases.is_valid():
        return False
    try:
        actions.set_phases(opening, phases.plans())
    except actions.Refused as refused:
        phases.forms[0].add_error(None, refused.message)
        return False
    return True


@require_safe
@instructor_required
def participants(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = sending.opening_or_404(request, slug, exercise=False)
    wanted = {name: request.GET.get(name, "").strip() for name in ("name", "state")}
    rows = queries.participants_of(opening, wanted["name"], wanted["state"])
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "roles": Participant.Role.choices,
        "tab": "participants",
    }
    return render(request, "competitions/instructor/participants.html", context)


@require_POST
@instructor_required
def rule_on(request: RoundRequest, slug: str, number: int) -> HttpResponseBase:
    """Disqualifies a participant, lifts that, or changes what it stands on boards as."""
    opening = sending.opening_or_404(request, slug, exercise=False)
    row = opening.participants.filter(pk=number, title_ko="").first()
    if row is None:
        raise Http404(_("There is no such participant."))
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    try:
        if action == "disqualify":
            actions.disqualify(row, request.user, reason)
        elif action == "lift":
            actions.lift_disqualification(row, request.user, reason)
        elif action in Participant.Role.values:
            actions.set_role(row, action, request.user)
        messages.success(request, _("Done. It is on record."))
    except actions.Refused as refused:
        messages.error(request, refused.message)
    return redirect("competitions:instructor_participants", slug)


@require_safe
@instructor_required
def duplicates(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = sending.opening_or_404(request, slug, exercise=False)
    page, groups = queries.duplicates_of(opening, request.GET.get("page", 1))
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "page": page,
        "groups": groups,
        "tab": "duplicates",
    }
    return render(request, "competitions/instructor/duplicates.html", context)
