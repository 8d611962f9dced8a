"""{% load web %}: localized, markdown, course_time, course_deadline, querystring helpers."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString

from web import editor
from web import text as texts
from web.vendor import vendor_url

register = template.Library()


@register.filter
def localized(obj: Any, name: str) -> str:
    """{{ topic|localized:"title" }}"""
    return texts.localized(obj, name)


@register.filter
def markdown(value: str | None) -> SafeString:
    """{{ statement|markdown }}, inside <div class="prose">"""
    return texts.render_markdown(value or "")


@register.filter
def course_time(value: dt.datetime | dt.date | None, zone: str = settings.TIME_ZONE) -> str:
    """A time as the class reads it, "2026. 3. 17. (화) 09:00" or "Tue 17 Mar 2026, 09:00", in the course's zone.

    A date comes without the time, None as a dash.
    """
    if value is None or value == "":
        return "–"
    if not isinstance(value, dt.datetime):
        return texts.short_date(value)
    local = timezone.localtime(value, ZoneInfo(str(zone)))
    return _day_and_clock(local, f"{local:%H:%M}")


@register.filter
def course_deadline(value: dt.datetime | None, zone: str = settings.TIME_ZONE) -> str:
    """An end as people say it: midnight is 24:00 of the day that ends, for nobody reads 00:00 as the day before."""
    if not value:
        return "–"
    local = timezone.localtime(value, ZoneInfo(str(zone)))
    if local.time() != dt.time.min:
        return course_time(value, zone)
    return _day_and_clock(local.date() - dt.timedelta(days=1), "24:00")


def _day_and_clock(day: dt.date, clock: str) -> str:
    separator = " " if texts.language() == "ko" else ", "
    return f"{texts.short_date(day)}{separator}{clock}"


@register.simple_tag
def editor_phrases() -> str:
    """The code editor's words as JSON, escaped for an attribute."""
    return editor.phrases()


@register.simple_tag
def vendor(library: str, file: str) -> str:
    """{% vendor "pico" "pico.min.css" %} -> the address of that file in static/vendor/pico-VERSION/"""
    return vendor_url(library, file)
