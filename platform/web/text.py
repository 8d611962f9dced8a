"""Texts of content: two languages, Markdown with formulas."""

import datetime as dt
from functools import lru_cache
from typing import Any

import nh3
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

LANGUAGES = ("ko", "en")
MAX_MARKDOWN = 100_000
"""Characters. Adversarial Markdown of this length takes up to 0.6 s."""


WEEKDAYS_KO = "월화수목금토일"


def language() -> str:
    """ "ko" or "en": the one of this request."""
    return (get_language() or LANGUAGES[0])[:2]


def localized(obj: Any, name: str) -> str:
    """`obj.<name>_<language>`, or the other language's text when that is empty. Mappings work too."""
    for candidate in (language(), *LANGUAGES):
        key = f"{name}_{candidate}"
        value = obj.get(key) if isinstance(obj, dict) else getattr(obj, key, "")
        if value:
            return str(value)
    return ""


def short_date(date: dt.date) -> str:
    """ "2026. 3. 17. (화)" or "Tue 17 Mar 2026". Django's Korean formats spell the weekday out: too long for a table."""
    if language() == "ko":
        return f"{date.year}. {date.month}. {date.day}. ({WEEKDAYS_KO[date.weekday()]})"
    return date_format(date, "D j M Y")


def is_cjk_letter(character: str) -> bool:
    return (
        "\uac00" <= character <= "\ud7a3"
        or "\u1100" <= character <= "\u11ff"
        or "\u3040" <= character <= "\u9fff"
    )


class KoreanStateInline(StateInline):
    """Emphasis beside Korean letters.

    CommonMark sees no end of emphasis in `**손실(loss)**은`: punctuation before the stars, a letter after them. Korean
    writes particles straight after the word, so a CJK letter beside a star counts as punctuation for this rule.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N803  (its names)
        scanned = super().scanDelims(start, canSplitWord)
        if self.src[start] != "*":
            return scanned
        end = start + scanned.length
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < len(self.src) else " "
        can_open = scanned.can_open or (is_cjk_letter(before) and not after.isspace())
        can_close = scanned.can_close or (is_cjk_letter(after) and not before.isspace())
        return Scanned(can_open, can_close, scanned.length)


class KoreanInlineParser(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = KoreanStateInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def highlight_code(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    return highlight(code, lexer, HtmlFormatter(nowrap=True))


def align_by_class(state: StateCore) -> None:
    """Table cells get a class instead of a style: the content security policy forbids style attributes."""
    for token in state.tokens:
        style = str(token.attrs.pop("style", "")) if token.type in ("td_open", "th_open") else ""
        if style.startswith("text-align:"):
            token.attrSet("class", f"align-{style.removeprefix('text-align:')}")


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    options = {"html": False, "highlight": highlight_code}
    markdown = MarkdownIt("commonmark")
    markdown.inline = KoreanInlineParser()
    markdown.configure("commonmark", options_update=options)
    markdown.enable(["table", "strikethrough"])
    # Formulas stay text, escaped by the plugin: static/web/math.js typesets them.
    markdown.use(dollarmath_plugin, double_inline=True, allow_space=False)
    markdown.core.ruler.push("align_by_class", align_by_class)
    return markdown


def sanitize(html: str) -> str:
    """Only what our Markdown makes; nh3 drops scripts, handlers, javascript: links and styles."""
    tags = nh3.ALLOWED_TAGS - {"map", "area", "bdi", "bdo", "data"}
    attributes = {
        "a": {"href", "title"},
        "img": {"src", "alt", "title"},
        "code": {"class"},
        "pre": {"class"},
        "span": {"class"},
        "div": {"class"},
        "td": {"class"},
        "th": {"class"},
        "ol": {"start"},
    }
    return nh3.clean(html, tags=tags, attributes=attributes, url_schemes={"http", "https", "mailto"})


@lru_cache(maxsize=512)
def render_markdown(text: str) -> SafeString:
    """Markdown -> HTML that is safe to show; longer than MAX_MARKDOWN is cut."""
    return mark_safe(sanitize(parser().render(text[:MAX_MARKDOWN])))  # noqa: S308  (sanitized)
