"""One person's place on one board."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Standing(models.Model):
    """Derived from submissions by `actions.record`, so that a board is one indexed read whatever its size.

    `sort_key` is the score turned so that more is better; `reached_at` breaks ties for the earlier one. Without a
    scored submission both are empty, and the row is on no board.
    """

    round = models.ForeignKey("courses.CourseRound", models.CASCADE, related_name="standings")
    challenge = models.ForeignKey("competitions.Challenge", models.CASCADE, related_name="standings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="standings")
    best = models.ForeignKey(
        "competitions.Submission", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    score = models.FloatField(null=True, blank=True)
    private_score = models.FloatField(null=True, blank=True)  # for nobody but instructors
    sort_key = models.FloatField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    entries = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)
    is_ranked = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint(fields=["round", "challenge", "user"], name="one_standing_each")
        ]
        indexes = [
            models.Index(
                "round",
                "challenge",
                F("sort_key").desc(),
                "reached_at",
                "id",
                condition=Q(is_ranked=True, sort_key__isnull=False),
                name="standing_board",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.score}"
