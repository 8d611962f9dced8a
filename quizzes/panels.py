"""What the dashboards show of the quizzes: `panel(request) -> {"template", "context"} | None`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from courses.queries import current_round, is_instructor

from . import actions, queries


def today(request: HttpRequest) -> dict[str, Any] | None:
    """Today's quiz and how far the student is with it; None where there is none."""
    course_round = current_round(request)
    if course_round is None:
        return None
    quiz = actions.publish_due(course_round)
    if quiz is None:
        return None
    attempt = queries.attempt_of(quiz, request.user)
    context = {
        "quiz": quiz,
        "attempt": attempt,
        "total": quiz.items.count(),
        "answered": queries.answered_count(attempt) if attempt else 0,
        "missed": queries.missed_quizzes(request.user, course_round).count(),
    }
    return {"template": "quizzes/panels/today.html", "context": context}


def instructor(request: HttpRequest) -> dict[str, Any] | None:
    """The latest quizzes of the round with how many took part."""
    course_round = current_round(request)
    if course_round is None or not is_instructor(request.user, course_round):
        return None
    context = {
        "quizzes": queries.quizzes_with_results(course_round)[:5],
        "students": len(queries.students_of(course_round)),
    }
    return {"template": "quizzes/panels/instructor.html", "context": context}
