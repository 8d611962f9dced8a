"""One question -> one QTI 2.1 assessmentItem.

Response processing is written out: SCORE is a share of 1, and FEEDBACK names the modalFeedback to show, which says the
misconception behind a wrong answer; the explanation is shown after every answer.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import (
    Element,
    SubElement,
    fromstring,
)

from . import prose
from .completing import is_filler
from .contract import Entry

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
RESPONSE = "RESPONSE"


def build(entry: Entry, language: str) -> Element:
    """The element of one question; `entry` is of `KINDS`."""
    item = _Item(entry, language)
    WRITERS[entry["kind"]](item)
    return item.element()


class _Item:
    """The parts of an item, which the standard wants in a fixed order."""

    def __init__(self, entry: Entry, language: str) -> None:
        self.entry, self.language = entry, language
        self.declaration = Element("responseDeclaration", identifier=RESPONSE)
        self.body = Element("itemBody")
        self.processing = Element("responseProcessing")
        self.feedback: list[Element] = []
        self.rich(self.body, "div", prose.texts_of(entry, "stem"))

    def element(self) -> Element:
        fields = {
            "xmlns": NAMESPACE,
            "identifier": self.entry["slug"],
            "title": self.entry["slug"],
            "adaptive": "false",
            "timeDependent": "false",
        }
        if self.language != "both":
            fields["xml:lang"] = self.language
        root = Element("assessmentItem", fields)
        root.append(self.declaration)
        is_multiple = self.entry["kind"] == "multiple_choice"
        for name, base, cardinality in (
            ("SCORE", "float", "single"),
            ("FEEDBACK", "identifier", "multiple" if is_multiple else "single"),
            ("SOLUTION", "identifier", "single"),
        ):
            declared = {"identifier": name, "baseType": base, "cardinality": cardinality}
            SubElement(root, "outcomeDeclaration", declared)
        root.append(self.body)
        root.append(self.processing)
        self.show("SOLUTION", "explanation", prose.texts_of(self.entry, "explanation"))
        solution = SubElement(self.processing, "setOutcomeValue", identifier="SOLUTION")
        SubElement(solution, "baseValue", baseType="identifier").text = "explanation"
        root.extend(self.feedback)
        return root

    def rich(self, parent: Element, tag: str, texts: prose.Texts, **fields: str) -> Element:
        """<tag> with a div for each language."""
        target = SubElement(parent, tag, fields)
        for language, text in prose.chosen(texts, self.language).items():
            html = prose.to_html({"": text}, "both")
            named = f' xml:lang="{language}"' if language else ""
            target.append(fromstring(f"<div{named}>{html}</div>"))  # noqa: S314 - our Markdown's own output
        return target

    def show(self, outcome: str, identifier: str, texts: prose.Texts) -> None:
        """Feedback that an outcome names; a filler of ours does not travel."""
        if not texts or is_filler(texts):
            return
        holder = Element("holder")
        fields = {"outcomeIdentifier": outcome, "identifier": identifier, "showHide": "show"}
        self.feedback.append(self.rich(holder, "modalFeedback", texts, **fields))

    def declare(self, base: str, cardinality: str, values: list[str]) -> None:
        self.declaration.set("cardinality", cardinality)
        self.declaration.set("baseType", base)
        holder = SubElement(self.declaration, "correctResponse")
        for value in values:
            SubElement(holder, "value").text = value

    def map(self, values: dict[str, float], **fields: str) -> None:
        """A mapping of answers to credit, and the processing that uses it."""
        mapping = SubElement(self.declaration, "mapping", {"lowerBound": "0", "defaultValue": "0"})
        for key, credit in values.items():
            SubElement(mapping, "mapEntry", {"mapKey": key, "mappedValue": f"{credit:.6g}"} | fields)
        score = SubElement(self.processing, "setOutcomeValue", identifier="SCORE")
        SubElement(score, "mapResponse", identifier=RESPONSE)

    def name_feedback(self) -> None:
        """FEEDBACK is the answer itself: each choice's feedback has the choice's own identifier."""
        named = SubElement(self.processing, "setOutcomeValue", identifier="FEEDBACK")
        SubElement(named, "variable", identifier=RESPONSE)

    def match_correct(self) -> None:
        condition = SubElement(SubElement(self.processing, "responseCondition"), "responseIf")
        match = SubElement(condition, "match")
        SubElement(match, "variable", identifier=RESPONSE)
        SubElement(match, "correct", identifier=RESPONSE)
        self.set_score(condition, 1)

    @staticmethod
    def set_score(parent: Element, score: int) -> None:
        value = SubElement(parent, "setOutcomeValue", identifier="SCORE")
        SubElement(value, "baseValue", baseType="float").text = str(score)


def _interaction(item: _Item, tag: str, **fields: str) -> Element:
    return SubElement(item.body, tag, {"responseIdentifier": RESPONSE} | fields)


def _choices(item: _Item) -> None:
    entry = item.entry
    is_single = entry["kind"] == "single_choice"
    keys = [entry["key"]] if is_single else entry["keys"]
    item.declare("identifier", "single" if is_single else "multiple", keys)
    shuffle = "true" if entry.get("shuffle", True) else "false"
    holder = _interaction(item, "choiceInteraction", shuffle=shuffle, maxChoices="1" if is_single else "0")
    for choice in entry["choices"]:
        item.rich(holder, "simpleChoice", prose.texts_of(choice, "text"), identifier=choice["id"])
        item.show("FEEDBACK", choice["id"], prose.texts_of(choice, "why"))
    share = 1 / len(keys)
    wrong = {} if is_single else {each["id"]: -share for each in entry["choices"] if each["id"] not in keys}
    item.map(dict.fromkeys(keys, share) | wrong)
    item.name_feedback()


def _true_false(item: _Item) -> None:
    item.declare("identifier", "single", ["true" if item.entry["key"] else "false"])
    holder = _interaction(item, "choiceInteraction", shuffle="false", maxChoices="1")
    for identifier, texts in (("true", {"ko": "참", "en": "True"}), ("false", {"ko": "거짓", "en": "False"})):
        item.rich(holder, "simpleChoice", texts, identifier=identifier)
    item.show("FEEDBACK", "false" if item.entry["key"] else "true", prose.texts_of(item.entry, "why"))
    item.match_correct()
    item.name_feedback()


def _text_field(item: _Item, **fields: str) -> None:
    paragraph = SubElement(item.body, "p")
    fields = {"responseIdentifier": RESPONSE} | fields
    units = prose.chosen(prose.texts_of(item.entry, "unit"), item.language).values()
    SubElement(paragraph, "textEntryInteraction", fields).tail = " / ".join(dict.fromkeys(units))


def _numeric(item: _Item) -> None:
    entry = item.entry
    item.declare("float", "single", [repr(entry["key"])])
    _text_field(item, expectedLength="20")
    tolerance = entry.get("tolerance", {})
    width = max(tolerance.get("absolute", 0), tolerance.get("relative", 0) * abs(entry["key"]))
    condition = SubElement(item.processing, "responseCondition")
    first = SubElement(condition, "responseIf")
    mode = {"toleranceMode": "absolute" if width else "exact"}
    equal = SubElement(first, "equal", mode | ({"tolerance": f"{width!r} {width!r}"} if width else {}))
    SubElement(equal, "variable", identifier=RESPONSE)
    SubElement(equal, "correct", identifier=RESPONSE)
    item.set_score(first, 1)
    for place, mistake in enumerate(entry.get("mistakes", []), start=1):
        branch = SubElement(condition, "responseElseIf")
        equal = SubElement(branch, "equal", toleranceMode="exact")
        SubElement(equal, "variable", identifier=RESPONSE)
        SubElement(equal, "baseValue", baseType="float").text = repr(mistake["value"])
        _name_mistake(item, branch, place, prose.texts_of(mistake, "why"))


def _short_text(item: _Item) -> None:
    entry = item.entry
    item.declare("string", "single", entry["answers"][:1])
    _text_field(item, expectedLength="40")
    item.map(dict.fromkeys(entry["answers"], 1.0), caseSensitive="false")
    condition = None
    for place, mistake in enumerate(entry.get("mistakes", []), start=1):
        if condition is None:
            condition = SubElement(item.processing, "responseCondition")
        branch = SubElement(condition, "responseIf" if place == 1 else "responseElseIf")
        match = SubElement(branch, "stringMatch", caseSensitive="false")
        SubElement(match, "variable", identifier=RESPONSE)
        SubElement(match, "baseValue", baseType="string").text = mistake["text"]
        _name_mistake(item, branch, place, prose.texts_of(mistake, "why"))


def _name_mistake(item: _Item, branch: Element, place: int, why: prose.Texts) -> None:
    named = SubElement(branch, "setOutcomeValue", identifier="FEEDBACK")
    SubElement(named, "baseValue", baseType="identifier").text = f"mistake-{place}"
    item.show("FEEDBACK", f"mistake-{place}", why)


def _ordering(item: _Item) -> None:
    item.declare("identifier", "ordered", [each["id"] for each in item.entry["items"]])
    holder = _interaction(item, "orderInteraction", shuffle="true")
    for each in sorted(
        item.entry["items"], key=lambda one: prose.to_plain(prose.texts_of(one, "text"), "en")
    ):
        item.rich(holder, "simpleChoice", prose.texts_of(each, "text"), identifier=each["id"])
    item.match_correct()


def _matching(item: _Item) -> None:
    pairs = item.entry["pairs"]
    item.declare("directedPair", "multiple", [f"L{each['id']} R{each['id']}" for each in pairs])
    holder = _interaction(item, "matchInteraction", shuffle="true", maxAssociations=str(len(pairs)))
    lefts = SubElement(holder, "simpleMatchSet")
    rights = SubElement(holder, "simpleMatchSet")
    for pair in pairs:
        fields = {"identifier": f"L{pair['id']}", "matchMax": "1"}
        item.rich(lefts, "simpleAssociableChoice", prose.texts_of(pair, "left"), **fields)
    others = [(each["id"], prose.texts_of(each, "text")) for each in item.entry.get("distractors", [])]
    for identifier, texts in [(each["id"], prose.texts_of(each, "right")) for each in pairs] + others:
        fields = {"identifier": f"R{identifier}", "matchMax": str(len(pairs))}
        item.rich(rights, "simpleAssociableChoice", texts, **fields)
    item.map({f"L{each['id']} R{each['id']}": 1 / len(pairs) for each in pairs})


WRITERS: dict[str, Callable[[_Item], None]] = {
    "single_choice": _choices,
    "multiple_choice": _choices,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "ordering": _ordering,
    "matching": _matching,
}
KINDS = frozenset(WRITERS)
