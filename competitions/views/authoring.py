"""The instructor's competitions: uploading a folder as a zip, its versions, and which of them counts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions import actions, conf, queries, versions
from competitions.actions import refusals, regrading
from competitions.folders import FolderError
from competitions.folders import archive as archives
from competitions.models import Challenge, CompetitionVersion
from competitions.uploads import clean_name, sized_upload, too_large_text
from courses.access import RoundRequest, instructor_required

MAX_BYTES = 20 * conf.MEGABYTE
SHOWN = 100


@sized_upload
@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def competitions(request: RoundRequest) -> HttpResponseBase:
    """The versions uploaded for this round; a POST takes a zip and leads to its page, or says all that is wrong."""
    if request.method != "POST":
        return _page(request)
    try:
        version = _take(request)
    except actions.Refused as refused:
        return _page(request, {"refusal": refused}, refused.status)
    except FolderError as error:
        return _page(request, {"problems": versions.as_json(error.problems)}, 422)
    return redirect("competitions:version", version.pk)


def _take(request: RoundRequest) -> CompetitionVersion:
    file = request.FILES.get("file")
    if file is None or file.file is None:
        raise refusals.BadFile(_("Choose a file first."))
    if file.size is None or file.size > MAX_BYTES:
        raise refusals.TooLarge(too_large_text(MAX_BYTES))
    return versions.upload(request.user, request.round, file.file, clean_name(file.name))


def _page(request: RoundRequest, extra: dict | None = None, status: int = 200) -> HttpResponseBase:
    rows = CompetitionVersion.objects.filter(round=request.round).select_related("requested_by")[:SHOWN]
    context = {
        "round": request.round,
        "rows": rows,
        "current": _current(),
        "max_mb": MAX_BYTES // conf.MEGABYTE,
        "max_files": archives.LIMITS.files,
        "max_total_mb": archives.TOTAL_MB,
        **(extra or {}),
    }
    return render(request, "competitions/instructor/competitions.html", context, status=status)


def _current() -> set[str]:
    """The folders that count."""
    return set(Challenge.objects.exclude(folder="").values_list("folder", flat=True))


@require_safe
@instructor_required
def version(request: RoundRequest, number: int) -> HttpResponseBase:
    row = _version_or_404(request, number)
    challenge = Challenge.objects.filter(slug=row.slug).first()
    context = {
        "round": request.round,
        "version": row,
        "is_current": challenge is not None and challenge.folder == row.folder,
        "challenge": challenge,
        "outdated": _outdated(request, row),
    }
    template = "partials/version_state" if request.headers.get("HX-Request") else "instructor/version"
    return render(request, f"competitions/{template}.html", context)


def _outdated(request: RoundRequest, version: CompetitionVersion) -> int:
    """How many submissions of the round an earlier version has judged."""
    opening = queries.opening_of(request.round, version.slug)
    return regrading.outdated(opening).count() if opening else 0


@require_POST
@instructor_required
def use(request: RoundRequest, number: int) -> HttpResponseBase:
    """Goes back to a version that was proved before."""
    row = _version_or_404(request, number)
    try:
        if not row.is_sound:
            raise refusals.BadChoice(_("This version cannot be used."))
        versions.refuse_stranger(request.user, row.slug)
        versions.use(row)
    except actions.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request,
            _(
                "This version counts from now on. What was judged before keeps its score until you judge it again."
            ),
        )
    return redirect("competitions:version", number)


def _version_or_404(request: RoundRequest, number: int) -> CompetitionVersion:
    row = CompetitionVersion.objects.filter(round=request.round, pk=number).first()
    if row is None:
        raise Http404(_("There is no such version."))
    return row
