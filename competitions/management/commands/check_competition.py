import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from competitions import kinds
from competitions.folders import FolderError, Problem
from competitions.functions.folder import write_tasks


class Command(BaseCommand):
    help = "Says everything that is wrong with a competition's folder, by file and line; the exit status is then 1."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--write-tasks",
            action="store_true",
            help="of functions: write tasks.jsonl from the hidden tasks first",
        )
        parser.add_argument(
            "--files-only",
            action="store_true",
            help="run nothing: neither metric.py nor anything in the jail",
        )
        parser.add_argument("--language", choices=("ko", "en"), default="en")

    def handle(self, *args, folder: Path, **options) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        problems = self._problems(folder, options["write_tasks"], options["files_only"])
        for problem in problems:
            where = folder / problem.where if problem.where else folder
            self.stdout.write(f"{where}: {problem.message.pick(options['language'])}")
        if problems:
            sys.exit(1)
        self.stdout.write(f"{folder}: nothing is wrong")

    def _problems(self, folder: Path, rewrite: bool, files_only: bool) -> list[Problem]:
        try:
            if rewrite:
                write_tasks(folder)
            problems = kinds.of_folder(folder).check_folder(folder)
        except FolderError as error:
            return error.problems
        return problems or ([] if files_only else kinds.prove_folder(folder))
