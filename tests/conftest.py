"""The environment of every test, then the site, then the people: Alice and Bob are students, the teacher teaches them.

Each pytest process has a VAR_DIR of its own, so that a test never touches the checkout's data.
"""

import os
import shutil
import tempfile

_MADE_HERE = tempfile.mkdtemp(prefix="examprep-tests-")
os.environ["VAR_DIR"] = _MADE_HERE
os.environ["ENVIRONMENT"] = "development"
os.environ["CACHE_URL"] = "locmemcache://"
os.environ.pop("DEMO_PASSWORD", None)
# Playwright's own event loop would make Django refuse the database in a browser test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import datetime as dt  # noqa: E402
from collections.abc import Callable  # noqa: E402

import django  # noqa: E402
import pytest  # noqa: E402

import manage  # noqa: E402  (puts platform/ on the path and names the settings)

assert manage.ROOT
django.setup()

from django.conf import settings as _settings  # noqa: E402

# Inherited by pytest-xdist's workers, it would make pytest-django load the settings, and with them the parent's VAR_DIR,
# before this file is read: then workers would delete each other's files.
os.environ.pop("DJANGO_SETTINGS_MODULE", None)
if str(_settings.VAR_DIR) != os.path.realpath(_MADE_HERE):
    raise pytest.UsageError("the settings were read before tests/conftest.py: unset DJANGO_SETTINGS_MODULE")


def pytest_unconfigure() -> None:
    shutil.rmtree(_MADE_HERE, ignore_errors=True)


@pytest.fixture(autouse=True)
def _quick_and_clean(settings) -> None:
    """A cheap password hash; a cache (rate limits!) without what the last test left."""
    from django.core.cache import cache

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def course_round(db):
    """The round "0317(1)" of "AI Essential", begun yesterday, running for another week."""
    from courses.models import Course, CourseRound

    course, _created = Course.objects.get_or_create(slug="ai-essential", defaults={"name": "AI Essential"})
    today = course.today()
    return CourseRound.objects.create(
        course=course, name="0317(1)", starts_on=today - dt.timedelta(1), ends_on=today + dt.timedelta(7)
    )


def _person(course_round, username: str, nickname: str, role: str):
    from accounts.models import User
    from courses import actions

    user = User.objects.create_user(username, password="correct horse", nickname=nickname)
    actions.enrol(course_round, user, role)
    return user


@pytest.fixture
def alice(course_round):
    return _person(course_round, "alice", "앨리스", "student")


@pytest.fixture
def bob(course_round):
    return _person(course_round, "bob", "밥", "student")


@pytest.fixture
def teacher(course_round):
    return _person(course_round, "teacher", "선생님", "instructor")


@pytest.fixture
def client_of() -> Callable:
    """client_of(user, language="") -> a browser of its own, signed in, switched to `language` in the header if given."""
    from django.conf import settings
    from django.test import Client

    def sign_in(user, language=""):
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        if language:
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return sign_in


@pytest.fixture
def api_of() -> Callable:
    """api_of(user) -> an API client with a real token of that person."""
    from rest_framework.test import APIClient

    from accounts.actions import create_token

    def with_token(user):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {create_token(user)[1]}")
        return client

    return with_token
