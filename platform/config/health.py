"""/healthz: this process answers. /readyz: the site can do its work: database, and a worker that scores."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

Check = tuple[str, bool, str]
"""(name, ok, message)"""


def database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return "database", False, str(error)
    return "database", True, ""


def ask(dotted: str) -> Check:
    """One of settings.READINESS_CHECKS. With the database gone, those that read it say so instead of failing."""
    try:
        return import_string(dotted)()
    except DatabaseError as error:
        return dotted.rpartition(".")[2], False, str(error)


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    checks = [ask(dotted) for dotted in settings.READINESS_CHECKS]
    ready = all(ok for _name, ok, _message in checks)
    body = {
        "status": "ok" if ready else "unavailable",
        "checks": {name: {"ok": ok, "message": message} for name, ok, message in checks},
    }
    return JsonResponse(body, status=200 if ready else 503)
