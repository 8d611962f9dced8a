"""A QTI 2.1 item -> a question. Items of one interaction are read; what its scoring does beyond that is noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from quizzes.kinds.base import RefusedError, gettext_noop

from . import prose, safe_xml
from .completing import finish, letter
from .contract import FormatError, Reading, guarded
from .moodle_reading import (
    MORE_RIGHT,
    NO_NUMBER,
    NO_RIGHT,
    OWN_WEIGHTS,
    PICTURE,
    as_number,
    set_answers,
    set_pairs,
)
from .qti_lookup import Item, texts_in

NO_ITEM = gettext_noop(
    "This is no QTI 2.1: its outermost element is “%(name)s” where “assessmentItem” belongs."
)
OTHER_VERSION = gettext_noop("This is QTI of another version. Please export it as QTI 2.1.")
UNKNOWN = gettext_noop("Not taken: there is no kind of question here for “%(type)s”.")
SEVERAL = gettext_noop("Not taken: it has %(count)s interactions; a question here has one.")
LONGEST_UNIT = 20
_TRUTH = ({"true", "false"}, {"참", "거짓"}, {"o", "x"})


def read_item(data: bytes, kept: str, *, must_be_item: bool = False) -> Reading:
    """One question. With `must_be_item` a file that is no item raises FormatError; else it is noted."""
    reading = Reading("?")
    try:
        root = safe_xml.parse(data)
        _check_root(root)
    except FormatError as error:
        if must_be_item:
            raise
        reading.note(error.message, **error.params)
        return reading
    for element in root.iter():
        element.tag = safe_xml.local(element)
    reading.name = (root.get("title") or root.get("identifier") or "?")[:200]
    return guarded(reading, lambda: _fill(reading, root, kept))


def _check_root(root: Element) -> None:
    name = safe_xml.local(root)
    if name in ("qti-assessment-item", "questestinterop"):
        raise FormatError(OTHER_VERSION)
    if name != "assessmentItem":
        raise FormatError(NO_ITEM, name=name[:40])


def _fill(reading: Reading, root: Element, kept: str) -> None:
    body_element = root.find("itemBody")
    found = [each for each in root.iter() if each.tag.endswith("Interaction")]
    if body_element is None or len(found) != 1:
        reading.note(SEVERAL, count=str(len(found)))
        return
    reader = READERS.get(found[0].tag)
    if reader is None:
        reading.note(UNKNOWN, type=found[0].tag[:40])
        return
    if root.find(".//img") is not None or root.find(".//object") is not None:
        reading.note(PICTURE)
    body: dict[str, Any] = {}
    item = Item(root, found[0])
    prose.put(body, "stem", item.stem(body_element))
    prose.put(body, "explanation", item.feedback.get("explanation", {}))
    if kind := reader(reading, item, body):
        finish(reading, kind, body, kept)


def _choices(reading: Reading, item: Item, body: dict[str, Any]) -> str:
    choices = item.interaction.findall("simpleChoice")
    right = item.correct or [key for key, credit in item.credit.items() if credit > 0]
    if not right:
        reading.note(NO_RIGHT)
        return ""
    is_single = item.declaration.get("cardinality") == "single"
    if is_single and _is_truth(choices):
        return _true_false(item, choices, right[0], body)
    body["choices"], ids = [], {}
    for place, element in enumerate(choices):
        choice: dict[str, Any] = {"id": letter(place)}
        ids[element.get("identifier", "")] = letter(place)
        prose.put(choice, "text", texts_in(element))
        prose.put(choice, "why", item.why(element))
        body["choices"].append(choice)
    if item.interaction.get("shuffle", "false") == "false":
        body["shuffle"] = False
    keys = [ids[each] for each in right if each in ids]
    if len({credit for credit in item.credit.values() if credit > 0}) > 1:
        reading.note(OWN_WEIGHTS)
    if is_single:
        body["key"] = keys[0] if keys else ""
        for choice in body["choices"]:
            if choice["id"] == body["key"]:
                choice.pop("why_ko", None)
                choice.pop("why_en", None)
        return "single_choice"
    body["keys"] = sorted(keys)
    return "multiple_choice"


def _is_truth(choices: list[Element]) -> bool:
    if len(choices) != 2:
        return False
    named = {each.get("identifier", "").lower() for each in choices}
    said = {" ".join("".join(each.itertext()).split()).lower() for each in choices}
    return named in _TRUTH or said in _TRUTH


def _true_false(item: Item, choices: list[Element], right: str, body: dict[str, Any]) -> str:
    for choice in choices:
        identifier = choice.get("identifier", "")
        said = " ".join("".join(choice.itertext()).split()).lower()
        if identifier == right:
            body["key"] = identifier.lower() == "true" or said in ("true", "참", "o")
        else:
            prose.put(body, "why", item.why(choice))
    return "true_false" if "key" in body else ""


def _text_entry(reading: Reading, item: Item, body: dict[str, Any]) -> str:
    if item.declaration.get("baseType") in ("float", "integer"):
        return _numeric(reading, item, body)
    answers = [key for key, credit in item.credit.items() if credit > 0] or item.correct
    first = [each for each in item.correct if each in answers]
    return set_answers(reading, body, list(dict.fromkeys(first + answers)), _mistakes(item, "text", str))


def _numeric(reading: Reading, item: Item, body: dict[str, Any]) -> str:
    if not item.correct:
        reading.note(NO_RIGHT)
        return ""
    if len(item.correct) > 1:
        reading.note(MORE_RIGHT)
    try:
        body["key"] = as_number(item.correct[0])
        mistakes = _mistakes(item, "value", as_number)
    except RefusedError:
        reading.note(NO_NUMBER, text=item.correct[0][:40])
        return ""
    width = _width(item.root, body["key"])
    if width > 0:
        body["tolerance"] = {"absolute": width}
    units = [each.strip() for each in (item.interaction.tail or "").split(" / ")]
    if units[0] and len(units) <= 2 and all(0 < len(each) <= LONGEST_UNIT for each in units):
        body["unit_ko"], body["unit_en"] = units[0], units[-1]
    if mistakes:
        body["mistakes"] = mistakes
    return "numeric"


def _width(root: Element, key: float) -> float:
    """Half the width of what the item's own processing takes for right; 0 where it wants the number itself."""
    for equal in root.iter("equal"):
        if equal.find("correct") is None:
            continue
        try:
            widths = [float(each) for each in equal.get("tolerance", "0").split()]
        except ValueError:
            return 0.0
        widest = max(widths, default=0.0)
        return widest * abs(key) / 100 if equal.get("toleranceMode") == "relative" else widest
    return 0.0


def _mistakes(item: Item, field: str, convert: Callable[[str], Any]) -> list[dict[str, Any]]:
    """Answers for which the processing names a feedback."""
    mistakes = []
    for branch in item.root.iter():
        if branch.tag not in ("responseIf", "responseElseIf"):
            continue
        value = branch.findtext("equal/baseValue") or branch.findtext("stringMatch/baseValue")
        named = branch.findtext("setOutcomeValue/baseValue") or ""
        if value and named.strip() in item.feedback:
            mistake: dict[str, Any] = {field: convert(value.strip())}
            prose.put(mistake, "why", item.feedback[named.strip()])
            mistakes.append(mistake)
    return mistakes


def _ordering(reading: Reading, item: Item, body: dict[str, Any]) -> str:
    found = {each.get("identifier"): each for each in item.interaction.findall("simpleChoice")}
    if not item.correct or set(item.correct) != set(found):
        reading.note(NO_RIGHT)
        return ""
    body["items"] = []
    for place, identifier in enumerate(item.correct):
        entry: dict[str, Any] = {"id": letter(place)}
        prose.put(entry, "text", texts_in(found[identifier]))
        body["items"].append(entry)
    return "ordering"


def _matching(reading: Reading, item: Item, body: dict[str, Any]) -> str:
    sets = item.interaction.findall("simpleMatchSet")
    if len(sets) != 2 or not item.correct:
        reading.note(NO_RIGHT)
        return ""
    lefts, rights = ({each.get("identifier", ""): texts_in(each) for each in one} for one in sets)
    partners = dict(pair.split()[:2] for pair in item.correct if len(pair.split()) >= 2)
    pairs = []
    for identifier, left in lefts.items():
        entry: dict[str, Any] = {}
        prose.put(entry, "left", left)
        prose.put(entry, "right", rights.get(partners.get(identifier, ""), {}))
        pairs.append(entry)
    more = []
    for identifier, right in rights.items():
        if identifier not in partners.values():
            entry = {}
            prose.put(entry, "text", right)
            more.append(entry)
    set_pairs(body, pairs, more)
    return "matching"


READERS: dict[str, Callable[[Reading, Item, dict[str, Any]], str]] = {
    "choiceInteraction": _choices,
    "textEntryInteraction": _text_entry,
    "orderInteraction": _ordering,
    "matchInteraction": _matching,
}
