"""Saying "I am here": one row per process, so that a page can tell a student why nothing happens."""

from __future__ import annotations

import logging
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from competitions.models import WorkerHeartbeat
from competitions.worker.workplace import Workplace

logger = logging.getLogger(__name__)

EXAMINE_EVERY = 12  # beats: a minute. Examining starts a process.


class Heartbeat:
    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True, name="heartbeat")

    def start(self) -> None:
        self.beat()
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and takes the row away: a worker that was stopped in order is not a missing one."""
        self._stop.set()
        self._thread.join(timeout=5)
        WorkerHeartbeat.objects.filter(name=self.place.name).delete()

    def beat(self) -> None:
        fitness = self.place.fitness()
        WorkerHeartbeat.objects.update_or_create(
            name=self.place.name,
            defaults={
                "seen_at": timezone.now(),
                "device": self.place.device,
                "is_ready": fitness.is_ready,
                "message_ko": fitness.message.ko,
                "message_en": fitness.message.en,
            },
        )

    def _run(self) -> None:
        count = 0
        while not self._stop.wait(getattr(settings, "WORKER_HEARTBEAT_SECONDS", 5)):
            count += 1
            try:
                if count % EXAMINE_EVERY == 0 and not self.place.is_whole:
                    self.place.examine()
                self.beat()
            except DatabaseError:
                logger.exception("the heartbeat could not be written")
        connection.close()  # this thread's own
