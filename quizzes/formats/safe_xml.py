"""XML from strangers: no document type, no entity, and bounded before it grows."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from quizzes.kinds.base import gettext_noop

from .contract import FormatError, check_size

MAX_ELEMENTS = 300_000
MAX_DEPTH = 60

NO_XML = gettext_noop("This is not well-formed XML (line %(line)s).")
FORBIDDEN = gettext_noop(
    "The file declares a document type or entities. They can read other files or grow without end, so it is refused."
)
TOO_DEEP = gettext_noop("The XML is nested more than %(limit)s levels deep, so it is refused.")
TOO_WIDE = gettext_noop("The XML has more than %(limit)s elements, so it is refused.")
ENCODING = gettext_noop("The XML declares an encoding that is not known. Please save it as UTF-8.")


class _Bounded(TreeBuilder):
    """Counts while it builds: a file of 10 MB can hold millions of elements."""

    def __init__(self) -> None:
        super().__init__()
        self.count = self.depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.count += 1
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormatError(TOO_DEEP, limit=str(MAX_DEPTH))
        if self.count > MAX_ELEMENTS:
            raise FormatError(TOO_WIDE, limit=f"{MAX_ELEMENTS:,}")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


def parse(data: bytes) -> Element:
    """The root element. Raises FormatError."""
    check_size(data)
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise FormatError(FORBIDDEN) from error
    except ParseError as error:
        raise FormatError(NO_XML, line=str(error.position[0])) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(ENCODING) from error
    return root


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
