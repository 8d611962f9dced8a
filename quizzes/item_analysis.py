"""How the questions of a round went: the answers of its students, read for item_statistics."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from courses.models import CourseRound

from . import analysis, item_statistics, kinds, marking, queries
from .item_statistics import Flag, ItemStatistics, OptionStatistics, Reliability, Response
from .models import Answer, Question, QuestionVersion, Quiz, QuizItem

WITH_OPTIONS = ("single_choice", "multiple_choice", "true_false")


@dataclass(frozen=True, slots=True)
class Given:
    """One marked answer, with what the statistics need of it."""

    question_id: int
    version_id: int
    quiz_id: int
    item_id: int
    points: Decimal
    value: kinds.Value | None
    response: Response
    seed: int


@dataclass(slots=True)
class _Sheet:
    """One attempt while it is read."""

    began_at: dt.datetime
    answers: list[Answer] = field(default_factory=list)


def marked_answers(course_round: CourseRound) -> QuerySet[Answer]:
    """Of the round's students, in time: who caught up may have known the answers."""
    return Answer.objects.filter(
        queries.by_students("attempt__", course_round),
        attempt__quiz__round=course_round,
        attempt__is_late=False,
        correct__isnull=False,
    )


def read_answers(answers: QuerySet[Answer]) -> list[Given]:
    """Every marked answer with the rest of its attempt. All answers of an attempt must be among them."""
    sheets: dict[int, _Sheet] = {}
    for answer in answers.select_related("attempt", "item__version").order_by("attempt_id", "item__position"):
        sheets.setdefault(answer.attempt_id, _Sheet(answer.attempt.started_at)).answers.append(answer)
    return [given for sheet in sheets.values() for given in _read_sheet(sheet)]


def _read_sheet(sheet: _Sheet) -> Iterable[Given]:
    points = sum((answer.points or Decimal(0) for answer in sheet.answers), Decimal(0))
    worth = sum((answer.item.points for answer in sheet.answers), Decimal(0))
    saved = {answer.item_id: answer.saved_at for answer in sheet.answers if answer.value is not None}
    seconds = item_statistics.seconds_per_answer(sheet.began_at, saved)
    for answer in sheet.answers:
        item, own = answer.item, answer.points or Decimal(0)
        others = worth - item.points
        response = Response(
            credit=float(own / item.points),
            rest=float((points - own) / others) if others else None,
            chosen=_chosen(item, answer),
            seconds=seconds.get(item.pk),
        )
        yield Given(
            item.question_id, item.version_id, item.quiz_id, item.pk, own, answer.value, response,
            answer.attempt.item_seed(item),
        )  # fmt: skip


def _chosen(item: QuizItem, answer: Answer) -> frozenset[str]:
    kind = item.version.kind
    if kind not in WITH_OPTIONS or answer.value is None:
        return frozenset()
    return frozenset(kinds.find(kind).show(answer.value).split("\n"))


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question of the round with its figures; `option_flags` counts what is odd about its wrong options."""

    question: Question
    statistics: ItemStatistics
    option_flags: Counter[Flag]

    @property
    def flags(self) -> list[Flag]:
        return [*self.statistics.flags, *self.option_flags]


SORTS: dict[str, Any] = {
    "difficulty": lambda line: (line.statistics.difficulty is None, line.statistics.difficulty),
    "discrimination": lambda line: (line.statistics.discrimination is None, line.statistics.discrimination),
    "seconds": lambda line: (line.statistics.seconds is None, -(line.statistics.seconds or 0)),
    "flags": lambda line: (-len(line.flags), line.statistics.discrimination or 0),
}


def question_lines(given: Iterable[Given], sort: str) -> list[QuestionLine]:
    """Every question answered, by `sort`, a key of SORTS: the hardest, the least telling, the slowest, the oddest first."""
    by_question: dict[int, list[Given]] = {}
    for each in given:
        by_question.setdefault(each.question_id, []).append(each)
    questions = Question.objects.filter(pk__in=by_question).select_related("topic", "current")
    versions = QuestionVersion.objects.in_bulk(
        {each.version_id for own in by_question.values() for each in own}
    )
    lines = []
    for question in questions:
        own = by_question[question.pk]
        flags: Counter[Flag] = Counter()
        latest = max(each.version_id for each in own)
        for option in _options(versions[latest], [each for each in own if each.version_id == latest]):
            if option.flag:
                flags[option.flag] += 1
        lines.append(QuestionLine(question, item_statistics.describe([each.response for each in own]), flags))
    return sorted(lines, key=SORTS[sort])


def _options(version: QuestionVersion, given: list[Given]) -> list[OptionStatistics]:
    if version.kind not in WITH_OPTIONS:
        return []
    explained = marking.explain(version.kind, version.body, None, 0, "ko")
    options = {option.id: option.is_right for option in sorted(explained.options, key=lambda one: one.id)}
    return item_statistics.describe_options([each.response for each in given], options)


@dataclass(frozen=True, slots=True)
class TestLine:
    """A whole quiz or exam that the same people took."""

    quiz: Quiz
    reliability: Reliability
    mean: float | None


def test_lines(given: Iterable[Given]) -> list[TestLine]:
    """Every quiz answered, the latest first. The practical part of an exam is the judge's and not in it."""
    by_quiz: dict[int, dict[int, list[float]]] = {}
    worth: dict[int, float] = {}
    rows: dict[int, list[list[float]]] = {}
    for each in given:
        by_quiz.setdefault(each.quiz_id, {}).setdefault(each.item_id, []).append(float(each.points))
    for item in QuizItem.objects.filter(quiz__in=by_quiz):
        worth[item.quiz_id] = worth.get(item.quiz_id, 0.0) + float(item.points)
    for quiz_id, columns in by_quiz.items():
        rows[quiz_id] = [list(row) for row in zip(*columns.values(), strict=True)]
    quizzes = Quiz.objects.filter(pk__in=by_quiz).select_related("exam__blueprint").order_by("-date", "-pk")
    return [
        TestLine(
            quiz,
            item_statistics.reliability(rows[quiz.pk]),
            item_statistics.mean([sum(row) / worth[quiz.pk] for row in rows[quiz.pk]]),
        )
        for quiz in quizzes
    ]


@dataclass(frozen=True, slots=True)
class OptionLine:
    text: str
    is_right: bool
    statistics: OptionStatistics


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a question in a round; `options` or else `shares` tell what was answered."""

    version: QuestionVersion
    statistics: ItemStatistics
    skipped: int
    options: list[OptionLine]
    line: analysis.AnalysisLine


def version_lines(question: Question, given: list[Given], language: str) -> list[VersionLine]:
    """The question's history, the latest version first, with the round's answers to each."""
    versions = question.versions.select_related("corrects").order_by("-number")
    lines = []
    for version in versions:
        own = [each for each in given if each.version_id == version.pk]
        line = analysis.read_analysis([_item_result(question, version, own)], language)[0]
        texts = {option.id: option for option in line.explained.options}
        lines.append(
            VersionLine(
                version=version,
                statistics=item_statistics.describe([each.response for each in own]),
                skipped=sum(each.value is None for each in own),
                options=[
                    OptionLine(texts[each.id].text, texts[each.id].is_right, each)
                    for each in _options(version, own)
                ],
                line=line,
            )
        )
    return lines


def _item_result(question: Question, version: QuestionVersion, given: list[Given]) -> queries.ItemResult:
    values = [(each.value, each.seed) for each in given if each.value is not None]
    return queries.ItemResult(
        item=QuizItem(question=question, version=version, position=1),
        marked=len(given),
        right=sum(each.response.credit >= 1 for each in given),
        skipped=len(given) - len(values),
        given=Counter(kinds.find(version.kind).show(value) for value, _ in values),
        values=values,
    )
