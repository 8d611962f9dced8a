"""The instructor's page of regrades: what a new version would change, and the decision about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions import actions, queries
from competitions.actions import regrading
from competitions.models import Regrade, RoundChallenge
from competitions.views.submissions import STOP_POLLING
from courses.access import RoundRequest, instructor_required

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def regrades(request: RoundRequest, slug: str) -> HttpResponseBase:
    """All regrades of an opening; a POST starts one."""
    opening = _opening_or_404(request, slug)
    if request.method == "POST":
        try:
            row = regrading.start(opening, request.user)
        except actions.Refused as refused:
            messages.error(request, refused.message)
            return redirect("competitions:regrades", slug)
        return redirect("competitions:regrade", slug, row.pk)
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "tab": "regrades",
        "rows": opening.regrades.select_related("requested_by", "decided_by"),
        "outdated": regrading.outdated(opening).count(),
        "waiting": opening.regrades.filter(decision="").first(),
    }
    return render(request, "competitions/instructor/regrades.html", context)


@require_safe
@instructor_required
def regrade(request: RoundRequest, slug: str, number: int) -> HttpResponseBase:
    opening = _opening_or_404(request, slug)
    row = _regrade_or_404(opening, number)
    context = {"opening": opening, "challenge": opening.challenge, "tab": "regrades", **_progress(row)}
    if request.htmx and not row.is_finished:
        return render(request, "competitions/partials/regrade_state.html", context)
    if request.htmx:
        answer = render(request, "competitions/partials/regrade_state.html", context, status=STOP_POLLING)
        answer["HX-Refresh"] = "true"  # the whole page has more to show now
        return answer
    if row.is_finished and row.decision != Regrade.Decision.CANCELLED:
        moves = queries.moves_of(row) if row.is_ready else [queries.RegradeMove(**move) for move in row.moves]
        context |= {
            "page": Paginator(moves, PER_PAGE).get_page(request.GET.get("page")),
            "verdicts": queries.verdict_changes(row),
        }
    return render(request, "competitions/instructor/regrade.html", context)


def _progress(row: Regrade) -> dict:
    total, judged = row.lines.count(), row.lines.exclude(judged_at=None).count()
    failed = row.lines.filter(verdict="judge_error").count()
    return {"regrade": row, "total": total, "judged": judged, "failed": failed}


@require_POST
@instructor_required
def decide(request: RoundRequest, slug: str, number: int) -> HttpResponseBase:
    """Applies, cancels or undoes."""
    row = _regrade_or_404(_opening_or_404(request, slug), number)
    try:
        _decide(request, row, request.POST.get("action", ""))
    except actions.Refused as refused:
        messages.error(request, refused.message)
    return redirect("competitions:regrade", slug, number)


def _decide(request: RoundRequest, row: Regrade, action: str) -> None:
    if action == "apply":
        count = regrading.apply(row, request.user, request.POST.get("reason", ""))
        text = ngettext("Applied to %(count)s submission.", "Applied to %(count)s submissions.", count)
        messages.success(request, text % {"count": count})
    elif action == "undo":
        count = regrading.undo(row, request.user)
        text = ngettext("Undone for %(count)s submission.", "Undone for %(count)s submissions.", count)
        messages.success(request, text % {"count": count})
    elif action == "cancel":
        regrading.cancel(row, request.user)
        messages.success(request, _("Cancelled. Nothing has changed."))
    else:
        raise Http404(_("There is no such decision."))


def _opening_or_404(request: RoundRequest, slug: str) -> RoundChallenge:
    opening = queries.opening_of(request.round, slug)
    if opening is None:
        raise Http404(_("“%(slug)s” is not open in %(round)s.") % {"slug": slug, "round": request.round})
    return opening


def _regrade_or_404(opening: RoundChallenge, number: int) -> Regrade:
    row = opening.regrades.filter(pk=number).first()
    if row is None:
        raise Http404(_("There is no such regrade."))
    return row
