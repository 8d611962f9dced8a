"""The instructor's pages of item analysis: how the questions of the round went."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses.access import RoundRequest, instructor_required

from . import item_analysis, item_statistics
from .models import Question
from .regrades import queries as regrades

PER_PAGE = 50


@require_safe
@instructor_required
def questions(request: RoundRequest) -> HttpResponse:
    """Every question that the round has answered (?sort=..., ?topic=...), and how reliable its tests were."""
    given = item_analysis.read_answers(item_analysis.marked_answers(request.round))
    sort = request.GET.get("sort", "")
    if sort not in item_analysis.SORTS:
        sort = "difficulty"
    lines = item_analysis.question_lines(given, sort)
    topics = sorted({line.question.topic for line in lines}, key=lambda topic: (topic.position, topic.slug))
    topic = request.GET.get("topic", "")
    shown = [line for line in lines if topic in ("", line.question.topic.slug)]
    context = {
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "topics": topics,
        "topic": topic,
        "sort": sort,
        "tests": item_analysis.test_lines(given),
        "few": item_statistics.FEW,
    }
    return render(request, "quizzes/instructor/questions.html", context)


@require_safe
@instructor_required
def question(request: RoundRequest, question_id: int) -> HttpResponse:
    """One question: its versions with what the round answered to each, and the corrections of its key."""
    found = get_object_or_404(Question.objects.select_related("topic", "current"), pk=question_id)
    answers = item_analysis.marked_answers(request.round).filter(attempt__quiz__items__question=found)
    given = [each for each in item_analysis.read_answers(answers) if each.question_id == found.pk]
    context: dict[str, Any] = {
        "question": found,
        "statistics": item_statistics.describe([each.response for each in given]),
        "versions": item_analysis.version_lines(found, given, get_language() or "ko"),
        "regrades": regrades.regrades_of(request.round.course).filter(version__question=found),
        "file_is_wrong": regrades.file_still_wrong(found),
        "few": item_statistics.FEW,
    }
    return render(request, "quizzes/instructor/question.html", context)
