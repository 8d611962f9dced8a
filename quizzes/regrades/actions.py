"""Every write of the regrades: a verb each, one transaction each.

Locks, always in this order, so that whoever comes second waits: the question (two instructors), the quiz items (who
submits shares them from before the marking until the commit), the attempts whose marks move, then review cards. A student
who submits at that moment is marked before, and is then among those whose marks move, or afterwards by the new key.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from courses.models import Course

from .. import marking
from ..files import hash_content
from ..models import Answer, Attempt, Question, QuestionVersion, Regrade, RegradeLine
from . import cards, queries, shadow

State = Regrade.State


class NotNowError(Exception):
    """The regrade cannot be applied, cancelled or undone. The message is a msgid."""


class MovedError(Exception):
    """The marks moved between the look at the diff and its application: it is to be looked at again."""


def propose(
    course: Course, version: QuestionVersion, change: marking.Change, reason: str, user: Any
) -> Regrade:
    """A correction to be reviewed; no mark moves. Raises kinds.RefusedError."""
    body = marking.correct(version.kind, version.body, change)
    return Regrade.objects.create(
        course=course, version=version, rule=change.rule, body=body, reason=reason, proposed_by=user
    )


def cancel(regrade: Regrade, user: Any) -> bool:
    """Drops a proposal. False, and nothing changes, when it was decided before."""
    decided = {"state": State.CANCELLED, "decided_by": user, "decided_at": timezone.now()}
    return bool(Regrade.objects.filter(pk=regrade.pk, state=State.PROPOSED).update(**decided))


@transaction.atomic
def apply(regrade: Regrade, user: Any, seen: str) -> bool:
    """Moves the course's marks to the corrected key. False, and nothing changes, when it was applied before.

    `seen` is the fingerprint of the diff that was looked at: raises MovedError when it has become another one,
    NotNowError when the proposal was cancelled, or another correction of the same version came first.
    """
    question, regrade = _lock(regrade)
    if regrade.state == State.APPLIED:
        return False
    if regrade.state != State.PROPOSED:
        raise NotNowError(gettext_noop("This proposal was cancelled or undone. Propose the correction anew."))
    if Regrade.objects.filter(course=regrade.course, version=regrade.version, state=State.APPLIED).exists():
        raise NotNowError(
            gettext_noop(
                "Another correction of this version was applied meanwhile. Correct the version that it made."
            )
        )
    _lock_items(regrade.course, regrade.version)
    found = queries.moves(regrade.course, regrade.version, queries.target_of(regrade))
    if shadow.fingerprint(found) != seen:
        raise MovedError
    new = _corrected_version(regrade)
    is_asked_now = question.current_id == regrade.version_id
    takes_out = is_asked_now and question.is_active and bool(regrade.body.get(marking.VOID))
    if is_asked_now:
        question.current = new
        question.is_active = question.is_active and not takes_out
        question.save(update_fields=["current", "is_active"])
    regrade.state, regrade.corrected, regrade.took_out = State.APPLIED, new, takes_out
    regrade.decided_by, regrade.decided_at = user, timezone.now()
    regrade.save()
    _move(regrade, regrade.version, new, found)
    return True


@transaction.atomic
def undo(regrade: Regrade, user: Any) -> bool:
    """Moves the marks back to the old key, also of quizzes that asked the corrected one since. False when it was undone.

    Raises NotNowError when it was never applied, or when the corrected key was corrected again.
    """
    question, regrade = _lock(regrade)
    if regrade.state == State.UNDONE:
        return False
    if regrade.state != State.APPLIED:
        raise NotNowError(gettext_noop("Only a correction that was applied can be undone."))
    new = regrade.corrected
    assert new is not None
    if Regrade.objects.filter(course=regrade.course, version=new, state=State.APPLIED).exists():
        raise NotNowError(
            gettext_noop("This key was corrected again later. Undo the later correction first.")
        )
    _lock_items(regrade.course, new)
    found = queries.moves(regrade.course, new, regrade.version)
    if question.current_id == new.pk:
        question.current = regrade.version
        question.is_active = question.is_active or regrade.took_out
        question.save(update_fields=["current", "is_active"])
    regrade.state, regrade.undone_by, regrade.undone_at = State.UNDONE, user, timezone.now()
    regrade.save()
    _move(regrade, new, regrade.version, found)
    return True


def _lock(regrade: Regrade) -> tuple[Question, Regrade]:
    # no_key, here and below: who submits makes rows that refer to these, and must not wait for us.
    questions = Question.objects.select_for_update(of=("self",), no_key=True)
    question = questions.get(versions=regrade.version_id)
    found = Regrade.objects.select_for_update(of=("self",)).select_related(
        "course", "version__question", "corrected"
    )
    return question, found.get(pk=regrade.pk)


def _lock_items(course: Course, version: QuestionVersion) -> None:
    """Waits for whoever is submitting with this version, and lets nobody begin to until the commit."""
    items = queries.items_with(course, version).select_for_update(of=("self",), no_key=True)
    list(items.order_by("pk").values_list("pk"))


def _lock_attempts(ids: set[int]) -> dict[int, Attempt]:
    """Id -> attempt. An exam's judge may be adding to its score."""
    attempts = Attempt.objects.select_for_update(no_key=True).filter(pk__in=ids)
    return {attempt.pk: attempt for attempt in attempts.order_by("pk")}


def _corrected_version(regrade: Regrade) -> QuestionVersion:
    """The version with this body; one that an earlier correction of the same version made is taken again."""
    new, old = queries.target_of(regrade), regrade.version
    new.content_hash = hash_content(new.kind, new.difficulty, new.source_pages, new.body)
    known = QuestionVersion.objects.filter(corrects=old, content_hash=new.content_hash).first()
    if known:
        return known
    new.corrects = old
    new.number = old.question.versions.count() + 1
    new.save()
    return new


def _move(
    regrade: Regrade,
    old: QuestionVersion,
    new: QuestionVersion,
    found: Sequence[shadow.Move],
) -> None:
    """Writes the moves, and all that follows from them."""
    queries.items_with(regrade.course, old).update(version=new)
    moving = {move.answer_id: move for move in found if move.moves}
    attempts = _lock_attempts({move.attempt_id for move in moving.values()})
    cards.move_versions(regrade.course, old, new)
    answers = Answer.objects.filter(pk__in=moving).select_related("item").order_by("pk")
    day, now = regrade.course.today(), timezone.now()
    is_undo = regrade.state == State.UNDONE
    if is_undo:
        applied = RegradeLine.objects.filter(regrade=regrade, is_undo=False, answer__in=moving)
        cards.put_back(list(applied.select_related("answer__attempt")), new)
    lines = []
    for answer in answers:
        answer.attempt = attempts[answer.attempt_id]
        move = moving[answer.pk]
        answer.correct, answer.points, answer.marked_at = move.is_right, move.after, now
        # Marks that are not shown yet make their cards later, by then from the new key.
        turns = move.was_right != move.is_right and not answer.attempt.owes_cards
        card = cards.follow(answer, new, day) if turns else None
        lines.append(
            RegradeLine(
                regrade=regrade,
                answer=answer,
                is_undo=is_undo,
                before=move.before,
                after=move.after,
                card=card,
            )
        )
    Answer.objects.bulk_update([line.answer for line in lines], ["correct", "points", "marked_at"])
    RegradeLine.objects.bulk_create(lines)
    for attempt_id in attempts:
        _sum_up(attempt_id)


def _sum_up(attempt_id: int) -> None:
    """The attempt's score from what it earned: answers, and in an exam the practical part."""
    attempt = Attempt.objects.filter(pk=attempt_id)
    written = Answer.objects.filter(attempt=attempt_id).aggregate(sum=Sum("points"))["sum"] or Decimal(0)
    practical = attempt.aggregate(sum=Sum("task_results__points"))["sum"] or Decimal(0)
    attempt.update(score=written + practical)
