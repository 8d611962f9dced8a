"""How a quiz went, as the instructor reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext

from . import kinds, marking, queries

MOST_SHARES = 8

Given = tuple[str, int, bool]  # what was answered, by how many, whether it is right


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
    has_own_numbers: bool


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
    """How often each answer was given: every choice in the file's order, or the commonest answers.

    Where every student has numbers of their own, answers cannot be counted together; their misconceptions can.
    """
    return [_analyse(result, language) for result in results]


def _analyse(result: queries.ItemResult, language: str) -> AnalysisLine:
    version = result.item.version
    kind = kinds.find(version.kind)
    explained = marking.explain(version.kind, version.body, None, 0, language)
    presented = kind.present(version.body, 0, language)
    given: Iterator[Given]
    if explained.options:
        given = _options_given(result, explained)
    elif presented.has_own_numbers:
        given = _misconceptions_given(result, language)
    else:
        given = _answers_given(result, language)
    shares = [
        Share(text, count, round(100 * count / result.marked) if result.marked else 0, is_right)
        for text, count, is_right in given
    ]
    return AnalysisLine(result, presented.stem, explained, shares, presented.has_own_numbers)


def _options_given(result: queries.ItemResult, explained: kinds.Explained) -> Iterator[Given]:
    """Every option with how many chose it, be it among others."""
    chosen = Counter[str]()
    for raw, count in result.given.items():
        chosen.update(dict.fromkeys(raw.split("\n"), count))
    for option in sorted(explained.options, key=lambda option: option.id):
        yield option.text, chosen[option.id], option.is_right


def _answers_given(result: queries.ItemResult, language: str) -> Iterator[Given]:
    """The commonest answers, as their students would read them."""
    version = result.item.version
    kind = kinds.find(version.kind)
    for raw, count in result.given.most_common(MOST_SHARES):
        value = kind.parse(version.body, raw)
        yours = kind.explain(version.body, value, 0, language).yours
        yield yours, count, marking.mark(version.kind, version.body, value, 0).correct


def _misconceptions_given(result: queries.ItemResult, language: str) -> Iterator[Given]:
    """How many were right, and the commonest misconceptions behind the others."""
    version = result.item.version
    kind = kinds.find(version.kind)
    whys: Counter[str] = Counter()
    for value, seed in result.values:
        if not marking.mark(version.kind, version.body, value, seed).correct:
            whys[kind.explain(version.body, value, seed, language).misconception] += 1
    if result.right:
        yield gettext("The right value for their numbers"), result.right, True
    unknown = whys.pop("", 0)
    for why, count in whys.most_common(MOST_SHARES):
        yield why, count, False
    if unknown:
        yield gettext("Another value"), unknown, False
