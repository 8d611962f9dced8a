"""Questions, the quizzes made of them, and what the students answered.

    Question --< QuestionVersion --< QuizItem >-- Quiz >-- CourseRound
                                        |           |
                                      Answer >-- Attempt >-- User

A quiz item keeps the version it was published with: a key that is corrected in a file makes a new version,
and changes neither a quiz that is out nor a mark that was given. Only a regrade does, see regrades.py.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRound, Topic


class Question(models.Model):
    """One question of the bank, under a name that never changes. Its content is in `current`."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions", verbose_name=_("topic"))
    current = models.OneToOneField(
        "QuestionVersion",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current version"),
    )
    source_path = models.CharField(_("file"), max_length=200, blank=True)
    is_active = models.BooleanField(_("is asked"), default=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class QuestionVersion(models.Model):
    """What a question said at one time. Rows are added, never changed."""

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="versions", verbose_name=_("question")
    )
    number = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=30)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"))
    body = models.JSONField(_("content"))
    source_pages = models.CharField(_("pages"), max_length=50, blank=True)
    content_hash = models.CharField(_("hash"), max_length=64)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
        help_text=_("The version whose key was corrected on the site; empty for what came from a file."),
    )

    class Meta:
        verbose_name = _("version of a question")
        verbose_name_plural = _("versions of questions")
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="quizzes_version_number"),
            models.CheckConstraint(condition=Q(difficulty__range=(1, 3)), name="quizzes_version_difficulty"),
        ]

    def __str__(self) -> str:
        return f"{self.question} v{self.number}"

    def hashes(self) -> set[str]:
        """Its own hash and those of the versions that it corrects, one after the other."""
        return {self.content_hash} | (self.corrects.hashes() if self.corrects else set())


class Quiz(models.Model):
    """The questions of one day, or of one mock exam, for one round."""

    class Kind(models.TextChoices):
        DAILY = "daily", _("daily quiz")
        EXAM = "exam", _("mock exam")

    round = models.ForeignKey(CourseRound, models.CASCADE, related_name="quizzes", verbose_name=_("round"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.DAILY)
    date = models.DateField(_("date"))
    published_at = models.DateTimeField(_("published at"))
    closes_at = models.DateTimeField(_("closes at"))

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["-date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind", "date"], condition=Q(kind="daily"), name="quizzes_one_daily_quiz"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("published_at")), name="quizzes_closes_later"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.date}"

    def is_open(self) -> bool:
        """Whether answers are taken now."""
        return self.published_at <= timezone.now() and not self.is_over()

    def is_over(self) -> bool:
        """Whether it has closed: it can still be caught up on, without rank."""
        return self.closes_at <= timezone.now()


class QuizItem(models.Model):
    """A question's place in a quiz, with the version that is asked."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="items", verbose_name=_("quiz"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="items", verbose_name=_("question"))
    version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="items", verbose_name=_("version")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, default=1)

    class Meta:
        verbose_name = _("quiz item")
        verbose_name_plural = _("quiz items")
        ordering = ["quiz", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "position"], name="quizzes_item_position"),
            models.UniqueConstraint(fields=["quiz", "question"], name="quizzes_item_question"),
            models.CheckConstraint(condition=Q(points__gt=0), name="quizzes_item_points"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} #{self.position}"


class Attempt(models.Model):
    """One student's way through one quiz. `seed` gives the student's own order and numbers.

    `deadline` is the student's own end, where it is not the quiz's; `paused_at` stops the clock of an exam.
    """

    class State(models.TextChoices):
        OPEN = "open", _("being answered")
        SUBMITTED = "submitted", _("submitted")

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="attempts", verbose_name=_("quiz"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="quiz_attempts", verbose_name=_("student")
    )
    seed = models.PositiveIntegerField(_("seed"))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    is_late = models.BooleanField(
        _("late"),
        default=False,
        help_text=_("Begun after the quiz had closed: on no board and in no average."),
    )
    owes_cards = models.BooleanField(
        _("cards to come"),
        default=False,
        help_text=_("Its mistakes become review cards once its marks are shown."),
    )
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    max_score = models.DecimalField(_("maximum score"), max_digits=7, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "user"], name="quizzes_one_attempt"),
            models.CheckConstraint(
                name="quizzes_submitted_has_score",
                condition=Q(state="open", submitted_at=None, score=None, max_score=None)
                # "score >= 0" alone is unknown, not false, for NULL, and a check lets the unknown pass.
                | Q(
                    state="submitted",
                    submitted_at__isnull=False,
                    score__isnull=False,
                    max_score__isnull=False,
                )
                & Q(score__gte=0, max_score__gte=F("score")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.quiz}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def takes_answers(self) -> bool:
        """Whether an answer would be kept now. A quiz that is caught up on has no end."""
        return self.is_open and self.paused_at is None and not self.is_expired()

    @property
    def closes_at(self) -> dt.datetime:
        """When it takes its last answer, unless it is paused or late."""
        return self.deadline or self.quiz.closes_at

    def is_expired(self) -> bool:
        """Whether the student's time is over; it stands still during a pause, and a late attempt has no end."""
        return not self.is_late and self.paused_at is None and timezone.now() >= self.closes_at

    @property
    def seconds_left(self) -> int:
        """Until `closes_at`, rounded up; it stands still during a pause."""
        left = (self.closes_at - (self.paused_at or timezone.now())).total_seconds()
        return max(0, -int(-left // 1))

    def item_seed(self, item: QuizItem) -> int:
        """The student's own number for this item: the same at every reload, another for a neighbour."""
        digest = hashlib.sha256(f"{self.seed}/{item.question_id}".encode()).digest()
        return int.from_bytes(digest[:4])


class Answer(models.Model):
    """What a student answered to one item. The last three fields are empty until the attempt is submitted."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers", verbose_name=_("attempt"))
    item = models.ForeignKey(QuizItem, models.CASCADE, related_name="answers", verbose_name=_("quiz item"))
    value = models.JSONField(_("value"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)
    correct = models.BooleanField(_("is right"), null=True, blank=True)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True, blank=True)
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["attempt", "item__position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "item"], name="quizzes_one_answer"),
            models.CheckConstraint(
                name="quizzes_marked_whole",
                condition=Q(correct=None, points=None, marked_at=None)
                | Q(correct__isnull=False, points__isnull=False, points__gte=0, marked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} #{self.item.position}"
