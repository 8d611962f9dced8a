"""Courses, their rounds (차수), the topics taught, who is enrolled."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SATURDAY = 5  # as date.weekday() counts


def validate_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("“%(name)s” is not a time zone.") % {"name": name}) from error


class Course(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    timezone = models.CharField(
        _("time zone"), max_length=50, default="Asia/Seoul", validators=[validate_timezone]
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def today(self) -> dt.date:
        """The date it is now where the course is held."""
        return timezone.localdate(timezone=self.zone)


class CourseRound(models.Model):
    course = models.ForeignKey(Course, models.PROTECT, related_name="rounds", verbose_name=_("course"))
    name = models.CharField(_("name"), max_length=50, help_text=_("For example 0317(1)."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_active = models.BooleanField(_("active"), default=True)
    quiz_hour = models.PositiveSmallIntegerField(
        _("quiz hour"),
        default=0,
        validators=[MaxValueValidator(23)],
        help_text=_("The daily quiz comes out at this full hour, 0 to 23, and closes at midnight."),
    )
    quiz_on_weekends = models.BooleanField(_("quiz on weekends"), default=True)

    class Meta:
        ordering = ["-starts_on", "name"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="courseround_unique_name"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="courseround_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(quiz_hour__lte=23),
                name="courseround_quiz_hour",
                violation_error_message=_("An hour is 0 to 23."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course.name} {self.name}"

    def is_running(self) -> bool:
        return self.is_active and self.starts_on <= self.course.today() <= self.ends_on

    def quiz_opens_at(self, day: dt.date) -> dt.datetime | None:
        """When the daily quiz of `day` comes out; None on a weekend without one."""
        if day.weekday() >= SATURDAY and not self.quiz_on_weekends:
            return None
        return dt.datetime.combine(day, dt.time(self.quiz_hour), tzinfo=self.course.zone)


class Topic(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    title_ko = models.CharField(_("title (Korean)"), max_length=100)
    title_en = models.CharField(_("title (English)"), max_length=200)
    pages = models.CharField(_("textbook pages"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.title_ko


class CalendarDay(models.Model):
    """The topics taught on one day of a round: the daily quiz is made of them."""

    round = models.ForeignKey(CourseRound, models.CASCADE, related_name="calendar", verbose_name=_("round"))
    date = models.DateField(_("date"))
    topics = models.ManyToManyField(Topic, related_name="calendar_days", blank=True, verbose_name=_("topics"))

    class Meta:
        ordering = ["date"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [models.UniqueConstraint(fields=["round", "date"], name="calendarday_unique_date")]

    def __str__(self) -> str:
        return f"{self.round} {self.date:%Y-%m-%d}"


class Enrolment(models.Model):
    class Role(models.TextChoices):
        STUDENT = "student", _("student")
        INSTRUCTOR = "instructor", _("instructor")

    round = models.ForeignKey(CourseRound, models.CASCADE, related_name="enrolments", verbose_name=_("round"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.STUDENT)

    class Meta:
        ordering = ["round", "role", "user__username"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="enrolment_unique_person")]

    def __str__(self) -> str:
        return f"{self.user} · {self.round} · {self.get_role_display()}"


class Material(models.Model):
    """A file for the students of a course; its address `/download/<slug>` stands in notebooks and slides."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="materials", verbose_name=_("course"))
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    file = models.FileField(_("file"), upload_to="materials/")
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("bytes"))
    is_open = models.BooleanField(
        _("for everybody"), default=False, help_text=_("Whoever has the address gets it, without signing in.")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)

    class Meta:
        ordering = ["file_name"]
        verbose_name = _("course file")
        verbose_name_plural = _("course files")
        constraints = [
            models.UniqueConstraint(fields=["course", "file_name"], name="courses_one_material_per_name")
        ]

    def __str__(self) -> str:
        return self.file_name
