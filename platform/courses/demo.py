"""The demo class: one round that runs now, an instructor, thirty students. Idempotent."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.models import User
from courses import actions
from courses.models import Course, CourseRound, Enrolment, Topic

COURSE_SLUG = "ai-essential"
ROUND_NAME = "0317(1)"
DAYS_BEFORE, DAYS_AFTER = 3, 10
NICKNAMES = [
    "텐서장인",
    "손실함수",
    "경사하강",
    "역전파왕",
    "합성곱이",
    "풀링요정",
    "드롭아웃",
    "배치정규",
    "소프트맥",
    "어텐션맨",
    "순환신경",
    "임베딩둥",
    "토큰수집",
    "옵티마아",
    "모멘텀씨",
    "퍼셉트론",
    "렐루사랑",
    "시그모이",
    "커널탐험",
    "스트라이",
    "패딩점퍼",
    "에포크백",
    "미니배치",
    "가중치꾼",
    "편향없음",
    "과적합싫",
    "전이학습",
    "로라공주",
    "벡터창고",
    "랭체인꾼",
]


@transaction.atomic
def build(password: str) -> CourseRound:
    """Makes or completes the demo class; every account gets `password`. Returns the round."""
    course = Course.objects.get(slug=COURSE_SLUG)
    today = course.today()
    course_round, _created = CourseRound.objects.get_or_create(
        course=course,
        name=ROUND_NAME,
        defaults={
            "starts_on": today - dt.timedelta(DAYS_BEFORE),
            "ends_on": today + dt.timedelta(DAYS_AFTER),
        },
    )
    # A demo that is opened again weeks later must still be running.
    if course_round.ends_on < today + dt.timedelta(1):
        course_round.ends_on = today + dt.timedelta(DAYS_AFTER)
        course_round.save(update_fields=["ends_on"])
    enrol_people(course_round, password)
    plan(course_round, list(Topic.objects.all()))
    return course_round


def enrol_people(course_round: CourseRound, password: str) -> None:
    people = {"instructor": ("강사", Enrolment.Role.INSTRUCTOR)}
    for number, nickname in enumerate(NICKNAMES, start=1):
        people[f"student{number:02}"] = (nickname, Enrolment.Role.STUDENT)
    old, digest = digests(list(people), password)
    for username, (nickname, role) in people.items():
        # The demo has nobody else to open the admin with.
        is_admin = role == Enrolment.Role.INSTRUCTOR
        defaults = {"nickname": nickname, "is_staff": is_admin, "is_superuser": is_admin}
        user, created = User.objects.get_or_create(username=username, defaults=defaults)
        if created or user.password == old != digest:
            user.password = digest
            user.save(update_fields=["password"])
        actions.enrol(course_round, user, role)


def digests(usernames: list[str], password: str) -> tuple[str, str]:
    """(the demo's digest so far, the one to use now).

    One hash serves all: the password is the same, and thirty-one argon2 hashes take seconds. So the digest that
    several accounts share is the demo's own; an account with another has a password chosen by whoever plays it, which
    stays.
    """
    known = Counter(User.objects.filter(username__in=usernames).values_list("password", flat=True))
    old, count = next(iter(known.most_common(1)), ("", 0))
    if count < 2:
        return "", make_password(password)
    return old, old if check_password(password, old) else make_password(password)


def plan(course_round: CourseRound, topics: Sequence[Topic]) -> None:
    """Spreads the topics in their order over the days of the round; days already planned are left alone."""
    days = (course_round.ends_on - course_round.starts_on).days + 1
    planned = set(course_round.calendar.values_list("date", flat=True))
    for index in range(days):
        date = course_round.starts_on + dt.timedelta(index)
        share = topics[index * len(topics) // days : (index + 1) * len(topics) // days]
        if date not in planned and share:
            actions.plan_day(course_round, date, list(share))
