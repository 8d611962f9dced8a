"""A key that is corrected after it has marked somebody: a change that is reviewed, applied, and can be undone.

proposed --> applied --> undone
   +-------> cancelled

Regrade >-- QuestionVersion (the old one) <--corrects-- QuestionVersion (made when it is applied)
   |
RegradeLine >-- Answer: each mark that it moved, there and, when it was undone, back
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course

from .quizzes import Answer, QuestionVersion

REASON_LENGTH = 1000


class Regrade(models.Model):
    """A corrected key for every quiz of a course that asked `version`. `body` is that of marking.py."""

    class Rule(models.TextChoices):
        KEY = "key", _("another answer is right")
        ACCEPT = "accept", _("another answer counts too")
        TOLERANCE = "tolerance", _("another tolerance")
        VOID = "void", _("void: everybody has full marks")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be reviewed")
        APPLIED = "applied", _("applied")
        CANCELLED = "cancelled", _("cancelled")
        UNDONE = "undone", _("undone")

    course = models.ForeignKey(Course, models.CASCADE, related_name="regrades", verbose_name=_("course"))
    version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="regrades", verbose_name=_("version")
    )
    rule = models.CharField(_("correction"), max_length=10, choices=Rule.choices)
    body = models.JSONField(_("content"))
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    corrected = models.ForeignKey(
        QuestionVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_by",
        verbose_name=_("corrected version"),
    )
    took_out = models.BooleanField(
        _("took the question out"), default=False, help_text=_("It was void, so it is no longer asked.")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("applied or cancelled at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "version"], condition=Q(state="applied"), name="quizzes_one_applied_regrade"
            ),
            models.CheckConstraint(
                name="quizzes_regrade_whole",
                condition=Q(state="proposed", corrected=None, decided_at=None, undone_at=None)
                | Q(state="cancelled", corrected=None, decided_at__isnull=False, undone_at=None)
                | Q(state="applied", corrected__isnull=False, decided_at__isnull=False, undone_at=None)
                | Q(
                    state="undone", corrected__isnull=False, decided_at__isnull=False, undone_at__isnull=False
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_rule_display()}"


class RegradeLine(models.Model):
    """A mark that a regrade moved; `is_undo` when that was by undoing it. `card` is the review card that went with it."""

    regrade = models.ForeignKey(Regrade, models.CASCADE, related_name="lines", verbose_name=_("regrade"))
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="regrade_lines", verbose_name=_("answer"))
    is_undo = models.BooleanField(_("undone"), default=False)
    before = models.DecimalField(_("points before"), max_digits=5, decimal_places=2)
    after = models.DecimalField(_("points after"), max_digits=5, decimal_places=2)
    card = models.JSONField(_("card taken away"), null=True, blank=True)

    class Meta:
        verbose_name = _("moved mark")
        verbose_name_plural = _("moved marks")
        ordering = ["regrade", "is_undo", "answer"]
        constraints = [
            models.UniqueConstraint(fields=["regrade", "answer", "is_undo"], name="quizzes_one_regrade_line")
        ]

    def __str__(self) -> str:
        return f"{self.answer}: {self.before} → {self.after}"
