"""The review's pages: what is due, one card at a time, all mistakes."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import RoundRequest, round_required

from .. import kinds, paper
from .. import queries as quiz_queries
from ..models import Review, ReviewCard
from ..models.review import LIMIT_RANGE, MEMO_LENGTH
from ..regrades import queries as regrades
from . import actions, heatmap, panels, queries, sheet

PER_PAGE, PER_PRINT = 20, 300
TRIES = 5


@never_cache
@require_safe
@round_required
def overview(request: RoundRequest) -> HttpResponse:
    """What is due today, the calendar of answers, and how many cards a day the student wants."""
    today = request.round.course.today()
    counts = queries.answers_per_day(request.user, request.round, heatmap.first_day(today))
    context = {
        "load": panels.load_of(request, request.round),
        "heat_map": heatmap.draw_heat_map(counts, today),
        "streak": quiz_queries.streak_of(request.user, request.round),
        "next_due": queries.next_due(request.user, today),
        "range": LIMIT_RANGE,
    }
    return render(request, "quizzes/review/overview.html", context)


@require_POST
@round_required
def next_card(request: RoundRequest) -> HttpResponse:
    """To the next due card; back to the overview when today's are done, unless more are asked for."""
    today = request.round.course.today()
    if not panels.load_of(request, request.round).today and "more" not in request.POST:
        return redirect("quizzes:review")
    # A quiz that came out a moment ago may have taken a card's question.
    for card in queries.due_cards(request.user, today).select_related("user", "topic")[:TRIES]:
        try:
            return redirect("quizzes:review_card", actions.show_card(card).pk)
        except actions.NothingToAskError:
            continue
    return redirect("quizzes:review")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@round_required
def show(request: RoundRequest, review_id: int) -> HttpResponse:
    """One showing of a card: the question, or once it is answered the right answer and why."""
    review = queries.review_of(request.user, review_id)
    if review is None:
        raise Http404(_("This card is not waiting any more."))
    if review.version and queries.hides_key(request.user, review.version.question_id):
        return render(request, "quizzes/review/waiting.html", status=409 if request.method == "POST" else 200)
    if request.method == "POST":
        return take_answer(request, review)
    return render_review(request, review)


def render_review(request: RoundRequest, review: Review, raw: str = "", notice: str = "") -> HttpResponse:
    """The page of a card; 422 where the answer was refused."""
    context = {"review": review, "card": review.card, "load": panels.load_of(request, request.round)}
    if review.version is None:
        template = "quizzes/review/test.html"
    elif review.is_open:
        template = "quizzes/review/question.html"
        context["line"] = sheet.read_question(review, raw, notice)
    else:
        template = "quizzes/review/answered.html"
        context |= {"line": sheet.read_answered(review, request.round.course), "memo_length": MEMO_LENGTH}
    return render(request, template, context, status=422 if notice else 200)


def take_answer(request: RoundRequest, review: Review) -> HttpResponse:
    today = request.round.course.today()
    if review.version is None:
        is_first = actions.rate_test(review, request.POST.get("rating") == "good", today)
        return _after(request, review, is_first)
    # An answer of several parts has several fields of one name, a line each.
    raw = "\n".join(request.POST.getlist(f"answer-{review.pk}"))
    if "unknown" in request.POST:
        raw = ""
    elif not raw.strip():
        return render_review(request, review, notice=_("Give an answer, or say that you do not know."))
    try:
        is_first = actions.answer_review(review, raw, today)
    except kinds.RefusedError as refused:
        return render_review(request, review, raw, paper.explain_refusal(refused))
    return _after(request, review, is_first)


def _after(request: RoundRequest, review: Review, is_first: bool) -> HttpResponse:
    if not is_first:
        messages.info(request, _("This card was already answered. The first answer counts."))
    if not Review.objects.filter(pk=review.pk).exists():
        return redirect("quizzes:review")  # a verdict of the judge has answered it meanwhile
    return redirect("quizzes:review_card", review.pk)


@require_POST
@round_required
def again(request: RoundRequest, card_id: int) -> HttpResponse:
    """Shows a card before it is due."""
    card = _card(request, card_id)
    try:
        return redirect("quizzes:review_card", actions.show_card(card).pk)
    except actions.NothingToAskError as nothing:
        messages.info(request, _(str(nothing)))
        return redirect("quizzes:mistakes")


@require_POST
@round_required
def memo(request: RoundRequest, card_id: int) -> HttpResponse:
    card = _card(request, card_id)
    actions.write_memo(card, request.POST.get("memo", ""))
    messages.success(request, _("Your memo is saved."))
    return redirect(_safe_target(request) or "quizzes:mistakes")


def _card(request: RoundRequest, card_id: int) -> ReviewCard:
    cards = ReviewCard.objects.select_related("user", "topic")
    return get_object_or_404(cards, pk=card_id, user=request.user)


def _safe_target(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if is_safe else ""


@require_POST
@round_required
def limit(request: RoundRequest) -> HttpResponse:
    text = request.POST.get("limit", "")
    if text.isdecimal() and len(text) < 6:
        kept = actions.set_daily_limit(request.user, int(text))
        messages.success(request, _("You now get at most %(limit)s cards a day.") % {"limit": kept})
    else:
        messages.error(request, _("Write a whole number."))
    return redirect("quizzes:review")


@never_cache
@require_safe
@round_required
def mistakes(request: RoundRequest) -> HttpResponse:
    """All mistakes by topic (?topic=...), with the answer given, the right one and why; ?all=1 for printing."""
    topic = request.GET.get("topic", "")
    topics = list(queries.topics_of_mistakes(request.user))
    if topic and topic not in [each.slug for each in topics]:
        return redirect("quizzes:mistakes")
    per_page = PER_PRINT if "all" in request.GET else PER_PAGE
    page = Paginator(queries.mistakes_of(request.user, topic), per_page).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "mistakes": sheet.read_mistakes(list(page), request.round.course),
        "moved": [] if topic else regrades.recent_lines(request.user, request.round),
        "topics": topics,
        "topic": topic,
        "total": queries.mistakes_of(request.user).count(),
        "memo_length": MEMO_LENGTH,
    }
    return render(request, "quizzes/review/mistakes.html", context)
