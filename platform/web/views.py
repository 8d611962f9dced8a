"""The home page and the error pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from web import errors
from web.panels import render_panels


@login_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html", {"panels": render_panels(request, settings.DASHBOARD_PANELS)})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.answer(request, 403, str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's secret is missing or old: mostly a page that stayed open over a sign-out."""
    return errors.answer(request, 403, _("This form has expired. Reload the page and send it again."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.answer(request, 404, errors.reason_of(exception))


def server_error(request: HttpRequest) -> HttpResponse:
    return errors.answer(request, 500)
