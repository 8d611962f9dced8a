from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SKIPPED = {".venv", "var", "node_modules"}


class Command(BaseCommand):
    help = "Compiles every django.po to django.mo without gettext's tools; --check only compares."
    requires_system_checks: list = []

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing, fail when one is out of date"
        )

    def handle(self, *args: object, check: bool, **options: object) -> None:
        stale = [path for path in catalogues(settings.BASE_DIR) if compile_catalogue(path, check)]
        for path in stale:
            self.stdout.write(
                f"{'out of date' if check else 'compiled'}: {path.relative_to(settings.BASE_DIR)}"
            )
        if check and stale:
            raise CommandError("Run `manage.py compile_catalogues` and commit the result.")


def catalogues(root: Path) -> list[Path]:
    found = root.glob("**/locale/*/LC_MESSAGES/*.po")
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(root).parts))


def compile_catalogue(path: Path, check: bool) -> bool:
    """True when the .mo beside `path` differed; it is written then, unless `check`. Raises CommandError."""
    try:
        compiled = polib.pofile(str(path), check_for_duplicates=True).to_binary()
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
    target = path.with_suffix(".mo")
    if target.exists() and target.read_bytes() == compiled:
        return False
    if not check:
        target.write_bytes(compiled)
    return True
