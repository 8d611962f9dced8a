"""The student's pages: parse, call one action or query, answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.access import RoundRequest, round_required

from . import actions, kinds, paper, queries
from .models import Attempt, Quiz, QuizItem


@never_cache
@require_safe
@round_required
def today(request: RoundRequest) -> HttpResponse:
    """Today's quiz; the visit publishes it if the scheduler has not yet."""
    if attempt := queries.todays_attempt(request.user, request.round):
        return show_attempt(request, attempt)
    quiz = actions.publish_due(request.round)
    if quiz is None:
        return render(request, "quizzes/none.html", {"opens_at": actions.opens_later(request.round)})
    return show_quiz(request, quiz)


@never_cache
@require_safe
@round_required
def detail(request: RoundRequest, quiz_id: int) -> HttpResponse:
    """A quiz of the current round: its sheet while it is open, the result afterwards."""
    return show_quiz(request, find_daily(request, quiz_id))


def find_daily(request: RoundRequest, quiz_id: int) -> Quiz:
    """Exams have a clock and a release: their pages are in exams/."""
    return get_object_or_404(Quiz, pk=quiz_id, round=request.round, kind=Quiz.Kind.DAILY)


def show_quiz(request: RoundRequest, quiz: Quiz) -> HttpResponse:
    try:
        return show_attempt(request, actions.start_attempt(quiz, request.user))
    except actions.QuizClosedError:
        return render(request, "quizzes/missed.html", {"quiz": quiz})


@never_cache
@require_POST
@round_required
def catch_up(request: RoundRequest, quiz_id: int) -> HttpResponse:
    """Begins an attempt at a quiz that has closed."""
    quiz = get_object_or_404(Quiz, pk=quiz_id, round=request.round)
    try:
        actions.catch_up(quiz, request.user)
    except actions.QuizClosedError as refused:
        messages.warning(request, _(str(refused)))
    return redirect("quizzes:detail", quiz.pk)


def show_attempt(request: RoundRequest, attempt: Attempt) -> HttpResponse:
    """The sheet, or the marked one; what the closing of the quiz left open is marked now."""
    if attempt.is_open and not attempt.takes_answers():
        actions.submit_attempt(attempt)
    if attempt.is_open:
        return render_paper(request, attempt)
    lines = paper.read_result(attempt)
    right = sum(bool(line.answer.correct) for line in lines)
    return render(request, "quizzes/result.html", {"attempt": attempt, "lines": lines, "right": right})


def render_paper(
    request: RoundRequest, attempt: Attempt, posted: paper.Posted | None = None, *, ask: bool = False
) -> HttpResponse:
    """The sheet; `ask` adds the question whether to submit with gaps. 422 where something was refused."""
    lines = paper.read_paper(attempt, posted)
    open_lines = [line for line in lines if not line.is_answered]
    context = {
        "attempt": attempt,
        "quiz": attempt.quiz,
        "lines": lines,
        "answered": len(lines) - len(open_lines),
        "open_lines": open_lines if ask else [],
        "problems": [line for line in lines if line.notice],
    }
    return render(request, "quizzes/take.html", context, status=422 if context["problems"] else 200)


@never_cache
@require_POST
@round_required
def submit(request: RoundRequest, quiz_id: int) -> HttpResponse:
    """Saves the whole form and, unless only saving was asked for, submits it."""
    quiz = find_daily(request, quiz_id)
    attempt = find_attempt(request, quiz)
    if not attempt.is_open:
        return redirect("quizzes:detail", quiz.pk)
    try:
        posted = paper.save_posted(attempt, request.POST)
    except actions.QuizClosedError:
        messages.warning(request, _("The quiz has closed. What was saved before that was marked."))
        return redirect("quizzes:detail", quiz.pk)
    if request.POST.get("action") == "save" and not posted.notices:
        messages.success(request, _("Your answers are saved."))
        return redirect("quizzes:detail", quiz.pk)
    gaps = posted.notices or any(not line.is_answered for line in paper.read_paper(attempt))
    if posted.notices or (gaps and "confirm" not in request.POST):
        return render_paper(request, attempt, posted, ask=not posted.notices)
    actions.submit_attempt(attempt)
    return redirect("quizzes:detail", quiz.pk)


def find_attempt(request: RoundRequest, quiz: Quiz) -> Attempt:
    attempt = queries.attempt_of(quiz, request.user)
    if attempt is None:
        raise Http404(_("Open the quiz first."))
    return attempt


@never_cache
@require_POST
@round_required
def save(request: RoundRequest, item_id: int) -> JsonResponse:
    """Keeps one answer. 409: another window was later; 422: cannot be read; 423: no longer
    taken; 503: the exam is paused."""
    items = QuizItem.objects.select_related("quiz", "version").filter(quiz__round=request.round)
    item = get_object_or_404(items, pk=item_id)
    known = paper.read_revision(request.POST.get("revision"))
    try:
        answer = actions.save_answer_of(request.user.pk, item, request.POST.get("value", ""), known + 1)
    except Attempt.DoesNotExist as missing:
        raise Http404(_("Open the quiz first.")) from missing
    except kinds.RefusedError as refused:
        return JsonResponse({"detail": paper.explain_refusal(refused)}, status=422)
    except actions.QuizClosedError as closed:
        return JsonResponse({"detail": _(str(closed))}, status=423)
    except actions.PausedError:
        return JsonResponse({"detail": str(paper.PAUSED)}, status=503)  # the page sends it again
    except actions.ConflictError as conflict:
        kept = conflict.answer
        body = {"value": kinds.find(item.version.kind).show(kept.value), "revision": kept.revision}
        return JsonResponse({"detail": str(paper.OTHER_WINDOW), **body}, status=409)
    return JsonResponse({"revision": answer.revision, "saved_at": answer.saved_at})


@require_safe
@round_required
def history(request: RoundRequest) -> HttpResponse:
    """The student's own scores in this round, and what can still be caught up on."""
    context = {
        "attempts": queries.history_of(request.user, request.round),
        "late": queries.late_attempts(request.user, request.round),
        "missed": queries.missed_quizzes(request.user, request.round),
        "streak": queries.streak_of(request.user, request.round),
    }
    return render(request, "quizzes/history.html", context)
