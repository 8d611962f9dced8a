"""What a kind's judge hands to `actions.record`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.contract import Report, Text, Verdict

if TYPE_CHECKING:
    from competitions.standings.resampling import Resampled


@dataclass(frozen=True, slots=True)
class Outcome:
    """`score`: what counts on the board, None when nothing was scored. `private_score`: on the rows that only count at
    the end; never shown to students before it. `fingerprint`: hex digits that two submissions share when they say
    the same, however their files are written; empty where the kind has none. `resampled` and `private_resampled`: both scores
    on other draws of the held-out rows; None where the kind has no rows."""

    report: Report
    score: float | None = None
    private_score: float | None = None
    fingerprint: str = ""
    resampled: Resampled | None = None
    private_resampled: Resampled | None = None


def our_fault(slug: str, message: Text, detail: str = "") -> Outcome:
    """An outcome that says nothing about the student's work. `detail` (a traceback) is for the instructor."""
    report = Report(
        slug=slug, verdict=Verdict.JUDGE_ERROR, score=0.0, max_score=0.0, message=message, stdout=detail
    )
    return Outcome(report)
