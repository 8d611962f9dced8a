"""Reading the environment for config.settings: what is too long to stand there in line."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

# IMMEDIATE: a transaction that first reads and then writes takes its lock at once and waits for it; with the default
# (DEFERRED) 970 of 1,200 such transactions of eight processes failed with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
        "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
    ),
}
SQLITE_MAX_AGE = 60  # seconds
POSTGRESQL_POOL = {"min_size": 1, "max_size": 8, "timeout": 10}


def database(env: environ.Env, var_dir: Path) -> dict[str, Any]:
    """DATABASE_URL, by default a SQLite file under `var_dir`, with the options that were measured to be safe."""
    config = env.db("DATABASE_URL", default=f"sqlite:///{var_dir / 'db.sqlite3'}")
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {**SQLITE_OPTIONS, **options}
        # Opening the file and its PRAGMAs cost an eighth of a short request.
        config["CONN_MAX_AGE"] = SQLITE_MAX_AGE
    elif config["ENGINE"].endswith("postgresql"):
        # The pool refuses any CONN_MAX_AGE but 0.
        config["CONN_MAX_AGE"] = 0
        options.setdefault("pool", dict(POSTGRESQL_POOL))
    return config


def cache_database(var_dir: Path) -> dict[str, Any]:
    """A SQLite file of its own for the cache, so that it never waits for the site's transactions.

    What is lost with it in a power cut is only a cache, hence synchronous=OFF.
    """
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(var_dir / "cache.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }


def secret_key(env: environ.Env, var_dir: Path, production: bool) -> str:
    """SECRET_KEY, or outside production one that is made once and kept in `var_dir`/secret_key (mode 600)."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    if production:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Production needs its own: a long random text, kept secret."
        )
    return keep_once(var_dir / "secret_key", secrets.token_urlsafe(50))


def keep_once(path: Path, value: str) -> str:
    """Writes `value` to `path` unless another process was first; returns what the file holds then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(value)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text().strip()


def judge_address(env: environ.Env) -> str:
    """JUDGE_ADDRESS, empty for the built-in judge. Raises ImproperlyConfigured for half of a configuration."""
    address = env.str("JUDGE_ADDRESS", default="")
    if address and not address.startswith(("http://", "https://")):
        raise ImproperlyConfigured("JUDGE_ADDRESS must begin with http:// or https://")
    if address and not env.str("JUDGE_MODEL", default=""):
        raise ImproperlyConfigured("JUDGE_ADDRESS needs JUDGE_MODEL, the name of the model there")
    return address


def celery_broker(env: environ.Env, var_dir: Path) -> tuple[str, dict[str, Any]]:
    """(broker URL, transport options): CELERY_BROKER_URL, or a folder below `var_dir`."""
    url = env.str("CELERY_BROKER_URL", default="filesystem://localhost/")
    if not url.startswith("filesystem:"):
        # Longer than any judging: Redis hands a message to a second worker after this.
        return url, {"visibility_timeout": 3600} if url.startswith("redis") else {}
    folder = var_dir / "broker"
    for name in ("messages", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        # The default of a second allows two tasks per second on two workers.
        "polling_interval": 0.05,
    }
    return url, options


class CacheRouter:
    """Sends the cache's table, and nothing else, to the database "cache"."""

    label = "django_cache"

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        return "cache" if model._meta.app_label == self.label else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        if db == "cache" or app_label == self.label:
            return db == "cache" and app_label == self.label
        return None
