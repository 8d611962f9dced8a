"""What this app puts on the dashboards."""

from __future__ import annotations

from django.http import HttpRequest

from competitions import queries
from courses.queries import current_round

LATEST = 5


def today(request: HttpRequest) -> dict | None:
    """For students: how far they are, what is open, what they sent last."""
    course_round = current_round(request)
    if course_round is None:
        return None
    exercises = queries.cards_of(course_round, request.user, exercises=True)
    context = {
        "solved": sum(card.is_solved for card in exercises),
        "total": len(exercises),
        "next_exercise": next((card for card in exercises if card.is_open and not card.is_solved), None),
        "competitions": [
            card for card in queries.cards_of(course_round, request.user, exercises=False) if not card.is_over
        ],
        "latest": queries.history_of(request.user, course_round)[:LATEST],
    }
    return {"template": "competitions/panels/today.html", "context": context}


def instructor(request: HttpRequest) -> dict | None:
    """For those who teach: the queue, what failed by our fault, who judges, the way to boards and submissions."""
    course_round = current_round(request)
    if course_round is None:
        return None
    context = {
        "summary": queries.queue_summary(course_round),
        "scoring": queries.scoring(),
        "competitions": queries.cards_of(course_round, request.user, exercises=False),
        "latest": queries.filtered(course_round, {})[:LATEST],
    }
    return {"template": "competitions/panels/instructor.html", "context": context}
