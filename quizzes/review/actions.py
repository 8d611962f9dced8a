"""Every write that a student makes in the review: a verb each, one transaction each."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from .. import kinds, marking
from ..models import Preferences, QuestionVersion, Review, ReviewCard
from ..models.review import LIMIT_RANGE, MEMO_LENGTH
from . import cards, queries
from .schedule import Grade, grade_answer


class NothingToAskError(Exception):
    """A card cannot be shown now: its question is in an open quiz, or out of the bank. The message is a msgid."""


@transaction.atomic
def show_card(card: ReviewCard) -> Review:
    """The open showing of a card, begun now if there is none: two windows get the same one.

    A showing of a question that changed since is replaced, so that nobody is asked by an old key.
    Raises NothingToAskError.
    """
    shown = card.reviews.filter(answered_at=None).first()
    if card.kind == ReviewCard.Kind.TEST:
        return shown or _begin(card, None)
    if shown and _may_stay(card, shown):
        return shown
    version = _version_to_ask(card)
    if version is None:
        raise NothingToAskError(
            gettext_noop("This question is in a quiz that you can still answer. It comes back after that.")
        )
    if shown:
        shown.delete()
    return _begin(card, version)


def _may_stay(card: ReviewCard, shown: Review) -> bool:
    """Whether the version shown is still what its question says, and may be asked."""
    return queries.askable_questions(card.user).filter(current=shown.version_id).exists()


def _version_to_ask(card: ReviewCard) -> QuestionVersion | None:
    if card.kind == ReviewCard.Kind.TOPIC:
        question = queries.practice_question(card)
    else:
        askable = queries.askable_questions(card.user).select_related("current")
        question = askable.filter(review_cards=card).first()
    return question.current if question else None


def _begin(card: ReviewCard, version: QuestionVersion | None) -> Review:
    review, _created = Review.objects.get_or_create(
        card=card, answered_at=None, defaults={"version": version, "seed": secrets.randbelow(2**32)}
    )
    return review


def answer_review(review: Review, raw: str, day: dt.date) -> bool:
    """Marks an answer and schedules the card; "" says that the student does not know it.

    False, and nothing changes, when another click or window has answered it. Raises kinds.RefusedError for what
    cannot be read.
    """
    version = review.version
    if version is None:
        raise ValueError("a test is not answered but rated")
    kind = kinds.find(version.kind)
    value = kind.parse(version.body, raw)
    correct = marking.mark(version.kind, version.body, value, review.seed).correct
    seconds = (timezone.now() - review.shown_at).total_seconds()
    grade = grade_answer(correct, seconds, version.difficulty)
    return _settle(review, grade, day, correct=correct, value=value)


def rate_test(review: Review, knows: bool, day: dt.date) -> bool:
    """The student's own word about a failed test; False when it was rated before."""
    return _settle(review, Grade.GOOD if knows else Grade.AGAIN, day, correct=knows)


@transaction.atomic
def _settle(
    review: Review, grade: Grade, day: dt.date, *, correct: bool, value: dict[str, Any] | None = None
) -> bool:
    """Writes the answer by compare-and-swap and moves the card: of two clicks one does both."""
    # The card first, as a verdict locks it too before it looks for open showings.
    card = ReviewCard.objects.select_for_update().get(pk=review.card_id)
    swapped = Review.objects.filter(pk=review.pk, answered_at=None).update(
        answered_at=timezone.now(), day=day, correct=correct, rating=grade, value=value
    )
    if not swapped:
        return False
    cards.rate(card, grade, day)
    if not correct and review.version:
        if card.kind == ReviewCard.Kind.QUESTION:
            cards.remember(card, review.version, review.seed, value)
        else:
            _add_missed_practice(card, review.version, review.seed, value, day)
    card.save()
    review.refresh_from_db()
    return True


def _add_missed_practice(
    card: ReviewCard, version: QuestionVersion, seed: int, value: dict[str, Any] | None, day: dt.date
) -> None:
    """A question missed while practising a weak topic gets a card of its own."""
    missed = cards.new_question_card(card.user_id, version, seed, value, day)
    ReviewCard.objects.bulk_create([missed], ignore_conflicts=True)


def write_memo(card: ReviewCard, text: str) -> None:
    """Keeps the student's own words on why it went wrong, cut at MEMO_LENGTH."""
    # PostgreSQL takes no NUL.
    memo = text.replace("\x00", "").replace("\r\n", "\n").strip()[:MEMO_LENGTH]
    ReviewCard.objects.filter(pk=card.pk).update(memo=memo)


def set_daily_limit(user: Any, limit: int) -> int:
    """How many cards a day the student wants, moved into LIMIT_RANGE; returns what is kept."""
    limit = min(max(limit, LIMIT_RANGE[0]), LIMIT_RANGE[1])
    Preferences.objects.update_or_create(user=user, defaults={"daily_limit": limit})
    return limit


def show_nickname(user: Any, shows: bool) -> None:
    """Whether the result board shows the student's nickname."""
    Preferences.objects.update_or_create(user=user, defaults={"shows_nickname": shows})
