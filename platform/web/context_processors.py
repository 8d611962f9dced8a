"""What the frame of every page needs: navigation, rounds, theme."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from courses.models import Enrolment
from courses.queries import current_round, role_in, rounds_for

THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "frame": SimpleLazyObject(lambda: frame(request)),
        "theme": theme if theme in THEMES else "",
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy, because fragments and API answers never look at it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"round": None, "rounds": [], "navigation": [], "account_menu": [], "is_instructor": False}
    course_round = current_round(request)
    role = role_in(user, course_round) if course_round else None
    instructs = role == Enrolment.Role.INSTRUCTOR
    return {
        "round": course_round,
        "rounds": rounds_for(request),
        "is_instructor": instructs,
        "navigation": links(settings.NAVIGATION, request.path, instructs) if course_round else [],
        "account_menu": links(settings.ACCOUNT_MENU, request.path, instructs) if course_round else [],
    }


def links(entries: Iterable[tuple[str, object, str]], path: str, instructs: bool) -> list[dict[str, Any]]:
    """Entries of the settings as links; the one that leads to `path` or above it is the current one."""
    found = []
    for name, label, who in entries:
        if who == "instructor" and not instructs:
            continue
        url = reverse(name)
        found.append({"url": url, "label": label, "current": path.startswith(url)})
    return found
