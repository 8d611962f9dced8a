"""What the frame of every page needs: navigation, rounds, theme."""

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
        return {"round": None, "rounds": [], "navigation": [], "is_instructor": False}
    course_round = current_round(request)
    role = role_in(user, course_round) if course_round else None
    instructs = role == Enrolment.Role.INSTRUCTOR
    return {
        "round": course_round,
        "rounds": rounds_for(request),
        "is_instructor": instructs,
        "navigation": navigation(request.path, instructs) if course_round else [],
    }


def navigation(path: str, instructs: bool) -> list[dict[str, Any]]:
    """settings.NAVIGATION as links; the one that leads to `path` or above it is the current one."""
    links = []
    for name, label, who in settings.NAVIGATION:
        if who == "instructor" and not instructs:
            continue
        url = reverse(name)
        links.append({"url": url, "label": label, "current": path.startswith(url)})
    return links
