"""A Rasch model of right and wrong answers, and the forecast of an exam's score from it. Pure Python.

    P(student s answers question q rightly) = sigmoid(ability_s - difficulty_q)
    ability_s ~ N(0, ability_sd^2)     difficulty_q ~ N(mean of its level, spread^2)

(G. Rasch 1960; empirical Bayes as in R. D. Bock and M. Aitkin, Psychometrika 46, 1981, with Laplace's approximation in
place of their quadrature.) A level is the difficulty 1, 2 or 3 that the question's author gave it: what is known of a
question that nobody has answered. Partial credit counts as a share of a right answer.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

LEVELS = (1, 2, 3)
ROUNDS = 25  # of alternating updates; the largest change is below 0.01 long before
MIN_SPREAD = 0.3
GRID = 81  # points of a student's ability, over 8 standard deviations
SQRT_HALF_PI = math.pi / 8  # sigmoid of a normal variable: D. MacKay, Neural Computation 4, 1992


@dataclass(frozen=True, slots=True)
class Response:
    """One marked answer; `credit` is 0 to 1."""

    student: int
    question: int
    level: int
    credit: float


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A question's difficulty on the ability scale, and how uncertain it is."""

    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learnt: questions by id, levels for the unseen ones, and how far students are apart."""

    questions: dict[int, Difficulty]
    levels: dict[int, Difficulty]
    ability_sd: float

    def difficulty_of(self, question: int | None, level: int) -> Difficulty:
        """The question's own difficulty, or its level's for one that nobody has answered."""
        return (
            self.questions.get(question, self.levels[level]) if question is not None else self.levels[level]
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it."""
        return {
            "questions": {str(key): [one.value, one.variance] for key, one in self.questions.items()},
            "levels": {str(key): [one.value, one.variance] for key, one in self.levels.items()},
            "ability_sd": self.ability_sd,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Fit:
        """What `to_dict` wrote."""
        parts = {
            name: {int(key): Difficulty(*pair) for key, pair in data[name].items()}
            for name in ("questions", "levels")
        }
        return cls(parts["questions"], parts["levels"], data["ability_sd"])


@dataclass(frozen=True, slots=True)
class Part:
    """`count` questions of one level, `points` each, in the exam that is forecast."""

    level: int
    count: int
    points: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The expected score and an interval that holds it with the probability asked for, in percent of the points."""

    expected: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def chance(ability: float, difficulty: Difficulty) -> float:
    """The chance of a right answer, over the uncertainty of the difficulty."""
    return sigmoid((ability - difficulty.value) / math.sqrt(1 + SQRT_HALF_PI * difficulty.variance))


def fit(responses: Sequence[Response]) -> Fit:
    """Abilities and difficulties in turn, each by one Newton step from its prior's side; the priors follow (EM)."""
    by_student: dict[int, list[Response]] = defaultdict(list)
    by_question: dict[int, list[Response]] = defaultdict(list)
    for response in responses:
        by_student[response.student].append(response)
        by_question[response.question].append(response)
    level_of = {question: given[0].level for question, given in by_question.items()}
    ability = dict.fromkeys(by_student, 0.0)
    difficulty = dict.fromkeys(by_question, 0.0)
    means, spread, ability_sd = dict.fromkeys(LEVELS, 0.0), 1.0, 1.0
    variances: dict[int, float] = {}
    for _ in range(ROUNDS):
        uncertain = _update_abilities(by_student, ability, difficulty, ability_sd)
        variances = _update_difficulties(by_question, (ability, difficulty), (means, spread))
        ability_sd = max(MIN_SPREAD, math.sqrt(_mean(ability[s] ** 2 + uncertain[s] for s in ability) or 1.0))
        means = _level_means(level_of, difficulty, means)
        squares = ((difficulty[q] - means[level_of[q]]) ** 2 + variances[q] for q in difficulty)
        spread = max(MIN_SPREAD, math.sqrt(_mean(squares) or 1.0))
    questions = {q: Difficulty(difficulty[q], variances[q]) for q in difficulty}
    levels = {level: Difficulty(means[level], spread**2) for level in LEVELS}
    return Fit(questions, levels, ability_sd)


def _newton(
    value: float, prior: tuple[float, float], terms: Iterable[tuple[float, float]]
) -> tuple[float, float]:
    """One step towards the mode; terms are (residual, weight). The new value, and its variance."""
    mean, variance = prior
    slope, curve = (mean - value) / variance, 1 / variance
    for residual, weight in terms:
        slope += residual
        curve += weight
    return value + max(-1.0, min(1.0, slope / curve)), 1 / curve


def _update_abilities(
    by_student: dict[int, list[Response]], ability: dict, difficulty: dict, ability_sd: float
) -> dict[int, float]:
    variances = {}
    for student, given in by_student.items():
        chances = [(one.credit, sigmoid(ability[student] - difficulty[one.question])) for one in given]
        terms = ((credit - p, p * (1 - p)) for credit, p in chances)
        ability[student], variances[student] = _newton(ability[student], (0.0, ability_sd**2), terms)
    return variances


def _update_difficulties(
    by_question: dict[int, list[Response]], values: tuple[dict, dict], prior: tuple[dict, float]
) -> dict[int, float]:
    ability, difficulty = values
    means, spread = prior
    variances = {}
    for question, given in by_question.items():
        chances = [(one.credit, sigmoid(ability[one.student] - difficulty[question])) for one in given]
        terms = ((p - credit, p * (1 - p)) for credit, p in chances)
        before = means[given[0].level], spread**2
        difficulty[question], variances[question] = _newton(difficulty[question], before, terms)
    return variances


def _level_means(level_of: dict[int, int], difficulty: dict, before: dict[int, float]) -> dict[int, float]:
    """A level without questions keeps the mean it had."""
    found = {level: _mean(difficulty[q] for q in difficulty if level_of[q] == level) for level in LEVELS}
    return {level: before[level] if mean is None else mean for level, mean in found.items()}


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def posterior(fitted: Fit, responses: Sequence[Response]) -> list[tuple[float, float]]:
    """A student's ability as (value, probability) on a grid, given the answers; none: the class's spread."""
    step = 8 * fitted.ability_sd / (GRID - 1)
    values = [(place - GRID // 2) * step for place in range(GRID)]
    known = [(one.credit, fitted.difficulty_of(one.question, one.level)) for one in responses]
    logs = []
    for value in values:
        log = -0.5 * (value / fitted.ability_sd) ** 2
        for credit, difficulty in known:
            p = chance(value, difficulty)
            log += credit * math.log(p) + (1 - credit) * math.log1p(-p)
        logs.append(log)
    top = max(logs)
    weights = [math.exp(log - top) for log in logs]
    return [(value, weight / sum(weights)) for value, weight in zip(values, weights, strict=True)]


def forecast(
    fitted: Fit, responses: Sequence[Response], parts: Sequence[Part], probability: float = 0.8
) -> Forecast:
    """The score of an exam of unseen questions. The interval leaves out (1 - probability) / 2 on either side.

    Given the ability the score is a sum of independent marks, close to normal; the abilities are mixed by their
    probability.
    """
    total = sum(part.count * part.points for part in parts)
    mixture = [(weight, *_score(fitted, ability, parts)) for ability, weight in posterior(fitted, responses)]
    expected = sum(weight * mean for weight, mean, _ in mixture)
    tail = (1 - probability) / 2
    low, high = _quantile(mixture, tail, total), _quantile(mixture, 1 - tail, total)
    return Forecast(*(100 * value / total for value in (expected, low, high)))


def _score(fitted: Fit, ability: float, parts: Sequence[Part]) -> tuple[float, float]:
    """(mean, standard deviation) of the points at this ability."""
    mean, variance = 0.0, 0.0
    for part in parts:
        p = chance(ability, fitted.levels[part.level])
        mean += part.count * part.points * p
        variance += part.count * part.points**2 * p * (1 - p)
    return mean, max(1e-9, math.sqrt(variance))


def _quantile(mixture: list[tuple[float, float, float]], share: float, most: float) -> float:
    normal, low, high = NormalDist(), 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        below = sum(weight * normal.cdf((middle - mean) / sd) for weight, mean, sd in mixture)
        low, high = (middle, high) if below < share else (low, middle)
    return (low + high) / 2
