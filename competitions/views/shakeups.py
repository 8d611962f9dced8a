"""The report of public against private scores: for students from the end on, for those who teach always."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competitions import queries
from competitions.models import Standing
from competitions.views import sending
from courses.access import RoundRequest, round_required

SHOWN = 5  # who rose and who fell most


@require_safe
@round_required
def shakeup(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = sending.opening_or_404(request, slug, exercise=False)
    now = timezone.now()
    teaches = request.role == "instructor"
    if Standing.Board.FINAL not in queries.kinds_for(opening, now, teaches=teaches):
        raise Http404(_("The report is there when the competition is over."))
    view = queries.view_of(
        opening, now, teaches=teaches, kind=Standing.Board.FINAL, phase=request.GET.get("phase", "")
    )
    report = queries.shakeup_of(opening, view.phase)
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "round": opening.round,
        "report": report,
        "risen": report.risen[:SHOWN],
        "fallen": report.fallen[:SHOWN],
        "phases": list(opening.phases.all()),
        "phase": view.phase,
        "is_over": opening.is_over(now),
        "is_instructor": teaches,
        "mine": queries.participant_of(opening, request.user),
    }
    return render(request, "competitions/shakeup.html", context)
