"""Answers -> public and private score, by a judge."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from competitions.answers.competition import AnswersCompetition, Reference, references
from competitions.answers.folder import split_of
from competitions.judges import Judge
from competitions.metrics.answer_correctness import correctness
from competitions.standings.resampling import Resampled, resample_rows, seed_from

HANGUL_SHARE = 0.15  # of the letters: Korean answers are full of English names


@dataclass(frozen=True, slots=True)
class Scores:
    """Means of answer correctness, 0 to 1; `by_question` holds that of every question. `resampled` and
    `private_resampled` are the same on other draws of the questions."""

    public: float
    private: float
    by_question: dict[str, float]
    resampled: Resampled | None
    private_resampled: Resampled | None


def score(
    answers: dict[str, str], competition: AnswersCompetition, judge: Judge, report: Callable[[float], None]
) -> Scores:
    """`report` is told how far it is, 0.0 to 1.0. Raises JudgeError, or KeyError or ValueError for a solution that does
    not fit (our fault)."""
    questions, solved = competition.questions(), references(competition)

    def judged(name: str) -> float:
        language = language_of(answers[name])
        reference = reference_in(solved[name], language)
        return correctness(judge, text_in(questions[name], language), reference, answers[name])

    found = {}
    with ThreadPoolExecutor(judge.at_once) as pool:
        try:
            for name, value in zip(questions, pool.map(judged, questions), strict=True):
                found[name] = value
                report(len(found) / len(questions))
        except BaseException:
            pool.shutdown(
                cancel_futures=True
            )  # one that failed is enough: the others would be paid for nothing
            raise
    parts = split_of(competition, solved)
    # On draws that nobody can foresee who does not have the references.
    secret = json.dumps({name: reference.texts for name, reference in solved.items()}, sort_keys=True)
    seed = seed_from(competition.slug.encode(), secret.encode())
    public, private = (_of_part(found, parts, is_public) for is_public in (True, False))
    return Scores(
        sum(public) / len(public),
        sum(private) / len(private),
        found,
        resample_rows(public, seed),
        resample_rows(private, seed),
    )


def language_of(answer: str) -> str:
    letters = [character for character in answer if character.isalpha()]
    hangul = sum("가" <= character <= "힣" for character in letters)
    return "ko" if hangul > HANGUL_SHARE * len(letters) else "en"


def reference_in(reference: Reference, language: str) -> str:
    return reference.texts.get(language) or next(iter(reference.texts.values()))


def text_in(question: dict, language: str) -> str:
    return question.get(f"question_{language}") or question["question"]


def _of_part(found: dict[str, float], parts: dict[str, bool | None], is_public: bool) -> list[float]:
    return [found[name] for name, part in parts.items() if part is is_public]
