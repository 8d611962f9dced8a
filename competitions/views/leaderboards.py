from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competitions import queries
from competitions.models import RoundChallenge, Standing
from competitions.views import sending
from courses.access import RoundRequest, round_required
from courses.models import Enrolment
from courses.queries import current_round, find_round, role_in


@require_safe
@round_required
def exercise_board(request: RoundRequest, slug: str) -> HttpResponseBase:
    return _board(request, sending.opening_or_404(request, slug, exercise=True), request.role)


@require_safe
@round_required
def competition_board(request: RoundRequest, slug: str) -> HttpResponseBase:
    return _board(request, sending.opening_or_404(request, slug, exercise=False), request.role)


def _board(request: RoundRequest, opening: RoundChallenge, role: str | None) -> HttpResponseBase:
    """`role`: the reader's in the round of the opening."""
    now = timezone.now()
    teaches = role == Enrolment.Role.INSTRUCTOR
    prefetch_related_objects([opening], "phases")  # both which is shown and the tabs need them
    view = queries.view_of(
        opening, now, teaches=teaches, kind=request.GET.get("board", ""), phase=request.GET.get("phase", "")
    )
    board = queries.board_of(view, request.user, request.GET.get("page", 1))
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "round": opening.round,
        "board": board,
        "drawing": queries.drawing_of(board),
        "has_intervals": any(row.interval for row in board.rows),
        "late": queries.late_rows(view) if opening.is_over(now) and opening.allows_late else [],
        "kinds": [Standing.Board(kind) for kind in queries.kinds_for(opening, now, teaches=teaches)],
        "phases": list(opening.phases.all()),
        "is_frozen": opening.is_frozen(now),
        "is_over": opening.is_over(now),
        "is_instructor": teaches,
        # The task's own page is that of the round the reader has chosen: from another round's board there is no way.
        "is_chosen_round": current_round(request) == opening.round,
    }
    return render(request, "competitions/leaderboard.html", context)


@require_safe
@login_required
def board_by_name(request: RoundRequest) -> HttpResponseBase:
    """/leaderboard?competition_name=..&course_name=..&course_round=..: the address in the students' notebooks."""
    names = {
        key: request.GET.get(key, "").strip() for key in ("competition_name", "course_name", "course_round")
    }
    if not any(names.values()):
        return redirect("competitions:competitions")
    challenge = queries.find_challenge(names["competition_name"])
    course_round = find_round(names["course_name"], names["course_round"])
    role = role_in(request.user, course_round) if course_round else None
    if course_round and not role:
        raise PermissionDenied(_("You are not enrolled in %(round)s.") % {"round": course_round})
    opening = queries.opening_of(course_round, challenge.slug) if challenge and course_round else None
    if opening is None:
        context = {"missing": _missing(names, challenge, course_round)}
        return render(request, "competitions/leaderboard_missing.html", context, status=404)
    return _board(request, opening, role)


def _missing(names: dict[str, str], challenge, course_round) -> list[str]:
    """What was not found, a sentence each."""
    found = []
    if challenge is None:
        found.append(_("There is no competition “%(name)s”.") % {"name": names["competition_name"]})
    if course_round is None:
        text = _("There is no round “%(round)s” of a course “%(course)s”.")
        found.append(text % {"round": names["course_round"], "course": names["course_name"]})
    if challenge and course_round:
        text = _("“%(name)s” is not open in %(round)s.")
        found.append(text % {"name": names["competition_name"], "round": course_round})
    return found
