import logging
import os
import sys
import warnings

from celery.exceptions import SecurityWarning
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.celery import app


class Command(BaseCommand):
    help = (
        "Runs one scoring worker in the foreground. Start as many as the machine has cores to give: each scores one "
        "submission at a time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--name", default=f"worker-{os.getpid()}", help="shown in the log and in the heartbeat"
        )
        parser.add_argument(
            "--device",
            choices=("cpu", "cuda"),
            default=os.environ.get("WORKER_DEVICE", "cpu"),
            help="cuda: also what needs a GPU",
        )
        parser.add_argument("--queues", help="comma separated: cpu, gpu; by default what the device can do")

    def handle(self, *args: object, name: str, device: str, queues: str | None, **options: object) -> None:
        queues = queues or ",".join(
            [*(["gpu"] if device == "cuda" else []), settings.CELERY_TASK_DEFAULT_QUEUE]
        )
        os.environ["WORKER_DEVICE"] = device
        # Solo: the sandbox owns the clock and the jail is another process, so a pool would add nothing but its ways
        # to hang (a killed child of the prefork pool blocks it for ever on brokers without a server).
        os.environ["WORKER_NAME"] = name
        # Celery warns root of its pickle messages; ours are JSON (CELERY_ACCEPT_CONTENT).
        warnings.filterwarnings("ignore", category=SecurityWarning)
        options_for_celery = [f"--queues={queues}", f"--hostname={name}@%h", "--loglevel=INFO"]
        options_for_celery += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        code = 0
        try:
            app.worker_main(["--quiet", "worker", "--pool=solo", *options_for_celery])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        # All is closed by now. Python's own way out would take torch apart piece by piece: seconds on a busy machine.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(code)
