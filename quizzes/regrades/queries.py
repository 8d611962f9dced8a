"""Reads of the regrades that span tables: the shadow run, and what a student is told beside a mark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from courses.models import Course, CourseRound

from .. import actions as quiz_actions
from .. import kinds, marking
from ..files import read_question
from ..models import (
    Answer,
    Attempt,
    Question,
    QuestionVersion,
    Quiz,
    QuizItem,
    Regrade,
    RegradeLine,
)
from ..queries import by_students
from ..ranks import Score
from ..review.queries import under_way
from . import shadow

RECENT = 10
State = Regrade.State


def regrades_of(course: Course) -> QuerySet[Regrade]:
    """All corrections of the course's keys, the latest first."""
    found = Regrade.objects.filter(course=course)
    return found.select_related(
        "version__question__topic", "proposed_by", "decided_by", "undone_by", "corrected"
    )


def items_with(course: Course, version: QuestionVersion) -> QuerySet[QuizItem]:
    return QuizItem.objects.filter(version=version, quiz__round__course=course)


def moves(course: Course, version: QuestionVersion, target: QuestionVersion) -> list[shadow.Move]:
    """Every marked answer to `version` in the course, by its mark now and by that of `target`, which may be unsaved."""
    found = Answer.objects.filter(
        item__version=version, item__quiz__round__course=course, correct__isnull=False
    )
    rows = []
    for answer in found.select_related("item", "attempt").order_by("pk"):
        answer.item.version = target
        seed = answer.attempt.item_seed(answer.item)
        is_right, after = quiz_actions.mark_of(answer.item, answer.value, seed)
        assert answer.points is not None
        rows.append(
            shadow.Move(answer.pk, answer.attempt_id, bool(answer.correct), is_right, answer.points, after)
        )
    return rows


def target_of(regrade: Regrade) -> QuestionVersion:
    """The version that the regrade leads to; one that is not saved before it is applied."""
    old = regrade.version
    return regrade.corrected or QuestionVersion(
        question=old.question,
        kind=old.kind,
        difficulty=old.difficulty,
        source_pages=old.source_pages,
        body=regrade.body,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One student's mark in one quiz, before and after. `rank` is None where the quiz has no board."""

    attempt: Attempt
    move: shadow.Move
    rank: shadow.RankMove | None

    @property
    def score_after(self) -> Decimal:
        return (self.attempt.score or Decimal(0)) + self.move.change


@dataclass(frozen=True, slots=True)
class QuizDiff:
    """What moves in one quiz; `marked` counts the answers there."""

    quiz: Quiz
    marked: int
    rows: list[Row] = field(default_factory=list)


def read_diff(found: Collection[shadow.Move]) -> list[QuizDiff]:
    """The moves by quiz, the latest quiz first; students whose marks stay are only counted."""
    by_attempt = {move.attempt_id: move for move in found}
    attempts = Attempt.objects.filter(pk__in=by_attempt).select_related(
        "user", "quiz__round__course", "quiz__exam__blueprint"
    )
    diffs: dict[int, QuizDiff] = {}
    ranks: dict[int, dict[int, shadow.RankMove]] = {}
    by_quiz: dict[int, list[Attempt]] = {}
    for attempt in attempts.order_by("-quiz__date", "-quiz_id", "user__username"):
        by_quiz.setdefault(attempt.quiz_id, []).append(attempt)
    for quiz_id, own in by_quiz.items():
        changes = {attempt.user_id: by_attempt[attempt.pk].change for attempt in own if not attempt.is_late}
        ranks[quiz_id] = _ranks(own[0].quiz, changes)
        diffs[quiz_id] = QuizDiff(own[0].quiz, len(own))
        for attempt in own:
            move = by_attempt[attempt.pk]
            if move.moves:
                rank = None if attempt.is_late else ranks[quiz_id].get(attempt.user_id)
                diffs[quiz_id].rows.append(Row(attempt, move, rank))
    return list(diffs.values())


def _ranks(quiz: Quiz, changes: dict[int, Decimal]) -> dict[int, shadow.RankMove]:
    """Ranks on the day's board, which only a daily quiz has."""
    if quiz.kind != Quiz.Kind.DAILY:
        return {}
    submitted = Attempt.objects.filter(
        by_students("", quiz.round), quiz=quiz, state=Attempt.State.SUBMITTED, is_late=False
    )
    scores = [
        Score(user_id, score or Decimal(0), maximum or Decimal(0))
        for user_id, score, maximum in submitted.values_list("user_id", "score", "max_score")
    ]
    return shadow.rank_moves(scores, changes)


def accepted_texts(regrade: Regrade, language: str) -> list[str]:
    """Further answers that count, as a student reads them; an expression of a parametrised question as it stands."""
    old = regrade.version
    raws = regrade.body.get(marking.ACCEPTED, [])
    if old.kind == "parametrised":
        return raws
    kind = kinds.find(old.kind)
    return [kind.explain(kind.rekey(old.body, raw), None, 0, language).right for raw in raws]


def lines_of(regrade: Regrade) -> QuerySet[RegradeLine]:
    """The marks that it moved, quiz by quiz, then those that its undoing moved back."""
    lines = regrade.lines.select_related("answer__attempt__user", "answer__attempt__quiz__exam__blueprint")
    return lines.order_by("is_undo", "-answer__attempt__quiz__date", "answer__attempt__user__username")


def file_still_wrong(question: Question) -> bool:
    """Whether a corrected key is asked while the question's file still reads as it did when it was wrong."""
    current = question.current
    if current is None or current.corrects is None or not question.source_path:
        return False
    source = read_question(Path(settings.FIXTURES_DIR) / "questions", question.source_path, question.slug)
    return source is not None and source.content_hash in current.corrects.hashes()


# --- What students are told ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """Why a mark is what it is: a correction of its key. `before` and `after` are None where it did not move."""

    regrade: Regrade
    at: dt.datetime
    is_undo: bool = False
    before: Decimal | None = None
    after: Decimal | None = None


def notes_on_result(attempt: Attempt, items: Sequence[QuizItem]) -> dict[int, list[Note]]:
    """Item id -> what happened to its key since it was published, the earliest first."""
    lines = RegradeLine.objects.filter(answer__attempt=attempt).select_related("regrade", "answer")
    notes: dict[int, list[Note]] = {}
    told: set[tuple[int, int]] = set()
    for line in lines:
        notes.setdefault(line.answer.item_id, []).append(_note(line))
        told.add((line.answer.item_id, line.regrade_id))
    corrected = {item.version_id: item for item in items if item.version.corrects_id}
    if corrected:
        course = attempt.quiz.round.course_id
        applied = Regrade.objects.filter(course=course, corrected__in=corrected, state=State.APPLIED)
        for regrade in applied:
            item = corrected[regrade.corrected_id or 0]
            if (item.pk, regrade.pk) not in told:
                notes.setdefault(item.pk, []).append(Note(regrade, regrade.decided_at or timezone.now()))
    for own in notes.values():
        own.sort(key=lambda note: note.at)
    return notes


def _note(line: RegradeLine) -> Note:
    at = line.regrade.undone_at if line.is_undo else line.regrade.decided_at
    return Note(line.regrade, at or timezone.now(), line.is_undo, line.before, line.after)


def notes_on_versions(course: Course, version_ids: Collection[int]) -> dict[int, list[Note]]:
    """Version id -> the correction that made it, or that corrected it later: for what is shown outside a quiz."""
    if not version_ids:
        return {}
    of_these = Q(corrected__in=version_ids) | Q(version__in=version_ids)
    found = Regrade.objects.filter(of_these, course=course, state=State.APPLIED)
    notes: dict[int, list[Note]] = {}
    for regrade in found:
        for version_id in set(version_ids) & {regrade.version_id, regrade.corrected_id or 0}:
            notes.setdefault(version_id, []).append(Note(regrade, regrade.decided_at or timezone.now()))
    return notes


def recent_lines(user: Any, course_round: CourseRound) -> list[RegradeLine]:
    """The student's marks that moved lately, the latest first; none whose quiz still hides its marks."""
    lines = RegradeLine.objects.filter(
        answer__attempt__user=user,
        answer__attempt__quiz__round=course_round,
        answer__attempt__owes_cards=False,
    )
    lines = lines.exclude(answer__item__question__in=under_way(user))
    related = lines.select_related("regrade", "answer__attempt__quiz__exam", "answer__item__question__topic")
    return list(
        related.order_by(F("regrade__undone_at").desc(nulls_last=True), "-regrade__decided_at", "-pk")[
            :RECENT
        ]
    )
