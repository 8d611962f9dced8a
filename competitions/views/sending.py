"""What the pages with a form for submissions have in common."""

from __future__ import annotations

import hashlib
import secrets

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions import actions, conf, kinds, queries, uploads
from competitions.actions import quotas
from competitions.models import RoundChallenge, Submission
from courses.access import RoundRequest
from sandbox.contract import Source

HISTORY = 10


def opening_or_404(request: RoundRequest, slug: str, *, exercise: bool) -> RoundChallenge:
    opening = queries.opening_of(request.round, slug, exercise=exercise)
    if opening is None:
        raise Http404(_("“%(slug)s” is not open in %(round)s.") % {"slug": slug, "round": request.round})
    return opening


def answer(
    request: RoundRequest, opening: RoundChallenge, template: str, extra: dict | None = None
) -> HttpResponseBase:
    """The challenge's page; a POST takes the submission and leads to its own page, or says why not."""
    if request.method != "POST":
        return render(request, template, page_context(request, opening, extra))
    try:
        submission = _take(request, opening)
    except actions.Refused as refused:
        shown = {**(extra or {}), "refusal": refused, "code": request.POST.get("source") or None}
        return render(request, template, page_context(request, opening, shown), status=refused.status)
    return redirect(submission)


def _take(request: RoundRequest, opening: RoundChallenge) -> Submission:
    source = _source(request, kinds.get(opening.challenge.kind).MAX_BYTES)
    # A double click sends the form's key twice with the same content; a changed one is another submission.
    ticket = request.POST.get("ticket", "")[:40]
    key = f"{ticket}:{hashlib.sha256(source.data).hexdigest()[:32]}" if ticket else ""
    return actions.submit(
        request.user, opening.round, opening.challenge, source, Submission.Via.BROWSER, key=key
    )


def _source(request: RoundRequest, max_bytes: int) -> Source:
    upload = request.FILES.get("file")
    if upload is not None:
        return uploads.read_file(upload, max_bytes)
    if "source" in request.POST:
        return uploads.read_text(request.POST["source"], "submission.py", max_bytes)
    raise actions.refusals.BadFile(_("Choose a file first."))


def page_context(request: RoundRequest, opening: RoundChallenge, extra: dict | None = None) -> dict:
    challenge = opening.challenge
    now = timezone.now()
    kind = kinds.get(challenge.kind)
    scoring = queries.scoring()
    return {
        "opening": opening,
        "challenge": challenge,
        "is_open": opening.is_open(now),
        "is_upcoming": opening.is_upcoming(now),
        "is_over": opening.is_over(now),
        "takes_entries": opening.takes_entries(now),
        "is_instructor": request.role == "instructor",
        "tries_left": queries.tries_left(opening, request.user),
        "resets_at": quotas.resets_at(opening, now),
        "max_mb": kind.MAX_BYTES // conf.MEGABYTE,
        "accept": ",".join(kind.SUFFIXES),
        "history": queries.history_of(request.user, request.round, challenge)[:HISTORY],
        "changes": queries.changes_for(request.user, opening),
        "scoring": scoring,
        "can_judge": scoring.can_judge(kind.NEEDS_JAIL, challenge.device),
        "ticket": secrets.token_urlsafe(12),
        "refusal": None,
        **(extra or {}),
    }
