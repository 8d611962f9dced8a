"""Reads of the mock exams that span tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from courses.models import CourseRound, Topic

from .. import queries as quiz_queries
from ..models import Attempt, Exam, ExtraTime, QuizItem
from . import practical


def questions_used(course_round: CourseRound) -> set[int]:
    """Ids of the questions that earlier sittings of the round asked."""
    return set(
        QuizItem.objects.filter(quiz__round=course_round, quiz__kind="exam").values_list(
            "question_id", flat=True
        )
    )


def exams_of(course_round: CourseRound) -> QuerySet[Exam]:
    """All sittings of the round, latest first."""
    return Exam.objects.filter(quiz__round=course_round).select_related("quiz__round__course", "blueprint")


@dataclass(frozen=True, slots=True)
class OwnExam:
    """A sitting as a student sees it in the list."""

    exam: Exam
    attempt: Attempt | None

    @property
    def shows_score(self) -> bool:
        return self.attempt is not None and not self.attempt.is_open and self.exam.is_released()


def exams_for(course_round: CourseRound, user: Any) -> list[OwnExam]:
    """The round's sittings with the student's attempts."""
    exams = list(exams_of(course_round))
    own = Attempt.objects.filter(user=user, quiz__in=[exam.quiz_id for exam in exams])
    attempts = {attempt.quiz_id: attempt for attempt in own}
    return [OwnExam(exam, attempts.get(exam.quiz_id)) for exam in exams]


def windows_of(attempt: Attempt) -> list[tuple[dt.datetime, dt.datetime]]:
    """The times in which the student could work: from the beginning to the end, without the pauses."""
    ends = min(attempt.submitted_at or attempt.closes_at, attempt.closes_at)
    if attempt.paused_at:
        ends = min(ends, attempt.paused_at)
    windows, begins = [], attempt.started_at
    for pause in attempt.quiz.exam.pauses.filter(ended_at__gt=attempt.started_at, began_at__lt=ends):
        windows.append((begins, pause.began_at))
        begins = pause.ended_at
    return [*windows, (begins, ends)]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A practical task as the student sees it; `points` is None before it is settled."""

    number: int
    title: str
    url: str
    worth: Decimal
    outcome: Any
    points: Decimal | None = None

    @property
    def earned(self) -> Decimal:
        """What the best submission so far is worth."""
        return self.worth * Decimal(str(self.outcome.fraction))


def task_lines(attempt: Attempt) -> list[TaskLine]:
    """The practical part with what was sent so far."""
    tasks = list(attempt.quiz.exam.tasks.all())
    slugs = [task.exercise for task in tasks]
    shown = practical.tasks(slugs)
    outcomes = practical.outcomes(attempt.user, attempt.quiz.round, slugs, windows_of(attempt))
    settled = dict(attempt.task_results.values_list("task_id", "points"))
    return [
        TaskLine(
            number,
            shown[task.exercise].title if task.exercise in shown else task.exercise,
            shown[task.exercise].url if task.exercise in shown else "",
            task.points,
            outcomes[task.exercise],
            settled.get(task.pk),
        )
        for number, task in enumerate(tasks, start=1)
    ]


@dataclass(slots=True)
class TopicScore:
    """What a student earned of one topic's points in one exam."""

    topic: Topic
    points: Decimal = field(default=Decimal(0))
    worth: Decimal = field(default=Decimal(0))

    @property
    def percent(self) -> int:
        return round(100 * self.points / self.worth)


def topic_scores(attempt: Attempt) -> list[TopicScore]:
    """The written part by topic, the weakest first."""
    scores: dict[int, TopicScore] = {}
    for answer in attempt.answers.select_related("item__question__topic"):
        topic = answer.item.question.topic
        score = scores.setdefault(topic.pk, TopicScore(topic))
        score.points += answer.points or Decimal(0)
        score.worth += answer.item.points
    return sorted(scores.values(), key=lambda score: (score.points / score.worth, score.topic.position))


@dataclass(frozen=True, slots=True)
class Seat:
    """One student of the round in one sitting, as the instructor watches it."""

    user: Any
    attempt: Attempt | None
    answered: int
    extra_minutes: int

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes, rounded up; None where no clock runs."""
        if self.attempt is None or not self.attempt.is_open or self.attempt.deadline is None:
            return None
        seconds = (self.attempt.deadline - (self.attempt.paused_at or timezone.now())).total_seconds()
        return max(0, -int(-seconds // 60))


def seats_of(exam: Exam) -> list[Seat]:
    """Every student of the round."""
    attempts = {
        attempt.user_id: attempt
        for attempt in exam.quiz.attempts.annotate(answered=Count("answers", filter=~Q(answers__value=None)))
    }
    extra = dict(ExtraTime.objects.filter(exam=exam).values_list("user_id", "minutes"))
    return [
        Seat(
            user, attempts.get(user.pk), getattr(attempts.get(user.pk), "answered", 0), extra.get(user.pk, 0)
        )
        for user in quiz_queries.students_of(exam.quiz.round)
    ]
