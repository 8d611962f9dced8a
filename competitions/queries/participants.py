"""Participants: a person's own, those of an opening, what they may choose, and who handed in the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, QuerySet

from competitions import kinds
from competitions.actions.standings import rules_of
from competitions.models import Invitation, Participant, Phase, RoundChallenge, Standing, Submission
from competitions.tally import Scored, finalists

GROUPS = 20  # of duplicates on a page
MOST_SELECTABLE = 200


def participant_of(opening: RoundChallenge, user) -> Participant | None:
    """The person's own, or their team; None before their first submission."""
    mine = Participant.objects.filter(members__opening=opening, members__user=user)
    return mine.select_related("person", "captain", "opening__challenge").first()


def best_of(participant: Participant | None, phase: Phase | None) -> Standing | None:
    """The participant's own line in `phase`, whatever board others see now: the public one, or of those who have none the
    late one. For the participant's eyes only."""
    if participant is None:
        return None
    boards = (Standing.Board.LIVE, Standing.Board.LATE)
    rows = participant.standings.filter(phase=phase, board__in=boards, score__isnull=False)
    return min(rows, key=lambda row: boards.index(row.board), default=None)


def invitations_to(opening: RoundChallenge, user, participant: Participant | None) -> list[Invitation]:
    """What the person, or anybody of the team they are in, was asked."""
    people = [user.pk]
    if participant:
        people = list(participant.members.values_list("user", flat=True))
    rows = Invitation.objects.filter(team__opening=opening, invitee__in=people)
    return list(rows.select_related("team__captain", "by", "invitee"))


def link_named(opening: RoundChallenge, token: str) -> Invitation | None:
    rows = Invitation.objects.filter(team__opening=opening, token=token, invitee=None)
    return rows.select_related("team__opening__round__course", "team__opening__challenge", "by").first()


@dataclass(frozen=True)
class Choice:
    """One submission that may count at the end. `counts`: it does as things stand, chosen or by default."""

    submission: Submission
    counts: bool


def choices_of(participant: Participant, phase: Phase | None) -> list[Choice]:
    """The participant's scored submissions of `phase`, best public score first."""
    sign = "-" if participant.opening.challenge.higher_is_better else ""
    rows = participant.submissions.filter(phase=phase, score__isnull=False, is_late=False)
    rows = rows.select_related("challenge", "user").defer("report")
    ordered = list(rows.order_by(f"{sign}score", "received_at", "id"))
    scored = [
        Scored(row.pk, row.score or 0.0, None, row.received_at, is_selected=row.is_selected)
        for row in ordered
    ]
    counting = {row.submission for row in finalists(scored, rules_of(participant.opening))}
    chosen = [row for row in ordered if row.is_selected]
    shown = chosen + [row for row in ordered if not row.is_selected][:MOST_SELECTABLE]
    return [Choice(row, row.pk in counting) for row in shown]


def participants_of(opening: RoundChallenge, name: str = "", state: str = "") -> QuerySet[Participant]:
    """Everybody with an entry, with how many; `name` is part of a person's or a team's, `state` a role or
    "disqualified"."""
    rows = opening.participants.filter(title_ko="").select_related("person", "captain")
    if name:
        person = Q(members__user__username__icontains=name) | Q(members__user__nickname__icontains=name)
        rows = rows.filter(
            pk__in=opening.participants.filter(person | Q(team_name__icontains=name)).values("pk")
        )
    if state == "disqualified":
        rows = rows.exclude(disqualified_at=None)
    elif state:
        rows = rows.filter(role=state)
    rows = rows.annotate(sent=Count("submissions", distinct=True)).prefetch_related(
        "members__user", "rulings__by"
    )
    return rows.order_by("created_at", "id")


@dataclass(frozen=True)
class Duplicate:
    """The same predictions from several participants: who was `first`, and the others in the order they came."""

    first: Submission
    others: list[Submission]


def duplicates_of(opening: RoundChallenge, page: str | int = 1) -> tuple[Page, list[Duplicate]]:
    """The groups of one page. The sample submission, which many send to try, is no copy, and hidden participants copy
    nobody."""
    rows = Submission.objects.filter(round=opening.round_id, challenge=opening.challenge_id)
    rows = rows.exclude(fingerprint="").order_by()
    sample = getattr(kinds.get(opening.challenge.kind), "sample_fingerprint", lambda challenge: "")
    # All that is asked for here is in the index `submission_fingerprint`: a million rows are not read.
    groups = (
        rows.exclude(fingerprint=sample(opening.challenge))
        .values("fingerprint")
        .annotate(people=Count("participant", distinct=True), latest=Max("received_at"))
        .filter(people__gt=1)
        .order_by("-latest", "fingerprint")
    )
    shown = Paginator(groups, GROUPS).get_page(page)
    prints = [group["fingerprint"] for group in shown]
    found: dict[str, dict[int, Submission]] = {name: {} for name in prints}
    same = rows.filter(fingerprint__in=prints, participant__role=Participant.Role.ENTRANT)
    same = same.select_related("participant__person", "user", "challenge").defer("report")
    for row in same.order_by("received_at", "id"):
        found[row.fingerprint].setdefault(row.participant_id, row)
    ordered = [list(each.values()) for each in found.values()]
    return shown, [Duplicate(each[0], each[1:]) for each in ordered if len(each) > 1]
