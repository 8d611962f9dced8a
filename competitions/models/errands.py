"""What workers do beside judging submissions: proving an uploaded folder, running an entry with another seed.

    waiting --claim--> running --finish--> done
       ^                  |
       '--- lease over ---'        after too many: failed

The row is the queue, as it is for submissions; the broker only wakes workers.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.models.submissions import VERDICTS


class Errand(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be done")

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    notified_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    fencing = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def longest(self) -> timedelta:
        """How long it may take; a claim that is older has been abandoned."""
        raise NotImplementedError

    @property
    def wanted_device(self) -> str:
        """What a worker must have to do it: "cpu" or "cuda"."""
        raise NotImplementedError

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class CompetitionVersion(Errand):
    """One version of a competition's folder, as it was uploaded. `folder` is empty where it was refused.

    The challenge's own `folder` says which version counts; the others are kept, so that one can go back.
    """

    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=16)
    folder = models.CharField(max_length=255, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=8, default="cpu")
    file_name = models.CharField(max_length=200, blank=True)
    round = models.ForeignKey("courses.CourseRound", models.CASCADE, related_name="competition_versions")
    problems = models.JSONField(
        default=list, blank=True, help_text=_("[{where, ko, en}]: why it was not taken")
    )

    class Meta:
        ordering = ["-requested_at", "-id"]
        verbose_name = _("version of a competition")
        verbose_name_plural = _("versions of competitions")
        constraints = [
            models.UniqueConstraint(
                fields=["folder"], condition=~Q(folder=""), name="one_version_per_folder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def longest(self) -> timedelta:
        return timedelta(minutes=15)

    @property
    def wanted_device(self) -> str:
        return self.device

    @property
    def is_sound(self) -> bool:
        """Whether it was proved and can be used."""
        return self.state == self.State.DONE and not self.problems


class SeedRun(Errand):
    """A submission judged once more with another seed; its own scores stay as they are."""

    submission = models.ForeignKey("competitions.Submission", models.CASCADE, related_name="seed_runs")
    seed = models.BigIntegerField()
    verdict = models.CharField(max_length=16, choices=VERDICTS, blank=True)
    score = models.FloatField(null=True, blank=True)
    private_score = models.FloatField(null=True, blank=True)
    message_ko = models.TextField(blank=True)
    message_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        verbose_name = _("run with another seed")
        verbose_name_plural = _("runs with another seed")
        constraints = [models.UniqueConstraint(fields=["submission", "seed"], name="one_run_per_seed")]

    def __str__(self) -> str:
        return f"#{self.submission_id} · {self.seed}"

    @property
    def longest(self) -> timedelta:
        return timedelta(seconds=3 * self.submission.challenge.config.get("seconds", 600) + 120)

    @property
    def wanted_device(self) -> str:
        return self.submission.challenge.device
