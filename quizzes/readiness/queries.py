"""Reads of the readiness forecast that span tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from courses.models import Course

from ..models import Answer, Blueprint, Quiz, ReadinessFit
from . import model

MIN_ANSWERS = 10


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a student reads: the written part of `blueprint` in percent, from `answers` answers of theirs."""

    blueprint: Blueprint
    forecast: model.Forecast
    answers: int


def marked_answers(course: Course) -> QuerySet[Answer]:
    """What counts: every marked answer of a student; unanswered questions of an exam are wrong, of a daily quiz unknown."""
    marked = Answer.objects.filter(attempt__quiz__round__course=course, correct__isnull=False)
    return marked.exclude(Q(value__isnull=True) & Q(attempt__quiz__kind=Quiz.Kind.DAILY))


def responses(answers: QuerySet[Answer]) -> list[model.Response]:
    """The answers as the model takes them; one a student and question, the first."""
    rows = answers.order_by("marked_at", "pk").values_list(
        "attempt__user_id", "item__question_id", "item__version__difficulty", "points", "item__points"
    )
    found: dict[tuple[int, int], model.Response] = {}
    for user, question, level, points, worth in rows:
        credit = float((points or 0) / worth)
        found.setdefault((user, question), model.Response(user, question, level, credit))
    return list(found.values())


def forecast_for(user: Any, course: Course) -> Readiness | None:
    """The student's forecast; None before the first fit, or with fewer than MIN_ANSWERS answers."""
    row = ReadinessFit.objects.filter(course=course).first()
    blueprint = Blueprint.objects.filter(is_active=True).order_by("-minutes", "slug").first()
    if row is None or blueprint is None:
        return None
    parts = parts_of(blueprint)
    own = responses(marked_answers(course).filter(attempt__user=user))
    if len(own) < MIN_ANSWERS or not parts:
        return None
    return Readiness(blueprint, model.forecast(model.Fit.from_dict(row.data), own, parts), len(own))


def parts_of(blueprint: Blueprint) -> list[model.Part]:
    """The written part by level; a section that takes any level is spread over those it takes."""
    counts: Counter[tuple[int, float]] = Counter()
    for section in blueprint.body.get("written", []):
        levels = section.get("difficulty") or list(model.LEVELS)
        for place in range(section["count"]):
            counts[levels[place % len(levels)], section["points"]] += 1
    return [model.Part(level, count, points) for (level, points), count in counts.items()]
