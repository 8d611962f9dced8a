"""{% load quizzes %}: Markdown inside a label, where no paragraph may stand; listings, also with gaps to fill in."""

from __future__ import annotations

import re

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from quizzes.paper import Line
from web.text import highlight_code, parser, sanitize

register = template.Library()

GAP = re.compile(r"\{\{(\d+)\}\}")
# What stands for a gap while the listing is highlighted: a name, so that the code around it stays code.
MARK = re.compile(r"_gap_(\d+)_")
MARKUP = re.compile(r"[`*_]{1,3}(\S(?:.*?\S)?)[`*_]{1,3}")


@register.filter
def inline_markdown(value: str | None) -> SafeString:
    """{{ option.text|inline_markdown }}: code, emphasis and formulas, no blocks."""
    return mark_safe(sanitize(parser().renderInline(value or "")))  # noqa: S308 - sanitized


@register.filter
def plain(value: str) -> str:
    """{{ option.text|plain }} for <option>, which takes no markup: without it, and without text where there are formulas."""
    return "" if "$" in value else MARKUP.sub(r"\1", value)


@register.filter
def letter(number: int) -> str:
    """{{ forloop.counter|letter }}: A, B, C ..."""
    return chr(ord("A") + number - 1)


@register.filter
def percent(share: float | None) -> str:
    """{{ share|percent }}: 0.5 as 50 %, None as a dash."""
    return "–" if share is None else f"{round(100 * share)} %"


@register.filter
def percent_number(share: float) -> int:
    """{{ share|percent_number }} for <progress max="100">."""
    return round(100 * share)


@register.filter
def seconds(value: float | None) -> str:
    """{{ value|seconds }}: 1:05 for 65, a dash for None."""
    return "–" if value is None else f"{round(value) // 60}:{round(value) % 60:02d}"


@register.simple_tag
def listing(code: str) -> SafeString:
    """{% listing code %}: Python, highlighted."""
    return mark_safe(  # noqa: S308 - the highlighter escapes
        f'<pre class="code" tabindex="0"><code>{highlight_code(code.rstrip(), "python", "")}</code></pre>'
    )


@register.simple_tag
def listing_with_gaps(line: Line) -> SafeString:
    """{% listing_with_gaps line %}: the same, with a field in each of its gaps."""
    marked = GAP.sub(r"_gap_\1_", line.presented.code.rstrip())

    def field(mark: re.Match[str]) -> str:
        number = int(mark[1])
        context = {"line": line, "number": number, "value": line.fields[number - 1]}
        return render_to_string("quizzes/parts/gap.html", context).strip()

    html = MARK.sub(field, highlight_code(marked, "python", ""))
    return mark_safe(f'<pre class="code"><code>{html}</code></pre>')  # noqa: S308 - the highlighter escapes
