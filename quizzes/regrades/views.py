"""The instructor's pages of the regrades: propose, look at the diff, apply or cancel, undo."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.access import RoundRequest, instructor_required

from .. import kinds, marking, paper
from ..models import QuestionVersion, Regrade
from . import actions, queries, shadow
from .forms import ALTERNATIVES, RegradeForm, presented, read_answers


@never_cache
@require_safe
@instructor_required
def regrades(request: RoundRequest) -> HttpResponse:
    """All corrections of the course's keys."""
    context = {"regrades": queries.regrades_of(request.round.course), "course": request.round.course}
    return render(request, "quizzes/instructor/regrades.html", context)


@never_cache
@instructor_required
def new(request: RoundRequest, version_id: int) -> HttpResponse:
    """The form for a correction of one version; it moves no mark."""
    versions = QuestionVersion.objects.select_related("question__topic", "question__current")
    version = get_object_or_404(versions, pk=version_id)
    form = RegradeForm(version, request.POST or None)
    raws = read_answers(version, request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose(
                request.round.course, version, form.change(raws), form.cleaned_data["reason"], request.user
            )
        except kinds.RefusedError as refused:
            form.add_error(None, paper.explain_refusal(refused))
        else:
            return redirect("quizzes_instructor:regrade", made.pk)
    return _render_form(request, version, form, raws)


def _render_form(
    request: RoundRequest, version: QuestionVersion, form: RegradeForm, raws: tuple[str, ...]
) -> HttpResponse:
    language = get_language() or "ko"
    shown = presented(version, language)
    line = paper.Line(version.pk, 1, version.kind, version.question.topic, shown, "\n".join(raws), 0)
    context = {
        "version": version,
        "form": form,
        "line": line,
        "has_alternatives": version.kind in ALTERNATIVES,
        "is_expression": version.kind == "parametrised",
        "explained": marking.explain(version.kind, version.body, None, 0, language),
    }
    return render(
        request, "quizzes/instructor/regrade_form.html", context, status=422 if form.errors else 200
    )


def find(request: RoundRequest, regrade_id: int) -> Regrade:
    return get_object_or_404(queries.regrades_of(request.round.course), pk=regrade_id)


@never_cache
@require_safe
@instructor_required
def regrade(request: RoundRequest, regrade_id: int) -> HttpResponse:
    """One correction: the key before and after, and whose marks move; once it is decided, whose marks it moved."""
    found = find(request, regrade_id)
    version, language = found.version, get_language() or "ko"
    context = {
        "regrade": found,
        "before": marking.explain(version.kind, version.body, None, 0, language),
        "after": marking.explain(version.kind, found.body, None, 0, language),
        "stem": presented(version, language).stem,
        "accepted": queries.accepted_texts(found, language),
        "tolerance": found.body.get("tolerance"),
        "has_own_numbers": version.kind == "parametrised",
        "keys": (version.body.get("key"), found.body.get("key")),
        "file_is_wrong": queries.file_still_wrong(version.question),
    }
    if found.state == Regrade.State.PROPOSED:
        moves = queries.moves(found.course, version, queries.target_of(found))
        context |= {
            "totals": shadow.total(moves),
            "seen": shadow.fingerprint(moves),
            "diffs": queries.read_diff(moves),
            "is_current": version.question.current_id == version.pk,
        }
    else:
        context["lines"] = queries.lines_of(found)
    return render(request, "quizzes/instructor/regrade.html", context)


@require_POST
@instructor_required
def apply(request: RoundRequest, regrade_id: int) -> HttpResponse:
    found = find(request, regrade_id)
    try:
        if actions.apply(found, request.user, request.POST.get("seen", "")):
            messages.success(request, _("The correction is applied. Every student concerned sees why."))
        else:
            messages.info(request, _("The correction was applied already."))
    except actions.MovedError:
        messages.warning(
            request, _("Marks have changed since you looked. Please look at this again, then apply.")
        )
    except actions.NotNowError as refused:
        messages.error(request, _(str(refused)))
    return redirect("quizzes_instructor:regrade", found.pk)


@require_POST
@instructor_required
def cancel(request: RoundRequest, regrade_id: int) -> HttpResponse:
    found = find(request, regrade_id)
    if actions.cancel(found, request.user):
        messages.success(request, _("The proposal is cancelled. No mark has moved."))
    else:
        messages.info(request, _("This was decided already."))
    return redirect("quizzes_instructor:regrade", found.pk)


@require_POST
@instructor_required
def undo(request: RoundRequest, regrade_id: int) -> HttpResponse:
    found = find(request, regrade_id)
    try:
        if actions.undo(found, request.user):
            messages.success(request, _("The correction is undone. The old key counts again."))
        else:
            messages.info(request, _("The correction was undone already."))
    except actions.NotNowError as refused:
        messages.error(request, _(str(refused)))
    return redirect("quizzes_instructor:regrade", found.pk)
