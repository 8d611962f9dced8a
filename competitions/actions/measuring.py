"""Exact scores and their noise: kept with each verdict, said on boards, held back where the Ladder rule asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from competitions.kinds.outcome import Outcome
from competitions.models import Challenge, Measurement, Submission

if TYPE_CHECKING:
    from numpy import ndarray

    from competitions.standings.resampling import Resampled

Interval = tuple[float | None, float | None]  # both or neither


def measure(submission: Submission, outcome: Outcome) -> None:
    """Writes what was measured with a verdict; nothing where nothing was scored. Callers hold the transaction."""
    if outcome.score is None:
        Measurement.objects.filter(submission=submission).delete()
        return
    Measurement.objects.update_or_create(submission=submission, defaults=values_of(outcome))


def values_of(outcome: Outcome) -> dict:
    """The fields of a Measurement."""
    assert outcome.score is not None
    low, high = _interval(outcome.score, outcome.resampled)
    private_low, private_high = _interval(outcome.private_score, outcome.private_resampled)
    return {
        "measured": outcome.score,
        "is_released": True,
        "low": low,
        "high": high,
        "private_low": private_low,
        "private_high": private_high,
        "public": _packed(outcome.resampled),
        "private": _packed(outcome.private_resampled),
    }


def _interval(score: float | None, found: Resampled | None) -> Interval:
    if score is None or found is None:
        return None, None
    return min(found.low, score), max(found.high, score)


def _packed(found: Resampled | None) -> bytes:
    return found.offsets.tobytes() if found else b""


def vector_of(score: float, packed: bytes) -> ndarray | None:
    """The resampled scores, [B]; None where there are none."""
    if not packed:
        return None
    import numpy as np  # for workers

    return np.frombuffer(packed, dtype=np.float32).astype(np.float64) + score


def uses_ladder(challenge: Challenge) -> bool:
    return bool(challenge.config.get("ladder"))


def release(participant_id: int, phase_id: int | None, challenge: Challenge) -> None:
    """Says the public scores of one participant anew by the Ladder rule, in the order in which the submissions were
    received. Touches those whose score changes: of a new one, usually itself. Callers hold the participant's lock."""
    from competitions.standings.ladder import Probe, climb  # NumPy

    rows = list(
        Measurement.objects.filter(
            submission__participant=participant_id, submission__phase=phase_id, submission__is_late=False
        )
        .select_related("submission")
        .only("measured", "is_released", "public", "submission__score")
        .order_by("submission__received_at", "submission")
    )
    probes = [Probe(row.measured, vector_of(row.measured, bytes(row.public))) for row in rows]
    for row, said in zip(rows, climb(probes, challenge.higher_is_better), strict=True):
        if row.is_released != said.is_own:
            Measurement.objects.filter(pk=row.pk).update(is_released=said.is_own)
        if row.submission.score != said.score:
            Submission.objects.filter(pk=row.pk).update(score=said.score)


def intervals_of(challenge: Challenge, keys: Iterable[int]) -> dict[int, tuple[Interval, Interval]]:
    """Submission -> (public, private) interval; of those that have them. Under the Ladder rule there is no public one: its
    ends would tell what the rule holds back."""
    rows = Measurement.objects.filter(pk__in=list(keys), low__isnull=False)
    hidden = (None, None) if uses_ladder(challenge) else None
    return {
        key: (hidden or (low, high), (private_low, private_high))
        for key, low, high, private_low, private_high in rows.values_list(
            "pk", "low", "high", "private_low", "private_high"
        )
    }
