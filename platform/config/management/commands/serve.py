import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import manage
from config import supervision
from config.supervision import Program

# Of each of the two web processes. Python runs one at a time; with 16 a class that answers at once was served a third slower.
THREADS = "4"


class Command(BaseCommand):
    help = "Runs the whole site in the foreground: web server, scoring workers, scheduler. Ctrl-C stops all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--workers", type=int, default=settings.SCORING_WORKERS, help="scoring workers")
        parser.add_argument("--check-port", action="store_true", help="only say whether the port is free")

    def handle(self, *args: object, host: str, port: int, workers: int, **options: object) -> None:
        if reason := supervision.port_taken(host, port):
            raise CommandError(
                f"Port {port} on {host} cannot be used: {reason}. Is the site running already? "
                f"Otherwise choose another port: PORT={port + 1} make run"
            )
        if options["check_port"]:
            return
        # Every child finds our packages; `manage.py` does that only for itself.
        os.environ["PYTHONPATH"] = os.pathsep.join(
            [*manage.SOURCE_ROOTS, os.environ.get("PYTHONPATH", "")]
        ).rstrip(":")
        os.environ["HOST"] = host
        log_config = settings.VAR_DIR / "granian-log.json"
        log_config.write_text(supervision.granian_log_config())
        config_file = settings.VAR_DIR / "supervisord.conf"
        config_file.write_text(
            supervision.configuration(programs(host, port, workers), settings.BASE_DIR, settings.VAR_DIR)
        )
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  (only compared)
        shown = f"[{shown}]" if ":" in shown else shown
        known = settings.ALLOWED_HOSTS[0].lstrip(".")
        name = shown if known == "*" or not settings.PRODUCTION else known
        sys.exit(supervision.run(config_file, f"http://{shown}:{port}", name, self.say))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def programs(host: str, port: int, workers: int) -> list[Program]:
    python = sys.executable
    granian = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    granian += [
        "--workers",
        "2",
        "--blocking-threads",
        THREADS,
        "--workers-kill-timeout",
        "10",
        "--respawn-failed-workers",
    ]
    granian += [
        "--no-ws",
        "--log-config",
        str(settings.VAR_DIR / "granian-log.json"),
        "config.wsgi:application",
    ]
    # Scoring gives way to the site: on two cores a page must not wait for a training run.
    worker = ["nice", "-n", "5", python, str(settings.BASE_DIR / "manage.py"), "worker"]
    beat = [python, "-m", "celery", "--quiet", "--app", "config", "beat", "--loglevel", "WARNING"]
    beat += ["--pidfile", "", "--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME]
    return [
        Program("web", granian),
        *(
            Program(f"worker-{number}", [*worker, "--name", f"worker-{number}"])
            for number in range(1, workers + 1)
        ),
        Program("beat", beat),
    ]
