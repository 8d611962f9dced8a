"""The instructor's pages about the round's quizzes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses.access import RoundRequest, instructor_required

from . import analysis, paper, queries
from .models import Attempt, Quiz


@require_safe
@instructor_required
def quizzes(request: RoundRequest) -> HttpResponse:
    context = {
        "round": request.round,
        "quizzes": queries.quizzes_with_results(request.round),
        "students": len(queries.students_of(request.round)),
    }
    return render(request, "quizzes/instructor/quizzes.html", context)


@require_safe
@instructor_required
def results(request: RoundRequest, quiz_id: int) -> HttpResponse:
    """One quiz: who, score, when; and per question how it went."""
    quiz = get_object_or_404(Quiz.objects.select_related("round__course"), pk=quiz_id, round=request.round)
    rows = queries.results_of(quiz)
    context = {
        "quiz": quiz,
        "results": rows,
        "summary": analysis.summarize(rows),
        "late": sum(bool(row.attempt and row.attempt.is_late and not row.attempt.is_open) for row in rows),
        "lines": analysis.read_analysis(queries.item_results(quiz), get_language() or "ko"),
    }
    return render(request, "quizzes/instructor/results.html", context)


@require_safe
@instructor_required
def attempt(request: RoundRequest, quiz_id: int, user_id: int) -> HttpResponse:
    """The marked sheet of one student of the round; 404 while it is being answered."""
    found = get_object_or_404(
        Attempt.objects.select_related("quiz__round__course", "user"),
        quiz=quiz_id,
        quiz__round=request.round,
        user=user_id,
        state=Attempt.State.SUBMITTED,
    )
    context = {"attempt": found, "lines": paper.read_result(found)}
    return render(request, "quizzes/instructor/attempt.html", context)
