"""Submissions: who may see which, and lists of them without their reports."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from competitions.models import Submission
from courses.models import CourseRound
from courses.queries import is_instructor

# A report can be a hundred kilobytes; a list of fifty needs none of them.
HEAVY = ("report", "challenge__statement_ko", "challenge__statement_en", "challenge__config")


def history_of(user, round: CourseRound, challenge=None) -> QuerySet[Submission]:
    """The submissions of a person and of their team, the latest first."""
    mine = Submission.objects.filter(participant__members__user=user, round=round)
    rows = mine.select_related("challenge", "user", "participant").defer(*HEAVY)
    return rows.filter(challenge=challenge) if challenge else rows


def all_of(user, slug: str = "") -> QuerySet[Submission]:
    """Those of a person and their teams in all rounds, the latest first; of one challenge where `slug` is given."""
    mine = Submission.objects.filter(participant__members__user=user)
    rows = mine.select_related("challenge", "round__course").defer(*HEAVY)
    return rows.filter(challenge__slug=slug) if slug else rows


def visible_submission(user, submission_id: int) -> Submission | None:
    """One's own or one's team's, or one of a round that one teaches; None for everybody else, as if there were none."""
    row = (
        Submission.objects.filter(pk=submission_id)
        .select_related("challenge", "round__course", "user", "quota_day", "participant__opening")
        .first()
    )
    if row is None or row.user_id == user.pk or is_instructor(user, row.round):
        return row
    return row if row.participant.members.filter(user=user).exists() else None


def filtered(round: CourseRound, wanted: dict[str, str]) -> QuerySet[Submission]:
    """All of a round, narrowed by challenge (slug), student (part of a name), verdict or state. Unknown values of a
    filter find nothing; empty ones are no filter."""
    rows = Submission.objects.filter(round=round).select_related("challenge", "user").defer(*HEAVY)
    if wanted.get("challenge"):
        rows = rows.filter(challenge__slug=wanted["challenge"])
    if wanted.get("student"):
        name = wanted["student"]
        rows = rows.filter(
            Q(user__username__icontains=name)
            | Q(user__nickname__icontains=name)
            | Q(user__first_name__icontains=name)
        )
    if wanted.get("verdict"):
        rows = rows.filter(Q(verdict=wanted["verdict"]) | Q(state=wanted["verdict"]))
    return rows
