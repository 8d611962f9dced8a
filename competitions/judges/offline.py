"""The built-in judge: sentences compared by the words they share, weighted by TF-IDF. No network, always the same.

It reads words, not meanings: a right answer in other words than the reference's is judged too low. Which is why
references of both languages are given, and why a course may name a language model instead (remote.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from competitions.judges import Counts
from competitions.judges.words import Weights, cosine, coverage, is_negative, sentences, words
from sandbox.contract import Text

# Measured on the questions of AI Pair Programmer, see tests/competitions/test_offline_judge.py.
ENOUGH = 0.4  # of the weight of a statement must be found
# ... and this much of what it was found in must be about the statement: a list of all words of the course is no answer.
TO_THE_POINT = 0.2
OF_THE_QUESTION = 0.4  # what a word counts that the question itself gave


class OfflineJudge:
    at_once = 1
    title = Text("내장 채점기(문장 비교, TF-IDF)", "built-in judge (sentences, TF-IDF)")

    def __init__(self, corpus: Iterable[str] = ()) -> None:
        """`corpus`: texts of the same subject, from which it learns which words say little."""
        self._weights = Weights(corpus)

    def extract(self, question: str, text: str) -> list[str]:
        return sentences(text)

    def compare(self, question: str, reference: Sequence[str], answer: Sequence[str]) -> Counts:
        asked = words(question)
        wanted, given = ([self._weigh(text, asked) for text in texts] for texts in (reference, answer))
        tp = sum(_is_supported(one, wanted) for one in given)
        found = sum(_is_supported(one, given) for one in wanted)
        return Counts(tp, len(given) - tp, len(wanted) - found)

    def _weigh(self, text: str, asked: Iterable[str]) -> _Statement:
        return _Statement(self._weights.weigh(words(text), asked, OF_THE_QUESTION), is_negative(text))

    def similarity(self, reference: str, answer: str) -> float:
        one, other = (self._weights.weigh(words(text)) for text in (reference, answer))
        return cosine(one, other)


class _Statement:
    def __init__(self, weights: dict[str, float], is_negative: bool) -> None:
        self.weights = weights
        self.is_negative = is_negative


def _is_supported(statement: _Statement, others: Sequence[_Statement]) -> bool:
    """Whether one of `others`, or two of them together, say it: people part sentences differently."""
    near = [other for other in others if coverage(statement.weights, [other.weights]) > 0]
    return any(_says(statement, group) for size in (1, 2) for group in combinations(near, size))


def _says(statement: _Statement, group: Sequence[_Statement]) -> bool:
    if all(other.is_negative != statement.is_negative for other in group):
        return False
    if coverage(statement.weights, [other.weights for other in group]) < ENOUGH:
        return False
    return all(coverage(other.weights, [statement.weights]) >= TO_THE_POINT for other in group)
