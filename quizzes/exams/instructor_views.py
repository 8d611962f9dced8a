"""The instructor's pages of mock exams."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from courses.access import RoundRequest, instructor_required

from .. import queries as quiz_queries
from ..models import Blueprint, Exam
from . import actions, queries

MOMENT = "%Y-%m-%dT%H:%M"


class SittingForm(forms.Form):
    """A new sitting. Times are those of the course's zone, which is also the site's."""

    blueprint = forms.ModelChoiceField(
        Blueprint.objects.filter(is_active=True), label=gettext_lazy("Blueprint"), empty_label=None
    )
    opens_at = forms.DateTimeField(label=gettext_lazy("Opens"), input_formats=[MOMENT])
    closes_at = forms.DateTimeField(label=gettext_lazy("Closes"), input_formats=[MOMENT])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens_at", "closes_at"):
            self.fields[name].widget = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)


@instructor_required
def exams(request: RoundRequest) -> HttpResponse:
    """All sittings of the round, and the form for a new one."""
    now = timezone.localtime(timezone=request.round.course.zone)
    form = SittingForm(
        request.POST or None, initial={"opens_at": now, "closes_at": now + dt.timedelta(days=1)}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.open_exam(data["blueprint"], request.round, data["opens_at"], data["closes_at"])
        except actions.UnfitError as error:
            form.add_error(None, _(error.message) % error.params)
        else:
            return redirect("quizzes_instructor:exam", made.pk)
    context = {"round": request.round, "exams": queries.exams_of(request.round), "form": form}
    return render(request, "quizzes/exams/instructor/exams.html", context, status=422 if form.errors else 200)


def find(request: RoundRequest, exam_id: int) -> Exam:
    return get_object_or_404(queries.exams_of(request.round), pk=exam_id)


@require_safe
@instructor_required
def exam(request: RoundRequest, exam_id: int) -> HttpResponse:
    """One sitting: who writes, how much time is left, who has how much extra time."""
    found = find(request, exam_id)
    context = {
        "exam": found,
        "seats": queries.seats_of(found),
        "tasks": found.tasks.all(),
        "questions": found.quiz.items.count(),
    }
    return render(request, "quizzes/exams/instructor/exam.html", context)


@require_POST
@instructor_required
def pause(request: RoundRequest, exam_id: int) -> HttpResponse:
    """Stops every clock of the sitting, or lets them go on."""
    found = find(request, exam_id)
    if request.POST.get("action") == "resume":
        actions.resume(found)
        messages.success(request, _("The exam goes on. Everybody has as much time left as before the pause."))
    else:
        actions.pause(found)
        messages.success(request, _("The exam is paused."))
    return redirect("quizzes_instructor:exam", found.pk)


@require_POST
@instructor_required
def extra_time(request: RoundRequest, exam_id: int, user_id: int) -> HttpResponse:
    """Sets one student's extra minutes."""
    found = find(request, exam_id)
    student = next((one for one in quiz_queries.students_of(request.round) if one.pk == user_id), None)
    if student is None:
        return redirect("quizzes_instructor:exam", found.pk)
    typed = request.POST.get("minutes", "").strip()
    try:
        actions.give_extra_time(found, student, int(typed) if typed.isdecimal() and len(typed) < 6 else -1)
    except actions.UnfitError as error:
        messages.error(request, _(error.message) % error.params)
    else:
        messages.success(request, _("Extra time is set."))
    return redirect("quizzes_instructor:exam", found.pk)
