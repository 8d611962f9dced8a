"""The judge's exercises, as far as exams need them: the functions of the module that settings.PRACTICAL names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings

from courses.models import CourseRound


def exercises_open_for(round: CourseRound) -> set[str]:
    """Slugs of the exercises that the round may submit."""
    return import_module(settings.PRACTICAL).exercises_open_for(round)


def tasks(slugs: Collection[str]) -> dict[str, Any]:
    """Slug -> {slug, title, url} in the reader's language."""
    return import_module(settings.PRACTICAL).tasks(slugs)


def outcomes(
    user: Any, round: CourseRound, slugs: Collection[str], windows: Sequence[tuple[datetime, datetime]]
) -> dict[str, Any]:
    """Slug -> {fraction, sent, is_pending} of what the person sent within one of the windows."""
    return import_module(settings.PRACTICAL).outcomes(user, round, slugs, windows)
