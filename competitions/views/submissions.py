"""One's own submissions, and the page that waits for a verdict."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competitions import kinds, queries
from competitions.models import Submission
from competitions.reports import shown_report
from courses.access import RoundRequest, round_required

STOP_POLLING = 286  # htmx: swap this in and ask no more
PER_PAGE = 30


@require_safe
@round_required
def submission_list(request: RoundRequest) -> HttpResponseBase:
    page = Paginator(queries.history_of(request.user, request.round), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "competitions/submissions.html", {"page": page, "round": request.round})


@require_safe
@login_required
@never_cache
def submission(request: RoundRequest, number: int) -> HttpResponseBase:
    row = submission_or_404(request, number)
    return render(request, "competitions/submission.html", status_context(row, 0))


@require_safe
@never_cache
def status(request: RoundRequest, number: int) -> HttpResponseBase:
    """The part of the page that changes. Asked for again after 1 s, later 2 s, later 5 s, until there is a verdict."""
    if not request.user.is_authenticated:
        return HttpResponse(
            status=STOP_POLLING, headers={"HX-Refresh": "true"}
        )  # to the sign-in page and back
    row = submission_or_404(request, number)
    asked = request.GET.get("n", "0")
    context = status_context(row, int(asked[:6]) if asked.isdigit() else 0)
    code = STOP_POLLING if row.is_finished and request.htmx else 200
    return render(request, "competitions/partials/status.html", context, status=code)


@require_safe
@login_required
def original(request: RoundRequest, number: int) -> HttpResponseBase:
    """The file as it was sent. Never shown in place: it is whatever a student uploaded."""
    row = submission_or_404(request, number)
    return FileResponse(
        row.file.open("rb"),
        as_attachment=True,
        filename=row.file_name,
        content_type="application/octet-stream",
    )


def submission_or_404(request: RoundRequest, number: int) -> Submission:
    row = queries.visible_submission(request.user, number)
    if row is None:
        raise not_yours(number)
    return row


def not_yours(number: int) -> Http404:
    """The same words whether it is somebody else's or nobody's."""
    return Http404(_("There is no submission %(number)s of yours.") % {"number": number})


def status_context(row: Submission, asked: int) -> dict:
    context = {
        "submission": row,
        "challenge": row.challenge,
        "report": shown_report(row),
        "measurement": getattr(row, "measurement", None),
        "shows_private": row.participant.opening.is_over(timezone.now()),
    }
    if row.is_finished:
        changes = row.changes.exclude(regrade=None).defer("old_report")
        best = None if row.challenge.is_exercise else queries.best_of(row.participant, row.phase)
        return {**context, "explained": [change for change in changes if change.is_seen], "best": best}
    scoring = queries.scoring()
    return {
        **context,
        "position": queries.queue_position(row),
        "scoring": scoring,
        "can_judge": scoring.can_judge(kinds.get(row.challenge.kind).NEEDS_JAIL, row.device),
        "elapsed": _elapsed(row),
        "asked": asked + 1,
        "pause": pause_after(asked),
    }


def _elapsed(row: Submission) -> int | None:
    """Whole seconds since a worker took it; None while it waits."""
    if row.state != Submission.State.RUNNING or row.started_at is None:
        return None
    return max(int((timezone.now() - row.started_at).total_seconds()), 0)


def pause_after(asked: int) -> int:
    """Seconds until the next question: most verdicts are there at once, and 200 who wait should not ask each second."""
    return 1 if asked < 10 else 2 if asked < 30 else 5
