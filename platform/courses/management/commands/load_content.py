from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from courses.content import ContentError


class Command(BaseCommand):
    help = (
        "Loads what lies in fixtures/ (courses, questions, exercises, competitions); run again, it updates."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apps", nargs="*", help="only these apps' content, for example: quizzes")

    def handle(self, *args: object, apps: list[str], **options: object) -> None:
        for dotted in settings.CONTENT_LOADERS:
            if apps and dotted.partition(".")[0] not in apps:
                continue
            try:
                result = import_string(dotted)()
            except ContentError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{dotted.partition('.')[0]}: {describe(result)}")


def describe(result: object) -> str:
    """A loader returns a line of text, or counts: {"new": 3, "unchanged": 65}."""
    if isinstance(result, dict):
        return ", ".join(f"{count} {what}" for what, count in result.items() if count)
    return str(result or "loaded")
