"""fixtures/exams/*.yaml -> Blueprint rows, idempotent by slug; and the demo class's sitting."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.models import CourseRound, Topic

from .. import kinds
from ..files import ContentError
from ..models import Blueprint, Exam
from . import actions, blueprints

DEMO_SLUG = "mini"


def load_blueprints(root: Path | None = None) -> str:
    """Brings the blueprints to what the files say; raises ContentError and writes nothing when one is wrong."""
    folder = root or Path(settings.FIXTURES_DIR) / "exams"
    topics = set(Topic.objects.values_list("slug", flat=True))
    problems: list[str] = []
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml")):
        data, wrong = _read(path, topics)
        problems += [f"{path.name}: {problem}" for problem in wrong]
        found.append(data)
    if problems:
        raise ContentError(problems)
    with transaction.atomic():
        for data in found:
            _save(data)
        Blueprint.objects.exclude(slug__in=[data["slug"] for data in found]).update(is_active=False)
    return f"{len(found)} exam blueprints"


def _read(path: Path, topics: set[str]) -> tuple[Any, list[str]]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, [str(error)]
    problems = blueprints.check(data, topics, kinds.names())
    if not problems and data["slug"] != path.stem:
        problems.append("slug: must be the file's name")
    return data, problems


def _save(data: dict[str, Any]) -> None:
    Blueprint.objects.update_or_create(
        slug=data["slug"],
        defaults={
            "title_ko": data["title_ko"],
            "title_en": data["title_en"],
            "minutes": data["minutes"],
            "release": data.get("release", Blueprint.Release.CLOSE),
            "body": {part: data.get(part, []) for part in ("written", "practical")},
            "is_active": True,
        },
    )


def demo(course_round: CourseRound) -> Exam | None:
    """A sitting for the demo class that stays open as long as the round; the one that is there, if any."""
    blueprint = Blueprint.objects.filter(slug=DEMO_SLUG).first()
    there = Exam.objects.filter(quiz__round=course_round).first()
    if there or blueprint is None:
        return there
    closes = dt.datetime.combine(
        course_round.ends_on + dt.timedelta(1), dt.time(), tzinfo=course_round.course.zone
    )
    return actions.open_exam(blueprint, course_round, timezone.now(), closes)
