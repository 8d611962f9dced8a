"""A class of a hundred in the middle of today's quiz: `python -m tests.bench.quiz_class` in a fresh site's environment.

Prints one JSON object: for each student the session and CSRF cookies and the items' ids with two answers each.
"""

from __future__ import annotations

import datetime as dt
import json

import django

import manage  # puts platform/ on the path

assert manage.ROOT
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402

from accounts.models import User  # noqa: E402
from courses.actions import enrol  # noqa: E402
from courses.content import load_courses  # noqa: E402
from courses.models import Course, CourseRound  # noqa: E402
from quizzes import actions, kinds  # noqa: E402
from quizzes.content import load_questions  # noqa: E402

STUDENTS = 100


def main() -> None:
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0)
    call_command("createcachetable", verbosity=0)
    load_courses()
    load_questions()
    course = Course.objects.order_by("pk").first()
    assert course
    today = course.today()
    round_ = CourseRound.objects.create(
        course=course, name="bench", starts_on=today, ends_on=today + dt.timedelta(1)
    )
    quiz = actions.publish_due(round_)
    assert quiz
    items = list(quiz.items.select_related("version"))
    students = []
    for number in range(STUDENTS):
        user = User.objects.create_user(f"bench{number:03d}")
        enrol(round_, user, "student")
        attempt = actions.start_attempt(quiz, user)
        seeds = {item.pk: attempt.item_seed(item) for item in items}
        answers = [(item.pk, _two_answers(item.version, seeds[item.pk])) for item in items]
        students.append({"session": _session(user), "csrf": _get_new_csrf_string(), "answers": answers})
    print(json.dumps({"quiz": quiz.pk, "questions": len(items), "students": students}))


def _two_answers(version, seed: int) -> list[str]:
    """The right one, and one that is left open or another choice: each save changes the row."""
    right = kinds.find(version.kind).solve(version.body, seed)
    return [right, ""]


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key or ""


if __name__ == "__main__":
    main()
