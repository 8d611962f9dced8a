"""A card as its student reads it: asked, marked, or in the list of mistakes. The quiz's own templates show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from courses.models import Course

from .. import kinds, marking
from ..models import Answer, QuestionVersion, QuizItem, Review, ReviewCard
from ..paper import Line, ResultLine
from ..regrades import queries as regrades


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


def read_answered(review: Review, course: Course) -> ResultLine:
    """The marked question of an answered showing, with what was corrected since."""
    version = review.version
    assert version is not None
    notes = regrades.notes_on_versions(course, [version.pk]).get(version.pk, [])
    return _explain(version, review.seed, review.value, bool(review.correct), notes)


def read_mistakes(cards: list[ReviewCard], course: Course) -> list[Mistake]:
    """Each card with the wrong answer last given, the right one and why. `is_hidden` comes from the query."""
    notes = regrades.notes_on_versions(
        course, [card.missed_version_id for card in cards if card.missed_version_id]
    )
    mistakes = []
    for place, card in enumerate(cards, start=1):
        line = _mistake(card, notes.get(card.missed_version_id or 0, []))
        if line:
            line.item.position = place
        mistakes.append(Mistake(card, line))
    return mistakes


def _mistake(card: ReviewCard, notes: list[regrades.Note]) -> ResultLine | None:
    version, value = card.missed_version, card.missed_value
    if version is None or vars(card)["is_hidden"]:
        return None
    # A card with a memo stays when a corrected key has made its answer right.
    correct = marking.mark(version.kind, version.body, value, card.missed_seed).correct
    return _explain(version, card.missed_seed, value, correct, notes)


def _explain(
    version: QuestionVersion,
    seed: int,
    value: dict[str, Any] | None,
    correct: bool,
    notes: list[regrades.Note],
) -> ResultLine:
    """A line as the result page of a quiz has it; item and answer are made for it and never saved."""
    kind = kinds.find(version.kind)
    item = QuizItem(question=version.question, version=version, position=1)
    answer = Answer(item=item, value=value, correct=correct)
    stem = kind.present(version.body, seed, _language()).stem
    explained = marking.explain(version.kind, version.body, value, seed, _language())
    return ResultLine(item, answer, stem, explained, notes)


def _language() -> str:
    return get_language() or "ko"
