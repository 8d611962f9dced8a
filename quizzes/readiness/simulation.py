"""Students of known ability answer questions of known difficulty, then write an exam: is the forecast honest? Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from .model import LEVELS, Forecast, Part, Response, fit, forecast, sigmoid

QUESTIONS = 400
LEVEL_MEANS = {1: -1.0, 2: 0.0, 3: 1.0}
SPREAD = 0.8  # of the difficulties within a level
EXAM = (Part(1, 12, 2), Part(2, 15, 3), Part(3, 8, 4))
NOMINAL = (0.5, 0.8, 0.95)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One simulated student: what was forecast for each nominal probability, and the score that came (percent)."""

    forecasts: tuple[Forecast, ...]
    actual: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`mean_error` and `rms_error` in percentage points of the score; `coverage`: nominal -> share that fell within."""

    students: int
    answers: int
    mean_error: float
    rms_error: float
    bias: float
    coverage: dict[float, float]
    mean_width: float


def simulate(students: int, answers: int, seed: int, guess: float = 0.0) -> list[Outcome]:
    """A class answers `answers` questions each, and then an exam of questions that nobody has seen.

    `guess` is a chance to be right without knowing, which the model does not know of.
    """
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    bank = [(number, 1 + number % len(LEVELS)) for number in range(QUESTIONS)]
    difficulty = {number: rng.gauss(LEVEL_MEANS[level], SPREAD) for number, level in bank}
    abilities = [rng.gauss(0, 1) for _ in range(students)]
    given = [
        Response(student, number, level, _answer(rng, ability - difficulty[number], guess))
        for student, ability in enumerate(abilities)
        for number, level in rng.sample(bank, answers)
    ]
    fitted = fit(given)
    exam = [
        (rng.gauss(LEVEL_MEANS[part.level], SPREAD), part.points) for part in EXAM for _ in range(part.count)
    ]
    total = sum(points for _, points in exam)
    outcomes = []
    for student, ability in enumerate(abilities):
        own = given[student * answers : (student + 1) * answers]
        score = sum(points * _answer(rng, ability - hardness, guess) for hardness, points in exam)
        forecasts = tuple(forecast(fitted, own, EXAM, probability) for probability in NOMINAL)
        outcomes.append(Outcome(forecasts, 100 * score / total))
    return outcomes


def _answer(rng: random.Random, advantage: float, guess: float) -> float:
    return float(rng.random() < guess + (1 - guess) * sigmoid(advantage))


def calibrate(outcomes: Sequence[Outcome], answers: int) -> Calibration:
    """How far off the forecasts were, and how often the score fell within the interval."""
    errors = [one.forecasts[0].expected - one.actual for one in outcomes]
    count = len(outcomes)
    coverage = {
        nominal: sum(one.forecasts[k].low <= one.actual <= one.forecasts[k].high for one in outcomes) / count
        for k, nominal in enumerate(NOMINAL)
    }
    widths = [one.forecasts[1].high - one.forecasts[1].low for one in outcomes]
    return Calibration(
        students=count,
        answers=answers,
        mean_error=sum(map(abs, errors)) / count,
        rms_error=math.sqrt(sum(error**2 for error in errors) / count),
        bias=sum(errors) / count,
        coverage=coverage,
        mean_width=sum(widths) / count,
    )
