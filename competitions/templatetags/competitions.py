"""{% load competitions %}: verdicts in the words of the field, scores, code."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from competitions.models import Challenge, Submission
from sandbox.contract import Text, Verdict
from web.text import highlight_code

register = template.Library()

# Verdict -> kind of badge (its colour), icon (never colour alone), text.
BADGES = {
    Verdict.ACCEPTED: ("ok", "✓", _("Accepted!!")),
    Verdict.PARTIAL: ("warn", "◐", _("Partial score")),
    Verdict.WRONG_ANSWER: ("bad", "✕", _("Wrong answer")),
    Verdict.RUNTIME_ERROR: ("bad", "⚠", _("Runtime error")),
    Verdict.TIME_LIMIT: ("bad", "⏱", _("Time limit exceeded")),
    Verdict.MEMORY_LIMIT: ("bad", "▤", _("Memory limit exceeded")),
    Verdict.OUTPUT_LIMIT: ("bad", "≡", _("Output limit exceeded")),
    Verdict.INVALID: ("warn", "!", _("Cannot be judged")),
    Verdict.JUDGE_ERROR: ("warn", "↻", _("Judge error")),
}
WAITING = {
    Submission.State.QUEUED: ("wait", "…", _("Waiting")),
    Submission.State.RUNNING: ("wait", "▶", _("Judging")),
}
MAX_HIGHLIGHTED = 100_000  # characters; Pygments takes a second for a megabyte


@register.inclusion_tag("web/components/badge.html")
def verdict_badge(submission: Submission) -> dict:
    """The badge of a submission: where it is in the queue, or its verdict."""
    if not submission.is_finished:
        return _badge(WAITING[Submission.State(submission.state)])
    verdict = Verdict(submission.verdict)
    if verdict is Verdict.ACCEPTED and not submission.challenge.is_exercise:
        return {"kind": "ok", "icon": "✓", "text": _("Scored")}
    return _badge(BADGES[verdict])


@register.inclusion_tag("web/components/badge.html")
def test_badge(verdict: str) -> dict:
    """The badge of one test."""
    if verdict == Verdict.ACCEPTED:
        return {"kind": "ok", "icon": "✓", "text": pgettext("a test", "Passed")}
    return _badge(BADGES[Verdict(verdict)])


def _badge(parts: tuple) -> dict:
    return dict(zip(("kind", "icon", "text"), parts, strict=True))


@register.filter
def verdict_text(verdict: str) -> str:
    return str(BADGES[Verdict(verdict)][2]) if verdict else "–"


@register.filter
def score(value: float | None, challenge: Challenge | None = None) -> str:
    """Points without needless decimals; a metric with as many as tell two people apart."""
    if value is None:
        return "–"
    places = 0 if value == int(value) else 1
    if challenge is not None and not challenge.is_exercise and places:
        places = 2 if abs(value) >= 100 else 5
    # Rounded first: number_format cuts digits off.
    return number_format(Decimal(f"{value:.{places}f}"), decimal_pos=places, force_grouping=True)


@register.filter
def seconds(value: float | None) -> str:
    """0.0312 -> 31 ms; 2.5 -> 2.50 s"""
    if value is None:
        return "–"
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


@register.filter
def pick(text: Text) -> str:
    """A Text in the language of the page."""
    return text.pick(get_language() or "ko")


@register.filter
def python_code(code: str) -> SafeString:
    """Highlighted; very long code plain."""
    if len(code) > MAX_HIGHLIGHTED:
        return escape(code)
    return mark_safe(highlight_code(code, "python", ""))  # noqa: S308  Pygments has escaped it


@register.filter
def percent(fraction: float | None) -> str:
    return f"{(fraction or 0) * 100:.0f}%"
