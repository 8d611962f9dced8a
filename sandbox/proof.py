"""Proves a package by its own submissions: each must get the verdict of its folder, the starter must fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sandbox.contract import Report, Source, Verdict
from sandbox.judge import Judge
from sandbox.packages import Example, Package

REQUIRED = {Verdict.ACCEPTED: 2, Verdict.WRONG_ANSWER: 3}
TOTAL_POINTS = 100


def verify(chosen: Iterable[Package]) -> Iterator[tuple[str, str]]:
    """(what was tried, what is wrong with it or "") for every claim of every package."""
    with Judge() as judge:
        for package in chosen:
            yield package.slug, _shape_problem(package)
            for example in package.examples:
                report = judge.run(package, Source(example.path.name, example.path.read_bytes()))
                yield f"{package.slug}/{example.verdict}/{example.path.name}", problem(example, report)
            yield f"{package.slug}/reference.py", _reference_problem(judge, package)
            starter = judge.run(package, Source("starter.py", package.starter.encode()))
            passed = starter.verdict in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR)
            yield f"{package.slug}/starter.py", f"is {starter.verdict}" if passed else ""


def _shape_problem(package: Package) -> str:
    counts = {verdict: sum(example.verdict == verdict for example in package.examples) for verdict in REQUIRED}
    short = [f"{counts[verdict]} of {least} {verdict}" for verdict, least in REQUIRED.items() if counts[verdict] < least]
    if short:
        return "too few submissions: " + ", ".join(short)
    return "" if package.max_score == TOTAL_POINTS else f"the points add up to {package.max_score:g}, not {TOTAL_POINTS}"


def _reference_problem(judge: Judge, package: Package) -> str:
    report = judge.run(package, Source("reference.py", (package.path / "reference.py").read_bytes()))
    if report.verdict is not Verdict.ACCEPTED:
        return f"is {report.verdict}"
    limit = package.limits.seconds / 5
    return f"takes {report.seconds:.2f} s, more than a fifth of the limit" if report.seconds > limit else ""


def problem(example: Example, report: Report) -> str:
    """What is wrong with a shipped submission's report; "" when it is as the folder says.

    A wrong answer may earn some of the points: `partial` counts as wrong there. Its sentence must be shown.
    """
    allowed = {example.verdict}
    if example.verdict != Verdict.ACCEPTED:
        allowed.add(Verdict.PARTIAL)
    if report.verdict not in allowed:
        failures = [f"{test.name}: {test.message.en}" for test in report.tests if test.verdict != Verdict.ACCEPTED]
        return f"is {report.verdict}: {report.message.en} {failures[:2]}"
    if example.verdict == Verdict.ACCEPTED:
        return ""
    if not (example.sentence.ko and example.sentence.en):
        return "has no docstring with ko: and en:"
    if example.verdict == Verdict.WRONG_ANSWER and report.message != example.sentence:
        return f"is recognised as {report.mistake or 'nothing'}"
    return ""
