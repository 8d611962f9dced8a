"""The client file, as students download it into a notebook."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

CLIENT = Path(__file__).resolve().parent.parent / "client" / "examprep.py"
PLACE = 'SITE = ""'


@require_safe
def client_file(request: HttpRequest) -> HttpResponse:
    """/client/examprep.py: the repository's file with this site's address in it. It holds no secret."""
    address = request.build_absolute_uri("/").rstrip("/")
    text = CLIENT.read_text(encoding="utf-8").replace(PLACE, f'SITE = "{address}"', 1)
    response = HttpResponse(text, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="examprep.py"'
    return response
