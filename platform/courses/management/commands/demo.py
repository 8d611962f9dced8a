import os
import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from config.environment import keep_once
from courses import demo
from courses.models import Course

# No letters or digits that are mistaken for one another: the password is read off a terminal.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Makes a demo class: one instructor, thirty students, a round that runs now. Not in production."

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo class has a shared password: it is never made in production.")
        if not Course.objects.filter(slug=demo.COURSE_SLUG).exists():
            raise CommandError("The course is missing: run `manage.py load_content` first.")
        password = demo_password()
        course_round = demo.build(password)
        for dotted in settings.DEMO_LOADERS:
            import_string(dotted)(course_round)
        self.stdout.write(f"demo class: {course_round} ({course_round.starts_on} to {course_round.ends_on})")
        self.stdout.write(
            f"sign in as: instructor (also for /admin/), student01 ... student{len(demo.NICKNAMES)}"
        )
        self.stdout.write(f"password:   {password}")


def demo_password() -> str:
    """DEMO_PASSWORD, else one made once and kept, so that a second run prints the same."""
    if password := os.environ.get("DEMO_PASSWORD"):
        return password
    made = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    return keep_once(settings.VAR_DIR / "demo_password", made)
