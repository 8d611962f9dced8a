"""A report on its way into the database, and as its reader may see it."""

from __future__ import annotations

import math
from dataclasses import replace

from competitions.models import Submission
from sandbox.contract import Report, Verdict


def storable(report: Report) -> dict:
    """`report.to_dict()` as every database takes it: a student may print NUL or half a surrogate pair, which
    PostgreSQL's JSON refuses, and NaN is no JSON at all."""
    return _clean(report.to_dict())


def _clean(value):
    if isinstance(value, str):
        return value.replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def shown_report(submission: Submission) -> Report | None:
    """What the student sees. Of a fault of ours only the sentence: its details may name hidden tests."""
    report = submission.typed_report()
    if report is None or report.verdict is not Verdict.JUDGE_ERROR:
        return report
    return replace(report, tests=(), stdout="", judged_source="", mistake="")
