"""What the commands that read the question bank have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from quizzes.files import QuestionFile, read_questions


def add_options(parser: CommandParser) -> None:
    parser.add_argument("--only", metavar="TOPIC", help="only the questions of this topic")
    parser.add_argument(
        "--path", metavar="DIR", type=Path, help="a folder of topics, instead of the shipped bank"
    )


def questions(options: dict[str, Any]) -> list[QuestionFile]:
    """Those that the options name. Raises CommandError without a folder, ContentError for what a file has wrong."""
    root = folder(options)
    if not root.is_dir():
        raise CommandError(f"{root} is no folder")
    return [each for each in read_questions(root) if options["only"] in (None, each.topic)]


def folder(options: dict[str, Any]) -> Path:
    return options["path"] or Path(settings.FIXTURES_DIR) / "questions"
