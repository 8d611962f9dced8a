"""GIFT -> questions. Questions are blocks of lines between empty lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from quizzes.kinds.base import RefusedError, gettext_noop

from . import prose
from .completing import finish, letter
from .contract import FormatError, Reading, check_count, decode, guarded
from .moodle_reading import (
    MORE_RIGHT,
    NO_NUMBER,
    NO_RIGHT,
    OWN_WEIGHTS,
    PARTLY_RIGHT,
    RIGHT,
    WILDCARD,
    as_literal,
    as_number,
    set_answers,
    set_pairs,
)

KEEPSAKE = "// examprep: "
NO_GIFT = gettext_noop("This is no GIFT file: no question with { } was found in it.")
NO_ANSWERS = gettext_noop("Not taken: it has no answers in { }.")
OPEN_BRACE = gettext_noop("Not taken: a { has no } that closes it.")
ESSAY = gettext_noop("Not taken: an essay question can only be marked by a person.")
MIXED = gettext_noop("Not taken: its answers mix several kinds of question.")

_ESCAPED = re.compile(r"\\([~=#{}:\\])")
_TITLE = re.compile(r"::(.*?)(?<!\\)::", re.DOTALL)
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_PERCENT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
_ANSWER = re.compile(r"(?<!\\)([=~])((?:\\.|[^\\=~])*)", re.DOTALL)
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class _Answer:
    sign: str
    percent: float | None
    text: str
    feedback: str


def read(data: bytes) -> list[Reading]:
    """Raises FormatError for what is no GIFT."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    check_count(len(blocks))
    found = [reading for block in blocks if (reading := read_block(block))]
    if not any(reading.entry for reading in found) and "{" not in text:
        raise FormatError(NO_GIFT)
    return found


def read_block(block: str) -> Reading | None:
    """One question; None for a block of comments and categories."""
    kept, lines = "", []
    for line in block.strip().split("\n"):
        if line.startswith(KEEPSAKE):
            kept = line.removeprefix(KEEPSAKE)
        elif not line.lstrip().startswith(("//", "$CATEGORY:")):
            lines.append(line)
    text = "\n".join(lines).strip()
    return _question(text, kept) if text else None


def _question(text: str, kept: str) -> Reading:
    title = _TITLE.match(text)
    rest = text[title.end() :].strip() if title else text
    form = _FORMAT.match(rest)
    rest = rest[form.end() :] if form else rest
    name = _unescape(title[1]).strip() if title else _unescape(rest.split("{")[0]).strip()[:60]
    reading = Reading(name[:200] or "?")
    opening = re.search(r"(?<!\\)(?:\\\\)*\{", rest)
    if not opening:
        reading.note(NO_ANSWERS)
        return reading
    closing = _find_closing(rest, opening.end())
    if closing < 0:
        reading.note(OPEN_BRACE)
        return reading
    before, after = rest[: opening.end() - 1], rest[closing + 1 :].strip()
    is_html = form is None or form[1] in ("html", "moodle")

    def fill() -> None:
        body: dict[str, Any] = {}
        prose.put(body, "stem", _texts(f"{before.rstrip()} _____ {after}" if after else before, is_html))
        if kind := _read_answers(reading, rest[opening.end() : closing].strip(), body, is_html):
            finish(reading, kind, body, kept)

    return guarded(reading, fill)


def _find_closing(text: str, start: int) -> int:
    """The place of the next } that is not escaped, or -1."""
    place = start
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == "}":
            return place
        place += 1
    return -1


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", re.sub(r"(?<!\\)((?:\\\\)*)\\n", r"\1\n", text))


def _texts(text: str, is_html: bool) -> prose.Texts:
    plain = _unescape(text).strip()
    if not plain:
        return {}
    return prose.from_html(plain) if is_html else prose.split_languages(plain)


def _read_answers(reading: Reading, text: str, body: dict[str, Any], is_html: bool) -> str:
    answers, _, general = _split(text, "####")
    prose.put(body, "explanation", _texts(general, is_html))
    if not answers.strip():
        reading.note(ESSAY)
        return ""
    if answers.startswith("#"):
        return _numeric(reading, answers[1:], body)
    word, *feedbacks = re.split(r"(?<!\\)#", answers.strip())
    if word.strip().upper() in _TRUTH:
        body["key"] = _TRUTH[word.strip().upper()]
        prose.put(body, "why", _texts(feedbacks[0], is_html) if feedbacks else {})
        return "true_false"
    found = [_answer(sign, inner) for sign, inner in _ANSWER.findall(answers)]
    if not found:
        reading.note(NO_ANSWERS)
        return ""
    if all("->" in each.text for each in found):
        return _matching(found, body)
    if all(each.sign == "=" for each in found):
        return _short_text(reading, found, body)
    return _choices(reading, found, body, is_html)


def _split(text: str, mark: str) -> tuple[str, str, str]:
    """Like str.partition, at a mark that is not escaped."""
    match = re.search(rf"(?<!\\){re.escape(mark)}", text)
    return (text[: match.start()], mark, text[match.end() :]) if match else (text, "", "")


def _answer(sign: str, inner: str) -> _Answer:
    percent = _PERCENT.match(inner.strip())
    rest = inner.strip()[percent.end() :] if percent else inner
    text, _, feedback = _split(rest, "#")
    return _Answer(sign, float(percent[1]) if percent else None, text.strip(), feedback.strip())


def _choices(reading: Reading, found: list[_Answer], body: dict[str, Any], is_html: bool) -> str:
    body["choices"] = []
    for place, answer in enumerate(found):
        choice: dict[str, Any] = {"id": letter(place)}
        prose.put(choice, "text", _texts(answer.text, is_html))
        prose.put(choice, "why", _texts(answer.feedback, is_html))
        body["choices"].append(choice)
    right = [letter(place) for place, answer in enumerate(found) if answer.sign == "="]
    if right:
        if len(right) > 1:
            reading.note(MIXED)
            return ""
        if any((answer.percent or 0) > 0 for answer in found if answer.sign == "~"):
            reading.note(PARTLY_RIGHT)
        body["key"] = right[0]
        place = next(place for place, answer in enumerate(found) if answer.sign == "=")
        body["choices"][place].pop("why_ko", None)
        body["choices"][place].pop("why_en", None)
        return "single_choice"
    weights = {answer.percent for answer in found if (answer.percent or 0) > 0}
    if not weights:
        reading.note(NO_RIGHT)
        return ""
    if len(weights) > 1:
        reading.note(OWN_WEIGHTS)
    body["keys"] = [letter(place) for place, answer in enumerate(found) if (answer.percent or 0) > 0]
    return "multiple_choice"


def _short_text(reading: Reading, found: list[_Answer], body: dict[str, Any]) -> str:
    answers, mistakes = [], []
    for answer in found:
        text = as_literal(_unescape(answer.text))
        if text is None:
            reading.note(WILDCARD)
        elif answer.percent is None or answer.percent >= RIGHT:
            answers.append(text)
        elif answer.feedback:
            mistake: dict[str, Any] = {"text": text}
            prose.put(mistake, "why", _texts(answer.feedback, True))
            mistakes.append(mistake)
    return set_answers(reading, body, answers, mistakes)


def _matching(found: list[_Answer], body: dict[str, Any]) -> str:
    pairs, more = [], []
    for answer in found:
        left, _, right = answer.text.partition("->")
        entry: dict[str, Any] = {}
        rights = prose.split_languages(_unescape(right).replace("-&gt;", "->"))
        if left.strip():
            prose.put(entry, "left", _texts(left, True))
            prose.put(entry, "right", rights)
            pairs.append(entry)
        else:
            prose.put(entry, "text", rights)
            more.append(entry)
    set_pairs(body, pairs, more)
    return "matching"


def _numeric(reading: Reading, text: str, body: dict[str, Any]) -> str:
    """#3:0.5, #1..2, or several with = and weights."""
    found = [_answer(sign, inner) for sign, inner in _ANSWER.findall(text)] or [_answer("=", text)]
    mistakes = []
    for answer in found:
        try:
            number, width = _number(_unescape(answer.text))
        except (RefusedError, ValueError):
            reading.note(NO_NUMBER, text=answer.text[:40])
            return ""
        if answer.percent is None or answer.percent >= RIGHT:
            if "key" in body:
                reading.note(MORE_RIGHT)
                continue
            body["key"] = number
            if width > 0:
                body["tolerance"] = {"absolute": width}
        elif answer.feedback:
            mistake: dict[str, Any] = {"value": number}
            prose.put(mistake, "why", _texts(answer.feedback, True))
            mistakes.append(mistake)
    if "key" not in body:
        reading.note(NO_RIGHT)
        return ""
    if mistakes:
        body["mistakes"] = mistakes
    return "numeric"


def _number(text: str) -> tuple[int | float, float]:
    """(number, half the width of what counts as right)."""
    low, between, high = text.partition("..")
    if between:
        least, most = as_number(low.strip()), as_number(high.strip())
        return (least + most) / 2, abs(most - least) / 2
    number, _, width = text.partition(":")
    return as_number(number.strip()), float(width or 0)
