"""Every write to courses, rounds and enrolments: one verb, one transaction."""

import datetime as dt

from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from courses.models import CalendarDay, CourseRound, Enrolment, Topic
from courses.queries import SESSION_KEY, rounds_of


def choose_round(request: HttpRequest, round_id: int) -> bool:
    """Keeps the choice in the session; False when it is not one of the person's rounds."""
    if not rounds_of(request.user).filter(pk=round_id).exists():
        return False
    request.session[SESSION_KEY] = round_id
    return True


def enrol(round: CourseRound, user: User, role: str = Enrolment.Role.STUDENT) -> Enrolment:
    enrolment, _created = Enrolment.objects.update_or_create(round=round, user=user, defaults={"role": role})
    return enrolment


@transaction.atomic
def plan_day(round: CourseRound, date: dt.date, topics: list[Topic]) -> CalendarDay:
    """Sets the topics taught on `date`."""
    day, _created = CalendarDay.objects.get_or_create(round=round, date=date)
    day.topics.set(topics)
    return day
