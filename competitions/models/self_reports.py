"""Scores that a notebook computed by itself and posted as a number."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SelfReport(models.Model):
    """What a client of the old kind claims. Nobody has checked it: it is on no board and in no rank."""

    round = models.ForeignKey("courses.CourseRound", models.CASCADE, related_name="self_reports")
    challenge = models.ForeignKey("competitions.Challenge", models.CASCADE, related_name="self_reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="self_reports")
    score = models.FloatField(_("claimed score"))
    claimed_at = models.CharField(_("time by the notebook's clock"), max_length=40, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = _("self-reported score")
        verbose_name_plural = _("self-reported scores")
        indexes = [models.Index(fields=["round", "-received_at"], name="self_report_of_round")]

    def __str__(self) -> str:
        return f"{self.user}: {self.score}"
