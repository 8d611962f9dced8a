"""A word or a short phrase, typed.

answers: [드롭아웃, dropout]    # every form that is right, Korean and English; the first one is shown as the right one
mistakes:                     # optional: wrong words that a known misconception leads to
  - text: 배치 정규화
    why_ko: ...
    why_en: ...
check: sets answer to a text

Capitals, spaces, hyphens, dots and quotes do not count, nor does how a keyboard composes Hangul. A misspelt answer is wrong; after marking
it is told which accepted one it comes close to.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from .base import (
    TEXTS,
    Body,
    Explained,
    Marked,
    Presented,
    Problem,
    RefusedError,
    Value,
    check_trial,
    gettext_noop,
    outer_problems,
    pick,
    read_mistakes,
    required,
)

FIELDS = TEXTS | {"answers", "mistakes"}
MAX_LENGTH = 100
MAX_ANSWERS = 40
# Letters, of which a Hangul syllable has two or three: CNN and RNN are one letter apart, but no misspelling.
LEAST_NEAR, LONG = 4, 9
_DROPPED = re.compile(r"[\s\-‐‑‒–—−.·。'\"`‘’“”´]+")
trial = check_trial


def normalize(text: str) -> str:
    """The text without what does not count, composed."""
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text)).casefold()
    return unicodedata.normalize("NFC", _DROPPED.sub("", composed))


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    problems = outer_problems(body, FIELDS)
    answers = body.get("answers")
    if not isinstance(answers, list) or not 0 < len(answers) <= MAX_ANSWERS:
        return [*problems, Problem("answers", f"must be a list of 1 to {MAX_ANSWERS} texts")]
    for place, answer in enumerate(answers):
        if not isinstance(answer, str) or not normalize(answer) or len(answer) > MAX_LENGTH:
            problems.append(Problem(f"answers.{place}", "must be a short text: put it in quotes"))
    mistakes, wrong = read_mistakes(body, ["text"])
    right = [normalize(str(answer)) for answer in answers]
    for place, mistake in enumerate(mistakes):
        if not isinstance(mistake.get("text"), str) or not normalize(mistake["text"]):
            wrong.append(Problem(f"mistakes.{place}.text", "must be a text"))
        elif normalize(mistake["text"]) in right:
            wrong.append(Problem(f"mistakes.{place}.text", "would be marked as right"))
    return problems + wrong


def present(body: Body, seed: int, language: str) -> Presented:
    return Presented(pick(body, "stem", language))


def parse(body: Body, raw: str) -> Value | None:
    """`{"text": as typed}`; None for an empty field; raises RefusedError for what is no word."""
    typed = " ".join(raw.split())
    if not typed:
        return None
    if len(typed) > MAX_LENGTH:
        raise RefusedError(gettext_noop("This is too long. A word or a short phrase is enough."))
    if not normalize(typed):
        raise RefusedError(gettext_noop("This holds no letter and no digit. Please write a word."))
    return {"text": typed}


def show(value: Value | None) -> str:
    return value["text"] if value else ""


def solve(body: Body, seed: int) -> str:
    return body["answers"][0]


def rekey(body: Body, raw: str) -> Body:
    text = required(parse(body, raw))["text"]
    mistakes = [each for each in body.get("mistakes", []) if normalize(each["text"]) != normalize(text)]
    return body | {"answers": [text]} | ({"mistakes": mistakes} if "mistakes" in body else {})


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """Right when it is one of the accepted forms."""
    return Marked(1.0 if _is_right(body, show(value)) else 0.0)


def _is_right(body: Body, text: str) -> bool:
    return normalize(text) in [normalize(answer) for answer in body["answers"]]


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The right word, the misconception behind this one, or what this one may have been meant to be."""
    typed, why, near = show(value), "", ""
    if typed and not _is_right(body, typed):
        known = (each for each in body.get("mistakes", []) if normalize(each["text"]) == normalize(typed))
        mistake = next(known, None)
        why = pick(mistake, "why", language) if mistake else ""
        near = "" if mistake else nearest(typed, body["answers"])
    explanation = pick(body, "explanation", language)
    return Explained(yours=typed, right=body["answers"][0], explanation=explanation, why=why, near=near)


def nearest(typed: str, answers: list[str]) -> str:
    """The accepted form that `typed` misspells by a letter, or by two in a long word; "" where none is that near."""
    letters = unicodedata.normalize("NFD", normalize(typed))
    best, found = LONG, ""
    for answer in answers:
        wanted = unicodedata.normalize("NFD", normalize(answer))
        most = 0 if len(wanted) < LEAST_NEAR else 1 if len(wanted) < LONG else 2
        distance = DamerauLevenshtein.distance(letters, wanted, score_cutoff=most)
        if 0 < distance <= most and distance < best:
            best, found = distance, answer
    return found


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return isinstance(answer, str) and _is_right(body, answer)
