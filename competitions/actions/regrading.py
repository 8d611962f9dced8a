"""A regrade: made when a version changes, judged in the shadow by workers, then applied, cancelled or undone by a person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions.actions import errands, measuring, refusals
from competitions.actions.standings import rebuild_boards
from competitions.kinds.outcome import Outcome
from competitions.models import (
    Challenge,
    Measurement,
    Regrade,
    RegradeLine,
    RoundChallenge,
    ScoreChange,
    Submission,
)
from competitions.queries.regrades import moves_of
from competitions.reports import storable
from sandbox.contract import Verdict

Decision = Regrade.Decision
BATCH = 200
UNCOUNTED = ("", Verdict.INVALID.value, Verdict.JUDGE_ERROR.value)
MOST_ATTEMPTS = 3
SUBMISSION_FIELDS = (
    "verdict",
    "score",
    "private_score",
    "max_score",
    "fingerprint",
    "report",
    "message_ko",
    "message_en",
    "content_hash",
)
INTERVALS = ("low", "high", "private_low", "private_high")


def outdated(opening: RoundChallenge) -> QuerySet[Submission]:
    """Those that count and were judged by another version than the challenge has now."""
    judged = Submission.objects.filter(participant__opening=opening, state=Submission.State.DONE)
    return judged.exclude(verdict__in=UNCOUNTED).exclude(content_hash=opening.challenge.content_hash)


def start(opening: RoundChallenge, by, reason: str = "") -> Regrade:
    """Makes a shadow run over all outdated submissions. Raises `Refused`: there is none, or one waits to be decided."""
    with transaction.atomic():
        RoundChallenge.objects.select_for_update().get(pk=opening.pk)
        if opening.regrades.filter(decision=Decision.OPEN).exists():
            raise refusals.BadChoice(_("Another regrade waits for your decision."))
        rows = list(outdated(opening).order_by("received_at", "id").values_list("pk", "fencing"))
        if not rows:
            raise refusals.BadChoice(_("Everything was judged by the version that counts now."))
        regrade = Regrade.objects.create(
            opening=opening, content_hash=opening.challenge.content_hash, reason=reason.strip()[:200], requested_by=by
        )
        lines = [RegradeLine(regrade=regrade, submission_id=key, fencing=fencing) for key, fencing in rows]
        RegradeLine.objects.bulk_create(lines, batch_size=1000)
        errands.send_on_commit(regrade)
    return regrade


def start_all(challenge: Challenge) -> int:
    """For each opening with outdated submissions, when the challenge has changed; returns how many. A regrade by the version
    before it that nobody has decided is cancelled: it would apply what counts no more."""
    started = 0
    for opening in challenge.openings.select_related("challenge", "round"):
        opening.regrades.filter(decision=Decision.OPEN).update(
            decision=Decision.CANCELLED, decided_at=timezone.now()
        )
        if outdated(opening).exists():
            start(opening, None)
            started += 1
    return started


def write_line(line: RegradeLine, outcome: Outcome) -> None:
    """What the new version says of one submission. A fault of ours is tried again some times, then the old verdict stays."""
    report = outcome.report
    if not report.verdict.is_final and line.attempts + 1 < MOST_ATTEMPTS:
        RegradeLine.objects.filter(pk=line.pk).update(attempts=F("attempts") + 1)
        return
    stored = storable(report)
    line.judged_at = timezone.now()
    line.verdict, line.score, line.private_score = report.verdict.value, outcome.score, outcome.private_score
    line.values = {
        "max_score": line.submission.challenge.max_score,
        "fingerprint": outcome.fingerprint,
        "report": stored,
        "message_ko": stored["message"]["ko"],
        "message_en": stored["message"]["en"],
        "content_hash": report.package_hash,
    }
    if outcome.score is not None:
        measured = measuring.values_of(outcome)
        line.public, line.private = measured["public"], measured["private"]
        line.values |= {name: measured[name] for name in INTERVALS}
    line.save()


def apply(regrade: Regrade, by, reason: str) -> int:
    """Exchanges the scores with those of the new version and writes the boards anew; returns how many were exchanged.
    `reason` is what the students read. Raises `Refused`."""
    if not reason.strip():
        raise refusals.BadRules(_("Give a reason: the students whose score changes will read it."))
    with transaction.atomic():
        row = _held(regrade)
        if not row.is_ready:
            raise refusals.BadChoice(_("It cannot be applied: it is not ready, or it has been decided."))
        if row.content_hash != row.opening.challenge.content_hash:
            raise refusals.BadChoice(_("The version has changed since. Cancel this regrade and start another."))
        row.reason = reason.strip()[:200]
        row.moves = [move.as_json() for move in moves_of(row)]
        count = _exchange(row, by, row.reason)
        _decide(row, Decision.APPLIED, by)
    return count


def undo(regrade: Regrade, by) -> int:
    """Exchanges them back. What was judged again since is left as it is. Raises `Refused`."""
    with transaction.atomic():
        row = _held(regrade)
        if row.decision != Decision.APPLIED:
            raise refusals.BadChoice(_("Only what was applied can be undone."))
        count = _exchange(row, by, _("Undone: %(reason)s") % {"reason": row.reason})
        _decide(row, Decision.UNDONE, by)
    return count


def cancel(regrade: Regrade, by) -> None:
    """Stops it; nothing has changed. Raises `Refused` when it is decided."""
    with transaction.atomic():
        row = _held(regrade)
        if row.decision != Decision.OPEN:
            raise refusals.BadChoice(_("It has been decided."))
        _decide(row, Decision.CANCELLED, by)
        Regrade.objects.filter(pk=row.pk).exclude(state=Regrade.State.DONE).update(
            state=Regrade.State.DONE, finished_at=timezone.now()
        )


def _held(regrade: Regrade) -> Regrade:
    rows = Regrade.objects.select_for_update(of=("self",)).select_related("opening__challenge", "opening__round")
    return rows.get(pk=regrade.pk)


def _decide(row: Regrade, decision: str, by) -> None:
    row.decision, row.decided_by, row.decided_at = decision, by, timezone.now()
    row.save(update_fields=["decision", "decided_by", "decided_at", "reason", "moves"])


def _exchange(regrade: Regrade, by, reason: str) -> int:
    lines = regrade.lines.exclude(judged_at=None).exclude(verdict=Verdict.JUDGE_ERROR.value)
    keys = list(lines.order_by("submission_id").values_list("pk", flat=True))
    wanted = regrade.decision == Decision.APPLIED  # undoing: only what was exchanged
    count = 0
    for start_at in range(0, len(keys), BATCH):
        batch = lines.filter(pk__in=keys[start_at : start_at + BATCH], is_exchanged=wanted)
        count += _exchange_batch(list(batch.order_by("submission_id")), regrade, by, reason)
    rebuild_boards(regrade.opening)
    if measuring.uses_ladder(regrade.opening.challenge):
        _say_what_was_released(regrade)
    return count


def _exchange_batch(lines: list[RegradeLine], regrade: Regrade, by, reason: str) -> int:
    rows = {
        row.pk: row
        for row in Submission.objects.select_for_update().filter(
            pk__in=[line.submission_id for line in lines], state=Submission.State.DONE
        )
    }
    usable = [
        line for line in lines if line.submission_id in rows and rows[line.submission_id].fencing == line.fencing
    ]
    measured = Measurement.objects.in_bulk([line.submission_id for line in usable])
    changes, kept = [], []
    for line in usable:
        row, before = rows[line.submission_id], measured.get(line.submission_id)
        changes.append(_change(row, line, by, reason, regrade))
        after = _exchange_one(row, line, before)
        if after:
            kept.append(after)
    ScoreChange.objects.bulk_create(changes)
    Submission.objects.bulk_update([rows[line.submission_id] for line in usable], SUBMISSION_FIELDS)
    fields = ["verdict", "score", "private_score", "values", "public", "private", "is_exchanged", "changed_at"]
    RegradeLine.objects.bulk_update(usable, fields)
    Measurement.objects.filter(pk__in=[line.submission_id for line in usable]).delete()
    Measurement.objects.bulk_create(kept)
    return len(usable)


def _exchange_one(row: Submission, line: RegradeLine, before: Measurement | None) -> Measurement | None:
    """What the submission has goes into the line, and the other way round; the submission's new measurement."""
    values, score, private_score, verdict = dict(line.values), line.score, line.private_score, line.verdict
    public, private = bytes(line.public), bytes(line.private)
    old = {name: getattr(row, name) for name in SUBMISSION_FIELDS}
    line.verdict, line.private_score = old.pop("verdict"), old.pop("private_score")
    # Where the Ladder rule says another score than was measured, the measured one is what is exchanged.
    said = old.pop("score")
    line.score = before.measured if before else said
    line.values = old | ({name: getattr(before, name) for name in INTERVALS} if before else {})
    line.public, line.private = (bytes(before.public), bytes(before.private)) if before else (b"", b"")
    line.is_exchanged, line.changed_at = not line.is_exchanged, timezone.now()
    for name in SUBMISSION_FIELDS:
        if name in values:
            setattr(row, name, values[name])
    row.verdict, row.score, row.private_score = verdict, score, private_score
    if score is None:
        return None
    intervals = {name: values.get(name) for name in INTERVALS}
    return Measurement(submission=row, measured=score, public=public, private=private, **intervals)


def _change(row: Submission, line: RegradeLine, by, reason: str, regrade: Regrade) -> ScoreChange:
    return ScoreChange(
        submission=row,
        by=by,
        reason=reason[:200],
        regrade=regrade,
        old_verdict=row.verdict,
        old_score=row.score,
        old_private_score=row.private_score,
        old_report=row.report,
        old_content_hash=row.content_hash,
        judged_at=timezone.now(),
        new_verdict=line.verdict,
        new_score=line.score,
    )


def _say_what_was_released(regrade: Regrade) -> None:
    changes = ScoreChange.objects.filter(regrade=regrade).select_related("submission").order_by("-pk")
    latest: dict[int, ScoreChange] = {}
    for change in changes:
        latest.setdefault(change.submission_id, change)
    _update_scores(latest.values())


def _update_scores(changes: Iterable[ScoreChange]) -> None:
    for change in changes:
        if change.new_score != change.submission.score:
            ScoreChange.objects.filter(pk=change.pk).update(new_score=change.submission.score)
