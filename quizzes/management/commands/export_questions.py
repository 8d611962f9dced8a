"""manage.py export_questions: the bank's files in another system's format. Needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes import formats
from quizzes.exchange.entries import entry_of, export
from quizzes.files import ContentError
from quizzes.management import shipped


class Command(BaseCommand):
    help = "Writes the question bank, or a topic of it, as Moodle XML, GIFT or QTI 2.1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, help="the file to write")
        parser.add_argument("--format", choices=formats.names(), default="moodle_xml")
        parser.add_argument("--language", choices=["both", "ko", "en"], default="both")
        shipped.add_options(parser)

    def handle(self, *args: object, **options: Any) -> None:
        try:
            questions = shipped.questions(options)
        except ContentError as error:
            raise CommandError(str(error)) from error
        made = export(map(entry_of, questions), formats.find(options["format"]), options["language"])
        try:
            options["out"].write_bytes(made.data)
        except OSError as error:
            raise CommandError(f"{options['out']}: {error.strerror}") from error
        self.stdout.write(f"{made.written} questions written to {options['out']}")
        for slug in made.left_out:
            self.stdout.write(f"left out, the format has no form for its kind: {slug}")
