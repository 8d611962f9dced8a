"""Who is there to judge."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Four missed beats; a shorter time would call a busy worker dead.
ALIVE = timedelta(seconds=20)


class WorkerHeartbeat(models.Model):
    """One scoring process, written by itself every few seconds. `is_ready`: it can judge exercises (it has a jail)."""

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    device = models.CharField(max_length=8, default="cpu")
    is_ready = models.BooleanField(default=False)
    message_ko = models.TextField(blank=True)
    message_en = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        return timezone.now() - self.seen_at < ALIVE
