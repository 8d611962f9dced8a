"""A question as another system knows it -> a question that ours can ask, with notes on what had to be filled in."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from quizzes import kinds
from quizzes.kinds.base import LANGUAGES, gettext_noop
from quizzes.kinds.choices import IDS

from .contract import Entry, Reading
from .keepsake import recall

NO_EXPLANATION = {"ko": "해설이 없는 문제입니다.", "en": "This question came without an explanation."}
NO_REASON = {"ko": "정답이 아닙니다.", "en": "This is not the right answer."}

ONE_LANGUAGE = gettext_noop("It is in one language only: Korean and English readers see the same text.")
WITHOUT_EXPLANATION = gettext_noop("It has no explanation.")
WITHOUT_REASONS = gettext_noop("Not every wrong answer says what is wrong with it.")
CHANGED = gettext_noop("It was changed in another system: what that system cannot hold is lost.")
INVALID = gettext_noop("Not taken: %(field)s: %(problem)s.")
MIDDLE = 2
_MISSING = "a text is missing here"


def finish(reading: Reading, kind: str, body: dict[str, Any], kept: str) -> None:
    """Puts the finished entry into `reading`, or the reason why there is none."""
    outer: Entry = {"slug": slug_of(reading.name, body), "kind": kind, "difficulty": MIDDLE}
    notes_before = len(reading.notes)
    complete(reading, body)
    entry: Entry | None = outer | body
    problems = kinds.find(kind).validate(body)
    if problems:
        reading.note(INVALID, field=problems[0].field, problem=problems[0].message)
        entry = None
    recalled, changed = recall(kept, entry)
    if changed:
        reading.note(CHANGED)
    elif recalled is not entry:
        del reading.notes[notes_before:]  # nothing is missing in our own question
    reading.entry = recalled


def complete(reading: Reading, body: dict[str, Any]) -> None:
    """Fills what our questions always have; notes it."""
    if body.get("stem_ko") and body.get("stem_ko") == body.get("stem_en"):
        reading.note(ONE_LANGUAGE)
    if _fill(body, "explanation", NO_EXPLANATION):
        reading.note(WITHOUT_EXPLANATION)
    right = body.get("keys") or [body.get("key")]
    gaps = [
        _fill(choice, "why", NO_REASON) for choice in body.get("choices", []) if choice["id"] not in right
    ]
    gaps += [_fill(mistake, "why", NO_REASON) for mistake in body.get("mistakes", [])]
    if "choices" not in body and isinstance(body.get("key"), bool):
        gaps.append(_fill(body, "why", NO_REASON))
    if any(gaps):
        reading.note(WITHOUT_REASONS)


def _fill(target: dict[str, Any], name: str, texts: dict[str, str]) -> bool:
    """Whether there was nothing; one language that is there stands for the other."""
    present = {language: target.get(f"{name}_{language}") for language in LANGUAGES}
    if not any(present.values()):
        target |= {f"{name}_{language}": text for language, text in texts.items()}
        return True
    for language in LANGUAGES:
        target[f"{name}_{language}"] = present[language] or next(filter(None, present.values()))
    return False


def is_filler(texts: dict[str, str]) -> bool:
    """Whether a text is one of ours that stands for nothing: it does not travel on."""
    return texts in (NO_EXPLANATION, NO_REASON)


def slug_of(name: str, body: dict[str, Any]) -> str:
    """The name in small letters; a name without Latin letters gets one made of what the question says."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-")
    if re.search(r"[a-z]", plain):
        return plain
    digest = hashlib.sha256(f"{name}{sorted(body.items(), key=str)}".encode()).hexdigest()
    return f"imported-{digest[:10]}"


def letter(place: int) -> str:
    """The id of the choice at `place`; beyond our letters one that the kind then refuses."""
    return IDS[place] if place < len(IDS) else f"over-{place}"
