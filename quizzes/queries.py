"""Reads of the quizzes that span tables."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet
from django.utils import timezone

from courses.models import CalendarDay, CourseRound, Enrolment

from . import kinds
from .models import Answer, Attempt, Question, Quiz, QuizItem
from .selection import Candidate, TopicResult
from .streaks import Streak, read_streak


def daily_quiz(course_round: CourseRound, day: dt.date) -> Quiz | None:
    return Quiz.objects.filter(round=course_round, kind=Quiz.Kind.DAILY, date=day).first()


def candidates() -> list[Candidate]:
    """Every question that may be asked."""
    rows = Question.objects.filter(is_active=True, current__isnull=False).values_list(
        "pk", "slug", "topic__slug", "current__kind", "current__difficulty"
    )
    return [Candidate(*row) for row in rows]


def current_versions(question_ids: list[int]) -> dict[int, int]:
    """Question id -> id of the version to ask."""
    return dict(Question.objects.filter(pk__in=question_ids).values_list("pk", "current_id"))


def topics_of_day(course_round: CourseRound, day: dt.date) -> list[str]:
    """Slugs of the topics taught on `day`; those of the last day with any where `day` has none."""
    days = CalendarDay.objects.filter(round=course_round, date__lte=day, topics__isnull=False)
    latest = days.order_by("-date").values_list("date", flat=True).first()
    if latest is None:
        return []
    return list(days.filter(date=latest).values_list("topics__slug", flat=True))


def days_since_asked(course_round: CourseRound, day: dt.date) -> dict[int, int]:
    """Question id -> days since this round was last asked it."""
    asked = QuizItem.objects.filter(quiz__round=course_round, quiz__date__lt=day)
    rows = asked.order_by().values_list("question_id").annotate(last=Max("quiz__date"))
    return {question_id: (day - last).days for question_id, last in rows}


def class_results(course_round: CourseRound, day: dt.date) -> dict[str, TopicResult]:
    """Topic -> how the round's students answered it before `day`. Late attempts count apart: the answers were known."""
    marked = Answer.objects.filter(
        by_students("attempt__", course_round),
        item__quiz__round=course_round,
        item__quiz__date__lt=day,
        attempt__is_late=False,
        correct__isnull=False,
    )
    rows = marked.order_by().values_list("item__question__topic__slug")
    counted = rows.annotate(right=Count("pk", filter=Q(correct=True)), marked=Count("pk"))
    return {topic: TopicResult(right, marked) for topic, right, marked in counted}


def by_students(prefix: str, course_round: CourseRound) -> Q:
    """That `<prefix>user` is a student of the round: who teaches is in no average and on no board."""
    return Q(
        **{
            f"{prefix}user__enrolments__round": course_round,
            f"{prefix}user__enrolments__role": Enrolment.Role.STUDENT,
        }
    )


def attempt_of(quiz: Quiz, user: Any) -> Attempt | None:
    attempt = Attempt.objects.filter(quiz=quiz, user=user).first()
    if attempt:
        attempt.quiz = quiz
    return attempt


def todays_attempt(user: Any, course_round: CourseRound) -> Attempt | None:
    """The attempt at today's quiz together with that quiz: what most visits need, in one query."""
    attempts = Attempt.objects.filter(
        user=user,
        quiz__round=course_round,
        quiz__kind=Quiz.Kind.DAILY,
        quiz__date=course_round.course.today(),
    )
    return attempts.select_related("quiz").first()


def expired_attempts(kind: str) -> QuerySet[Attempt]:
    """Open attempts at quizzes of this kind whose time is over; a paused one's stands still."""
    running = Attempt.objects.filter(quiz__kind=kind, state=Attempt.State.OPEN, is_late=False, paused_at=None)
    running = running.select_related("quiz")
    return running.filter(
        Q(deadline__lte=timezone.now()) | Q(deadline=None, quiz__closes_at__lte=timezone.now())
    )


def items_of(quiz: Quiz) -> list[QuizItem]:
    """The quiz's items in order, with their content and topic."""
    return list(quiz.items.select_related("version", "question__topic").order_by("position"))


def answers_of(attempt: Attempt) -> dict[int, Answer]:
    """Item id -> answer."""
    return {answer.item_id: answer for answer in attempt.answers.all()}


def answered_count(attempt: Attempt) -> int:
    return attempt.answers.exclude(value=None).count()


def history_of(user: Any, course_round: CourseRound) -> QuerySet[Attempt]:
    """The student's submitted daily quizzes in this round, latest first."""
    attempts = Attempt.objects.filter(
        user=user,
        quiz__round=course_round,
        quiz__kind=Quiz.Kind.DAILY,
        state=Attempt.State.SUBMITTED,
    )
    return attempts.select_related("quiz").order_by("-quiz__date")


def missed_quizzes(user: Any, course_round: CourseRound) -> QuerySet[Quiz]:
    """Closed daily quizzes of the round that the student never began, latest first: they can be caught up on."""
    closed = Quiz.objects.filter(round=course_round, kind=Quiz.Kind.DAILY, closes_at__lte=timezone.now())
    return closed.exclude(attempts__user=user).order_by("-date")


def late_attempts(user: Any, course_round: CourseRound) -> QuerySet[Attempt]:
    """What the student is catching up on."""
    begun = Attempt.objects.filter(
        user=user, quiz__round=course_round, state=Attempt.State.OPEN, is_late=True
    )
    return begun.select_related("quiz").order_by("-quiz__date")


def streak_of(user: Any, course_round: CourseRound) -> Streak:
    """The student's streak in this round; a day counts when at least one answer was given on it."""
    days = Quiz.objects.filter(round=course_round, kind=Quiz.Kind.DAILY).order_by()
    answered = days.filter(
        attempts__user=user,
        attempts__is_late=False,
        attempts__state=Attempt.State.SUBMITTED,
        attempts__answers__value__isnull=False,
    )
    return read_streak(
        list(days.values_list("date", flat=True)),
        set(answered.values_list("date", flat=True)),
        course_round.course.today(),
    )


def quizzes_with_results(course_round: CourseRound) -> QuerySet[Quiz]:
    """The round's daily quizzes, latest first, with `started`, `submitted`, `mean_score`, `max_score` of its students,
    late ones left out."""
    in_time = by_students("attempts__", course_round) & Q(attempts__is_late=False)
    submitted = in_time & Q(attempts__state=Attempt.State.SUBMITTED)
    return Quiz.objects.filter(round=course_round, kind=Quiz.Kind.DAILY).annotate(
        started=Count("attempts", filter=in_time),
        submitted=Count("attempts", filter=submitted),
        mean_score=Avg("attempts__score", filter=submitted),
        max_score=Max("attempts__max_score", filter=submitted),
    )


@dataclass(frozen=True, slots=True)
class StudentResult:
    """One student of the round; `attempt` is None for one who has not begun."""

    user: Any
    attempt: Attempt | None


def students_of(course_round: CourseRound) -> list[Any]:
    enrolments = Enrolment.objects.filter(round=course_round, role="student").select_related("user")
    return [enrolment.user for enrolment in enrolments.order_by("user__username")]


def results_of(quiz: Quiz) -> list[StudentResult]:
    """Every student of the round with the attempt made."""
    attempts = {attempt.user_id: attempt for attempt in quiz.attempts.all()}
    return [StudentResult(user, attempts.get(user.pk)) for user in students_of(quiz.round)]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How a question went: counts over answers of students, marked and in time.

    `given` counts values as the kind shows them; `values` are the same one by one, each with its student's own seed.
    """

    item: QuizItem
    marked: int
    right: int
    skipped: int
    given: Counter[str]
    values: list[tuple[kinds.Value, int]]

    @property
    def percent_right(self) -> int | None:
        return round(100 * self.right / self.marked) if self.marked else None


def item_results(quiz: Quiz) -> list[ItemResult]:
    """One entry per item of the quiz, in order."""
    marked = Answer.objects.filter(
        by_students("attempt__", quiz.round),
        item__quiz=quiz,
        correct__isnull=False,
        attempt__is_late=False,
    )
    by_item: dict[int, list[Answer]] = {}
    for answer in marked.select_related("attempt"):
        by_item.setdefault(answer.item_id, []).append(answer)
    results = []
    for item in items_of(quiz):
        answers = by_item.get(item.pk, [])
        show = kinds.find(item.version.kind).show
        values = [
            (answer.value, answer.attempt.item_seed(item)) for answer in answers if answer.value is not None
        ]
        results.append(
            ItemResult(
                item=item,
                marked=len(answers),
                right=sum(bool(answer.correct) for answer in answers),
                skipped=sum(answer.value is None for answer in answers),
                given=Counter(show(value) for value, _ in values),
                values=values,
            )
        )
    return results
