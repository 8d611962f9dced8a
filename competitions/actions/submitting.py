"""Taking a submission."""

from __future__ import annotations

import hashlib
from functools import partial

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from competitions import conf, kinds
from competitions.actions import checks, quotas, refusals, waking
from competitions.actions.admitting import admit
from competitions.actions.participating import enter
from competitions.models import Challenge, RoundChallenge, Submission
from courses.models import CourseRound
from sandbox.contract import Source
from web.templatetags.web import course_time


def submit(
    user, round: CourseRound, challenge: Challenge, source: Source, via="browser", *, key=""
) -> Submission:
    """Stores `source` and puts it into the queue. Raises a `Refused` in words when it is not taken.

    `key` (optional) makes the call repeatable: the same key and content give the same submission and use one try.
    """
    now = timezone.now()
    digest = hashlib.sha256(source.data).hexdigest()
    earlier = _earlier(user, key, challenge, digest)
    if earlier:
        return earlier
    opening = _opening(round, challenge)
    admission = admit(opening, now)
    _refuse_used_up(opening, user, now)
    _refuse_flood(user)
    _refuse_bad_file(user, challenge, source)
    row = Submission(
        challenge=challenge,
        round=round,
        user=user,
        phase=admission.phase,
        is_late=admission.is_late,
        file_name=source.name[-200:],
        sha256=digest,
        size=len(source.data),
        via=via,
        received_at=now,
        queued_at=now,
        not_before=now,
        notified_at=now,
        idempotency_key=key,
        device=challenge.device,
    )
    return _store(row, opening, source)


def _store(row: Submission, opening: RoundChallenge, source: Source) -> Submission:
    # The file comes first: a row whose file is missing could never be judged, a file without a row harms nobody.
    row.file.save(source.name, ContentFile(source.data), save=False)
    try:
        with transaction.atomic():
            row.participant = enter(opening, row.user)
            row.quota_day = quotas.take(opening, row.participant, row.received_at)
            if row.quota_day is None:
                raise _quota_used(opening, row.received_at)
            row.save(force_insert=True)
            transaction.on_commit(partial(waking.wake, row.pk, row.device))
    except IntegrityError:
        # The same key came twice at once; the other request was faster.
        row.file.delete(save=False)
        earlier = _earlier(row.user, row.idempotency_key, row.challenge, row.sha256)
        if earlier is None:
            raise
        return earlier
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


def _earlier(user, key: str, challenge: Challenge, digest: str) -> Submission | None:
    found = Submission.objects.filter(user=user, idempotency_key=key).first() if key else None
    if found and (found.sha256, found.challenge_id) != (digest, challenge.pk):
        raise refusals.KeyReused(_("This idempotency key was already used for another file."))
    return found


def _opening(round: CourseRound, challenge: Challenge) -> RoundChallenge:
    opening = (
        RoundChallenge.objects.select_related("round__course")
        .filter(round=round, challenge=challenge, challenge__is_active=True)
        .first()
    )
    if opening is None:
        raise refusals.NotOpen(_("This is not open in your round."))
    return opening


def _refuse_used_up(opening: RoundChallenge, user, now) -> None:
    """The early look, before a large file is read; `quotas.take` decides."""
    if opening.daily_quota is None:
        return
    if quotas.used_today(opening, user, now) >= opening.daily_quota:
        raise _quota_used(opening, now)


def _quota_used(opening: RoundChallenge, now) -> refusals.QuotaUsed:
    resets = quotas.resets_at(opening, now)
    text = ngettext(
        "You have used the one try of today. The next one is there at %(moment)s.",
        "You have used all %(quota)s tries of today. The next one is there at %(moment)s.",
        opening.daily_quota or 0,
    )
    shown = course_time(resets, opening.round.course.timezone)
    return refusals.QuotaUsed(text % {"quota": opening.daily_quota, "moment": shown}, resets)


def _refuse_flood(user) -> None:
    if Submission.objects.filter(user=user, state=Submission.State.QUEUED).count() >= conf.max_waiting():
        raise refusals.QuotaUsed(
            _("Too many of your submissions are waiting. Please wait until some are judged.")
        )


def _refuse_bad_file(user, challenge: Challenge, source: Source) -> None:
    kind = kinds.get(challenge.kind)
    if len(source.data) > kind.MAX_BYTES:
        limit = kind.MAX_BYTES // conf.MEGABYTE
        raise refusals.TooLarge(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    if not challenge.is_exercise:
        checks.refuse_too_many(user)
    problem = kind.check(challenge, source)
    if problem:
        if not challenge.is_exercise:
            checks.note_bad_file(user)
        raise refusals.BadFile(problem.pick(get_language() or "ko"))
