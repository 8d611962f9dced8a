"""Texts on their way: our Markdown in two languages <-> the HTML of other systems.

Two languages stand as Moodle's own multi-language filter wants them:

    <span lang="ko" class="multilang">...</span><span lang="en" class="multilang">...</span>

Formulas stand as \\( \\) and $$ $$, which MathJax filters know.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdownify import markdownify
from mdit_py_plugins.dollarmath import dollarmath_plugin

from quizzes.kinds.base import LANGUAGES, RefusedError, gettext_noop
from web.text import KoreanInlineParser

MAX_TEXT = 20_000
TOO_LONG = gettext_noop("Not taken: one of its texts is longer than %(limit)s characters.")
TOO_NESTED = gettext_noop("Not taken: the HTML of one of its texts is nested too deep.")

Texts = dict[str, str]
"""Language -> Markdown. A text without a language stands under "" alone."""

_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>\s*", re.DOTALL)
_SPAN_TAG = re.compile(r"<(?P<close>/?)span\b(?P<attributes>[^<>]*)>")
_LANGUAGE = re.compile(r"\blang=[\"']([a-zA-Z]{2})")
_CURLY = re.compile(
    r"\{mlang (?P<language>[a-zA-Z]{2})[^{}]*\}(?P<text>(?:(?!\{mlang).)*)\{mlang\}", re.DOTALL
)
# Each part stops at its own opening mark, so that a text full of open ones is still read once.
_MATH = re.compile(
    r"\\\((?P<inline>(?:(?!\\[()]).)+)\\\)|\\\[(?P<block>(?:(?!\\[\[\]]).)+)\\\]|\$\$(?P<dollars>(?:(?!\$\$).)+)\$\$",
    re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def texts_of(source: dict[str, Any], name: str) -> Texts:
    """The text `name` of a body in the languages in which it is there."""
    return {
        language: source[f"{name}_{language}"] for language in LANGUAGES if source.get(f"{name}_{language}")
    }


def put(target: dict[str, Any], name: str, texts: Texts) -> None:
    """Writes `texts` into a body; one without a language stands for both."""
    for language in LANGUAGES:
        text = texts.get(language) or texts.get("") or next(iter(texts.values()), "")
        if text:
            target[f"{name}_{language}"] = text


def chosen(texts: Texts, language: str) -> Texts:
    """The languages that a file is written in: "ko", "en" or "both"."""
    return texts if language == "both" or language not in texts else {"": texts[language]}


def to_html(texts: Texts, language: str) -> str:
    return _join({name: _render(text) for name, text in chosen(texts, language).items()})


def to_plain(texts: Texts, language: str) -> str:
    """For places that show no HTML: the Markdown as it is."""
    return _join(chosen(texts, language))


def _join(texts: Texts) -> str:
    different = set(texts.values())
    if len(different) <= 1:
        return next(iter(different), "")
    return "".join(
        f'<span lang="{name}" class="multilang">{text}</span>' if name else text
        for name, text in texts.items()
    )


def from_html(html: str) -> Texts:
    """What a text of another system says, as Markdown. Raises RefusedError for one that no question needs."""
    if len(html) > MAX_TEXT:
        raise RefusedError(TOO_LONG, limit=f"{MAX_TEXT:,}")
    try:
        return {language: _to_markdown(text) for language, text in split_languages(html).items()}
    except RecursionError as error:
        raise RefusedError(TOO_NESTED) from error


def split_languages(text: str) -> Texts:
    """The parts of a text that is marked for languages; a text that is not marked stands under ""."""
    found = _spans(text) or {match["language"].lower(): match["text"] for match in _CURLY.finditer(text)}
    ours = {language: part.strip() for language, part in found.items() if language in LANGUAGES}
    return ours or {"": text.strip()}


def _spans(text: str) -> Texts:
    """Moodle's own marks, in one pass: spans of other kinds may stand within."""
    found: Texts = {}
    language, start, depth = "", 0, 0
    for tag in _SPAN_TAG.finditer(text):
        if not language:
            named = _LANGUAGE.search(tag["attributes"])
            if named and "multilang" in tag["attributes"]:
                language, start, depth = named[1].lower(), tag.end(), 1
            continue
        depth += -1 if tag["close"] else 1
        if depth == 0:
            found[language] = text[start : tag.start()]
            language = ""
    return found


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})
    markdown.inline = KoreanInlineParser()
    markdown.configure("commonmark", options_update={"html": False, "xhtmlOut": True})
    markdown.enable(["table", "strikethrough"])
    markdown.use(dollarmath_plugin, double_inline=True, allow_space=False)
    markdown.add_render_rule("math_inline", lambda self, tokens, place, *_: f"\\({_escape(tokens[place])}\\)")
    for rule in ("math_inline_double", "math_block"):
        markdown.add_render_rule(rule, lambda self, tokens, place, *_: f"$${_escape(tokens[place])}$$")
    return markdown


def _escape(token: Any) -> str:
    return token.content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _render(text: str) -> str:
    html = _parser().render(_CONTROL.sub("", text)).strip()
    alone = _ONE_PARAGRAPH.fullmatch(html)
    return alone[1] if alone else html


def _to_markdown(html: str) -> str:
    """markdownify would escape what stands in a formula: formulas step aside while it works."""
    formulas: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        inner = match["inline"] or match["block"] or match["dollars"]
        plain = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
        formulas.append(f"${plain}$" if match["inline"] else f"$${plain}$$")
        return f"\ue000{len(formulas) - 1}\ue001"

    held = _MATH.sub(put_aside, html)
    text = markdownify(
        held,
        heading_style="ATX",
        bullets="-",
        strip=["img", "script", "style", "a"],
        code_language_callback=_code_language,
    )
    text = re.sub(r"\ue000(\d+)\ue001", lambda match: formulas[int(match[1])], text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _code_language(pre: Any) -> str:
    """What stands behind the fence: <pre><code class="language-python">."""
    code = pre.find("code")
    names = [each for each in (code.get("class") or [] if code else []) if each.startswith("language-")]
    return names[0].removeprefix("language-") if names else ""
