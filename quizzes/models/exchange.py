"""Files of questions that came from another system."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Topic


class QuestionImport(models.Model):
    """What was read from one file, question by question, before and after it is taken into the bank.

    `readings`: a list of {"name", "entry" or null, "notes": [{"message", "params"}]}, as formats.contract.Reading.
    `taken`: a list of {"question", "version", "before"} ids, so that it can be undone.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("checked")
        TAKEN = "taken", _("taken into the bank")
        UNDONE = "undone", _("undone")

    course = models.ForeignKey(Course, models.CASCADE, related_name="question_imports")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+", verbose_name=_("topic"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    file_name = models.CharField(_("file"), max_length=200)
    format = models.CharField(_("format"), max_length=30)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKED)
    readings = models.JSONField(default=list)
    taken = models.JSONField(default=list)

    class Meta:
        verbose_name = _("import of questions")
        verbose_name_plural = _("imports of questions")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def takable(self) -> int:
        """How many of its questions can be taken."""
        return sum(reading["entry"] is not None for reading in self.readings)
