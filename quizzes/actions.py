"""Every write of the quizzes: a verb each, one transaction each."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from courses.models import CourseRound

from . import kinds, marking, queries
from .models import Answer, Attempt, Quiz, QuizItem
from .review import cards
from .selection import select_questions


class QuizClosedError(Exception):
    """The quiz takes no answers now, or this attempt was submitted. The message is a msgid."""


class PausedError(Exception):
    """The clock of this exam stands still: what was answered is to be sent again afterwards."""


class ConflictError(Exception):
    """Another window has saved a newer answer: `answer` is what is kept."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"revision {answer.revision} is kept")
        self.answer = answer


def publish_daily(course_round: CourseRound, day: dt.date) -> Quiz | None:
    """The daily quiz of `day`, made now if it is not out yet; None on a day without one, or without questions.

    Any number of callers get the same quiz: the database allows one, and who comes second takes the first's.
    """
    if quiz := queries.daily_quiz(course_round, day):
        return quiz
    opens = course_round.quiz_opens_at(day)
    if opens is None:
        return None
    chosen = select_questions(
        queries.candidates(),
        topics=queries.topics_of_day(course_round, day),
        days_ago=queries.days_since_asked(course_round, day),
        seed=f"{course_round.pk}/{day.isoformat()}",
        results=queries.class_results(course_round, day),
    )
    if not chosen:
        return None
    closes = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=course_round.course.zone)
    with transaction.atomic():
        quiz, created = Quiz.objects.get_or_create(
            round=course_round,
            kind=Quiz.Kind.DAILY,
            date=day,
            defaults={"published_at": opens, "closes_at": closes},
        )
        if created:
            versions = queries.current_versions([candidate.id for candidate in chosen])
            QuizItem.objects.bulk_create(
                QuizItem(quiz=quiz, question_id=each.id, version_id=versions[each.id], position=position)
                for position, each in enumerate(chosen, start=1)
            )
    return quiz


def publish_due(course_round: CourseRound) -> Quiz | None:
    """Today's quiz of a round that is running, once its hour has come; today is the date where the course is held."""
    if not course_round.is_running():
        return None
    day = course_round.course.today()
    if quiz := queries.daily_quiz(course_round, day):
        return quiz
    opens = course_round.quiz_opens_at(day)
    return publish_daily(course_round, day) if opens and opens <= timezone.now() else None


def opens_later(course_round: CourseRound) -> dt.datetime | None:
    """When today's quiz comes out, if that is still to come."""
    opens = course_round.quiz_opens_at(course_round.course.today())
    return opens if opens and course_round.is_running() and opens > timezone.now() else None


def start_attempt(quiz: Quiz, user: Any) -> Attempt:
    """This student's attempt, begun now if it was not. Raises QuizClosedError when it would begin too late."""
    attempt = queries.attempt_of(quiz, user)
    if attempt is None:
        if not quiz.is_open():
            raise QuizClosedError(gettext_noop("This quiz is closed."))
        attempt, _ = Attempt.objects.get_or_create(
            quiz=quiz, user=user, defaults={"seed": secrets.randbelow(2**31)}
        )
    return attempt


def catch_up(quiz: Quiz, user: Any) -> Attempt:
    """This student's attempt at a quiz that has closed: without rank, and without an end.

    An attempt that was begun in time is returned as it is. Raises QuizClosedError before the quiz has closed.
    """
    if not quiz.is_over():
        raise QuizClosedError(gettext_noop("This quiz has not closed yet: answer it with the class."))
    attempt, _ = Attempt.objects.get_or_create(
        quiz=quiz, user=user, defaults={"seed": secrets.randbelow(2**31), "is_late": True}
    )
    attempt.quiz = quiz
    return attempt


def save_answer(attempt: Attempt, item: QuizItem, raw: str, revision: int | None = None) -> Answer:
    """Keeps what the student gave to one item of the attempt: see `save_answer_of`."""
    return save_answer_of(attempt.user_id, item, raw, revision)


def save_answer_of(user_id: int, item: QuizItem, raw: str, revision: int | None = None) -> Answer:
    """Keeps what a student gave to one item, and is safe to repeat.

    `revision` is one more than the revision that the student's window knew. A window that missed a newer
    answer gets ConflictError, so it can neither overwrite that answer nor lose its own unnoticed; the same answer
    sent twice is one answer. None saves without looking.
    Raises kinds.RefusedError for what cannot be read, QuizClosedError after the end, PausedError during a pause,
    Attempt.DoesNotExist for who has not begun. A class answers at once: this is as few queries as it takes.
    """
    value = kinds.find(item.version.kind).parse(item.version.body, raw)
    with transaction.atomic():
        attempt, now = _lock_open(user_id, item)
        answer = Answer.objects.filter(attempt=attempt, item=item).first() or Answer(
            attempt=attempt, item=item
        )
        if answer.pk and answer.value == value:
            return answer
        if revision is not None and revision <= answer.revision:
            raise ConflictError(answer)
        answer.value = value
        answer.revision = answer.revision + 1
        answer.saved_at = now
        answer.save(update_fields=["value", "revision", "saved_at"] if answer.pk else None)
    return answer


def _lock_open(user_id: int, item: QuizItem) -> tuple[Attempt, dt.datetime]:
    """Holds the attempt's row until the transaction ends, so that no answer slips in after the marks; and since when.

    That moment is in time, and the answer's: it would be odd to keep one that seems to have come too late.
    """
    current = Attempt.objects.select_for_update().get(quiz=item.quiz_id, user=user_id)
    current.quiz = item.quiz
    now = timezone.now()
    if not current.is_open:
        raise QuizClosedError(
            gettext_noop("This quiz was already submitted. Its answers can no longer change.")
        )
    if current.paused_at:
        raise PausedError
    if not current.takes_answers():
        raise QuizClosedError(gettext_noop("This quiz is closed."))
    return current, now


@transaction.atomic
def submit_attempt(attempt: Attempt, *, makes_cards: bool = True) -> bool:
    """Marks every item from the saved answers and makes review cards of what was missed, at once or (where the
    marks are not to be seen yet) by a later `make_cards`. False when the attempt was submitted before: nothing changes.

    The state is changed by compare-and-swap, so of two clicks one marks. It may be called after closing: it
    takes no new answer, and what was saved in time counts.
    """
    now = timezone.now()
    swapped = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.OPEN).update(
        state=Attempt.State.SUBMITTED, submitted_at=now, score=0, max_score=0, owes_cards=True
    )
    if not swapped:
        return False
    _hold_versions(attempt.quiz_id)
    items = list(attempt.quiz.items.select_related("version__question"))
    answers = {answer.item_id: answer for answer in attempt.answers.all()}
    # A question left open gets a row too: results, statistics and reviews then read one table.
    skipped = [Answer(attempt=attempt, item=item, saved_at=now) for item in items if item.pk not in answers]
    answers |= {answer.item_id: answer for answer in skipped}
    for item in items:
        _mark(answers[item.pk], item, attempt.item_seed(item), now)
    Answer.objects.bulk_create(skipped)
    Answer.objects.bulk_update(
        [answer for answer in answers.values() if answer not in skipped], ["correct", "points", "marked_at"]
    )
    score = sum((answer.points or Decimal(0) for answer in answers.values()), Decimal(0))
    max_score = sum((item.points for item in items), Decimal(0))
    Attempt.objects.filter(pk=attempt.pk).update(score=score, max_score=max_score)
    if makes_cards:  # in the same transaction: a mark and its card are there together or not at all
        make_cards(attempt)
    attempt.refresh_from_db()
    return True


def _hold_versions(quiz_id: int) -> None:
    """From here to the commit no regrade changes which version an item asks, and none is under way.

    A shared lock, as a whole class submits at once; Django has none. On SQLite one transaction follows the other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM quizzes_quizitem WHERE quiz_id = %s ORDER BY id FOR SHARE", [quiz_id]
            )


@transaction.atomic
def make_cards(attempt: Attempt) -> None:
    """Turns the marks of a submitted attempt into review cards. Again: nothing changes."""
    if Attempt.objects.filter(pk=attempt.pk, owes_cards=True).update(owes_cards=False):
        answers = attempt.answers.select_related("item__version__question").order_by("item__position")
        cards.take_marks(attempt, [(answer.item, answer) for answer in answers])


def _mark(answer: Answer, item: QuizItem, seed: int, now: dt.datetime) -> None:
    answer.correct, answer.points = mark_of(item, answer.value, seed)
    answer.marked_at = now


def mark_of(item: QuizItem, value: kinds.Value | None, seed: int) -> tuple[bool, Decimal]:
    """Whether the answer is right, and its points."""
    marked = marking.mark(item.version.kind, item.version.body, value, seed)
    return marked.correct, (item.points * Decimal(str(marked.fraction))).quantize(Decimal("0.01"))


def submit_expired() -> int:
    """Submits daily quizzes that are still open after their end, so that answers saved in time count. How many."""
    return sum(submit_attempt(attempt) for attempt in queries.expired_attempts(Quiz.Kind.DAILY))
