"""What students work on, and when a round may."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# The first part of `Challenge.folder` names the place, so that rows stay true when the checkout moves.
FIXTURES, VAR = "fixtures", "var"


class Challenge(models.Model):
    """An exercise or a competition. Its files are the truth; this row is made from them by `content`."""

    class Kind(models.TextChoices):
        EXERCISE = "exercise", _("exercise")
        PREDICTIONS = "predictions", _("predictions")
        CODE = "code", _("code")
        ANSWERS = "answers", _("answers")
        FUNCTIONS = "functions", _("functions")

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    statement_ko = models.TextField(blank=True)
    statement_en = models.TextField(blank=True)
    topic = models.ForeignKey(
        "courses.Topic", models.SET_NULL, null=True, blank=True, related_name="challenges"
    )
    position = models.PositiveIntegerField(default=0)
    metric = models.CharField(max_length=40, blank=True, help_text=_("empty: points"))
    higher_is_better = models.BooleanField(default=True)
    max_score = models.FloatField(null=True, blank=True, help_text=_("empty: the metric has no upper end"))
    config = models.JSONField(default=dict, blank=True)
    folder = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")

    def __str__(self) -> str:
        return self.title_ko or self.slug

    def get_absolute_url(self) -> str:
        return reverse(f"competitions:{'exercise' if self.is_exercise else 'competition'}", args=[self.slug])

    def get_leaderboard_url(self) -> str:
        family = "exercise" if self.is_exercise else "competition"
        return reverse(f"competitions:{family}_leaderboard", args=[self.slug])

    @property
    def is_exercise(self) -> bool:
        return self.kind == self.Kind.EXERCISE

    @property
    def metric_title(self) -> str:
        """What the metric calls itself in the language of the page; empty for an exercise's points."""
        language = "en" if (get_language() or "ko").startswith("en") else "ko"
        return self.config.get(f"metric_title_{language}") or self.metric

    @property
    def metric_label(self) -> str:
        """The same in short, for narrow places: "MAE" of "평균 절대 오차(MAE)"."""
        found = re.search(r"\(([^()]+)\)$", self.metric_title)
        return found[1] if found else self.metric_title

    @property
    def path(self) -> Path:
        """The folder on this machine. Raises ValueError when the row names a place outside both roots."""
        place, _slash, rest = self.folder.partition("/")
        roots = {FIXTURES: settings.FIXTURES_DIR, VAR: settings.VAR_DIR}
        if place not in roots or ".." in Path(rest).parts or not rest:
            raise ValueError(f"challenge {self.slug}: {self.folder!r} is not below fixtures/ or var/")
        return Path(roots[place]) / rest

    @property
    def device(self) -> str:
        """Where it must be judged: "cpu" or "cuda"."""
        return self.config.get("device", "cpu")


class RoundChallenge(models.Model):
    """One challenge opened for one round, and the rules of it.

    `closes_at` empty: open without end. `daily_quota` empty: no limit. `max_team_size` 1: everybody alone.
    Phases (`Phase`) part the window; without any the whole window is one.
    """

    round = models.ForeignKey("courses.CourseRound", models.CASCADE, related_name="openings")
    challenge = models.ForeignKey(Challenge, models.CASCADE, related_name="openings")
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    freezes_at = models.DateTimeField(
        _("board freezes at"),
        null=True,
        blank=True,
        help_text=_("From then to the end students see the board as it was. Empty: it never freezes."),
    )
    daily_quota = models.PositiveIntegerField(_("tries per day"), null=True, blank=True)
    allows_late = models.BooleanField(
        _("late entries"), default=False, help_text=_("After the end, scored and shown apart, never ranked.")
    )
    final_selections = models.PositiveSmallIntegerField(
        _("final submissions"),
        default=2,
        help_text=_("How many submissions of each participant count for the private score."),
    )
    max_team_size = models.PositiveSmallIntegerField(
        _("largest team"), default=1, help_text=_("1: there are no teams.")
    )
    merges_until = models.DateTimeField(
        _("teams merge until"), null=True, blank=True, help_text=_("Empty: until the end.")
    )
    allows_self_reports = models.BooleanField(
        _("self-reported scores"),
        default=True,
        help_text=_("Whether scores that a notebook computed by itself are noted, apart and unranked."),
    )

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [
            models.UniqueConstraint(fields=["round", "challenge"], name="one_opening_per_round"),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="opening_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(final_selections__gte=1, max_team_size__gte=1), name="opening_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge} · {self.round}"

    def is_upcoming(self, moment: datetime) -> bool:
        return moment < self.opens_at

    def is_over(self, moment: datetime) -> bool:
        return self.closes_at is not None and moment >= self.closes_at

    def is_open(self, moment: datetime) -> bool:
        return not self.is_upcoming(moment) and not self.is_over(moment)

    def takes_entries(self, moment: datetime) -> bool:
        """Whether something can be submitted, if perhaps late. (Between two phases it cannot, and is told so.)"""
        return self.is_open(moment) or (self.is_over(moment) and self.allows_late)

    def is_frozen(self, moment: datetime) -> bool:
        """Whether students see the board as it was at `freezes_at`. The end thaws it."""
        return self.freezes_at is not None and moment >= self.freezes_at and not self.is_over(moment)

    def takes_teams(self, moment: datetime) -> bool:
        """Whether teams may still form, take people in and merge."""
        end = self.merges_until or self.closes_at
        return self.max_team_size > 1 and not self.is_over(moment) and (end is None or moment < end)


class Phase(models.Model):
    """A part of an opening's window with a board of its own ("warm-up", "main"). Phases of one opening do not overlap."""

    opening = models.ForeignKey(RoundChallenge, models.CASCADE, related_name="phases")
    title_ko = models.CharField(_("title (Korean)"), max_length=60)
    title_en = models.CharField(_("title (English)"), max_length=60, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))

    class Meta:
        ordering = ["opens_at", "id"]
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="phase_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return self.title_ko

    def contains(self, moment: datetime) -> bool:
        return self.opens_at <= moment < self.closes_at
