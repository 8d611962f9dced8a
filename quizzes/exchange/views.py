"""The instructor's pages to take questions from other systems and give them to other systems."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import RoundRequest, instructor_required
from quizzes import formats
from quizzes.kinds.base import RefusedError
from quizzes.models import QuestionImport

from . import actions, queries
from .entries import export, to_yaml
from .forms import ExportForm, ImportForm

OPEN = "quizzes_instructor:import"


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def exchange(request: RoundRequest) -> HttpResponse:
    """Both forms and the imports of this course; a file that is sent is read and shown, not yet taken."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = actions.Upload(
            file.name, file.read(), form.cleaned_data["topic"], form.cleaned_data["format"]
        )
        try:
            found = actions.read_import(request.round.course, request.user, upload)
        except formats.FormatError as error:
            form.add_error("file", _(error.message) % error.params)
        else:
            return redirect(OPEN, found.pk)
    context = {
        "form": form,
        "export_form": ExportForm(initial={"format": "moodle_xml"}),
        "imports": QuestionImport.objects.filter(course=request.round.course).select_related("created_by")[
            :20
        ],
    }
    return render(request, "quizzes/exchange/exchange.html", context, status=422 if form.errors else 200)


@require_safe
@instructor_required
def download(request: RoundRequest) -> HttpResponse:
    """The bank, or a topic of it, in another system's format; what it has no form for is named in a header and not in it."""
    form = ExportForm(request.GET)
    if not form.is_valid():
        return render(request, "quizzes/exchange/refused.html", {"form": form}, status=422)
    topic = form.cleaned_data["topic"]
    chosen = formats.find(form.cleaned_data["format"])
    made = export(queries.bank_entries(topic.slug if topic else ""), chosen, form.cleaned_data["language"])
    name = f"questions-{topic.slug if topic else 'all'}{chosen.SUFFIX}"
    response = HttpResponse(made.data, content_type=chosen.MIME)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Questions-Written"] = str(made.written)
    response["X-Questions-Left-Out"] = str(len(made.left_out))
    return response


@require_safe
@instructor_required
def show(request: RoundRequest, import_id: int) -> HttpResponse:
    """Question by question what was read and what was not."""
    found = _import(request, import_id)
    lines = list(queries.lines_of(found, get_language() or "ko"))
    context = {
        "found": found,
        "format": formats.find(found.format).TITLE,
        "lines": lines,
        "refused": len(lines) - found.takable,
    }
    return render(request, "quizzes/exchange/import.html", context)


@require_safe
@instructor_required
def as_file(request: RoundRequest, import_id: int) -> HttpResponse:
    """The questions as a file of the bank, to be edited and kept in fixtures/questions."""
    found = _import(request, import_id)
    text = to_yaml(reading["entry"] for reading in found.readings if reading["entry"])
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{found.pk}.yaml"'
    return response


@require_POST
@instructor_required
def take(request: RoundRequest, import_id: int) -> HttpResponse:
    found = _import(request, import_id)
    try:
        count = actions.take_import(found)
    except RefusedError as error:
        messages.error(request, _(error.message) % error.params)
    else:
        text = ngettext("%(count)s question is in the bank.", "%(count)s questions are in the bank.", count)
        messages.success(request, text % {"count": count})
    return redirect(OPEN, found.pk)


@require_POST
@instructor_required
def undo(request: RoundRequest, import_id: int) -> HttpResponse:
    found = _import(request, import_id)
    try:
        actions.undo_import(found)
    except RefusedError as error:
        messages.error(request, _(error.message) % error.params)
    else:
        messages.success(request, _("The import is undone."))
    return redirect(OPEN, found.pk)


def _import(request: RoundRequest, import_id: int) -> QuestionImport:
    return get_object_or_404(
        QuestionImport.objects.select_related("topic"), pk=import_id, course=request.round.course
    )
