"""What other apps tell the review; named in the settings."""

from __future__ import annotations

from courses.judged import JudgedExercise
from courses.models import CourseRound

from . import cards


def exercise_judged(judged: JudgedExercise) -> None:
    """See courses/judged.py."""
    course_round = CourseRound.objects.select_related("course").get(pk=judged.round_id)
    cards.take_verdict(judged, course_round.course.today())
