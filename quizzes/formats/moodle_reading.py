"""Moodle XML -> questions. A type of question that ours has no kind for is named and left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from quizzes.kinds.base import RefusedError, gettext_noop
from quizzes.kinds.numbers import read_number

from . import prose, safe_xml
from .completing import finish, letter
from .contract import FormatError, Reading, check_count, guarded

NO_QUIZ = gettext_noop("This is no Moodle XML: its outermost element is “%(name)s” where “quiz” belongs.")
UNKNOWN_TYPE = gettext_noop("Not taken: there is no kind of question here for Moodle's “%(type)s”.")
NO_RIGHT = gettext_noop("Not taken: none of its answers is fully right.")
PARTLY_RIGHT = gettext_noop("Partial credit for single answers is not kept: they count as wrong.")
OWN_WEIGHTS = gettext_noop("The weights of its answers are not kept: right ones count alike.")
MORE_RIGHT = gettext_noop("Only the first of its right numbers is kept.")
NO_NUMBER = gettext_noop("Not taken: “%(text)s” is not a number.")
WILDCARD = gettext_noop("An answer with a * is left out: an asterisk does not stand for other letters here.")
CASE = gettext_noop("Capital letters do not count here.")
PICTURE = gettext_noop("Its pictures are not taken.")
RIGHT = 99.9


def read(data: bytes) -> list[Reading]:
    """Raises FormatError for what is no Moodle XML."""
    root = safe_xml.parse(data)
    if safe_xml.local(root) != "quiz":
        raise FormatError(NO_QUIZ, name=safe_xml.local(root)[:40])
    questions = [each for each in root.findall("question") if each.get("type") != "category"]
    check_count(len(questions))
    return [read_question(each) for each in questions]


def read_question(element: Element) -> Reading:
    reading = Reading(_text(element, "name")[:200] or "?")
    kind = element.get("type", "")
    reader = READERS.get(kind)
    if reader is None:
        reading.note(UNKNOWN_TYPE, type=kind[:40])
        return reading
    if element.find(".//file") is not None or "@@PLUGINFILE@@" in _text(element, "questiontext"):
        reading.note(PICTURE)

    def fill() -> None:
        body: dict[str, Any] = {}
        prose.put(body, "stem", _rich(element, "questiontext"))
        prose.put(body, "explanation", _rich(element, "generalfeedback"))
        if ours := reader(reading, element, body):
            finish(reading, ours, body, element.findtext("examprep") or "")

    return guarded(reading, fill)


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{name}/text") or "").strip()


def _rich(element: Element, name: str) -> prose.Texts:
    """A text in Markdown: Moodle says in which format it stands."""
    found = element.find(name)
    return _own_rich(found) if found is not None else {}


def _own_rich(element: Element) -> prose.Texts:
    text = (element.findtext("text") or "").strip()
    if not text:
        return {}
    if element.get("format", "html") in ("markdown", "plain_text"):
        return prose.split_languages(text)
    return prose.from_html(text)


def _fraction(answer: Element) -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _choices(reading: Reading, element: Element, body: dict[str, Any]) -> str:
    body["choices"] = []
    fractions = {}
    for place, answer in enumerate(element.findall("answer")):
        choice: dict[str, Any] = {"id": letter(place)}
        prose.put(choice, "text", _own_rich(answer))
        prose.put(choice, "why", _rich(answer, "feedback"))
        body["choices"].append(choice)
        fractions[choice["id"]] = _fraction(answer)
    if (element.findtext("shuffleanswers") or "true").strip().lower() in ("false", "0"):
        body["shuffle"] = False
    is_single = (element.findtext("single") or "true").strip().lower() in ("true", "1")
    return _single(reading, body, fractions) if is_single else _multiple(reading, body, fractions)


def _single(reading: Reading, body: dict[str, Any], fractions: dict[str, float]) -> str:
    right = [each for each, fraction in fractions.items() if fraction >= RIGHT]
    if len(right) != 1:
        reading.note(NO_RIGHT)
        return ""
    if any(0 < fraction < RIGHT for fraction in fractions.values()):
        reading.note(PARTLY_RIGHT)
    body["key"] = right[0]
    for choice in body["choices"]:
        if choice["id"] == body["key"]:  # our right choice has no misconception; praise is no loss
            choice.pop("why_ko", None)
            choice.pop("why_en", None)
    return "single_choice"


def _multiple(reading: Reading, body: dict[str, Any], fractions: dict[str, float]) -> str:
    right = [each for each, fraction in fractions.items() if fraction > 0]
    if not right:
        reading.note(NO_RIGHT)
        return ""
    if len({round(fraction) for fraction in fractions.values() if fraction > 0}) > 1:
        reading.note(OWN_WEIGHTS)
    body["keys"] = right
    return "multiple_choice"


def _true_false(reading: Reading, element: Element, body: dict[str, Any]) -> str:
    for answer in element.findall("answer"):
        is_true = (answer.findtext("text") or "").strip().lower() == "true"
        if _fraction(answer) >= RIGHT:
            body["key"] = is_true
        else:
            prose.put(body, "why", _rich(answer, "feedback"))
    if "key" not in body:
        reading.note(NO_RIGHT)
        return ""
    return "true_false"


def _numeric(reading: Reading, element: Element, body: dict[str, Any]) -> str:
    mistakes = []
    for answer in element.findall("answer"):
        typed = (answer.findtext("text") or "").strip()
        if typed == "*":
            continue
        try:
            number = as_number(typed)
            width = float(answer.findtext("tolerance") or 0)
        except (RefusedError, ValueError):
            reading.note(NO_NUMBER, text=typed[:40])
            return ""
        if _fraction(answer) >= RIGHT:
            if "key" in body:
                reading.note(MORE_RIGHT)
                continue
            body["key"] = number
            if width > 0:
                body["tolerance"] = {"absolute": width}
        elif why := _rich(answer, "feedback"):
            mistake: dict[str, Any] = {"value": number}
            prose.put(mistake, "why", why)
            mistakes.append(mistake)
    if "key" not in body:
        reading.note(NO_RIGHT)
        return ""
    if mistakes:
        body["mistakes"] = mistakes
    _units(element, body)
    return "numeric"


def as_number(typed: str) -> int | float:
    """A number as people and programs write it; whole ones without a point stay whole. Raises RefusedError."""
    number = read_number(typed)
    return int(number) if number.is_integer() and abs(number) < 2**53 and "." not in typed else number


def _units(element: Element, body: dict[str, Any]) -> None:
    """The default unit, and others by their factor: Moodle's multiplier says how many of them make one."""
    units = []
    for unit in element.findall("units/unit"):
        name = (unit.findtext("unit_name") or "").strip()
        try:
            multiplier = float(unit.findtext("multiplier") or 1)
        except ValueError:
            continue
        if name and multiplier > 0:
            units.append((name, multiplier))
    own = [name for name, multiplier in units if multiplier == 1]
    if own:
        body["unit_ko"], body["unit_en"] = own[0], own[-1]
    others = [{"name": name, "factor": 1 / multiplier} for name, multiplier in units if multiplier != 1]
    if others:
        body["units"] = others


def _short_text(reading: Reading, element: Element, body: dict[str, Any]) -> str:
    answers, mistakes = [], []
    if (element.findtext("usecase") or "0").strip() == "1":
        reading.note(CASE)
    for answer in element.findall("answer"):
        typed = (answer.findtext("text") or "").strip()
        text = as_literal(typed)
        if text is None:
            if typed != "*":
                reading.note(WILDCARD)
            continue
        if _fraction(answer) >= RIGHT:
            answers.append(text)
        elif why := _rich(answer, "feedback"):
            mistake: dict[str, Any] = {"text": text}
            prose.put(mistake, "why", why)
            mistakes.append(mistake)
    return set_answers(reading, body, answers, mistakes)


def set_answers(
    reading: Reading, body: dict[str, Any], answers: list[str], mistakes: list[dict[str, Any]]
) -> str:
    """The end of reading a short text: its kind, or "" where nothing is right."""
    if not answers:
        reading.note(NO_RIGHT)
        return ""
    body["answers"] = answers
    if mistakes:
        body["mistakes"] = mistakes
    return "short_text"


def as_literal(typed: str) -> str | None:
    """What is to be typed; None where an asterisk stands for other letters. One behind a backslash is an asterisk."""
    plain = typed.replace("\\*", "\ue000")
    return None if "*" in plain else plain.replace("\ue000", "*")


def _matching(reading: Reading, element: Element, body: dict[str, Any]) -> str:
    pairs, more = [], []
    for part in element.findall("subquestion"):
        left, right = _own_rich(part), prose.split_languages(_text(part, "answer"))
        entry: dict[str, Any] = {}
        if left:
            prose.put(entry, "left", left)
            prose.put(entry, "right", right)
            pairs.append(entry)
        else:
            prose.put(entry, "text", right)
            more.append(entry)
    set_pairs(body, pairs, more)
    return "matching"


def set_pairs(body: dict[str, Any], pairs: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    """Gives ids to pairs and to the right sides that belong to nothing."""
    body["pairs"] = [{"id": letter(place)} | pair for place, pair in enumerate(pairs)]
    if more:
        body["distractors"] = [
            {"id": letter(place)} | entry for place, entry in enumerate(more, start=len(pairs))
        ]


def _ordering(reading: Reading, element: Element, body: dict[str, Any]) -> str:
    answers = sorted(element.findall("answer"), key=_fraction)
    body["items"] = []
    for place, answer in enumerate(answers):
        item: dict[str, Any] = {"id": letter(place)}
        prose.put(item, "text", _own_rich(answer))
        body["items"].append(item)
    return "ordering"


READERS: dict[str, Callable[[Reading, Element, dict[str, Any]], str]] = {
    "multichoice": _choices,
    "truefalse": _true_false,
    "numerical": _numeric,
    "shortanswer": _short_text,
    "matching": _matching,
    "ordering": _ordering,
}
"""Each fills `body` and names our kind, or notes why not and answers ""."""
