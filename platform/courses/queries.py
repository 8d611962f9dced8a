"""Reads that span tables. A superuser counts as an instructor of every round."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from accounts.models import User
from courses.models import CourseRound, Enrolment, Material

SESSION_KEY = "course_round"


def rounds_of(user: User | AnonymousUser) -> QuerySet[CourseRound]:
    """The active rounds that the person sees, the latest first; `own_role` is None where they are not enrolled."""
    rounds = CourseRound.objects.filter(is_active=True).select_related("course").order_by("-starts_on", "-pk")
    if not user.is_authenticated:
        return rounds.none()
    if user.is_superuser:
        own = Enrolment.objects.filter(round=OuterRef("pk"), user=user)
        return rounds.annotate(own_role=Subquery(own.values("role")))
    # A person has one enrolment in a round at most. A join is the cheapest way to ask, and every request asks.
    return rounds.filter(enrolments__user=user).annotate(own_role=F("enrolments__role"))


def current_round(request: HttpRequest) -> CourseRound | None:
    """The round chosen in this session, else the latest of one's own, else (a superuser's) the latest of all."""
    rounds = rounds_for(request)
    chosen = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    candidates = [
        *(found for found in rounds if found.pk == chosen),
        *(found for found in rounds if vars(found)["own_role"]),
        *rounds,
    ]
    return next(iter(candidates), None)


def rounds_for(request: HttpRequest) -> list[CourseRound]:
    """rounds_of(request.user), read once per request: the header and the view both ask."""
    if "course_rounds" not in vars(request):
        vars(request)["course_rounds"] = list(rounds_of(request.user))
    return vars(request)["course_rounds"]


def role_of_reader(user: User | AnonymousUser, course_round: CourseRound) -> str:
    """The role in a round that `rounds_of` gave, without another query: every request asks."""
    return Enrolment.Role.INSTRUCTOR if user.is_superuser else vars(course_round)["own_role"]


def role_in(user: User | AnonymousUser, course_round: CourseRound) -> str | None:
    """'student', 'instructor' or None when not enrolled."""
    if not user.is_authenticated:
        return None
    if user.is_superuser:
        return Enrolment.Role.INSTRUCTOR
    return Enrolment.objects.filter(round=course_round, user=user).values_list("role", flat=True).first()


def is_instructor(user: User | AnonymousUser, round: CourseRound) -> bool:
    return role_in(user, round) == Enrolment.Role.INSTRUCTOR


def find_round(course_name: str, round_name: str) -> CourseRound | None:
    """The round by the names that stand in leaderboard addresses; the course's slug is understood too."""
    rounds = CourseRound.objects.select_related("course").filter(name=round_name.strip())
    course_name = course_name.strip()
    return (
        rounds.filter(course__name__iexact=course_name).first()
        or rounds.filter(course__slug=course_name).first()
    )


def may_read(user: User | AnonymousUser, material: Material) -> bool:
    """Open files are everybody's, others those of the people of the course's active rounds."""
    return material.is_open or rounds_of(user).filter(course=material.course_id).exists()


def material_named(user: User | AnonymousUser, name: str) -> Material | None:
    """The file of this name that the person may read: two courses can have one each."""
    found = Material.objects.filter(file_name=name).select_related("course").order_by("-is_open", "pk")
    return next((each for each in found if may_read(user, each)), None)
