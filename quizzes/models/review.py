"""Cards of what was missed, each time one was shown, and what a student chose about all this."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAILY_LIMIT = 30
LIMIT_RANGE = (1, 300)
MEMO_LENGTH = 2000


class Preferences(models.Model):
    """What a student chose. Without a row: anonymous, and DAILY_LIMIT cards a day."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="quiz_preferences", verbose_name=_("student")
    )
    shows_nickname = models.BooleanField(_("nickname on the result board"), default=False)
    daily_limit = models.PositiveSmallIntegerField(
        _("cards a day"),
        default=DAILY_LIMIT,
        validators=[MinValueValidator(LIMIT_RANGE[0]), MaxValueValidator(LIMIT_RANGE[1])],
    )

    class Meta:
        verbose_name = _("choice of a student")
        verbose_name_plural = _("choices of students")
        constraints = [
            models.CheckConstraint(
                condition=Q(daily_limit__range=LIMIT_RANGE), name="quizzes_preferences_daily_limit"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ReviewCard(models.Model):
    """One thing that one student missed. `key` names it, so that missing it twice makes one card.

    The mistake itself is kept as it was: version, seed and value of the answer that was wrong. FSRS' memory of
    it is `stability` (days) and `difficulty` (1 to 10); days are those of the course's zone.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("question")
        TEST = "test", _("test of an exercise")
        TOPIC = "topic", _("weak topic")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_cards", verbose_name=_("student")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=250)
    topic = models.ForeignKey(
        "courses.Topic", models.SET_NULL, null=True, related_name="review_cards", verbose_name=_("topic")
    )
    question = models.ForeignKey(
        "quizzes.Question",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="review_cards",
        verbose_name=_("question"),
    )
    test = models.JSONField(
        _("test"), null=True, blank=True, help_text=_("exercise, title, hint, address: what the student saw")
    )
    seen_submission = models.PositiveBigIntegerField(
        _("latest submission"), null=True, blank=True, help_text=_("the last one that spoke about this test")
    )
    missed_version = models.ForeignKey(
        "quizzes.QuestionVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version missed"),
    )
    missed_seed = models.PositiveBigIntegerField(_("seed"), default=0)
    missed_value = models.JSONField(_("value"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed at"), default=timezone.now)
    misses = models.PositiveIntegerField(_("times missed"), default=1)
    memo = models.TextField(_("memo"), blank=True, max_length=MEMO_LENGTH)

    stability = models.FloatField(_("stability"), help_text=_("days"))
    difficulty = models.FloatField(_("difficulty"))
    due_on = models.DateField(_("due on"))
    reviewed_on = models.DateField(_("last reviewed on"))
    was_right = models.BooleanField(_("right the last time"), default=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("review card")
        verbose_name_plural = _("review cards")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="quizzes_one_card"),
            models.CheckConstraint(condition=Q(due_on__gte=F("reviewed_on")), name="quizzes_card_due_later"),
            models.CheckConstraint(
                name="quizzes_card_has_its_subject",
                condition=Q(kind="question", question__isnull=False, missed_version__isnull=False)
                | Q(kind="test", test__isnull=False)
                | Q(kind="topic", question=None, missed_version=None),
            ),
        ]
        indexes = [models.Index(fields=["user", "due_on"], name="quizzes_card_due")]

    def __str__(self) -> str:
        return f"{self.user}: {self.key}"


class Review(models.Model):
    """One showing of a card. `seed` gives this showing its own numbers; the rest is filled once, when it is answered.

    A card has one open showing at most: two windows show the same one, and one answer counts.
    """

    class Rating(models.IntegerChoices):
        AGAIN = 1, _("again")
        HARD = 2, _("hard")
        GOOD = 3, _("good")
        EASY = 4, _("easy")

    card = models.ForeignKey(
        ReviewCard, models.CASCADE, related_name="reviews", verbose_name=_("review card")
    )
    version = models.ForeignKey(
        "quizzes.QuestionVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version"),
    )
    seed = models.PositiveBigIntegerField(_("seed"))
    shown_at = models.DateTimeField(_("shown at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    day = models.DateField(
        _("day"), null=True, blank=True, help_text=_("of the answer, in the course's zone")
    )
    value = models.JSONField(_("value"), null=True, blank=True)
    correct = models.BooleanField(_("is right"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True, choices=Rating.choices)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-shown_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(answered_at=None), name="quizzes_one_open_review"
            ),
            models.CheckConstraint(
                name="quizzes_review_whole",
                condition=Q(answered_at=None, day=None, correct=None, rating=None)
                | Q(answered_at__isnull=False, day__isnull=False, correct__isnull=False)
                & Q(rating__isnull=False, rating__range=(1, 4)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.shown_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None
