"""What was learnt from all answers about how difficult each question is."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course


class ReadinessFit(models.Model):
    """The latest fit of readiness.py over a course's answers, as `readiness.Fit.to_dict` writes it."""

    course = models.OneToOneField(
        Course, models.CASCADE, related_name="readiness_fit", verbose_name=_("course")
    )
    fitted_at = models.DateTimeField(_("fitted at"), default=timezone.now)
    answers = models.PositiveIntegerField(_("answers"))
    data = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("readiness model")
        verbose_name_plural = _("readiness models")

    def __str__(self) -> str:
        return f"{self.course} {self.fitted_at:%Y-%m-%d %H:%M}"
