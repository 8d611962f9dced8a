"""The student's pages of mock exams: parse, call one action or query, answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.access import RoundRequest, round_required

from .. import actions as quiz_actions
from .. import paper
from .. import queries as quiz_queries
from ..models import Attempt, Exam
from ..readiness import queries as readiness
from . import actions, queries


@never_cache
@require_safe
@round_required
def exams(request: RoundRequest) -> HttpResponse:
    """The round's sittings, and how ready the student is."""
    context = {
        "exams": queries.exams_for(request.round, request.user),
        "forecast": readiness.forecast_for(request.user, request.round.course),
    }
    return render(request, "quizzes/exams/exams.html", context)


def find_exam(request: RoundRequest, exam_id: int) -> tuple[Exam, Attempt | None]:
    exam = get_object_or_404(queries.exams_of(request.round), pk=exam_id)
    attempt = quiz_queries.attempt_of(exam.quiz, request.user)
    if attempt and attempt.is_open and attempt.is_expired():
        actions.submit(attempt)
        attempt.refresh_from_db(fields=["state", "submitted_at", "score", "max_score"])
    return exam, attempt


@never_cache
@require_safe
@round_required
def exam(request: RoundRequest, exam_id: int) -> HttpResponse:
    """Before: the rules. During: the sheet. Afterwards: the result, as soon as it is released."""
    found, attempt = find_exam(request, exam_id)
    if attempt is None:
        return render(request, "quizzes/exams/rules.html", {"exam": found})
    if attempt.is_open:
        return render_sheet(request, found, attempt)
    actions.settle(attempt)
    attempt.refresh_from_db(fields=["score"])
    if not found.is_released():
        return render(request, "quizzes/exams/waiting.html", {"exam": found, "attempt": attempt})
    lines = paper.read_result(attempt)
    context = {
        "exam": found,
        "attempt": attempt,
        "lines": lines,
        "tasks": queries.task_lines(attempt),
        "topics": queries.topic_scores(attempt),
        "right": sum(bool(line.answer.correct) for line in lines),
    }
    return render(request, "quizzes/exams/result.html", context)


def render_sheet(
    request: RoundRequest,
    exam: Exam,
    attempt: Attempt,
    posted: paper.Posted | None = None,
    *,
    ask: bool = False,
) -> HttpResponse:
    """The sheet with its clock; 422 where something was refused."""
    lines = paper.read_paper(attempt, posted)
    open_lines = [line for line in lines if not line.is_answered]
    problems = [line for line in lines if line.notice]
    context = {
        "exam": exam,
        "attempt": attempt,
        "quiz": exam.quiz,
        "lines": lines,
        "tasks": queries.task_lines(attempt),
        "answered": len(lines) - len(open_lines),
        "open_lines": open_lines if ask else [],
        "problems": problems,
    }
    return render(request, "quizzes/exams/take.html", context, status=422 if problems else 200)


@require_POST
@round_required
def begin(request: RoundRequest, exam_id: int) -> HttpResponse:
    """Starts the student's clock."""
    found, _attempt = find_exam(request, exam_id)
    try:
        actions.begin(found, request.user)
    except actions.NotNowError as error:
        messages.warning(request, _(str(error)))
    return redirect("quizzes:exam", found.pk)


@never_cache
@require_POST
@round_required
def submit(request: RoundRequest, exam_id: int) -> HttpResponse:
    """Saves the whole form and, unless only saving was asked for, submits the exam."""
    found, attempt = find_exam(request, exam_id)
    if attempt is None or not attempt.is_open:
        return redirect("quizzes:exam", found.pk)
    try:
        posted = paper.save_posted(attempt, request.POST)
    except quiz_actions.QuizClosedError:
        messages.warning(request, _("The time is over. What was saved before that was marked."))
        return redirect("quizzes:exam", found.pk)
    if attempt.paused_at:
        messages.warning(request, _("The exam is paused. Please wait until it goes on."))
        return render_sheet(request, found, attempt, posted)
    if request.POST.get("action") == "save" and not posted.notices:
        messages.success(request, _("Your answers are saved."))
        return redirect("quizzes:exam", found.pk)
    gaps = quiz_queries.answered_count(attempt) < found.quiz.items.count()
    if posted.notices or (gaps and "confirm" not in request.POST):
        return render_sheet(request, found, attempt, posted, ask=not posted.notices)
    actions.submit(attempt)
    return redirect("quizzes:exam", found.pk)


@never_cache
@require_safe
@round_required
def clock(request: RoundRequest, exam_id: int) -> JsonResponse:
    """What the page's clock goes by: the server's time, the student's deadline, whether it stands still."""
    _found, attempt = find_exam(request, exam_id)
    if attempt is None:
        return JsonResponse({"state": "none"}, status=404)
    paused = attempt.paused_at is not None
    return JsonResponse({"state": attempt.state, "paused": paused, "seconds_left": attempt.seconds_left})
