"""Who may see a page: decorators for views. Both set `request.round` and `request.role`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from courses.models import CourseRound, Enrolment
from courses.queries import current_round, role_of_reader

View = Callable[..., HttpResponseBase]


class RoundRequest(SignedInRequest):
    """Behind `round_required` or `instructor_required`: for the type checker."""

    round: CourseRound
    role: str


def round_required(view: View) -> View:
    """Signed in and enrolled in a round; a person without any round is told so (403)."""

    @login_required
    @wraps(view)
    def guarded(request: RoundRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        course_round = current_round(request)
        if course_round is None:
            return render(request, "courses/no_round.html", status=403)
        request.round = course_round
        request.role = role_of_reader(request.user, course_round)
        return view(request, *args, **kwargs)

    return guarded


def instructor_required(view: View) -> View:
    """Instructor of the current round; 403 otherwise."""

    @round_required
    @wraps(view)
    def guarded(request: RoundRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.role != Enrolment.Role.INSTRUCTOR:
            raise PermissionDenied(_("Only instructors of this round may see this page."))
        return view(request, *args, **kwargs)

    return guarded
