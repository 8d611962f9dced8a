from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from competitions import actions, content
from competitions.folders import FolderError
from courses.models import CourseRound


class Command(BaseCommand):
    help = "Takes in a competition from a folder (competition.yaml and what its kind needs)."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "folder", type=Path, help="copied to var/competitions/, so it may vanish afterwards"
        )
        parser.add_argument(
            "--open-for",
            metavar="ROUND",
            help='also open it for this round, for example "AI Essential 0317(1)"',
        )

    def handle(self, *args, folder: Path, open_for: str | None = None, **options) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        course_round = self._round(open_for) if open_for else None
        try:
            challenge = content.install_competition(folder)
        except FolderError as error:
            lines = [f"  {problem.where}: {problem.message.en}" for problem in error.problems]
            raise CommandError("\n".join([f"{folder} was not taken in:", *lines])) from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{challenge.title_en or challenge.title_ko}: {challenge.get_absolute_url()}")
        if course_round:
            actions.open_challenge(course_round, challenge)
            self.stdout.write(f"open for {course_round}")

    def _round(self, name: str) -> CourseRound:
        rounds = {str(found): found for found in CourseRound.objects.select_related("course")}
        if name not in rounds:
            raise CommandError(f"There is no round {name!r}. There are: {', '.join(rounds) or 'none'}.")
        return rounds[name]
