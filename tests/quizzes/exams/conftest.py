"""An exam of the small bank's six questions and one exercise, open now, thirty minutes each."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from tests.quizzes.conftest import bank, topics  # noqa: F401  (fixtures)

EXERCISE = "tensor-standardize"
BODY = {
    "written": [
        {"difficulty": [1], "count": 3, "points": 2},
        {"kinds": ["numeric"], "count": 3, "points": 4},
    ],
    "practical": [{"exercises": [EXERCISE], "count": 1, "points": 10}],
}
WRITTEN, PRACTICAL = 18, 10


@pytest.fixture
def blueprint(bank):  # noqa: F811
    from quizzes.models import Blueprint

    return Blueprint.objects.create(
        slug="small",
        title_ko="작은 모의고사",
        title_en="Small exam",
        minutes=30,
        release="submit",
        body=copy.deepcopy(BODY),
    )


@pytest.fixture
def exercise(course_round, topics):  # noqa: F811
    """The exercise, open for the round; scored by nobody here."""
    from django.conf import settings

    from competitions import actions, content

    challenge = content.load_exercise(settings.FIXTURES_DIR / "exercises" / EXERCISE)
    actions.open_all(course_round)
    return challenge


@pytest.fixture
def exam(blueprint, course_round, exercise):
    """Open for three hours, since a minute ago."""
    from quizzes.exams.actions import open_exam

    now = timezone.now()
    return open_exam(blueprint, course_round, now - dt.timedelta(minutes=1), now + dt.timedelta(hours=3))


@pytest.fixture
def sitting(exam, alice, client_of):
    """Alice has begun: her browser and her attempt."""
    client = client_of(alice)
    client.post(f"/quiz/exams/{exam.pk}/begin/")
    return client, exam.quiz.attempts.get()


def send_code(user, course_round, *, score=None, state="done", at=None):
    """A submission of the exercise as the judge leaves it: `score` of 100 points, received at `at`."""
    from competitions.actions.participating import enter
    from competitions.models import Challenge, RoundChallenge, Submission

    challenge = Challenge.objects.get(slug=EXERCISE)
    opening, _made = RoundChallenge.objects.get_or_create(
        round=course_round, challenge=challenge, defaults={"opens_at": timezone.now() - dt.timedelta(1)}
    )
    return Submission.objects.create(
        user=user,
        participant=enter(opening, user),
        round=course_round,
        challenge=challenge,
        file="none.py",
        file_name="answer.py",
        sha256="0" * 64,
        size=1,
        received_at=at or timezone.now(),
        state=state,
        score=score,
        max_score=100 if score is not None else None,
    )


def later(**delta):
    """The site's clock, so much later."""
    return time_machine.travel(timezone.now() + dt.timedelta(**delta))
