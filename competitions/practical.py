"""The practical part of mock exams: what exams ask of the exercises, named in settings.PRACTICAL.

Exams belong to another app, which knows exercises by their slugs only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from competitions.models import Challenge, RoundChallenge, Submission
from courses.models import CourseRound


@dataclass(frozen=True, slots=True)
class Task:
    """An exercise as an exam shows it."""

    slug: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best share of the points, 0 to 1, among what was sent in a window; `is_pending` while some of it is judged."""

    fraction: float
    sent: int
    is_pending: bool


def exercises_open_for(round: CourseRound) -> set[str]:
    """Slugs of the exercises that the round may submit."""
    openings = RoundChallenge.objects.filter(
        round=round, challenge__is_active=True, challenge__kind=Challenge.Kind.EXERCISE
    )
    return set(openings.values_list("challenge__slug", flat=True))


def tasks(slugs: Collection[str]) -> dict[str, Task]:
    """Slug -> how to show it and where to solve it."""
    is_english = (get_language() or "ko").startswith("en")
    return {
        each.slug: Task(
            each.slug, (each.title_en if is_english else "") or each.title_ko, each.get_absolute_url()
        )
        for each in Challenge.objects.filter(slug__in=slugs)
    }


def outcomes(
    user: Any, round: CourseRound, slugs: Collection[str], windows: Sequence[tuple[datetime, datetime]]
) -> dict[str, Outcome]:
    """Slug -> what the person earned with what was received within a window (its end not included).

    A submission that failed by our fault counts neither for nor against.
    """
    within = Q(pk__in=[])
    for begins, ends in windows:
        within |= Q(received_at__gte=begins, received_at__lt=ends)
    rows = Submission.objects.filter(within, user=user, round=round, challenge__slug__in=slugs).values_list(
        "challenge__slug", "state", "score", "max_score"
    )
    found = {slug: Outcome(0.0, 0, False) for slug in slugs}
    for slug, state, score, max_score in rows:
        before = found[slug]
        share = score / max_score if score is not None and max_score else 0.0
        waits = state in (Submission.State.QUEUED, Submission.State.RUNNING)
        found[slug] = Outcome(
            max(before.fraction, min(1.0, share)), before.sent + 1, before.is_pending or waits
        )
    return found
