"""{% load quizzes %}: Markdown inside a label, where no paragraph may stand."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from web.text import parser, sanitize

register = template.Library()


@register.filter
def inline_markdown(value: str | None) -> SafeString:
    """{{ option.text|inline_markdown }}: code, emphasis and formulas, no blocks."""
    return mark_safe(sanitize(parser().renderInline(value or "")))  # noqa: S308 - sanitized
