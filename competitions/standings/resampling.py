"""The percentile bootstrap of one submission's score over the held-out rows.

Every submission of a competition is scored on the same draws of rows: the differences between two of them are then
paired, and noise that hits both cancels. The draws come from a seed that depends on the hidden truth, so nobody can
foresee them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy import ndarray

    from competitions.metrics import Metric

RESAMPLES = 1000
RESAMPLES_BY_HAND = 200  # for a metric that must be computed anew for each draw
LEVEL = 0.95
CELLS_AT_ONCE = 4_000_000  # 32 MB of float64
MOST_CELLS = 100_000_000  # a second or two; a million rows need no thousand draws to be sure
FEWEST = 100


@dataclass(frozen=True, slots=True)
class Resampled:
    """A score and what it would be on other draws of the rows: `low` and `high` hold it between them.

    `offsets[B]`, float32, are the resampled scores less `score`; NaN where a draw has no score, as when a class is missing.
    """

    score: float
    low: float
    high: float
    offsets: ndarray

    @property
    def vector(self) -> ndarray:
        """The resampled scores, [B] float64."""
        return self.offsets.astype(np.float64) + self.score


def seed_from(*parts: bytes) -> int:
    """One seed for all submissions that are compared on the same rows."""
    total = sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "little") + part)
    return int.from_bytes(total.digest()[:8], "little")


def resample(metric: Metric, truth: ndarray, prediction: ndarray, seed: int) -> Resampled | None:
    """`prediction[N]` (or `[N, C]`) on RESAMPLES draws of the N rows with replacement.

    Metrics that are means of rows are one product of a matrix; others say how they take weights (`Metric.weighted`);
    an instructor's own is computed anew for RESAMPLES_BY_HAND draws. None where too few draws give a score.
    """
    score = metric.score(truth, prediction)
    rows = None if metric.rows is None else np.asarray(metric.rows(truth, prediction), dtype=np.float64)
    if rows is None and metric.weighted is None:
        vector = _by_hand(metric, truth, prediction, seed)
    else:
        take = _takes(metric, truth, prediction, rows)
        vector = np.concatenate([take(weights) for weights in draws(len(truth), seed)])
    return summary(score, vector)


def resample_rows(rows: Sequence[float] | ndarray, seed: int) -> Resampled | None:
    """The same for a score that is the mean of `rows[N]`, such as the correctness of each answer."""
    values = np.asarray(rows, dtype=np.float64)
    vector = np.concatenate([values @ weights for weights in draws(len(values), seed)]) / len(values)
    return summary(float(values.mean()), vector)


def summary(score: float, vector: ndarray) -> Resampled | None:
    """The percentile interval. It is widened to the score itself where a biased metric would leave it outside."""
    usable = vector[np.isfinite(vector)]
    if len(usable) < len(vector) / 2:
        return None
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(usable, [tail, 100 - tail])
    offsets = (np.where(np.isfinite(vector), vector, np.nan) - score).astype(np.float32)
    return Resampled(score, min(float(low), score), max(float(high), score), offsets)


def _takes(
    metric: Metric, truth: ndarray, prediction: ndarray, rows: ndarray | None
) -> Callable[[ndarray], ndarray]:
    """weights[N, b] -> scores[b]."""
    if rows is not None:
        return lambda weights: rows @ weights / len(rows)
    weighted = metric.weighted
    assert weighted is not None

    def take(weights: ndarray) -> ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(weighted(truth, prediction, weights), dtype=np.float64)

    return take


def draws(rows: int, seed: int, resamples: int = RESAMPLES) -> Iterator[ndarray]:
    """How often each row is drawn, as weights[rows, b], in blocks of the RESAMPLES columns that memory takes."""
    resamples = min(resamples, max(FEWEST, MOST_CELLS // rows))
    block = max(1, min(resamples, CELLS_AT_ONCE // rows))
    for number, start in enumerate(range(0, resamples, block)):
        yield _block(rows, seed, number, min(block, resamples - start))


@lru_cache(maxsize=4)
def _block(rows: int, seed: int, number: int, columns: int) -> ndarray:
    generator = np.random.default_rng([seed, number])
    drawn = generator.integers(0, rows, size=(columns, rows), dtype=np.int32)
    drawn += np.arange(columns, dtype=np.int32)[:, None] * np.int32(rows)
    counts = np.bincount(drawn.ravel(), minlength=columns * rows).reshape(columns, rows)
    return np.ascontiguousarray(counts.T, dtype=np.float64)


def _by_hand(metric: Metric, truth: ndarray, prediction: ndarray, seed: int) -> ndarray:
    numbers = np.arange(len(truth))
    found = []
    for weights in draws(len(truth), seed, RESAMPLES_BY_HAND):
        for column in weights.T:
            chosen = np.repeat(numbers, column.astype(np.int64))
            try:
                found.append(metric.score(truth[chosen], prediction[chosen]))
            except Exception:  # an instructor's own metric may fail on a draw in whatever way it likes
                found.append(np.nan)
    return np.array(found)
