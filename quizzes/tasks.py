"""What the scheduler wakes."""

from __future__ import annotations

from celery import shared_task

from courses.models import Course, CourseRound

from . import actions
from .exams import actions as exam_actions
from .readiness import actions as readiness_actions


@shared_task(ignore_result=True)
def publish() -> None:
    """Publishes today's quiz of every running round, and marks what was left open in closed ones."""
    for course_round in CourseRound.objects.filter(is_active=True).select_related("course"):
        actions.publish_due(course_round)
    actions.submit_expired()


@shared_task(ignore_result=True)
def watch_exams() -> None:
    """Submits exams whose time is over, fetches what the judge has finished, and makes the cards of released ones."""
    exam_actions.submit_expired()
    exam_actions.settle_all()
    exam_actions.make_cards()


@shared_task(ignore_result=True)
def fit_readiness() -> None:
    """Learns anew, from all answers of each course, how difficult its questions are."""
    for course in Course.objects.all():
        readiness_actions.refit(course)
