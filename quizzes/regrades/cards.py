"""What becomes of review cards when a mark moves. Every function runs in its caller's transaction.

An answer that becomes right takes the card away that it made, if nothing but its making has happened to that card; one
with a memo or with reviews stays, for it holds the student's own work. An answer that becomes wrong makes a card.
Cards of weak topics stay: they speak of a topic, not of one mark. What a card says was missed is shown by the key that
counts now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q

from courses.models import Course

from ..models import Answer, QuestionVersion, RegradeLine, Review, ReviewCard
from ..review.cards import new_question_card, question_key

PLAIN = ("stability", "difficulty", "misses", "missed_value", "missed_seed")
DATES = ("due_on", "reviewed_on")


def move_versions(course: Course, old: QuestionVersion, new: QuestionVersion) -> None:
    """Cards and open showings of the course's people go over to the key that counts now."""
    people = Q(user__enrolments__round__course=course)
    showing = Review.objects.filter(card=OuterRef("pk"), version=old, answered_at=None)
    cards = ReviewCard.objects.filter(Q(missed_version=old) | Exists(showing), people).values("pk")
    # Locked first and in one order, as who answers a card locks it before the showing.
    locked = list(ReviewCard.objects.select_for_update().filter(pk__in=cards).order_by("pk"))
    ids = [card.pk for card in locked]
    ReviewCard.objects.filter(pk__in=ids, missed_version=old).update(missed_version=new)
    Review.objects.filter(card__in=ids, version=old, answered_at=None).update(version=new)


def follow(answer: Answer, version: QuestionVersion, day: dt.date) -> dict[str, Any] | None:
    """Takes away or makes the card of an answer whose mark has changed; what was taken away, to be put back one day."""
    key = question_key(version.question_id)
    card = ReviewCard.objects.select_for_update().filter(user=answer.attempt.user_id, key=key).first()
    seed = answer.attempt.item_seed(answer.item)
    if answer.correct:
        if card is None or not _is_of(card, answer, seed) or not _is_untouched(card):
            return None
        kept = _snapshot(card)
        card.delete()
        return kept
    if card is None:
        missed = new_question_card(answer.attempt.user_id, version, seed, answer.value, day)
        ReviewCard.objects.bulk_create([missed], ignore_conflicts=True)
    return None


def put_back(lines: Sequence[RegradeLine], version: QuestionVersion) -> None:
    """The cards that a regrade took away, as they were; one that came into being since stays instead."""
    for line in lines:
        if not line.card:
            continue
        card = new_question_card(
            line.answer.attempt.user_id,
            version,
            line.card["missed_seed"],
            line.card["missed_value"],
            _date(line.card["due_on"]),
        )
        for name in PLAIN:
            setattr(card, name, line.card[name])
        for name in DATES:
            setattr(card, name, _date(line.card[name]))
        card.missed_at = dt.datetime.fromisoformat(line.card["missed_at"])
        ReviewCard.objects.bulk_create([card], ignore_conflicts=True)


def _is_of(card: ReviewCard, answer: Answer, seed: int) -> bool:
    """Whether it is this answer that the card says was missed."""
    return (card.missed_seed, card.missed_value) == (seed, answer.value)


def _is_untouched(card: ReviewCard) -> bool:
    answered = card.reviews.exclude(answered_at=None).exists()
    return card.misses == 1 and not card.memo and not answered


def _snapshot(card: ReviewCard) -> dict[str, Any]:
    row = {name: getattr(card, name) for name in PLAIN}
    row |= {name: getattr(card, name).isoformat() for name in DATES}
    return row | {"missed_at": card.missed_at.isoformat()}


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
