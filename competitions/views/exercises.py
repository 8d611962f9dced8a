from __future__ import annotations

from itertools import groupby

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from competitions import queries
from competitions.models import Submission
from competitions.uploads import sized_upload
from competitions.views import sending
from courses.access import RoundRequest, round_required

MAX_EDITOR_BYTES = 200_000  # a browser's editor is slow beyond


@require_safe
@round_required
def exercise_list(request: RoundRequest) -> HttpResponseBase:
    cards = queries.cards_of(request.round, request.user, exercises=True)
    context = {
        "round": request.round,
        "groups": [
            (topic, list(group)) for topic, group in groupby(cards, lambda card: card.challenge.topic)
        ],
        "total": len(cards),
        "solved": sum(card.is_solved for card in cards),
    }
    return render(request, "competitions/exercises.html", context)


@sized_upload
@require_http_methods(["GET", "HEAD", "POST"])
@round_required
def exercise(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = sending.opening_or_404(request, slug, exercise=True)
    earlier = _reopened(request, opening)
    starter = opening.challenge.config.get("starter", "")
    extra = {
        "starter": starter,
        "code": _text_of(earlier) if earlier else starter,
        "reopened": earlier,
        "draft_key": f"exercise:{request.round.pk}:{slug}" + (f":{earlier.pk}" if earlier else ""),
    }
    return sending.answer(request, opening, "competitions/exercise.html", extra)


def _reopened(request: RoundRequest, opening) -> Submission | None:
    """?from=N: one's own earlier code in the editor again."""
    number = request.GET.get("from", "")
    if not number.isdigit():
        return None
    mine = queries.history_of(request.user, request.round, opening.challenge)
    return mine.filter(pk=int(number), file_name__iendswith=".py", size__lte=MAX_EDITOR_BYTES).first()


def _text_of(submission: Submission) -> str:
    with submission.file.open("rb") as stored:
        return stored.read().decode("utf-8", errors="replace")
