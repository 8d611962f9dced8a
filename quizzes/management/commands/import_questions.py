"""manage.py import_questions: another system's file -> a file of the bank. Needs no database."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes import formats
from quizzes.exchange.entries import to_yaml
from quizzes.formats.contract import MAX_BYTES
from quizzes.management import shipped


class Command(BaseCommand):
    help = (
        "Reads Moodle XML, GIFT or QTI 2.1 and writes a YAML file of the bank; says of each question what was taken. "
        "Exit code 1 when nothing was."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--topic", required=True, help="the topic's slug: a folder of the bank")
        parser.add_argument("--format", choices=formats.names(), help="else: as the file looks")
        parser.add_argument("--path", metavar="DIR", type=Path, help="the bank's folder")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: object, **options: Any) -> None:
        data = self.read(options["file"])
        try:
            readings = formats.find(options["format"] or formats.guess(data)).read(data)
        except formats.FormatError as error:
            raise CommandError(str(error)) from error
        entries = [reading.entry for reading in readings if reading.entry]
        target = ""
        if entries:
            target = str(self.write(entries, options))
        self.report(readings, target, as_json=options["json"])
        if not entries:
            sys.exit(1)

    def read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error

    def write(self, entries: list[formats.Entry], options: dict[str, Any]) -> Path:
        """<bank>/<topic>/<file's name>.yaml; a file that is there is never overwritten."""
        folder = shipped.folder(options) / options["topic"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder: a topic's slug names it")
        stem = re.sub(r"[^a-z0-9]+", "-", options["file"].stem.lower()).strip("-") or "import"
        target = folder / f"{stem}.yaml"
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(to_yaml(entries))
        except FileExistsError as error:
            raise CommandError(f"{target} is there already: rename it or the file to import") from error
        return target

    def report(self, readings: list[formats.Reading], target: str, *, as_json: bool) -> None:
        lines: list[dict[str, Any]] = [
            {
                "name": reading.name,
                "slug": reading.entry["slug"] if reading.entry else None,
                "notes": [note.message % note.params for note in reading.notes],
            }
            for reading in readings
        ]
        if as_json:
            self.stdout.write(json.dumps({"file": target, "questions": lines}, ensure_ascii=False, indent=2))
            return
        for line in lines:
            self.stdout.write(f"{'taken' if line['slug'] else 'NOT taken'}: {line['name']}")
            for note in line["notes"]:
                self.stdout.write(f"  {note}")
        taken = sum(line["slug"] is not None for line in lines)
        self.stdout.write(f"{taken} of {len(lines)} questions taken" + (f" into {target}" if target else ""))
