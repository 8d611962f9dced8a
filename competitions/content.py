"""Files -> rows, idempotent by slug. The files are the truth: what changed there is changed here, and nothing else."""

from __future__ import annotations

import logging
import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction

from competitions import actions, kinds
from competitions.actions import regrading
from competitions.folders import Competition, FolderError, content_hash
from competitions.models import Challenge, CompetitionVersion
from competitions.models.challenges import FIXTURES, VAR
from courses.models import CourseRound, Topic
from sandbox import packages

logger = logging.getLogger(__name__)


def load_challenges() -> str:
    """Loads every exercise and competition below fixtures/. A folder that cannot be read is named and left out: one
    broken exercise must not keep the others from the class. Returns what was done, as a line for the terminal."""
    exercises = _load_all(settings.FIXTURES_DIR / "exercises", "exercise.yaml", load_exercise)
    competitions = _load_all(
        settings.FIXTURES_DIR / "competitions", "competition.yaml", load_shipped_competition
    )
    shipped = Challenge.objects.filter(folder__startswith=f"{FIXTURES}/", is_active=True)
    gone = shipped.exclude(slug__in=exercises + competitions).update(is_active=False)
    return f"{len(exercises)} exercises, {len(competitions)} competitions, {gone} retired"


def _load_all(root: Path, marker: str, load) -> list[str]:
    slugs = []
    for folder in sorted(path.parent for path in root.glob(f"*/{marker}")):
        try:
            slugs.append(load(folder).slug)
        except (packages.PackageError, FolderError, OSError) as error:
            logger.error("%s was not loaded: %s", folder, error)
    return slugs


def load_exercise(folder: Path) -> Challenge:
    """One exercise package. Reads its files only; what it says is not run here."""
    package = packages.load_package(folder)
    return _save(
        package.slug,
        {
            "kind": Challenge.Kind.EXERCISE,
            "title_ko": package.title.ko,
            "title_en": package.title.en,
            "statement_ko": package.statement.ko,
            "statement_en": package.statement.en,
            "topic": Topic.objects.filter(slug=package.topic).first(),
            "position": package.position,
            "max_score": package.max_score,
            "config": {
                "starter": package.starter,
                "device": package.device,
                "seconds": package.limits.seconds,
                "memory_mb": package.limits.memory_mb,
            },
            "folder": f"{FIXTURES}/exercises/{folder.name}",
            "content_hash": package.hash,
        },
    )


def load_shipped_competition(folder: Path) -> Challenge:
    return save_competition(
        kinds.of_folder(folder).load_folder(folder), f"{FIXTURES}/competitions/{folder.name}"
    )


def install_competition(folder: Path) -> Challenge:
    """Copies a competition's folder to var/competitions/<slug>/, so that the original may vanish, and loads it.

    Runs the folder's own metric.py, so it is for commands and workers. Raises FolderError with all that is wrong with
    the folder, or ValueError when the slug is an exercise's or the site's own.
    """
    kind = kinds.of_folder(folder)
    competition = kind.load_folder(folder)
    problems = kind.check_folder(folder) or kinds.prove_folder(folder)
    if problems:
        raise FolderError(problems)
    refuse_taken(competition.slug)
    root = settings.VAR_DIR / "competitions"
    root.mkdir(parents=True, exist_ok=True)
    # Each version has a folder of its own: a worker that is reading the one before is not disturbed.
    target = root / f"{competition.slug}-{uuid.uuid4().hex[:8]}"
    shutil.copytree(folder, target)
    challenge = save_competition(kind.load_folder(target), f"{VAR}/competitions/{target.name}")
    kept = {
        target.name,
        *(Path(name).name for name in CompetitionVersion.objects.values_list("folder", flat=True)),
    }
    for old in root.glob(f"{competition.slug}-????????"):
        if old.name not in kept:
            shutil.rmtree(old, ignore_errors=True)
    return challenge


def refuse_taken(slug: str) -> None:
    """Raises ValueError for the slug of an exercise or of a competition of the site's own."""
    taken = Challenge.objects.filter(slug=slug).first()
    if taken and not taken.folder.startswith(f"{VAR}/"):
        raise ValueError(f"the slug {slug!r} belongs to {taken.folder}; choose another in competition.yaml")


def save_competition(competition: Competition, folder: str) -> Challenge:
    challenge = _save(
        competition.slug,
        {
            "kind": competition.kind,
            "title_ko": competition.title.ko,
            "title_en": competition.title.en,
            "statement_ko": competition.statement.ko,
            "statement_en": competition.statement.en,
            "metric": competition.metric,
            "higher_is_better": competition.higher_is_better,
            "config": {
                "files": list(competition.files),
                "daily_quota": competition.daily_quota,
                "public": competition.split.public,
                "split_column": competition.split.column,
                "ladder": competition.ladder,
                "source_ko": competition.source.ko,
                "source_en": competition.source.en,
                "baselines": [
                    {
                        "title_ko": line.title.ko,
                        "title_en": line.title.en,
                        "score": line.score,
                        "private_score": line.private_score,
                    }
                    for line in competition.baselines
                ],
                "metric_title_ko": competition.measure.title.ko,
                "metric_title_en": competition.measure.title.en,
                **competition.config,
            },
            "folder": folder,
            "content_hash": content_hash(competition),
        },
    )
    for opening in challenge.openings.select_related("challenge"):
        actions.put_baselines(opening)
    return challenge


def _save(slug: str, values: dict) -> Challenge:
    with transaction.atomic():
        before = Challenge.objects.filter(slug=slug).values_list("content_hash", flat=True).first()
        challenge, _created = Challenge.objects.update_or_create(
            slug=slug, defaults={**values, "is_active": True}
        )
        if before and before != challenge.content_hash:
            regrading.start_all(challenge)
    return challenge


def demo(round: CourseRound) -> str:
    """Opens everything for the demo class; the windows follow the round's dates, which move with the demo."""
    count = actions.open_all(round)
    actions.follow_round(round)
    return f"{count} challenges open"
