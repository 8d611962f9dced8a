"""What a kind's judge hands to `actions.record`."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.contract import Report, Text, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """`score`: what counts on the board, None when nothing was scored. `private_score`: on the rows that only count at
    the end; never shown to students before it. `fingerprint`: hex digits that two submissions share when they say
    the same, however their files are written; empty where the kind has none."""

    report: Report
    score: float | None = None
    private_score: float | None = None
    fingerprint: str = ""


def our_fault(slug: str, message: Text, detail: str = "") -> Outcome:
    """An outcome that says nothing about the student's work. `detail` (a traceback) is for the instructor."""
    report = Report(
        slug=slug, verdict=Verdict.JUDGE_ERROR, score=0.0, max_score=0.0, message=message, stdout=detail
    )
    return Outcome(report)
