"""Clocks that jump: summer time, a course in another zone, a server's clock that is set back. Nobody gains, nothing is lost."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from courses.models import Course, CourseRound
from quizzes import actions, tasks
from quizzes.exams import actions as exam_actions
from quizzes.models import Attempt, Blueprint, Review, ReviewCard

from .conftest import post_answer, right_answer, wrong_answer

NEW_YORK = ZoneInfo("America/New_York")
JUMPS = {
    "spring": dt.date(2026, 3, 8),
    "autumn": dt.date(2026, 11, 1),
}  # 02:00 becomes 03:00; 02:00 becomes 01:00


def at(day: dt.date, hour: int, minute: int = 0, zone: ZoneInfo = NEW_YORK, fold: int = 0):
    return time_machine.travel(
        dt.datetime.combine(day, dt.time(hour, minute, fold=fold), tzinfo=zone), tick=False
    )


@pytest.fixture(params=JUMPS)
def jump(request, bank, alice):
    """A round in New York around the day on which its clocks change; alice is in it."""
    from courses.actions import enrol

    day = JUMPS[request.param]
    course = Course.objects.create(slug="ny", name="NY", timezone=str(NEW_YORK))
    round_ = CourseRound.objects.create(
        course=course, name="1", starts_on=day - dt.timedelta(2), ends_on=day + dt.timedelta(9)
    )
    enrol(round_, alice, "student")
    return round_, day


@pytest.fixture
def exam(jump):
    """Thirty minutes, of the small bank; its sitting lasts from 00:30 to 05:00 of the day."""
    round_, day = jump
    body = {"written": [{"count": 6, "points": 1}], "practical": []}
    blueprint = Blueprint.objects.create(
        slug="night", title_ko="밤", title_en="Night", minutes=30, release="submit", body=body
    )
    opens, closes = (dt.datetime.combine(day, time, tzinfo=NEW_YORK) for time in (dt.time(0, 30), dt.time(5)))
    with at(day, 0, 30):
        return exam_actions.open_exam(blueprint, round_, opens, closes)


def test_a_quiz_lasts_its_local_day_however_long_that_is(jump):
    round_, day = jump
    with at(day, 0, 1):
        quiz = actions.publish_due(round_)
    hours = {JUMPS["spring"]: 23, JUMPS["autumn"]: 25}[day]
    lasts = quiz.closes_at.astimezone(dt.UTC) - quiz.published_at.astimezone(dt.UTC)
    assert lasts == dt.timedelta(hours=hours)
    with at(day, 23, 59):
        assert actions.publish_due(round_) == quiz
        assert quiz.is_open()
    with at(day + dt.timedelta(1), 0, 0):
        assert quiz.is_over()
        assert actions.publish_due(round_) != quiz


def test_thirty_minutes_are_thirty_minutes_across_the_jump(exam, jump, alice):
    _round, day = jump
    with at(day, 1, 45):
        attempt = exam_actions.begin(exam, alice)
    assert (attempt.deadline - attempt.started_at) == dt.timedelta(minutes=30)
    began = dt.datetime.combine(day, dt.time(1, 45), tzinfo=NEW_YORK).astimezone(dt.UTC)
    item = exam.quiz.items.select_related("version").first()
    with time_machine.travel(began + dt.timedelta(minutes=29, seconds=59), tick=False):
        actions.save_answer(attempt, item, right_answer(item))
    with time_machine.travel(began + dt.timedelta(minutes=30), tick=False):
        with pytest.raises(actions.QuizClosedError):
            actions.save_answer(attempt, item, wrong_answer(item))
        assert exam_actions.submit_expired() == 1
    assert Attempt.objects.get(pk=attempt.pk).score == 1


def test_a_pause_over_the_jump_gives_back_what_it_took(exam, jump, alice):
    _round, day = jump
    with at(day, 1, 45):
        attempt = exam_actions.begin(exam, alice)
    with at(day, 1, 50):
        exam_actions.pause(exam)
    with at(day, 3, 10):
        exam_actions.resume(exam)
        attempt.refresh_from_db()
        assert attempt.seconds_left == 25 * 60


def test_a_server_clock_that_is_set_back_reopens_nothing(client_of, alice, quiz):
    """Set back by two hours after the quiz has closed and was marked: no answer is taken, no mark is given anew."""
    client = client_of(alice)
    client.get("/quiz/")
    item = quiz.items.select_related("version").first()
    post_answer(client, item, right_answer(item))
    with time_machine.travel(quiz.closes_at + dt.timedelta(seconds=5), tick=False):
        tasks.publish()
    before = Attempt.objects.values().get()
    with time_machine.travel(quiz.closes_at - dt.timedelta(hours=2), tick=False):
        assert (
            post_answer(client, item, "a" if item.version.kind == "single_choice" else "7", 1).status_code
            == 423
        )
        assert client.get("/quiz/").status_code == 200
        tasks.publish()
    assert Attempt.objects.values().get() == before


def test_an_exam_begun_before_the_clock_was_set_back_keeps_its_end(exam, jump, alice):
    """Beginning again does not start a new clock, and the end is a moment, not a count of minutes from now."""
    _round, day = jump
    with at(day, 4, 0):
        attempt = exam_actions.begin(exam, alice)
    with at(day, 3, 30):
        again = exam_actions.begin(exam, alice)
    assert (again.pk, again.deadline) == (attempt.pk, attempt.deadline)


def test_a_server_clock_that_is_set_back_loses_no_answer_and_spoils_no_order(client_of, alice, quiz):
    client = client_of(alice)
    client.get("/quiz/")
    item = quiz.items.select_related("version").filter(version__kind="single_choice").first()
    now = quiz.published_at + dt.timedelta(hours=6)
    with time_machine.travel(now, tick=False):
        assert post_answer(client, item, "a", 0).json()["revision"] == 1
    with time_machine.travel(now - dt.timedelta(hours=1), tick=False):
        assert post_answer(client, item, "b", 1).json()["revision"] == 2
        assert post_answer(client, item, "c", 0).status_code == 409  # revisions decide, not times
    assert Attempt.objects.get().answers.get().value == {"choice": "b"}


def test_a_review_answered_on_a_day_before_the_last_one_counts_once_and_not_backwards(client_of, alice, quiz):
    client = client_of(alice)
    actions.submit_attempt(actions.start_attempt(quiz, alice))
    type(quiz.round).objects.update(quiz_hour=23)
    with time_machine.travel(quiz.closes_at + dt.timedelta(hours=1), tick=False):
        client.post("/quiz/review/next/")
    review = Review.objects.select_related("version", "card").get()
    with time_machine.travel(quiz.closes_at - dt.timedelta(days=2), tick=False):
        type(quiz).objects.filter(pk=quiz.pk).update(
            closes_at=quiz.closes_at - dt.timedelta(days=3),
            published_at=quiz.closes_at - dt.timedelta(days=4),
        )
        client.post(f"/quiz/review/{review.pk}/", {f"answer-{review.pk}": str(review.version.body["key"])})
    review.refresh_from_db()
    card = ReviewCard.objects.get(pk=review.card_id)
    assert review.correct
    assert card.reviewed_on == review.card.reviewed_on  # not earlier than it was
    assert card.due_on >= card.reviewed_on


def test_what_a_browser_says_of_its_clock_is_nowhere_asked(client_of, alice, quiz):
    """A date header, or a time sent along, changes nothing: after closing nothing is taken."""
    client = client_of(alice)
    client.get("/quiz/")
    item = quiz.items.select_related("version").first()
    with time_machine.travel(quiz.closes_at + dt.timedelta(seconds=1), tick=False):
        early = quiz.published_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
        response = client.post(
            f"/quiz/items/{item.pk}/answer/",
            {"value": right_answer(item), "revision": 0, "saved_at": quiz.published_at.isoformat()},
            headers={"date": early},
        )
    assert response.status_code == 423
