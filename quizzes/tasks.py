"""What the scheduler wakes."""

from __future__ import annotations

from celery import shared_task

from courses.models import CourseRound

from . import actions


@shared_task(ignore_result=True)
def publish() -> None:
    """Publishes today's quiz of every running round, and marks what was left open in closed ones."""
    for course_round in CourseRound.objects.filter(is_active=True).select_related("course"):
        actions.publish_due(course_round)
    actions.submit_expired()
