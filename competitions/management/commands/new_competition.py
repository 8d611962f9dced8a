from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from competitions import scaffolds


class Command(BaseCommand):
    help = "Writes the folder of a competition that loads and scores at once, to be edited."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, help="a new folder; its name is the competition's slug")
        parser.add_argument("--kind", choices=scaffolds.kinds(), default="predictions")

    def handle(self, *args, folder: Path, kind: str, **options) -> None:
        try:
            written = scaffolds.create(folder, kind)
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        for path in written:
            self.stdout.write(str(path))
        self.stdout.write(
            f"Edit these, then: manage.py check_competition {folder}; manage.py load_competition {folder}"
        )
