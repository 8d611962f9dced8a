from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competitions import downloads, notebooks, queries
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
    view = queries.view_of(opening, timezone.now())
    extra = {
        "files": _files(opening.challenge),
        "participant": mine,
        "invited": queries.invitations_to(opening, request.user, mine),
        "phases": list(opening.phases.all()),
        "drawing": queries.progress_of(mine, opening),
        "board": queries.board_of(view, request.user),
        "cell": _cell(request, opening.challenge),
        "best": queries.best_of(mine, view.phase),
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
    if path.suffix != ".ipynb":
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
    text = notebooks.made_out(path.read_text(encoding="utf-8", errors="surrogateescape"), _owner(request))
    response = HttpResponse(text.encode("utf-8", "surrogateescape"), content_type="application/x-ipynb+json")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _cell(request: RoundRequest, challenge: Challenge) -> str:
    """The code with which the reader submits from a notebook."""
    client = request.build_absolute_uri(reverse("client"))
    context = {"challenge": challenge, "client": client, "owner": _owner(request)}
    return render_to_string("competitions/notebook_cell.txt", context).strip()


def _owner(request: RoundRequest) -> notebooks.Owner:
    site = request.build_absolute_uri("/").rstrip("/")
    return notebooks.Owner(site, request.user.username, request.round.course.name, request.round.name)
