"""What makes the bank fair as a whole, which no single question shows. Plain Python."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, product

from .files import QuestionFile

NEAR = 0.72  # share of common three-letter pieces from which two stems count as the same
HABIT = 0.4  # share of questions whose right choice may be the longest one, or the shortest
FEW = 8  # fewer questions than this show no habit


def lint(questions: Sequence[QuestionFile]) -> list[str]:
    """Every problem of the bank, a sentence each; empty when there is none."""
    choices = [question for question in questions if question.kind == "single_choice"]
    return [*_uneven_keys(choices), *_length_tells(choices), *near_duplicates(questions)]


def _uneven_keys(questions: Sequence[QuestionFile]) -> list[str]:
    """A letter that is right too often or too seldom can be guessed."""
    if len(questions) < FEW:
        return []
    by_size: dict[int, list[str]] = {}
    for question in questions:
        by_size.setdefault(len(question.body["choices"]), []).append(question.body["key"])
    problems = []
    for size, keys in by_size.items():
        fair = len(keys) / size
        for letter in "abcde"[:size]:
            count = keys.count(letter)
            if len(keys) >= FEW and not 0.5 * fair <= count <= 1.6 * fair:
                problems.append(
                    f"choice {letter} is right in {count} of {len(keys)} questions with {size} choices"
                )
    return problems


def _length_tells(questions: Sequence[QuestionFile]) -> list[str]:
    """Who always takes the longest choice, or the shortest, must not pass."""
    problems = []
    for language, word in product(("ko", "en"), ("longest", "shortest")):
        count = sum(extreme_choice(question.body, language, word) for question in questions)
        if len(questions) >= FEW and count > HABIT * len(questions):
            problems.append(
                f"the {word} choice is right in {count} of {len(questions)} questions ({language})"
            )
    return problems


def extreme_choice(body: dict, language: str, word: str) -> bool:
    """Whether the right choice is the `word` one, "longest" or "shortest", without a tie."""
    lengths = {choice["id"]: len(choice[f"text_{language}"]) for choice in body["choices"]}
    right = lengths.pop(body["key"])
    return right > max(lengths.values()) if word == "longest" else right < min(lengths.values())


def near_duplicates(questions: Sequence[QuestionFile]) -> list[str]:
    """Pairs that ask the same in other words, by their Korean and English stems."""
    problems = []
    for language in ("ko", "en"):
        pieces = [(question, _pieces(question.body[f"stem_{language}"])) for question in questions]
        for (one, left), (other, right) in combinations(pieces, 2):
            if _likeness(left, right) >= NEAR:
                problems.append(f"{one.slug} and {other.slug} ask nearly the same ({language})")
    return problems


def _pieces(text: str) -> Counter[str]:
    letters = re.sub(r"\s+", " ", text.casefold())
    return Counter(letters[place : place + 3] for place in range(max(1, len(letters) - 2)))


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    """Dice: twice what is common over what is there."""
    return 2 * _total((left & right).values()) / (_total(left.values()) + _total(right.values()))


def _total(counts: Iterable[int]) -> int:
    return sum(counts)
