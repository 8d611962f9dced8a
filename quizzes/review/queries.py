"""Reads of the review that span tables."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from courses.models import CourseRound, Topic

from ..models import Answer, Attempt, Preferences, Question, Quiz, QuizItem, Review, ReviewCard
from ..models.review import DAILY_LIMIT


@dataclass(frozen=True, slots=True)
class Load:
    """A day's cards: how many are due, how many were answered today, how many the student wants a day."""

    waiting: int
    done: int
    limit: int

    @property
    def today(self) -> int:
        """How many are left for today."""
        return min(self.waiting, max(self.limit - self.done, 0))

    @property
    def postponed(self) -> int:
        return self.waiting - self.today


def under_way(user: Any) -> QuerySet[QuizItem, Any]:
    """Questions of quizzes that this student could still answer, or whose marks are not shown yet, as a subquery.

    No page of the review may show their keys, whether the student has begun that quiz or not.
    """
    now = timezone.now()
    own = Attempt.objects.filter(user=user)
    answered = own.filter(state=Attempt.State.SUBMITTED, owes_cards=False)  # its marks are shown
    running = Quiz.objects.filter(
        published_at__lte=now, closes_at__gt=now, round__enrolments__user=user
    ).exclude(pk__in=answered.values("quiz"))
    begun = own.filter(Q(state=Attempt.State.OPEN) | Q(owes_cards=True))
    items = QuizItem.objects.filter(Q(quiz__in=running.values("pk")) | Q(quiz__in=begun.values("quiz")))
    return items.values("question")


def hides_key(user: Any, question_id: int | None) -> bool:
    """Whether this question is being asked in a quiz that the student could still answer."""
    return question_id is not None and under_way(user).filter(question=question_id).exists()


def askable_questions(user: Any) -> QuerySet[Question]:
    return Question.objects.filter(is_active=True, current__isnull=False).exclude(pk__in=under_way(user))


def due_cards(user: Any, today: dt.date) -> QuerySet[ReviewCard]:
    """The cards to show by `today`, longest due first. A card whose question is asked in an open quiz waits for that."""
    askable = askable_questions(user)
    has_question = Q(kind=ReviewCard.Kind.QUESTION, question__in=askable.values("pk"))
    has_topic = Q(kind=ReviewCard.Kind.TOPIC, topic__in=askable.values("topic"))
    cards = ReviewCard.objects.filter(user=user, due_on__lte=today)
    return cards.filter(Q(kind=ReviewCard.Kind.TEST) | has_question | has_topic).order_by("due_on", "pk")


def load_of(user: Any, today: dt.date) -> Load:
    """The day's load. Every page asks: which of the cards may be shown is dear to know, and asked where some are due."""
    limit = Preferences.objects.filter(user=OuterRef("pk")).values("daily_limit")
    reviews = Review.objects.filter(card__user=OuterRef("pk"), day=today).order_by()
    done = reviews.values("card__user").annotate(count=Count("pk")).values("count")
    due = ReviewCard.objects.filter(user=OuterRef("pk"), due_on__lte=today)
    of_user = get_user_model().objects.filter(pk=user.pk)
    wanted, answered, is_any_due = of_user.values_list(
        Coalesce(Subquery(limit), DAILY_LIMIT), Coalesce(Subquery(done), 0), Exists(due)
    ).get()
    return Load(due_cards(user, today).count() if is_any_due else 0, answered, wanted)


def next_due(user: Any, today: dt.date) -> dt.date | None:
    """The next day after `today` on which a card comes back."""
    cards = ReviewCard.objects.filter(user=user, due_on__gt=today)
    return cards.order_by("due_on").values_list("due_on", flat=True).first()


def practice_question(card: ReviewCard) -> Question | None:
    """A question for a weak topic: one that the student has not seen, if there is one; None when none may be asked."""
    candidates = askable_questions(card.user).filter(topic=card.topic).select_related("current")
    seen = Answer.objects.filter(attempt__user=card.user).values("item__question")
    practised = Review.objects.filter(card__user=card.user, version__isnull=False).values("version__question")
    unseen = candidates.exclude(pk__in=seen).exclude(pk__in=practised)
    return unseen.order_by("?").first() or candidates.order_by("?").first()


def review_of(user: Any, review_id: int) -> Review | None:
    """The student's own showing of a card, with all that its page needs."""
    rows = Review.objects.filter(pk=review_id, card__user=user)
    return rows.select_related("card__topic", "card__user", "version__question__topic").first()


def mistakes_of(user: Any, topic: str = "") -> QuerySet[ReviewCard]:
    """The student's cards with what was missed, by topic, the latest first; `is_hidden` while a quiz asks the question."""
    cards = ReviewCard.objects.filter(user=user).exclude(kind=ReviewCard.Kind.TOPIC)
    if topic:
        cards = cards.filter(topic__slug=topic)
    hidden = under_way(user).filter(question=OuterRef("question"))
    related = cards.select_related("topic", "missed_version__question__topic")
    return related.annotate(is_hidden=Exists(hidden)).order_by(
        "topic__position", "topic__slug", "-missed_at", "pk"
    )


def topics_of_mistakes(user: Any) -> QuerySet[Topic]:
    """Topics in which the student missed something, with `cards`, how many."""
    of_user = Q(review_cards__user=user) & ~Q(review_cards__kind=ReviewCard.Kind.TOPIC)
    return Topic.objects.annotate(cards=Count("review_cards", filter=of_user)).filter(cards__gt=0)


def answers_per_day(user: Any, course_round: CourseRound, since: dt.date) -> Counter[dt.date]:
    """Answers given in quizzes and reviews by day of the course's zone."""
    day = TruncDate("saved_at", tzinfo=course_round.course.zone)
    start = dt.datetime.combine(since, dt.time(), tzinfo=course_round.course.zone)
    answers = Answer.objects.filter(attempt__user=user, value__isnull=False, saved_at__gte=start)
    reviews = Review.objects.filter(card__user=user, day__gte=since)
    counts: Counter[dt.date] = Counter()
    for rows in (answers.order_by().values_list(day), reviews.order_by().values_list("day")):
        for date, count in rows.annotate(count=Count("pk")):
            counts[date] += count
    return counts
