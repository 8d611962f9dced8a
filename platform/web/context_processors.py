"""What the frame of every page needs: navigation, rounds, theme."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from courses.models import CourseRound, Enrolment
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
    role = _role(request, course_round) if course_round else None
    instructs = role == Enrolment.Role.INSTRUCTOR
    return {
        "round": course_round,
        "rounds": rounds_for(request),
        "is_instructor": instructs,
        "navigation": links(settings.NAVIGATION, request, instructs) if course_round else [],
        "account_menu": links(settings.ACCOUNT_MENU, request, instructs) if course_round else [],
    }


def _role(request: HttpRequest, course_round: CourseRound) -> str | None:
    """The role, as a guarded view has read it already, or read now."""
    if getattr(request, "round", None) == course_round:
        return getattr(request, "role", None)
    return role_in(request.user, course_round)


def links(
    entries: Iterable[tuple[str, object, str]], request: HttpRequest, instructs: bool
) -> list[dict[str, Any]]:
    """Entries of the settings as links. The current one leads to this page or nearest above it; `count` is what
    waits behind the link."""
    found: list[dict[str, Any]] = []
    for name, label, who in entries:
        if who == "instructor" and not instructs:
            continue
        counter = settings.NAVIGATION_COUNTS.get(name)
        count = import_string(counter)(request) if counter else 0
        found.append({"url": reverse(name), "label": label, "count": count})
    above = [link["url"] for link in found if request.path.startswith(link["url"])]
    for link in found:
        link["current"] = link["url"] == max(above, key=len, default=None)
    return found
