from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import connections
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """Here so that Django finds the project's commands, and so that `migrate` alone prepares every database."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        # Django sends the signal only for apps that have models; any one of them will do.
        post_migrate.connect(make_cache_table, sender=apps.get_app_config("accounts"))


def make_cache_table(**_kwargs: object) -> None:
    """The cache's table lies in a database of its own that no migration reaches."""
    if "cache" in connections:
        call_command("createcachetable", database="cache", verbosity=0)
