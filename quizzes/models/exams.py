"""Mock exams: what one is made of, its sittings, and what only exams need beside a quiz and its attempts.

Blueprint --< Exam -- Quiz --< Attempt (deadline, paused_at)
               |                  |
            ExamTask ------< TaskResult       the practical part, scored by the judge
            ExtraTime >-- User
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .quizzes import Attempt, Quiz


class Blueprint(models.Model):
    """The plan of an exam: how many questions of which topics, difficulties and kinds, and which exercises.

    Made from a file by `content`; `body` is {"written": [section], "practical": [section]}, see blueprints.py.
    """

    class Release(models.TextChoices):
        SUBMIT = "submit", _("when the student submits")
        CLOSE = "close", _("when the sitting has closed")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title_ko = models.CharField(_("title (Korean)"), max_length=100)
    title_en = models.CharField(_("title (English)"), max_length=100)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    release = models.CharField(
        _("results are shown"), max_length=10, choices=Release.choices, default=Release.CLOSE
    )
    body = models.JSONField(_("content"))
    is_active = models.BooleanField(_("is offered"), default=True)

    class Meta:
        verbose_name = _("exam blueprint")
        verbose_name_plural = _("exam blueprints")
        ordering = ["slug"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1), name="quizzes_blueprint_minutes")]

    def __str__(self) -> str:
        return self.title_ko


class Exam(models.Model):
    """One sitting of a mock exam. The quiz holds its window and its questions, so that answers, marks and statistics
    are those of every quiz; `minutes` and `release` are the blueprint's at the time the sitting was made."""

    quiz = models.OneToOneField(Quiz, models.CASCADE, related_name="exam", verbose_name=_("quiz"))
    blueprint = models.ForeignKey(
        Blueprint, models.PROTECT, related_name="exams", verbose_name=_("exam blueprint")
    )
    number = models.PositiveSmallIntegerField(_("sitting"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    release = models.CharField(_("results are shown"), max_length=10, choices=Blueprint.Release.choices)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)

    class Meta:
        verbose_name = _("mock exam")
        verbose_name_plural = _("mock exams")
        ordering = ["-quiz__published_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1), name="quizzes_exam_minutes")]

    def __str__(self) -> str:
        return f"{self.blueprint} {self.number}"

    def is_released(self) -> bool:
        """Whether a student who has submitted may see marks and explanations now: not while another still writes."""
        if self.release == Blueprint.Release.SUBMIT:
            return True
        return self.quiz.is_over() and not self.quiz.attempts.filter(state=Attempt.State.OPEN).exists()


class ExamTask(models.Model):
    """An exercise of the practical part, by its slug: the judge's exercises are another app's."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="tasks", verbose_name=_("mock exam"))
    exercise = models.SlugField(_("exercise"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"))
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("practical task")
        verbose_name_plural = _("practical tasks")
        ordering = ["exam", "position"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "exercise"], name="quizzes_task_exercise"),
            models.CheckConstraint(condition=Q(points__gt=0), name="quizzes_task_points"),
        ]

    def __str__(self) -> str:
        return f"{self.exam}: {self.exercise}"


class ExtraTime(models.Model):
    """More minutes for one student in one sitting, given before it or while it runs."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="extra_times", verbose_name=_("mock exam"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("student")
    )
    minutes = models.PositiveSmallIntegerField(_("extra minutes"))

    class Meta:
        verbose_name = _("extra time")
        verbose_name_plural = _("extra times")
        constraints = [models.UniqueConstraint(fields=["exam", "user"], name="quizzes_one_extra_time")]

    def __str__(self) -> str:
        return f"{self.user}: +{self.minutes}"


class ExamPause(models.Model):
    """A time that counted for nobody, once it is over."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="pauses", verbose_name=_("mock exam"))
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"))

    class Meta:
        verbose_name = _("pause of an exam")
        verbose_name_plural = _("pauses of exams")
        ordering = ["exam", "began_at"]

    def __str__(self) -> str:
        return f"{self.exam}: {self.began_at}"


class TaskResult(models.Model):
    """What a submitted attempt earned in one task. `points` is empty while the judge is still at work on it."""

    attempt = models.ForeignKey(
        Attempt, models.CASCADE, related_name="task_results", verbose_name=_("attempt")
    )
    task = models.ForeignKey(
        ExamTask, models.CASCADE, related_name="results", verbose_name=_("practical task")
    )
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("result of a practical task")
        verbose_name_plural = _("results of practical tasks")
        ordering = ["attempt", "task__position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "task"], name="quizzes_one_task_result"),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0), name="quizzes_task_result_points"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.task}"
