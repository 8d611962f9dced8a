"""Choosing a round; the instructor's home, made of the apps' panels."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import actions
from courses.access import RoundRequest, instructor_required
from web.panels import render_panels


@login_required
@require_POST
def choose_round(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("round", "")
    # A primary key has at most 18 digits; more would overflow in the database.
    readable = number.isdecimal() and len(number) <= 18
    if not (readable and actions.choose_round(request, int(number))):
        messages.error(request, _("You are not enrolled in that round."))
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "web:home")


@instructor_required
def instructor(request: RoundRequest) -> HttpResponse:
    enrolments = request.round.enrolments.select_related("user").order_by("role", "user__username")
    context = {
        "round": request.round,
        "panels": render_panels(request, settings.INSTRUCTOR_PANELS),
        "today": request.round.course.today(),
        "enrolments": enrolments,
        "calendar": request.round.calendar.prefetch_related("topics"),
    }
    return render(request, "courses/instructor.html", context)
