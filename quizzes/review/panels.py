"""What the navigation and the dashboard show of the review."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from courses.models import CourseRound
from courses.queries import current_round

from .. import queries as quiz_queries
from . import queries


def load_of(request: HttpRequest, course_round: CourseRound) -> queries.Load:
    """The day's load, read once per request: the header, the panel and the page ask."""
    if "review_load" not in vars(request):
        vars(request)["review_load"] = queries.load_of(request.user, course_round.course.today())
    return vars(request)["review_load"]


def due_today(request: HttpRequest) -> int:
    """How many cards are left for today."""
    course_round = current_round(request)
    return load_of(request, course_round).today if course_round else 0


def today(request: HttpRequest) -> dict[str, Any] | None:
    """The day's cards and the streak; None for who has neither."""
    course_round = current_round(request)
    if course_round is None:
        return None
    load = load_of(request, course_round)
    streak = quiz_queries.streak_of(request.user, course_round)
    if not (load.waiting or load.done or streak.length):
        return None
    return {"template": "quizzes/panels/review.html", "context": {"load": load, "streak": streak}}
