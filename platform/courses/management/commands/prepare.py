from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Everything before `serve`: migrate, load_content and, outside production, demo. In one process: seconds."

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", verbosity=0, stdout=self.stdout)
        call_command("load_content", stdout=self.stdout)
        if not settings.PRODUCTION:
            call_command("demo", stdout=self.stdout)
