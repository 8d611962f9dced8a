"""Cards from what others mark: quiz answers and exercise submissions. Every function runs in its caller's transaction.

Cards are made in the transaction that marks, not by a task that catches up: a mark is given once (the attempt's state is
swapped, the submission is locked), so a card is made or rated once, and none can be forgotten between two runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from courses.judged import JudgedExercise, JudgedTest

from ..models import Answer, Attempt, QuestionVersion, QuizItem, ReviewCard
from ..selection import TopicResult
from .schedule import Grade, Memory, first_memory, next_memory

MEMORY_FIELDS = ["stability", "difficulty", "due_on", "reviewed_on", "was_right"]
MISTAKE_FIELDS = ["missed_version", "missed_seed", "missed_value", "missed_at", "misses"]


def question_key(question_id: int) -> str:
    return f"question/{question_id}"


def memory_of(card: ReviewCard) -> Memory:
    return Memory(card.stability, card.difficulty, card.due_on, card.reviewed_on)


def put_memory(card: ReviewCard, memory: Memory, was_right: bool) -> None:
    """Writes FSRS' memory into the row, which the caller saves."""
    card.stability, card.difficulty = memory.stability, memory.difficulty
    card.due_on, card.reviewed_on = memory.due_on, memory.reviewed_on
    card.was_right = was_right


def rate(card: ReviewCard, grade: Grade, day: dt.date) -> None:
    """Moves the card's day by a rating; the caller has locked the row and saves it."""
    put_memory(card, next_memory(memory_of(card), grade, day), grade is not Grade.AGAIN)


def remember(card: ReviewCard, version: QuestionVersion, seed: int, value: dict[str, Any] | None) -> None:
    """Keeps the latest wrong answer as it was given; the caller saves."""
    card.missed_version, card.missed_seed, card.missed_value = version, seed, value
    card.missed_at = timezone.now()
    card.misses += 1


def new_card(user_id: int, kind: str, key: str, day: dt.date, **more: Any) -> ReviewCard:
    """A card of what was missed on `day`, not saved."""
    card = ReviewCard(user_id=user_id, kind=kind, key=key, **more)
    put_memory(card, first_memory(day), False)
    return card


def new_question_card(
    user_id: int, version: QuestionVersion, seed: int, value: dict[str, Any] | None, day: dt.date
) -> ReviewCard:
    """A card of a missed question, not saved. `version.question` must be loaded."""
    return new_card(
        user_id,
        ReviewCard.Kind.QUESTION,
        question_key(version.question_id),
        day,
        question_id=version.question_id,
        topic_id=version.question.topic_id,
        missed_version=version,
        missed_seed=seed,
        missed_value=value,
    )


def take_marks(attempt: Attempt, marked: Iterable[tuple[QuizItem, Answer]]) -> None:
    """Cards of an attempt that has just been marked: pairs of item and answer.

    A missed question makes its card; one that has a card already is a review of it, right or wrong.
    """
    day = attempt.quiz.round.course.today()
    pairs = {question_key(item.question_id): (item, answer) for item, answer in marked}
    known = _locked(attempt.user_id, pairs)
    for key, card in known.items():
        item, answer = pairs[key]
        rate(card, Grade.GOOD if answer.correct else Grade.AGAIN, day)
        if not answer.correct:
            remember(card, item.version, attempt.item_seed(item), answer.value)
    ReviewCard.objects.bulk_update(known.values(), MEMORY_FIELDS + MISTAKE_FIELDS)
    missed = [(item, answer) for item, answer in pairs.values() if not answer.correct]
    # Of two marks at once (a quiz in one window, a review in another) one makes the card.
    ReviewCard.objects.bulk_create(
        [
            new_question_card(attempt.user_id, item.version, attempt.item_seed(item), answer.value, day)
            for item, answer in missed
            if question_key(item.question_id) not in known
        ],
        ignore_conflicts=True,
    )
    _add_weak_topics(attempt, {item.version.question.topic_id for item, _answer in missed}, day)


def _locked(user_id: int, keys: Iterable[str]) -> dict[str, ReviewCard]:
    rows = ReviewCard.objects.select_for_update().filter(user_id=user_id, key__in=list(keys)).order_by("pk")
    return {card.key: card for card in rows}


def _add_weak_topics(attempt: Attempt, topic_ids: set[int], day: dt.date) -> None:
    """A card for each of these topics that the student gets wrong too often; it asks another question every time."""
    if not topic_ids:
        return
    answers = Answer.objects.filter(
        attempt__user=attempt.user_id, correct__isnull=False, item__question__topic__in=topic_ids
    )
    rows = answers.order_by().values_list("item__question__topic")
    counted = rows.annotate(right=Count("pk", filter=Q(correct=True)), marked=Count("pk"))
    weak = [topic for topic, right, marked in counted if TopicResult(right, marked).is_weak]
    ReviewCard.objects.bulk_create(
        [
            new_card(attempt.user_id, ReviewCard.Kind.TOPIC, f"topic/{topic}", day, topic_id=topic)
            for topic in weak
        ],
        ignore_conflicts=True,
    )


def take_verdict(judged: JudgedExercise, day: dt.date) -> None:
    """Cards of the hidden tests of a submission.

    A failed test makes its card. One that has a card is rated by the next submission: when its outcome changes, or
    on a later day, for twenty tries in one evening are one lesson. A submission that spoke before (judged again), or
    that is older than one that did, rates nothing; but a card that it alone had made goes when it now passes.
    """
    tests = {f"test/{judged.slug}/{test.name}"[:250]: test for test in judged.tests if not test.visible}
    known = _locked(judged.user_id, tests)
    new = []
    for key, test in tests.items():
        card = known.get(key)
        if card is None:
            if not test.passed:
                new.append(_test_card(judged, test, key, day))
        elif judged.submission_id > (card.seen_submission or 0):
            _rate_by_verdict(card, judged, test, day)
        elif judged.submission_id == card.seen_submission and test.passed and _is_untouched(card):
            card.delete()
    ReviewCard.objects.bulk_create(new, ignore_conflicts=True)


def _test_card(judged: JudgedExercise, test: JudgedTest, key: str, day: dt.date) -> ReviewCard:
    return new_card(
        judged.user_id,
        ReviewCard.Kind.TEST,
        key,
        day,
        topic_id=judged.topic_id,
        test=_as_seen(judged, test),
        seen_submission=judged.submission_id,
    )


def _as_seen(judged: JudgedExercise, test: JudgedTest) -> dict[str, str]:
    return {
        "exercise_ko": judged.title_ko,
        "exercise_en": judged.title_en,
        "title_ko": test.title_ko or test.name,
        "title_en": test.title_en or test.name,
        "hint_ko": test.hint_ko,
        "hint_en": test.hint_en,
        "url": judged.url,
    }


def _rate_by_verdict(card: ReviewCard, judged: JudgedExercise, test: JudgedTest, day: dt.date) -> None:
    card.seen_submission = judged.submission_id
    if not test.passed:
        card.test = _as_seen(judged, test)
    if test.passed != card.was_right or day > card.reviewed_on:
        rate(card, Grade.GOOD if test.passed else Grade.AGAIN, day)
        if not test.passed:
            card.missed_at = timezone.now()
            card.misses += 1
        card.reviews.filter(answered_at=None).delete()  # the verdict has answered what a window still asks
    card.save()


def _is_untouched(card: ReviewCard) -> bool:
    """Whether nothing but its making has happened to the card."""
    return card.misses == 1 and not card.was_right and not card.memo and not card.reviews.exists()
