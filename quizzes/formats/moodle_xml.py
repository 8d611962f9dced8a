"""Moodle XML, as Moodle's question bank exports and imports it (docs.moodle.org/en/Moodle_XML_format)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from . import moodle_reading, prose
from .completing import is_filler
from .contract import Entry
from .keepsake import keep

TITLE = "Moodle XML"
SUFFIX = ".xml"
MIME = "application/xml"
TYPES = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "numeric": "numerical",
    "short_text": "shortanswer",
    "matching": "matching",
    "ordering": "ordering",
}
KINDS = frozenset(TYPES)
read = moodle_reading.read


def write(entries: Sequence[Entry], language: str) -> bytes:
    """A file of UTF-8. `entries` are of `KINDS`."""
    root = Element("quiz")
    for entry in entries:
        root.append(_question(entry, language))
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def _question(entry: Entry, language: str) -> Element:
    writer = _Writer(Element("question", type=TYPES[entry["kind"]]), entry, language)
    writer.head()
    WRITERS[entry["kind"]](writer)
    found = moodle_reading.read_question(writer.element)
    SubElement(writer.element, "examprep").text = keep(entry, found.entry)
    return writer.element


class _Writer:
    """One question element in the making."""

    def __init__(self, element: Element, entry: Entry, language: str) -> None:
        self.element, self.entry, self.language = element, entry, language

    def head(self) -> None:
        self.rich(self.element, "name", {"": self.entry["slug"]}, is_html=False)
        self.rich(self.element, "questiontext", prose.texts_of(self.entry, "stem"))
        self.rich(self.element, "generalfeedback", prose.texts_of(self.entry, "explanation"))
        self.plain(defaultgrade="1", penalty="0", hidden="0", idnumber=self.entry["slug"])

    def plain(self, **fields: str) -> None:
        for name, value in fields.items():
            SubElement(self.element, name).text = value

    def rich(self, parent: Element, name: str, texts: prose.Texts, *, is_html: bool = True) -> Element:
        """<name format="html"><text>...</text></name>; a filler of ours does not travel."""
        element = SubElement(parent, name, {"format": "html"} if is_html else {})
        texts = {} if is_filler(texts) else texts
        convert = prose.to_html if is_html else prose.to_plain
        SubElement(element, "text").text = convert(texts, self.language) if texts else ""
        return element

    def answer(
        self, percent: float, texts: prose.Texts, why: prose.Texts, *, is_html: bool = True
    ) -> Element:
        element = self.rich(self.element, "answer", texts, is_html=is_html)
        element.set("fraction", f"{percent:.5f}".rstrip("0").rstrip("."))
        if not is_html:
            element.set("format", "plain_text")
        self.rich(element, "feedback", why)
        return element


def _choices(writer: _Writer) -> None:
    entry = writer.entry
    is_single = entry["kind"] == "single_choice"
    keys = [entry["key"]] if is_single else entry["keys"]
    writer.plain(
        single="true" if is_single else "false",
        shuffleanswers="true" if entry.get("shuffle", True) else "false",
        answernumbering="abc",
    )
    share = 100 / len(keys)
    for choice in entry["choices"]:
        is_right = choice["id"] in keys
        percent = share if is_right else 0 if is_single else -share
        writer.answer(percent, prose.texts_of(choice, "text"), prose.texts_of(choice, "why"))


def _true_false(writer: _Writer) -> None:
    why = prose.texts_of(writer.entry, "why")
    for word in ("true", "false"):
        is_right = (word == "true") is writer.entry["key"]
        writer.answer(100 if is_right else 0, {"": word}, {} if is_right else why, is_html=False)


def _numeric(writer: _Writer) -> None:
    entry = writer.entry
    tolerance = entry.get("tolerance", {})
    width = max(tolerance.get("absolute", 0), tolerance.get("relative", 0) * abs(entry["key"]))
    numbers: list[tuple[int, float, prose.Texts]] = [(100, entry["key"], {})]
    numbers += [(0, each["value"], prose.texts_of(each, "why")) for each in entry.get("mistakes", [])]
    for percent, number, why in numbers:
        answer = writer.answer(percent, {"": repr(number)}, why, is_html=False)
        SubElement(answer, "tolerance").text = repr(width if percent else 0)
    units = {entry[name]: 1.0 for name in ("unit_ko", "unit_en") if entry.get(name)}
    units |= {unit["name"]: 1 / unit["factor"] for unit in entry.get("units", [])}
    if units:
        holder = SubElement(writer.element, "units")
        for name, multiplier in units.items():
            unit = SubElement(holder, "unit")
            SubElement(unit, "multiplier").text = repr(multiplier)
            SubElement(unit, "unit_name").text = name
    writer.plain(unitgradingtype="0", unitpenalty="0", showunits="0" if units else "3", unitsleft="0")


def _short_text(writer: _Writer) -> None:
    writer.plain(usecase="0")
    for answer in writer.entry["answers"]:
        writer.answer(100, {"": answer.replace("*", "\\*")}, {}, is_html=False)
    for mistake in writer.entry.get("mistakes", []):
        text = mistake["text"].replace("*", "\\*")
        writer.answer(0, {"": text}, prose.texts_of(mistake, "why"), is_html=False)


def _matching(writer: _Writer) -> None:
    writer.plain(shuffleanswers="true")
    pairs = [(prose.texts_of(each, "left"), prose.texts_of(each, "right")) for each in writer.entry["pairs"]]
    pairs += [({}, prose.texts_of(each, "text")) for each in writer.entry.get("distractors", [])]
    for left, right in pairs:
        element = writer.rich(writer.element, "subquestion", left)
        writer.rich(element, "answer", right, is_html=False)


def _ordering(writer: _Writer) -> None:
    writer.plain(
        layouttype="VERTICAL", selecttype="ALL", selectcount="0", gradingtype="RELATIVE_ALL_PREVIOUS_AND_NEXT"
    )
    for place, item in enumerate(writer.entry["items"], start=1):
        element = writer.rich(writer.element, "answer", prose.texts_of(item, "text"))
        element.set("fraction", str(place))


WRITERS: dict[str, Callable[[_Writer], None]] = {
    "single_choice": _choices,
    "multiple_choice": _choices,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
}
