"""A new version of a metric, a solution or tests, tried on what was judged before, and put to use only when somebody says so.

    waiting --claim--> running --(a slice)--> waiting ... --> done     every line has been judged in the shadow
                                                               |
                                    decision:  apply -> applied -> undo -> undone        cancel -> cancelled
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.models.errands import Errand
from competitions.models.submissions import VERDICTS


class Regrade(Errand):
    """One shadow run over an opening. Boards and scores stay as they are until it is applied."""

    class Decision(models.TextChoices):
        OPEN = "", _("to be decided")
        APPLIED = "applied", _("applied")
        CANCELLED = "cancelled", _("cancelled")
        UNDONE = "undone", _("undone")

    opening = models.ForeignKey("competitions.RoundChallenge", models.CASCADE, related_name="regrades")
    content_hash = models.CharField(max_length=64, help_text=_("the version that it judges by"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decision = models.CharField(max_length=9, choices=Decision, blank=True, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    moves = models.JSONField(default=list, blank=True, help_text=_("who moved, as it was when it was applied"))

    class Meta:
        ordering = ["-requested_at", "-id"]
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        constraints = [
            models.UniqueConstraint(fields=["opening"], condition=Q(decision=""), name="one_open_regrade"),
        ]

    def __str__(self) -> str:
        return f"{self.opening} {self.content_hash[:12]}"

    @property
    def longest(self) -> timedelta:
        return timedelta(minutes=15)

    @property
    def wanted_device(self) -> str:
        return self.opening.challenge.device

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.DONE and self.decision == self.Decision.OPEN


class RegradeLine(models.Model):
    """One submission in a regrade. Until it is applied it holds what the new version says; applying exchanges that with
    what stood, so that it holds the old values and undoing exchanges them back."""

    regrade = models.ForeignKey(Regrade, models.CASCADE, related_name="lines")
    submission = models.ForeignKey("competitions.Submission", models.CASCADE, related_name="+")
    fencing = models.PositiveIntegerField(help_text=_("Submission.fencing: if it moves, the submission was judged meanwhile"))
    judged_at = models.DateTimeField(null=True, blank=True)
    is_exchanged = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=16, choices=VERDICTS, blank=True)
    score = models.FloatField(null=True, blank=True)
    private_score = models.FloatField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True, help_text=_("report, message, fingerprint, version, interval"))
    public = models.BinaryField(default=bytes)
    private = models.BinaryField(default=bytes)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("line of a regrade")
        verbose_name_plural = _("lines of regrades")
        constraints = [
            models.UniqueConstraint(fields=["regrade", "submission"], name="one_line_per_submission"),
        ]
        indexes = [
            models.Index(fields=["regrade", "id"], condition=Q(judged_at=None), name="regrade_waiting"),
        ]

    def __str__(self) -> str:
        return f"#{self.submission_id}: {self.verdict}"
