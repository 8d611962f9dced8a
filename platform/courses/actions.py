"""Every write to courses, rounds and enrolments: one verb, one transaction."""

import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from courses.models import CalendarDay, Course, CourseRound, Enrolment, Material, Topic
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


def put_material(course: Course, user: User, file: UploadedFile, slug: str, is_open: bool) -> Material:
    """Stores a file of the course under its name; an earlier one of that name is replaced and keeps nothing."""
    assert file.name
    assert file.size is not None
    old = Material.objects.filter(course=course, file_name=file.name).first()
    row = Material(
        course=course, file_name=file.name, slug=slug, is_open=is_open, uploaded_by=user, size=file.size
    )
    row.file.save(file.name, file, save=False)
    with transaction.atomic():
        if old:
            old.delete()
        row.save()
    if old:
        old.file.delete(save=False)
    return row


def open_material(material: Material, is_open: bool) -> None:
    Material.objects.filter(pk=material.pk).update(is_open=is_open)


def delete_material(material: Material) -> None:
    material.delete()
    material.file.delete(save=False)
