"""Reading what a student sends, never more of it than is allowed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from competitions import conf
from competitions.actions import refusals
from sandbox.contract import Source

# The largest file of any kind, and room for the form around it.
MAX_BODY = 21 * conf.MEGABYTE
# A connection closed in the middle of an upload shows as "connection reset" and hides our answer; so this much is read
# and thrown away first.
MAX_DRAINED = 256 * conf.MEGABYTE


def is_oversized(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > MAX_BODY


def drain(request: HttpRequest) -> None:
    left = MAX_DRAINED
    while left > 0:
        piece = request.read(min(conf.MEGABYTE, left))
        if not piece:
            return
        left -= len(piece)


def too_large(request: HttpRequest) -> HttpResponse:
    context = {"limit": MAX_BODY // conf.MEGABYTE - 1, "back": request.path}
    return render(request, "competitions/too_large.html", context, status=413)


def sized_upload(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuses a request that is too large (413) before anything has read its body.

    The check of the CSRF token reads the whole form, so it is made here, after the look at the length, and not by the
    middleware.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if is_oversized(request):
            drain(request)
            return too_large(request)
        try:
            return protected(request, *args, **kwargs)
        except RequestDataTooBig:
            return too_large(request)

    return guarded


def read_file(upload, max_bytes: int) -> Source:
    """An uploaded file as a Source. Raises TooLarge before it is read into memory."""
    if upload.size is not None and upload.size > max_bytes:
        raise refusals.TooLarge(too_large_text(max_bytes))
    data = upload.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise refusals.TooLarge(too_large_text(max_bytes))
    return Source(clean_name(upload.name), data)


def read_text(text: str, name: str, max_bytes: int) -> Source:
    """Code from an editor. Browsers send line ends as CRLF whatever was typed."""
    data = text.replace("\r\n", "\n").encode("utf-8", errors="surrogatepass")
    if len(data) > max_bytes:
        raise refusals.TooLarge(too_large_text(max_bytes))
    return Source(clean_name(name), data)


def clean_name(name: str | None) -> str:
    """The last part of a path, without control characters: shown on pages and sent in headers, never opened."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable())[-200:] or "submission"


def too_large_text(limit: int) -> str:
    return _("The file is larger than %(limit)s MB.") % {"limit": limit // conf.MEGABYTE}
