"""What the readers of QTI look up in an item: its texts by language, its right answers, its feedback."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from xml.etree.ElementTree import Element, tostring

from . import prose


class Item:
    """One item of one interaction."""

    def __init__(self, root: Element, interaction: Element) -> None:
        self.root, self.interaction = root, interaction
        wanted = interaction.get("responseIdentifier")
        declarations = root.findall("responseDeclaration")
        self.declaration = next(
            (each for each in declarations if each.get("identifier") == wanted), Element("none")
        )
        self.correct = [
            (each.text or "").strip() for each in self.declaration.findall("correctResponse/value")
        ]
        self.credit = dict(_credits(self.declaration))
        self.feedback = {each.get("identifier", ""): texts_in(each) for each in root.findall("modalFeedback")}

    def stem(self, body: Element) -> prose.Texts:
        """The item's body without its interaction; the interaction's own prompt belongs to it."""
        rest = deepcopy(body)
        prompt = self.interaction.find("prompt")
        for parent in list(rest.iter()):
            for child in list(parent):
                if child.tag == self.interaction.tag:
                    parent.remove(child)  # its tail, a unit behind a field, goes with it
        for paragraph in [each for each in rest if not "".join(each.itertext()).strip()]:
            rest.remove(paragraph)  # it held nothing but the field
        texts = texts_in(rest)
        more = texts_in(prompt) if prompt is not None else {}
        if not any(texts.values()):
            return more
        return {language: f"{text}\n\n{more.get(language, '')}".strip() for language, text in texts.items()}

    def why(self, choice: Element) -> prose.Texts:
        inline = choice.find(".//feedbackInline")
        return self.feedback.get(choice.get("identifier", "")) or (
            texts_in(inline) if inline is not None else {}
        )


def _credits(declaration: Element) -> Iterator[tuple[str, float]]:
    for entry in declaration.findall("mapping/mapEntry"):
        try:
            yield entry.get("mapKey", ""), float(entry.get("mappedValue", "0"))
        except ValueError:
            continue


def texts_in(element: Element) -> prose.Texts:
    """The text within: by language where its parts are marked with one."""
    while (
        len(element) == 1 and element[0].tag == "div" and not _language(element[0]) and not _has_text(element)
    ):
        element = element[0]
    parts = [each for each in element if each.tag in ("div", "span", "p") and _language(each)]
    if parts:
        return {_language(each): prose.from_html(_inner(each))[""] for each in parts}
    return prose.from_html(_inner(element))


def _has_text(element: Element) -> bool:
    """Whether words stand beside its only child."""
    return bool((element.text or "").strip() or (element[0].tail or "").strip())


def _language(element: Element) -> str:
    named = element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("lang") or ""
    return named[:2].lower() if named[:2].lower() in ("ko", "en") else ""


def _inner(element: Element) -> str:
    copy = deepcopy(element)
    for parent in list(copy.iter()):
        for child in list(parent):
            if child.tag in ("feedbackInline", "rubricBlock", "feedbackBlock"):
                parent.remove(child)
    text = tostring(copy, encoding="unicode", method="html")
    return text[text.index(">") + 1 : text.rindex("</")].strip() if "</" in text else ""
