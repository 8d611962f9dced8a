"""The result board of the class."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.access import RoundRequest, round_required

from . import boards
from .models import Preferences, Quiz
from .review import actions


@never_cache
@require_safe
@round_required
def board(request: RoundRequest) -> HttpResponse:
    """The board of one day (?date=2026-03-17; the latest without) and of the round so far."""
    quizzes = boards.published_quizzes(request.round)
    place = _place_of(quizzes, request.GET.get("date", ""))
    chosen = Preferences.objects.filter(user=request.user).first()
    context = {
        "round": request.round,
        "quiz": quizzes[place] if quizzes else None,
        "later": quizzes[place - 1] if place > 0 else None,
        "earlier": quizzes[place + 1] if place + 1 < len(quizzes) else None,
        "day_lines": boards.day_board(quizzes[place], request.user) if quizzes else [],
        "round_lines": boards.round_board(request.round, request.user),
        "shows_nickname": bool(chosen and chosen.shows_nickname),
    }
    return render(request, "quizzes/board.html", context)


def _place_of(quizzes: list[Quiz], wanted: str) -> int:
    """The place of the quiz of that day; 404 where there is none."""
    if not wanted:
        return 0
    try:
        day = dt.date.fromisoformat(wanted)
    except ValueError:
        day = None
    for place, quiz in enumerate(quizzes):
        if quiz.date == day:
            return place
    raise Http404(_("There was no quiz on that day."))


@require_POST
@round_required
def nickname(request: RoundRequest) -> HttpResponse:
    shows = request.POST.get("shows") == "1"
    actions.show_nickname(request.user, shows)
    if shows:
        messages.success(request, _("The board now shows your nickname."))
    else:
        messages.success(request, _("The board now shows you as anonymous."))
    return redirect("quizzes:board")
