"""A card as its student reads it: asked, marked, or in the list of mistakes. The quiz's own templates show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from .. import kinds
from ..models import Answer, QuestionVersion, QuizItem, Review, ReviewCard
from ..paper import Line, ResultLine


@dataclass(frozen=True, slots=True)
class Mistake:
    """A card in the list; `line` is None for a test, and while a quiz asks the question."""

    card: ReviewCard
    line: ResultLine | None


def read_question(review: Review, raw: str = "", notice: str = "") -> Line:
    """The question of an open showing. Nothing of its key is in it."""
    version = review.version
    assert version is not None
    return Line(
        item_id=review.pk,
        number=1,
        kind=version.kind,
        topic=version.question.topic,
        presented=kinds.find(version.kind).present(version.body, review.seed, _language()),
        raw=raw,
        revision=0,
        notice=notice,
        is_refused=bool(raw and notice),
    )


def read_answered(review: Review) -> ResultLine:
    """The marked question of an answered showing."""
    assert review.version is not None
    return _explain(review.version, review.seed, review.value, bool(review.correct), 1)


def read_mistakes(cards: list[ReviewCard]) -> list[Mistake]:
    """Each card with the wrong answer last given, the right one and why. `is_hidden` comes from the query."""
    return [Mistake(card, _mistake(card, place)) for place, card in enumerate(cards, start=1)]


def _mistake(card: ReviewCard, place: int) -> ResultLine | None:
    version = card.missed_version
    if version is None or vars(card)["is_hidden"]:
        return None
    return _explain(version, card.missed_seed, card.missed_value, False, place)


def _explain(
    version: QuestionVersion, seed: int, value: dict[str, Any] | None, correct: bool, place: int
) -> ResultLine:
    """A line as the result page of a quiz has it; item and answer are made for it and never saved."""
    kind = kinds.find(version.kind)
    item = QuizItem(question=version.question, version=version, position=place)
    answer = Answer(item=item, value=value, correct=correct)
    stem = kind.present(version.body, seed, _language()).stem
    return ResultLine(item, answer, stem, kind.explain(version.body, value, seed, _language()))


def _language() -> str:
    return get_language() or "ko"
