"""Error pages: what happened, in words, and what to do next. Below /api/ the same as JSON."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)

TEXTS = {
    400: (
        gettext_lazy("This request cannot be read"),
        gettext_lazy("Go back, reload the page and try again."),
    ),
    403: (
        gettext_lazy("You may not see this"),
        gettext_lazy("Sign in with an account that may, or ask your instructor."),
    ),
    404: (
        gettext_lazy("Nothing is here"),
        gettext_lazy("The address may be mistyped, or the page was removed."),
    ),
    500: (
        gettext_lazy("Something went wrong on our side"),
        gettext_lazy(
            "Nothing you sent before is lost. Try again in a moment; if it stays, tell your instructor."
        ),
    ),
}


def reason_of(exception: Exception) -> str:
    """The sentence that a view gave with its Http404, never Django's own internals."""
    text = exception.args[0] if exception.args else ""
    internal = (
        isinstance(text, dict) or type(exception) is not Http404 or "matches the given query" in str(text)
    )
    return "" if internal else str(text)


def answer(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    title, advice = TEXTS[status]
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": reason or _("%(title)s.") % {"title": title}}, status=status)
    context = {"status": status, "title": title, "reason": reason, "advice": advice}
    try:
        body = render_to_string("web/error.html", context, request)
    except Exception:
        # The page itself needs the database (who is signed in, which round): with that gone, say it without.
        logger.exception("The error page for %s could not be rendered with its header", status)
        body = render_to_string("web/error_bare.html", context)
    return HttpResponse(body, status=status)
