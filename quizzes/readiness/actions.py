"""Every write of the readiness forecast."""

from __future__ import annotations

from django.utils import timezone

from courses.models import Course

from ..models import ReadinessFit
from . import model, queries


def refit(course: Course) -> ReadinessFit | None:
    """Learns anew from all answers of the course; None, and nothing changes, while there is none."""
    found = queries.responses(queries.marked_answers(course))
    if not found:
        return None
    row, _ = ReadinessFit.objects.update_or_create(
        course=course,
        defaults={"data": model.fit(found).to_dict(), "answers": len(found), "fitted_at": timezone.now()},
    )
    return row
