"""What makes the bank fair as a whole, which no single question shows. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from statistics import fmean

from .files import QuestionFile
from .kinds import parametrised
from .likeness import near_pairs
from .prose import text_problems

HABIT = 0.4  # share of all questions whose right choice may be the longest one, or the shortest
TOPIC_HABIT = 0.5  # the same within a topic, which has few
FEW = 8  # fewer questions than this show no habit
FEW_IN_TOPIC = 4
LETTER = 0.2  # least share of questions with several right choices in which a letter is right, or is wrong
LONGER = 0.75  # most of these in which the right choices are on average longer, or shorter
TRUTH = 0.35  # least share of either answer to a true or false question


def lint(questions: Sequence[QuestionFile]) -> list[str]:
    """Every problem of the bank, a sentence each; empty when there is none."""
    choices = [question for question in questions if question.kind == "single_choice"]
    return [
        *_text_problems(questions),
        *_uneven_keys(choices),
        *_uneven_truths([question for question in questions if question.kind == "true_false"]),
        *_length_tells(choices),
        *_several_tells([question for question in questions if question.kind == "multiple_choice"]),
        *_clashing_mistakes(questions),
        *near_duplicates(questions),
    ]


def _text_problems(questions: Sequence[QuestionFile]) -> list[str]:
    return [
        f"{question.path}:{question.line}: {question.slug}: {problem}"
        for question in questions
        for problem in text_problems(question.body)
    ]


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


def _uneven_truths(questions: Sequence[QuestionFile]) -> list[str]:
    count = sum(question.body["key"] for question in questions)
    if len(questions) < FEW or TRUTH <= count / len(questions) <= 1 - TRUTH:
        return []
    return [f"true is right in {count} of {len(questions)} true or false questions"]


def _length_tells(questions: Sequence[QuestionFile]) -> list[str]:
    """Who always takes the longest choice, or the shortest, must not pass, neither at large nor in a topic."""
    by_topic: dict[str, list[QuestionFile]] = {}
    for question in questions:
        by_topic.setdefault(question.topic, []).append(question)
    problems = []
    for language, word in product(("ko", "en"), ("longest", "shortest")):
        count = _count_extreme(questions, language, word)
        if len(questions) >= FEW and count > HABIT * len(questions):
            problems.append(
                f"the {word} choice is right in {count} of {len(questions)} questions ({language})"
            )
        for topic, own in by_topic.items():
            count = _count_extreme(own, language, word)
            if len(own) >= FEW_IN_TOPIC and count > TOPIC_HABIT * len(own):
                problems.append(
                    f"{topic}: the {word} choice is right in {count} of {len(own)} questions ({language})"
                )
    return problems


def _count_extreme(questions: Sequence[QuestionFile], language: str, word: str) -> int:
    return sum(extreme_choice(question.body, language, word) for question in questions)


def extreme_choice(body: dict, language: str, word: str) -> bool:
    """Whether the right choice is the `word` one, "longest" or "shortest", without a tie."""
    lengths = {choice["id"]: len(choice[f"text_{language}"]) for choice in body["choices"]}
    right = lengths.pop(body["key"])
    return right > max(lengths.values()) if word == "longest" else right < min(lengths.values())


def _several_tells(questions: Sequence[QuestionFile]) -> list[str]:
    """The same for several right choices: a letter that is always among them, or right ones that are longer."""
    if len(questions) < FEW:
        return []
    problems = []
    for letter in "abcd":
        among = [letter in question.body["keys"] for question in questions]
        if not LETTER <= sum(among) / len(among) <= 1 - LETTER:
            problems.append(
                f"choice {letter} is right in {sum(among)} of {len(among)} questions with several choices"
            )
    for language in ("ko", "en"):
        longer = sum(_right_are_longer(question.body, language) for question in questions)
        if not 1 - LONGER <= longer / len(questions) <= LONGER:
            problems.append(
                f"right choices are the longer ones in {longer} of {len(questions)} questions with several choices ({language})"
            )
    return problems


def _right_are_longer(body: dict, language: str) -> bool:
    lengths: dict[bool, list[int]] = {True: [], False: []}
    for choice in body["choices"]:
        lengths[choice["id"] in body["keys"]].append(len(choice[f"text_{language}"]))
    return fmean(lengths[True]) > fmean(lengths[False])


def _clashing_mistakes(questions: Sequence[QuestionFile]) -> list[str]:
    return [
        f"{question.path}:{question.line}: {question.slug}: {problem}"
        for question in questions
        if question.kind == "parametrised"
        for problem in parametrised.clashing_mistakes(question.body)
    ]


def near_duplicates(questions: Sequence[QuestionFile]) -> list[str]:
    """Pairs that ask the same in other words, by their Korean or English stems; a listing belongs to its stem."""
    problems = []
    for language in ("ko", "en"):
        stems = [
            f"{question.body[f'stem_{language}']}{question.body.get('code', '')}" for question in questions
        ]
        for one, other in near_pairs(stems):
            problems.append(
                f"{questions[one].slug} and {questions[other].slug} ask nearly the same ({language})"
            )
    return problems
