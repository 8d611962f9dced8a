"""Answer correctness: 0.75 x F1 over statements + 0.25 x cosine of embeddings; 0 to 1.

The formula and weights of RAGAS ("Answer Correctness", docs.ragas.io): F1 = TP / (TP + (FP + FN) / 2) over the
statements of answer and reference, and the cosine similarity of both texts. Who extracts, compares and embeds is a
judge (competitions/judges); `compute` uses the built-in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.judges import Counts, Judge
from competitions.metrics import Metric
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray

STATEMENTS, EMBEDDINGS = 0.75, 0.25


def f1(counts: Counts) -> float:
    """0 where nothing is right, an empty answer too."""
    return counts.tp / (counts.tp + (counts.fp + counts.fn) / 2) if counts.tp else 0.0


def weighted(counts: Counts, cosine: float) -> float:
    """The formula. A cosine below 0 counts as 0, or an answer could be worse than none."""
    return STATEMENTS * f1(counts) + EMBEDDINGS * min(max(cosine, 0.0), 1.0)


def correctness(judge: Judge, question: str, reference: str, answer: str) -> float:
    """Of one answer, by `judge`. A blank answer is 0 and costs no call. Raises JudgeError."""
    if not answer.strip():
        return 0.0
    wanted, given = judge.extract(question, reference), judge.extract(question, answer)
    counts = judge.compare(question, wanted, given) if given else Counts(0, 0, len(wanted))
    return weighted(counts, judge.similarity(reference, answer))


def compute(truth: ndarray, prediction: ndarray) -> float:
    from competitions.judges.offline import OfflineJudge

    judge = OfflineJudge(truth.tolist())
    pairs = zip(truth.tolist(), prediction.tolist(), strict=True)
    return sum(correctness(judge, "", reference, answer) for reference, answer in pairs) / len(truth)


METRIC = Metric(
    name="answer_correctness",
    title=Text(ko="답변 정확성", en="Answer correctness"),
    higher_is_better=True,
    range=(0.0, 1.0),
    values="answer",
    compute=compute,
    required_columns=("id", "answer"),
)
