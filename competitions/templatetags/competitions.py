"""{% load competitions %}: verdicts in the words of the field, scores, code."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from competitions import icons, notebooks
from competitions.models import Challenge, Standing, Submission
from sandbox.contract import TestResult, Text, Verdict
from web.text import highlight_code, short_date

register = template.Library()

# Verdict -> kind of badge (its colour), icon (never colour alone), text.
BADGES = {
    Verdict.ACCEPTED: ("ok", icons.CHECK, _("Accepted!!")),
    Verdict.PARTIAL: ("warn", icons.HALF, _("Partial score")),
    Verdict.WRONG_ANSWER: ("bad", icons.CROSS, _("Wrong answer")),
    Verdict.RUNTIME_ERROR: ("bad", icons.TRIANGLE, _("Runtime error")),
    Verdict.TIME_LIMIT: ("bad", icons.CLOCK, _("Time limit exceeded")),
    Verdict.MEMORY_LIMIT: ("bad", icons.CHIP, _("Memory limit exceeded")),
    Verdict.OUTPUT_LIMIT: ("bad", icons.LINES, _("Output limit exceeded")),
    Verdict.INVALID: ("warn", icons.MARK, _("Invalid submission")),
    Verdict.JUDGE_ERROR: ("warn", icons.AGAIN, _("Judge error")),
}
SCORED = ("ok", icons.CHECK, _("Scored"))
WAITING = {
    Submission.State.QUEUED: ("wait", icons.DOTS, _("Waiting")),
    Submission.State.RUNNING: ("wait", icons.PLAY, _("Judging")),
}
MAX_HIGHLIGHTED = 100_000  # characters; Pygments takes a second for a megabyte


@register.inclusion_tag("competitions/partials/badge.html")
def verdict_badge(submission: Submission) -> dict:
    """The badge of a submission: where it is in the queue, or its verdict."""
    if not submission.is_finished:
        return _badge(WAITING[Submission.State(submission.state)])
    return _badge(_badge_of(Verdict(submission.verdict), submission.challenge))


def _badge_of(verdict: Verdict, challenge: Challenge | None) -> tuple:
    if verdict is Verdict.ACCEPTED and challenge is not None and not challenge.is_exercise:
        return SCORED
    return BADGES[verdict]


@register.inclusion_tag("competitions/partials/badge.html")
def test_badge(test: TestResult) -> dict:
    """The badge of one test; of one behind the end of the program, that it did not run."""
    if not test.ran:
        return {"kind": "none", "icon": icons.DASH, "text": pgettext("a test", "Not run")}
    if test.verdict == Verdict.ACCEPTED:
        return {"kind": "ok", "icon": icons.CHECK, "text": pgettext("a test", "Passed")}
    return _badge(BADGES[Verdict(test.verdict)])


def _badge(parts: tuple) -> dict:
    return dict(zip(("kind", "icon", "text"), parts, strict=True))


@register.filter
def verdict_text(verdict: str, challenge: Challenge | None = None) -> str:
    """In words; what is accepted in a competition is scored, neither right nor wrong."""
    if not verdict:
        return "–"
    return str(_badge_of(Verdict(verdict), challenge)[2])


@register.filter
def score(value: float | None, challenge: Challenge | None = None) -> str:
    """Points without needless decimals; a metric with as many as tell two people apart."""
    if value is None:
        return "–"
    places = 0 if value == int(value) else 1
    if challenge is not None and not challenge.is_exercise and places:
        places = 2 if abs(value) >= 100 else 3 if abs(value) >= 10 else 4 if abs(value) >= 1 else 5
    # As both languages write it. Django's number_format takes 9 µs, this 0.2, and a board has 150 of them.
    return f"{value:,.{places}f}" if abs(value) < 1e200 else f"{value:.0e}"


@register.filter
def score_range(interval: tuple[float, float] | None, challenge: Challenge | None = None) -> str:
    """(16700.2, 17100.9) -> "16,700.20 – 17,100.90"."""
    return f"{score(interval[0], challenge)} – {score(interval[1], challenge)}" if interval else ""


@register.filter
def rise_text(rise: int) -> str:
    """3 -> "up 3 places since yesterday". A board says it fifty times: {% blocktranslate count %} takes four times as long."""
    places = abs(rise)
    if rise > 0:
        text = ngettext("up %(places)s place since yesterday", "up %(places)s places since yesterday", places)
    else:
        text = ngettext("down %(places)s place since yesterday", "down %(places)s places since yesterday", places)
    return text % {"places": places}


@register.filter
def points(submission: Submission) -> str:
    """The score with its unit, where no column says what it is: "70점", "MAE 16,969.50"; empty before there is one."""
    if submission.score is None:
        return ""
    shown = score(submission.score, submission.challenge)
    if submission.challenge.is_exercise:
        return gettext("%(points)s points") % {"points": shown}
    return f"{submission.challenge.metric_label} {shown}"


@register.filter
def seconds(value: float | None) -> str:
    """0.0312 -> 0.03초, in English 0.03 s."""
    if value is None:
        return "–"
    return gettext("%(seconds)s s") % {"seconds": f"{value:.2f}" if value >= 0.01 else "< 0.01"}


@register.filter
def duration(value: int) -> str:
    """Whole seconds: 12 -> 12초, 75 -> 1분 15초."""
    minutes, rest = divmod(value, 60)
    if not minutes:
        return gettext("%(seconds)s s") % {"seconds": rest}
    return gettext("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}


@register.filter
def megabytes(value: float) -> str:
    return gettext("%(memory)s MB") % {"memory": f"{value:.0f}"}


@register.filter
def moment_or_day(value: datetime) -> str:
    """ "18:35" today, the date otherwise: for the narrow lists of the dashboards."""
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else short_date(local)


@register.filter
def short_moment(value: datetime, zone: str) -> str:
    """ "3. 18. 14:05", in English "18 Mar 14:05", in the course's zone: for the axis of a chart."""
    local = timezone.localtime(value, ZoneInfo(str(zone)))
    day = (
        date_format(local, "j M")
        if (get_language() or "ko").startswith("en")
        else f"{local.month}. {local.day}."
    )
    return f"{day} {local:%H:%M}"


@register.filter
def unlocalized(value: float) -> str:
    """A number for SVG, which knows no decimal comma."""
    return f"{value:g}"


@register.filter
def pick(text: Text) -> str:
    """A Text in the language of the page."""
    return text.pick(get_language() or "ko")


@register.filter
def pick_words(words: dict[str, str]) -> str:
    """{"ko", "en"} in the language of the page."""
    return Text(words.get("ko", ""), words.get("en", "")).pick(get_language() or "ko")


@register.filter
def kind_text(kind: str) -> str:
    """The name of a kind, as `Challenge.kind` has it."""
    return str(dict(Challenge.Kind.choices).get(kind, kind))


@register.filter
def python_code(code: str) -> SafeString:
    """Highlighted; very long code plain."""
    if len(code) > MAX_HIGHLIGHTED:
        return escape(code)
    return mark_safe(highlight_code(code, "python", ""))  # noqa: S308  Pygments has escaped it


@register.filter
def python_text(text: str) -> str:
    """A Python literal."""
    return notebooks.python_text(str(text))


@register.filter
def board_name(kind: str) -> str:
    """Standing.Board in words."""
    return str(Standing.Board(kind).label)


@register.filter
def percent(fraction: float | None) -> str:
    return f"{(fraction or 0) * 100:.0f}%"
