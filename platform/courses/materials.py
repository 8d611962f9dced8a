"""Files of a course: those who teach it upload them, its students download them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from courses import actions, queries
from courses.access import RoundRequest, instructor_required, round_required
from courses.forms import MaterialForm
from courses.models import Material


@require_safe
@round_required
def own(request: RoundRequest) -> HttpResponse:
    """The files of the reader's course."""
    return render(request, "courses/materials.html", {"materials": request.round.course.materials.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def manage(request: RoundRequest) -> HttpResponse:
    """The same for who teaches, with a form to upload; a name that is there already is replaced."""
    course = request.round.course
    form = MaterialForm(request.POST or None, request.FILES or None, course=course)
    if request.method == "POST" and form.is_valid():
        material = actions.put_material(course, request.user, **form.cleaned_data)
        messages.success(request, _("“%(name)s” is there.") % {"name": material.file_name})
        return redirect("courses:manage_materials")
    context = {"materials": course.materials.all(), "form": form}
    return render(request, "courses/manage_materials.html", context, status=422 if form.errors else 200)


@require_POST
@instructor_required
def delete(request: RoundRequest, material_id: int) -> HttpResponse:
    material = get_object_or_404(Material, pk=material_id, course=request.round.course)
    actions.delete_material(material)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": material.file_name})
    return redirect("courses:manage_materials")


@require_POST
@instructor_required
def switch(request: RoundRequest, material_id: int) -> HttpResponse:
    """Opens a file for everybody who has the address, or only for the course again."""
    material = get_object_or_404(Material, pk=material_id, course=request.round.course)
    actions.open_material(material, not material.is_open)
    return redirect("courses:manage_materials")


@require_safe
def by_slug(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/download/<slug>: for the course's people by session or API token; for everybody if it is open."""
    material = Material.objects.filter(slug=slug).select_related("course").first()
    return serve_to(request, material, slug)


@require_safe
def by_name(request: HttpRequest, name: str) -> HttpResponseBase:
    """/api/v1/getdata/<name>: the same by the file's name."""
    return serve_to(request, queries.material_named(reader_of(request), name), name)


def serve_to(request: HttpRequest, material: Material | None, name: str) -> HttpResponseBase:
    """The file, or the way to sign in; 404 for a file that is not there or is another course's."""
    reader = reader_of(request)
    if material and queries.may_read(reader, material):
        return send(material)
    if not getattr(reader, "is_authenticated", False):
        if "text/html" in request.headers.get("Accept", ""):
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied(_("Sign in, or send your API token."))
    raise Http404(_("There is no file “%(name)s” in your courses.") % {"name": name})


def send(material: Material) -> FileResponse:
    try:
        return FileResponse(material.file.open("rb"), as_attachment=True, filename=material.file_name)
    except FileNotFoundError as error:
        raise Http404(_("The file is missing on the server.")) from error


def reader_of(request: HttpRequest) -> Any:
    """Who asks: by API token, else by session."""
    try:
        found = TokenAuthentication().authenticate(request)
    except AuthenticationFailed as error:
        raise PermissionDenied(str(error.detail)) from error
    return found[0] if found else request.user
