"""One participant's place on one board."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Standing(models.Model):
    """Derived from submissions by `actions.standings`, so that a board is one indexed read whatever its size.

    Each participant has one row on each board of a phase (`phase` empty: the opening has none):

        live      best public score so far
        frozen    best public score received before the freeze; there where a freeze is set
        final     best private score of the chosen submissions; for students from the end on, never before
        late      best public score received after the end

    `sort_key` is the score turned so that more is better; `reached_at` breaks ties for the earlier one. Without a
    score that counts both are empty, and the row is on no board. `is_ranked` repeats Participant.is_ranked.
    """

    class Board(models.TextChoices):
        LIVE = "live", _("public")
        FROZEN = "frozen", _("frozen")
        FINAL = "final", _("final")
        LATE = "late", _("late entries")

    opening = models.ForeignKey("competitions.RoundChallenge", models.CASCADE, related_name="standings")
    phase = models.ForeignKey(
        "competitions.Phase", models.CASCADE, null=True, blank=True, related_name="standings"
    )
    board = models.CharField(max_length=6, choices=Board, default=Board.LIVE)
    participant = models.ForeignKey("competitions.Participant", models.CASCADE, related_name="standings")
    best = models.ForeignKey(
        "competitions.Submission", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    score = models.FloatField(null=True, blank=True)
    sort_key = models.FloatField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    entries = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)
    is_ranked = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "board"], condition=Q(phase=None), name="one_standing_each"
            ),
            models.UniqueConstraint(
                fields=["participant", "phase", "board"],
                condition=~Q(phase=None),
                name="one_standing_each_phase",
            ),
        ]
        # Two, for PostgreSQL reads no order from an index behind a column that IS NULL.
        indexes = [
            models.Index(
                "opening",
                "board",
                "is_ranked",
                F("sort_key").desc(),
                "reached_at",
                "id",
                condition=Q(sort_key__isnull=False, phase=None),
                name="standing_board",
            ),
            models.Index(
                "phase",
                "board",
                "is_ranked",
                F("sort_key").desc(),
                "reached_at",
                "id",
                condition=Q(sort_key__isnull=False, phase__isnull=False),
                name="standing_phase_board",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.score}"
