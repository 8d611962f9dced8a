"""Taking part: the participant of a person, under which name it stands on boards."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction

from competitions import pseudonyms
from competitions.models import Member, Participant, RoundChallenge
from courses.models import Enrolment


def enter(opening: RoundChallenge, user) -> Participant:
    """The participant that `user` is, or whose member: locked, and made where there is none. Callers hold the
    transaction."""
    while True:
        member = Member.objects.filter(opening=opening, user=user).first() or begin(opening, user)
        row = lock(member.participant_id)
        # Teams may have become one between the look and the lock.
        if row and Member.objects.filter(participant=row, user=user).exists():
            return row


def lock(*numbers: int) -> Participant | None:
    """Locks participants, always in the order of their numbers; the last of `numbers`, or None when it is gone."""
    rows = (
        Participant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("opening__challenge", "opening__round__course", "person")
        .filter(pk__in=numbers)
        .order_by("pk")
    )
    return {row.pk: row for row in rows}.get(numbers[-1])


def begin(opening: RoundChallenge, user) -> Member:
    """Makes a participant of the person alone. Callers hold the transaction."""
    role = Participant.Role.ENTRANT if _studies(opening, user) else Participant.Role.HIDDEN
    try:
        with transaction.atomic():
            row = Participant.objects.create(opening=opening, person=user, captain=user, role=role)
            return Member.objects.create(participant=row, opening=opening, user=user)
    except IntegrityError:  # another tab was faster
        return Member.objects.get(opening=opening, user=user)


def _studies(opening: RoundChallenge, user) -> bool:
    """Those who teach may try everything out and are on no board."""
    role = Enrolment.objects.filter(round=opening.round_id, user=user).values_list("role", flat=True)
    return role.first() == Enrolment.Role.STUDENT


def choose_name(participant: Participant, is_anonymous: bool) -> None:
    """Whether others see a made-up name. It is drawn at the first time and kept."""
    participant.is_anonymous = is_anonymous
    while is_anonymous and participant.pseudonym is None:
        number = secrets.randbelow(pseudonyms.COUNT)
        try:
            with transaction.atomic():
                Participant.objects.filter(pk=participant.pk, pseudonym=None).update(pseudonym=number)
        except IntegrityError:  # somebody else has this one
            continue
        participant.refresh_from_db(fields=["pseudonym"])
    participant.save(update_fields=["is_anonymous"])
