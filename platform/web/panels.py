"""Dashboards made of the apps' panels: functions named in the settings, so that no app is imported here."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString


def render_panels(request: HttpRequest, dotted_names: list[str]) -> list[SafeString]:
    """Each panel is `panel(request) -> {"template": ..., "context": {...}} | None`; None leaves it out."""
    panels = [import_string(name)(request) for name in dotted_names]
    return [render_to_string(panel["template"], panel["context"], request) for panel in panels if panel]
