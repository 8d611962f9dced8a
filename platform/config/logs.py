"""One line on the console for each event, of every process alike."""

import os
from typing import Any

import environ


def config(env: environ.Env) -> dict[str, Any]:
    """Django's LOGGING, from LOG_LEVEL and PROCESS_NAME."""
    # `manage.py serve` names each of its processes there, so that the lines of one terminal can be told apart.
    process = os.environ.get("PROCESS_NAME", "django")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": f"%(asctime)s {process:<10} %(levelname)-7s %(name)s: %(message)s"}
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Anyone on the internet can send a wrong host name: the 400 is enough.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
            # A sweep every two seconds is no news.
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.worker.request": {"level": "WARNING"},
        },
    }
