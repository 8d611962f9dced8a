from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competitions import downloads, queries
from competitions.models import Challenge
from competitions.uploads import sized_upload
from competitions.views import sending
from courses.access import RoundRequest, round_required


@require_safe
@round_required
def competition_list(request: RoundRequest) -> HttpResponseBase:
    cards = queries.cards_of(request.round, request.user, exercises=False)
    return render(request, "competitions/competitions.html", {"round": request.round, "cards": cards})


@sized_upload
@require_http_methods(["GET", "HEAD", "POST"])
@round_required
def competition(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = sending.opening_or_404(request, slug, exercise=False)
    mine = queries.participant_of(opening, request.user)
    extra = {
        "files": _files(opening.challenge),
        "participant": mine,
        "invited": queries.invitations_to(opening, request.user, mine),
        "phases": list(opening.phases.all()),
        "board": queries.board_of(queries.view_of(opening, timezone.now()), request.user),
    }
    return sending.answer(request, opening, "competitions/competition.html", extra)


def _files(challenge: Challenge) -> list[dict]:
    """The files to download with their sizes in bytes; one that is missing on disk is left out."""
    paths = [challenge.path / name for name in challenge.config.get("files", [])]
    return [{"name": path.name, "size": path.stat().st_size} for path in paths if path.is_file()]


@require_safe
@round_required
def data_file(request: RoundRequest, slug: str, name: str) -> HttpResponseBase:
    """A file to download; before the competition opens, for those who teach only."""
    opening = sending.opening_or_404(request, slug, exercise=False)
    upcoming = opening.is_upcoming(timezone.now())
    path = downloads.path_of(opening.challenge, name)
    if path is None or (upcoming and request.role != "instructor"):
        raise Http404(_("There is no file “%(name)s” here.") % {"name": name})
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
