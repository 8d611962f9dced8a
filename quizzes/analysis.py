"""How a quiz went, as the instructor reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from . import kinds, queries


@dataclass(frozen=True, slots=True)
class Share:
    """How many students gave one answer."""

    text: str
    count: int
    percent: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class AnalysisLine:
    """One question as the instructor reads it."""

    result: queries.ItemResult
    stem: str
    explained: kinds.Explained
    shares: list[Share]


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the round's students: how many there are, how many submitted, their mean points; None before the first."""

    students: int
    submitted: int
    mean: Decimal | None
    maximum: Decimal | None


def summarize(results: list[queries.StudentResult]) -> Summary:
    """`maximum` is that of the marked sheets. Late ones count apart and are not in it."""
    results = [replace(row, attempt=None) if row.attempt and row.attempt.is_late else row for row in results]
    scores = [row.attempt.score for row in results if row.attempt and row.attempt.score is not None]
    if not scores:
        return Summary(len(results), 0, None, None)
    mean = sum(scores, Decimal(0)) / len(scores)
    maximum = max(row.attempt.max_score or Decimal(0) for row in results if row.attempt)
    return Summary(len(results), len(scores), mean, maximum)


def read_analysis(results: list[queries.ItemResult], language: str) -> list[AnalysisLine]:
    """How often each answer was given: every choice in the file's order, or the numbers, commonest first."""
    return [_analyse(result, language) for result in results]


def _analyse(result: queries.ItemResult, language: str) -> AnalysisLine:
    version = result.item.version
    kind = kinds.find(version.kind)
    explained = kind.explain(version.body, None, 0, language)
    if explained.options:
        options = sorted(explained.options, key=lambda option: option.id)
        given = [(option.text, result.given[option.id], option.is_right) for option in options]
    else:
        given = [
            (raw, count, kind.mark(version.body, kind.parse(version.body, raw), 0).correct)
            for raw, count in result.given.most_common(8)
        ]
    shares = [
        Share(text, count, round(100 * count / result.marked) if result.marked else 0, is_right)
        for text, count, is_right in given
    ]
    return AnalysisLine(result, kind.present(version.body, 0, language).stem, explained, shares)
