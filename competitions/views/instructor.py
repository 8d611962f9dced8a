"""What those who teach see of a round's submissions, and judging again."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions import actions, queries
from competitions.models import SelfReport, Submission
from competitions.models.submissions import VERDICTS
from competitions.views import sending
from competitions.views.submissions import not_yours, status_context, submission_or_404
from courses.access import RoundRequest, instructor_required
from courses.queries import is_instructor

PER_PAGE = 50
FILTERS = ("challenge", "student", "verdict")


@require_safe
@instructor_required
def submission_list(request: RoundRequest) -> HttpResponseBase:
    wanted = {name: request.GET.get(name, "").strip() for name in FILTERS}
    page = Paginator(queries.filtered(request.round, wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "round": request.round,
        "page": page,
        "wanted": wanted,
        "openings": request.round.openings.select_related("challenge").order_by(
            "challenge__kind", "challenge__position"
        ),
        "verdicts": [
            *VERDICTS,
            *((state.value, state.label) for state in Submission.State if state != "done"),
        ],
        "summary": queries.queue_summary(request.round),
    }
    return render(request, "competitions/instructor/submissions.html", context)


@require_safe
@login_required
def submission(request: RoundRequest, number: int) -> HttpResponseBase:
    row = _taught(request, number)
    context = {
        **status_context(row, 0),
        "report": row.typed_report(),
        "raw_report": json.dumps(row.report, ensure_ascii=False, indent=2) if row.report else "",
        "changes": row.changes.select_related("by"),
        "for_instructor": True,
    }
    return render(request, "competitions/instructor/submission.html", context)


@require_POST
@login_required
def rejudge(request: RoundRequest, number: int) -> HttpResponseBase:
    row = _taught(request, number)
    if actions.rejudge(row, request.user, request.POST.get("reason", "")):
        messages.success(request, _("The submission will be judged again."))
    else:
        messages.info(request, _("It is waiting to be judged anyway."))
    return redirect("competitions:instructor_submission", row.pk)


def _taught(request: RoundRequest, number: int) -> Submission:
    """The submission, if its round is taught by this person; 404 otherwise, even when it is their own."""
    row = submission_or_404(request, number)
    if not is_instructor(request.user, row.round):
        raise not_yours(number)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def rejudge_all(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = queries.opening_of(request.round, slug) or sending.opening_or_404(request, slug, exercise=True)
    if request.method != "POST":
        count = Submission.objects.filter(round=request.round, challenge=opening.challenge).count()
        context = {"opening": opening, "challenge": opening.challenge, "count": count}
        return render(request, "competitions/instructor/rejudge_all.html", context)
    count = actions.rejudge_all(
        opening.challenge, request.round, request.user, request.POST.get("reason", "")
    )
    text = ngettext(
        "%(count)s submission will be judged again.", "%(count)s submissions will be judged again.", count
    )
    messages.success(request, text % {"count": count})
    return redirect("competitions:instructor_submissions")


@require_safe
@instructor_required
def self_reports(request: RoundRequest) -> HttpResponseBase:
    """Scores that notebooks claim: apart from the boards, for nobody has checked them."""
    rows = SelfReport.objects.filter(round=request.round).select_related("user", "challenge")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "competitions/instructor/self_reports.html", {"round": request.round, "page": page}
    )


@require_safe
@instructor_required
def boards(request: RoundRequest) -> HttpResponseBase:
    context = {
        "round": request.round,
        "exercises": queries.cards_of(request.round, request.user, exercises=True),
        "competitions": queries.cards_of(request.round, request.user, exercises=False, teaches=True),
    }
    return render(request, "competitions/instructor/boards.html", context)
