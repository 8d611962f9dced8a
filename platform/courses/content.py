"""fixtures/courses/*.yaml -> Course and Topic rows, idempotent by slug.

fixtures/courses/
  topics.yaml        a list of {slug, title_ko, title_en, pages?}; the order is the position
  <course>.yaml      {slug, name, timezone}
"""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from courses.models import Course, Topic

TOPICS_FILE = "topics.yaml"


class ContentError(Exception):
    """A file that cannot be loaded: the message names the file and what is wrong with it."""


def load_courses(folder: Path | None = None) -> str:
    """Loads every file of `folder` in one transaction; returns a line for the terminal.

    Raises ContentError, and then nothing is changed.
    """
    folder = folder or settings.FIXTURES_DIR / "courses"
    with transaction.atomic():
        topics = load_topics(folder / TOPICS_FILE)
        files = sorted(path for path in folder.glob("*.yaml") if path.name != TOPICS_FILE)
        for path in files:
            save(path, Course, read(path, dict), {"slug", "name", "timezone"})
    return f"{len(files)} courses, {topics} topics"


def load_topics(path: Path) -> int:
    entries = read(path, list)
    for position, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise ContentError(f"{path}: entry {position} is not a mapping.")
        save(
            path,
            Topic,
            {**entry, "position": position},
            {"slug", "title_ko", "title_en", "pages", "position"},
        )
    return len(entries)


def read(path: Path, kind: type) -> Any:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path} is missing.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error
    if not isinstance(data, kind):
        raise ContentError(f"{path}: a {'list' if kind is list else 'mapping'} is expected.")
    return data


def save(path: Path, model: type[models.Model], entry: dict[str, Any], known: set[str]) -> None:
    """Makes or updates the row of entry["slug"], fully validated."""
    slug = entry.get("slug")
    if not slug:
        raise ContentError(f"{path}: an entry without a slug.")
    if unknown := sorted(set(entry) - known):
        raise ContentError(f"{path}: {slug}: unknown {', '.join(unknown)}.")
    row = model._default_manager.filter(slug=slug).first() or model()
    for name, value in entry.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise ContentError(f"{path}: {slug}: {error.message_dict}") from error
    row.save()
