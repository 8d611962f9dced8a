"""Every write of the mock exams: a verb each, one transaction each. Answers are saved and marked by quizzes.actions."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from courses.models import CourseRound

from .. import actions as quiz_actions
from .. import queries as quiz_queries
from ..models import Attempt, Blueprint, Exam, ExamPause, ExamTask, ExtraTime, Quiz, QuizItem, TaskResult
from . import blueprints, practical, queries

MAX_EXTRA_MINUTES = 600


class NotNowError(Exception):
    """The exam cannot be begun now. The message is a msgid."""


class UnfitError(Exception):
    """The sitting cannot be made: `message` is a msgid with places for `params`."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message % params)
        self.message, self.params = message, params


@transaction.atomic
def open_exam(
    blueprint: Blueprint, course_round: CourseRound, opens_at: dt.datetime, closes_at: dt.datetime
) -> Exam:
    """A sitting of `blueprint` for a round: its questions and tasks are drawn now. Raises UnfitError."""
    if closes_at <= opens_at:
        raise UnfitError(gettext_noop("The end must be later than the beginning."))
    earlier = Exam.objects.filter(blueprint=blueprint, quiz__round=course_round)
    number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    seed = f"{course_round.pk}/{blueprint.slug}/{number}"
    picks, tasks = _draw(blueprint, course_round, seed)
    quiz = Quiz.objects.create(
        round=course_round,
        kind=Quiz.Kind.EXAM,
        date=opens_at.astimezone(course_round.course.zone).date(),
        published_at=opens_at,
        closes_at=closes_at,
    )
    versions = quiz_queries.current_versions([pick.of.id for pick in picks])
    QuizItem.objects.bulk_create(
        QuizItem(
            quiz=quiz,
            question_id=pick.of.id,
            version_id=versions[pick.of.id],
            position=position,
            points=pick.points,
        )
        for position, pick in enumerate(picks, start=1)
    )
    exam = Exam.objects.create(
        quiz=quiz, blueprint=blueprint, number=number, minutes=blueprint.minutes, release=blueprint.release
    )
    ExamTask.objects.bulk_create(
        ExamTask(exam=exam, exercise=pick.of, position=position, points=pick.points)
        for position, pick in enumerate(tasks, start=1)
    )
    return exam


def _draw(
    blueprint: Blueprint, course_round: CourseRound, seed: str
) -> tuple[list[blueprints.Pick], list[blueprints.Pick]]:
    tasks = blueprints.draw_exercises(blueprint.body, seed)
    missing = {pick.of for pick in tasks} - practical.exercises_open_for(course_round)
    if missing:
        raise UnfitError(
            gettext_noop("These exercises are not open for the round: %(names)s"),
            names=", ".join(sorted(missing)),
        )
    used = queries.questions_used(course_round)
    try:
        return blueprints.draw_questions(blueprint.body, quiz_queries.candidates(), used, seed), tasks
    except blueprints.ShortageError as shortage:
        raise UnfitError(
            gettext_noop("Section %(section)s needs %(wanted)s questions; the bank has %(there)s for it."),
            section=shortage.section,
            wanted=shortage.wanted,
            there=shortage.there,
        ) from shortage


@transaction.atomic
def begin(exam: Exam, user: Any) -> Attempt:
    """The student's attempt, its clock started now if it was not. Raises NotNowError."""
    # The exam's row first: a pause that comes at the same moment either sees the attempt or stops it from beginning.
    exam = Exam.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=exam.pk)
    attempt = quiz_queries.attempt_of(exam.quiz, user)
    if attempt:
        return attempt
    if exam.paused_at:
        raise NotNowError(gettext_noop("The exam is paused. Please wait until it goes on."))
    if not exam.quiz.is_open():
        raise NotNowError(gettext_noop("This exam is not open."))
    attempt, _ = Attempt.objects.get_or_create(
        quiz=exam.quiz,
        user=user,
        defaults={"seed": secrets.randbelow(2**31), "deadline": _deadline(exam, user, timezone.now())},
    )
    return attempt


def _deadline(exam: Exam, user: Any, started_at: dt.datetime) -> dt.datetime:
    """Extra time counts beyond the sitting's end too: who began late must not lose it."""
    extra = ExtraTime.objects.filter(exam=exam, user=user).values_list("minutes", flat=True).first() or 0
    ends = min(started_at + dt.timedelta(minutes=exam.minutes), exam.quiz.closes_at)
    return ends + dt.timedelta(minutes=extra)


@transaction.atomic
def give_extra_time(exam: Exam, user: Any, minutes: int) -> None:
    """Sets a student's extra minutes in this sitting; a running clock moves by the difference. Raises UnfitError."""
    if not 0 <= minutes <= MAX_EXTRA_MINUTES:
        raise UnfitError(gettext_noop("Extra time is 0 to %(most)s minutes."), most=MAX_EXTRA_MINUTES)
    Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    before = ExtraTime.objects.filter(exam=exam, user=user).values_list("minutes", flat=True).first() or 0
    ExtraTime.objects.update_or_create(exam=exam, user=user, defaults={"minutes": minutes})
    Attempt.objects.filter(quiz=exam.quiz, user=user, state=Attempt.State.OPEN).update(
        deadline=F("deadline") + dt.timedelta(minutes=minutes - before)
    )


@transaction.atomic
def pause(exam: Exam) -> None:
    """Stops the clock of everybody who is writing; nobody can begin meanwhile. Again: nothing changes."""
    now = timezone.now()
    if Exam.objects.filter(pk=exam.pk, paused_at=None).update(paused_at=now):
        running = Attempt.objects.filter(quiz=exam.quiz, state=Attempt.State.OPEN, paused_at=None)
        running.filter(deadline__gt=now).update(paused_at=now)


@transaction.atomic
def resume(exam: Exam) -> None:
    """Goes on: everybody has as much time left as when the pause began. Again: nothing changes."""
    now = timezone.now()
    began_at = Exam.objects.filter(pk=exam.pk).values_list("paused_at", flat=True).first()
    if began_at and Exam.objects.filter(pk=exam.pk, paused_at=began_at).update(paused_at=None):
        ExamPause.objects.create(exam=exam, began_at=began_at, ended_at=now)
        stopped = Attempt.objects.select_for_update().filter(quiz=exam.quiz)
        for attempt in stopped.exclude(paused_at=None).exclude(deadline=None):
            assert attempt.deadline
            assert attempt.paused_at
            attempt.deadline += now - attempt.paused_at
            attempt.paused_at = None
            attempt.save(update_fields=["deadline", "paused_at"])


@transaction.atomic
def submit(attempt: Attempt) -> bool:
    """Marks the written part and notes what the practical part still owes. False when it was submitted before."""
    if not quiz_actions.submit_attempt(attempt, makes_cards=False):
        return False
    tasks = list(attempt.quiz.exam.tasks.all())
    TaskResult.objects.bulk_create(TaskResult(attempt=attempt, task=task) for task in tasks)
    worth = sum((task.points for task in tasks), Decimal(0))
    Attempt.objects.filter(pk=attempt.pk).update(max_score=F("max_score") + worth)
    settle(attempt)
    if attempt.quiz.exam.is_released():
        quiz_actions.make_cards(attempt)
    return True


@transaction.atomic
def settle(attempt: Attempt) -> None:
    """Fills in the results of tasks that the judge is done with, and adds them to the score. Safe to repeat."""
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("quiz__round").get(pk=attempt.pk)
    owed = list(attempt.task_results.filter(points=None).select_related("task"))
    if attempt.is_open or not owed:
        return
    found = practical.outcomes(
        attempt.user,
        attempt.quiz.round,
        [result.task.exercise for result in owed],
        queries.windows_of(attempt),
    )
    for result in owed:
        outcome = found[result.task.exercise]
        if not outcome.is_pending:
            points = (result.task.points * Decimal(str(outcome.fraction))).quantize(Decimal("0.01"))
            TaskResult.objects.filter(pk=result.pk, points=None).update(points=points)
    earned = attempt.task_results.aggregate(sum=Sum("points"))["sum"] or Decimal(0)
    written = attempt.answers.aggregate(sum=Sum("points"))["sum"] or Decimal(0)
    Attempt.objects.filter(pk=attempt.pk).update(score=written + earned)


def settle_all() -> None:
    """Settles every attempt that waits for the judge."""
    for attempt in Attempt.objects.filter(task_results__points=None, task_results__isnull=False).distinct():
        settle(attempt)


def make_cards() -> None:
    """Makes the review cards of exams whose marks may now be seen."""
    owed = Attempt.objects.filter(quiz__kind=Quiz.Kind.EXAM, state=Attempt.State.SUBMITTED, owes_cards=True)
    for attempt in owed.select_related("quiz__exam", "quiz__round__course"):
        if attempt.quiz.exam.is_released():
            quiz_actions.make_cards(attempt)


def submit_expired() -> int:
    """Submits exams whose time is over, so that answers saved in time count. How many."""
    return sum(submit(attempt) for attempt in quiz_queries.expired_attempts(Quiz.Kind.EXAM))
