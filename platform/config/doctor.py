"""What this installation needs, looked at one by one, each with its remedy. `manage.py doctor` prints it."""

import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from config.health import ask
from config.management.commands.compile_catalogues import catalogues, compile_catalogue

MINIMUM_PYTHON = (3, 11)
DISK_LOW_MB, DISK_TIGHT_MB = 200, 1000


@dataclass(frozen=True)
class Finding:
    """`vital`: the site or its scoring does not work without it; otherwise a warning."""

    name: str
    ok: bool
    message: str
    remedy: str = ""
    vital: bool = True

    @property
    def state(self) -> str:
        if self.ok:
            return "ok"
        return "broken" if self.vital else "warning"


def check_python() -> Iterable[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= MINIMUM_PYTHON
    yield Finding("python", ok, version, "" if ok else "install Python 3.11 or newer, then `make run`")


def check_sandbox() -> Iterable[Finding]:
    from sandbox import doctor  # it builds a jail: only here, never in the web process

    for problem in doctor.check(os.environ.get("WORKER_DEVICE", "cpu")):
        yield Finding(
            problem.name, problem.ok, problem.message.pick("en"), problem.remedy.pick("en"), problem.vital
        )


def check_databases() -> Iterable[Finding]:
    for alias in connections:
        connection = connections[alias]
        name = f"database {alias}"
        try:
            executor = MigrationExecutor(connection)
            pending = (
                executor.migration_plan(executor.loader.graph.leaf_nodes()) if alias == "default" else []
            )
            connection.ensure_connection()
        except (DatabaseError, ImproperlyConfigured) as error:
            yield Finding(name, False, str(error).strip(), "start the database, or correct DATABASE_URL")
            continue
        if pending:
            yield Finding(name, False, f"{len(pending)} migrations are not applied", "manage.py migrate")
        else:
            yield Finding(name, True, connection.vendor)


def check_cache() -> Iterable[Finding]:
    from django.core.cache import cache

    try:
        cache.set("doctor", "here", 10)
        ok = cache.get("doctor") == "here"
    except Exception as error:  # each backend has its own errors
        yield Finding("cache", False, str(error).strip(), "manage.py migrate, or correct CACHE_URL")
        return
    yield Finding(
        "cache", ok, "shared by all processes" if ok else "loses what it is given", "correct CACHE_URL"
    )


def check_broker() -> Iterable[Finding]:
    from config.celery import app

    remedy = (
        "make the folder writable"
        if settings.CELERY_BROKER_URL.startswith("filesystem")
        else "start the broker, or correct CELERY_BROKER_URL"
    )
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
            transport = (
                connection.transport_cls if isinstance(connection.transport_cls, str) else "filesystem"
            )
    except Exception as error:  # each transport has its own errors
        yield Finding("broker", False, str(error).strip(), remedy)
        return
    yield Finding("broker", True, transport)


def check_files() -> Iterable[Finding]:
    try:
        with tempfile.TemporaryFile(dir=settings.VAR_DIR):
            pass
    except OSError as error:
        yield Finding(
            "files", False, f"{settings.VAR_DIR}: {error.strerror}", "make it writable, or set VAR_DIR"
        )
        return
    yield Finding("files", True, f"{settings.VAR_DIR} is writable")
    free = shutil.disk_usage(settings.VAR_DIR).free // 2**20
    yield Finding(
        "disk",
        free >= DISK_TIGHT_MB,
        f"{free:,} MB free",
        "" if free >= DISK_TIGHT_MB else "free some space, or move VAR_DIR",
        vital=free < DISK_LOW_MB,
    )


def check_catalogues() -> Iterable[Finding]:
    try:
        stale = [path for path in catalogues(settings.BASE_DIR) if compile_catalogue(path, check=True)]
    except CommandError as error:
        yield Finding("catalogues", False, str(error), "correct the file", vital=False)
        return
    names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in stale)
    yield Finding(
        "catalogues",
        not stale,
        f"out of date: {names}" if stale else "compiled",
        "manage.py compile_catalogues" if stale else "",
        vital=False,
    )


def check_content() -> Iterable[Finding]:
    from courses.models import Topic

    try:
        count = Topic.objects.count()
    except DatabaseError:
        return  # said above
    yield Finding(
        "content", count > 0, f"{count} topics", "" if count else "manage.py load_content", vital=False
    )


def check_production() -> Iterable[Finding]:
    """Settings refuse to load without SECRET_KEY and ALLOWED_HOSTS; here is what they cannot know."""
    if not settings.PRODUCTION:
        yield Finding("environment", True, "development (ENVIRONMENT=production for a real class)")
        return
    weak = len(settings.SECRET_KEY) < 50
    yield Finding(
        "secret key", not weak, "too short" if weak else "set", "50 random characters or more" if weak else ""
    )
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    yield Finding(
        "static files", collected, "collected" if collected else "missing", "manage.py collectstatic"
    )
    yield Finding(
        "debug",
        not settings.DEBUG,
        "on" if settings.DEBUG else "off",
        "unset DEBUG" if settings.DEBUG else "",
    )


def check_scoring() -> Iterable[Finding]:
    """The same callables as /readyz asks."""
    for dotted in settings.READINESS_CHECKS:
        name, ok, message = ask(dotted)
        if name != "database":
            yield Finding(name, ok, message, "" if ok else "start the site: `make run` or `manage.py serve`")


CHECKS: list[Callable[[], Iterable[Finding]]] = [
    check_python,
    check_production,
    check_files,
    check_databases,
    check_cache,
    check_broker,
    check_content,
    check_catalogues,
    check_sandbox,
    check_scoring,
]


def examine() -> list[Finding]:
    """Every check; one that itself breaks becomes a finding, so that the others are still seen."""
    findings: list[Finding] = []
    for check in CHECKS:
        name = check.__name__.removeprefix("check_")
        try:
            findings.extend(check())
        except Exception as error:
            if os.environ.get("DEBUG"):
                traceback.print_exc()
            findings.append(
                Finding(name, False, f"{type(error).__name__}: {error}".strip(), "see the message")
            )
    return findings
