"""The class's result board of a day and of the round. A name is shown only of who chose that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from courses.models import CourseRound

from .models import Attempt, Preferences, Quiz
from .queries import by_students
from .ranks import Score, rank_scores


@dataclass(frozen=True, slots=True)
class Line:
    """`nickname` is "" for who stays anonymous, also where the reader is that student."""

    rank: int
    score: Score
    nickname: str
    is_mine: bool

    @property
    def percent(self) -> int:
        return round(100 * self.score.points / self.score.maximum)


def published_quizzes(course_round: CourseRound) -> list[Quiz]:
    """The round's daily quizzes, latest first."""
    return list(Quiz.objects.filter(round=course_round, kind=Quiz.Kind.DAILY).order_by("-date"))


def day_board(quiz: Quiz, reader: Any) -> list[Line]:
    """Who submitted the quiz in time."""
    return _lines(_in_time(quiz.round).filter(quiz=quiz), reader)


def round_board(course_round: CourseRound, reader: Any) -> list[Line]:
    """The points of all daily quizzes together."""
    return _lines(_in_time(course_round), reader)


def _in_time(course_round: CourseRound) -> Any:
    return Attempt.objects.filter(
        by_students("", course_round),
        quiz__round=course_round,
        quiz__kind=Quiz.Kind.DAILY,
        state=Attempt.State.SUBMITTED,
        is_late=False,
    )


def _lines(attempts: Any, reader: Any) -> list[Line]:
    scores = _sum(attempts.values_list("user_id", "score", "max_score"))
    names = dict(
        Preferences.objects.filter(user__in=[score.user_id for score in scores], shows_nickname=True)
        .exclude(user__nickname="")
        .values_list("user_id", "user__nickname")
    )
    return [
        Line(each.rank, each.score, names.get(each.score.user_id, ""), each.score.user_id == reader.pk)
        for each in rank_scores(scores)
    ]


def _sum(rows: Iterable[tuple[int, Decimal, Decimal]]) -> list[Score]:
    """Each student's scores together."""
    sums: dict[int, Score] = {}
    for user_id, points, maximum in rows:
        so_far = sums.get(user_id, Score(user_id, Decimal(0), Decimal(0), 0))
        sums[user_id] = Score(user_id, so_far.points + points, so_far.maximum + maximum, so_far.quizzes + 1)
    return list(sums.values())
