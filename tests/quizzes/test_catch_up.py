"""The quiz hour, quizzes that were missed, the streak and the result board, through HTTP."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from courses.models import CalendarDay, CourseRound, Topic
from quizzes import actions, analysis, content, queries, tasks
from quizzes.models import Attempt, Quiz

from .conftest import (
    SECRET,
    answer_quiz,
    choice_entry,
    full_form,
    post_answer,
    right_answer,
    write_questions,
    wrong_answer,
)

KST = dt.timezone(dt.timedelta(hours=9))


def at(day: dt.date, hour: int, minute: int = 0):
    return time_machine.travel(dt.datetime.combine(day, dt.time(hour, minute), tzinfo=KST), tick=False)


@pytest.fixture
def missed(quiz):
    """Today's quiz, seen from tomorrow noon."""
    with at(quiz.date + dt.timedelta(1), 12):
        yield quiz


def take(client, quiz, right: int):
    """Answers the whole quiz by form, `right` of six rightly."""
    items = list(quiz.items.select_related("version"))
    answers = {
        item.pk: right_answer(item) if place < right else wrong_answer(item)
        for place, item in enumerate(items)
    }
    client.get(f"/quiz/{quiz.pk}/")
    return client.post(f"/quiz/{quiz.pk}/submit/", full_form(quiz, answers), follow=True)


# --- The hour ---


def test_the_quiz_comes_out_at_the_rounds_hour(course_round, bank, client_of, alice):
    CourseRound.objects.update(quiz_hour=9)
    today = course_round.course.today()
    with at(today, 8, 59):
        tasks.publish()
        page = client_of(alice).get("/quiz/").content.decode()
        assert "09:00에 나옵니다" in page
        assert not Quiz.objects.exists()
    with at(today, 9):
        tasks.publish()
        quiz = Quiz.objects.get()
        assert quiz.is_open()
    assert quiz.published_at == dt.datetime.combine(today, dt.time(9), tzinfo=KST)
    assert quiz.closes_at == dt.datetime.combine(today + dt.timedelta(1), dt.time(), tzinfo=KST)


def test_an_hour_that_moves_later_takes_back_no_quiz_that_is_out(quiz):
    CourseRound.objects.update(quiz_hour=23)
    quiz.round.refresh_from_db()
    with at(quiz.date, 8):
        assert actions.publish_due(quiz.round) == quiz


def test_the_clock_that_goes_back_publishes_no_second_quiz(course_round, bank):
    CourseRound.objects.update(quiz_hour=9)
    today = course_round.course.today()
    for hour, minute in ((9, 0), (8, 59), (9, 1)):
        with at(today, hour, minute):
            tasks.publish()
    assert Quiz.objects.count() == 1


def test_a_round_can_have_weekends_without_a_quiz(course_round, bank):
    CourseRound.objects.update(quiz_on_weekends=False)
    for back in range(7):
        day = course_round.starts_on + dt.timedelta(back)
        with at(day, 12):
            tasks.publish()
    published = Quiz.objects.values_list("date", flat=True)
    assert len(published) == 5
    assert all(day.weekday() < 5 for day in published)


def test_the_hour_of_a_day_is_0_to_23(course_round):
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseRound.objects.update(quiz_hour=24)
    course_round.quiz_hour = 24
    with pytest.raises(ValidationError):
        course_round.full_clean()


def test_what_the_class_gets_wrong_comes_back(course_round, topics, tmp_path, client_of, alice, teacher):
    write_questions(tmp_path, [choice_entry(f"t-{place}") for place in range(20)], "tensor")
    write_questions(tmp_path, [choice_entry(f"l-{place}") for place in range(20)], "loss")
    content.load_questions(tmp_path)
    today = course_round.course.today()
    for days, topic in enumerate(("loss", "tensor")):
        day = CalendarDay.objects.create(round=course_round, date=today + dt.timedelta(days))
        day.topics.set(Topic.objects.filter(slug=topic))
    take(client_of(teacher), actions.publish_due(course_round), 0)  # who teaches is not the class
    with at(today + dt.timedelta(1), 12):
        assert not queries.class_results(course_round, course_round.course.today())
        take(client_of(alice), Quiz.objects.get(), 0)  # closed: takes nothing
        assert Attempt.objects.filter(user=alice).count() == 0
    take(client_of(alice), Quiz.objects.get(), 0)
    with at(today + dt.timedelta(1), 12):
        quiz = actions.publish_due(course_round)
    asked = [item.question.topic.slug for item in quiz.items.all()]
    assert sorted(asked) == ["loss"] * 2 + ["tensor"] * 4


# --- Catching up ---


def test_a_missed_quiz_begins_by_a_click_and_not_by_a_look(client_of, alice, missed):
    client = client_of(alice)
    page = client.get(f"/quiz/{missed.pk}/").content.decode()
    assert f"/quiz/{missed.pk}/catch-up/" in page
    assert SECRET not in page
    assert client.get(f"/quiz/{missed.pk}/catch-up/").status_code == 405
    assert not Attempt.objects.exists()
    assert f"/quiz/{missed.pk}/catch-up/" in client.get("/quiz/history/").content.decode()


def test_a_quiz_that_is_open_or_not_out_cannot_be_caught_up_on(client_of, alice, quiz):
    client = client_of(alice)
    client.post(f"/quiz/{quiz.pk}/catch-up/")
    assert not Attempt.objects.filter(is_late=True).exists()
    Quiz.objects.update(
        published_at=quiz.published_at + dt.timedelta(5), closes_at=quiz.closes_at + dt.timedelta(5)
    )
    client.post(f"/quiz/{quiz.pk}/catch-up/")
    assert not Attempt.objects.filter(is_late=True).exists()
    assert SECRET not in client.get(f"/quiz/{quiz.pk}/").content.decode()


def test_another_rounds_quiz_cannot_be_caught_up_on(client_of, alice, missed):
    other = CourseRound.objects.create(
        course=missed.round.course, name="0317(2)", starts_on=missed.date, ends_on=missed.date
    )
    Quiz.objects.update(round=other)
    assert client_of(alice).post(f"/quiz/{missed.pk}/catch-up/").status_code == 404


def test_the_whole_way_of_catching_up(client_of, alice, missed):
    client = client_of(alice)
    page = client.post(f"/quiz/{missed.pk}/catch-up/", follow=True).content.decode()
    assert "놓친 퀴즈" in page
    assert SECRET not in page
    client.post(f"/quiz/{missed.pk}/catch-up/")  # a double click
    item = missed.items.select_related("version").first()
    assert post_answer(client, item, right_answer(item)).status_code == 200
    tasks.publish()  # it has no end, so the scheduler leaves it alone
    attempt = Attempt.objects.get()
    assert attempt.is_open
    assert attempt.is_late
    with at(missed.date + dt.timedelta(6), 9):
        page = take(client, missed, 4).content.decode()
    assert "<strong>4</strong> / 6" in page
    assert "마감 후 풀이" in page
    assert Attempt.objects.get().score == 4


def test_what_was_begun_in_time_is_not_caught_up_on(client_of, alice, quiz):
    client = client_of(alice)
    client.get("/quiz/")
    with at(quiz.date + dt.timedelta(1), 12):
        client.post(f"/quiz/{quiz.pk}/catch-up/")
        client.get(f"/quiz/{quiz.pk}/")
    attempt = Attempt.objects.get()
    assert (attempt.is_late, attempt.state) == (False, "submitted")


def test_late_ones_count_apart(client_of, alice, bob, teacher, quiz):
    answer_quiz(bob, quiz, 2)
    with at(quiz.date + dt.timedelta(1), 12):
        client = client_of(alice)
        client.post(f"/quiz/{quiz.pk}/catch-up/")
        answer_quiz(alice, quiz, 6)
        page = client_of(teacher).get(f"/instructor/quizzes/{quiz.pk}/").content.decode()
        found = queries.quizzes_with_results(quiz.round).get(pk=quiz.pk)
        assert queries.streak_of(alice, quiz.round).length == 0
        board = client.get("/quiz/board/").content.decode()
    assert "나중에 푼 1명은 따로 셉니다" in page
    assert (found.submitted, found.mean_score) == (1, 2)
    assert all(result.marked == 1 for result in queries.item_results(quiz))
    summary = analysis.summarize(queries.results_of(quiz))
    assert (summary.submitted, summary.mean) == (1, 2)
    assert "6 / 6" not in board
    results = queries.class_results(quiz.round, quiz.date + dt.timedelta(1))
    assert results["tensor"].marked == 6


def test_the_streak_counts_days_with_an_answer(client_of, alice, quiz):
    client = client_of(alice)
    client.get("/quiz/")
    with at(quiz.date + dt.timedelta(1), 0):
        tasks.publish()  # the attempt without an answer is submitted
        assert queries.streak_of(alice, quiz.round).length == 0
        take(client, Quiz.objects.get(date=quiz.date + dt.timedelta(1)), 0)
        streak = queries.streak_of(alice, quiz.round)
    assert (streak.length, streak.is_done_today) == (1, True)


# --- The board ---


def rows_of(page: str) -> list[tuple[str, str, str]]:
    """(rank, name, points) of the day's table."""
    table = page.split("<table>")[1]
    found = re.findall(
        r'<td class="number">(\d+)</td>\s*<th[^>]*>(.*?)</th>.*?<td class="number nowrap">(.*?)</td>',
        table,
        re.S,
    )
    return [(rank, re.sub("<[^>]*>", "", name).strip(), points) for rank, name, points in found]


@pytest.fixture
def class_results(alice, bob, teacher, quiz):
    answer_quiz(alice, quiz, 3)
    answer_quiz(bob, quiz, 5)
    answer_quiz(teacher, quiz, 6)
    return quiz


def test_everyone_is_anonymous_until_they_choose(class_results, client_of, alice):
    client = client_of(alice)
    page = client.get("/quiz/board/").content.decode()
    assert rows_of(page) == [("1", "익명", "5 / 6"), ("2", "익명 (나)", "3 / 6")]
    assert "밥" not in page
    assert "bob" not in page


def test_a_nickname_shows_by_choice_and_hides_again(class_results, client_of, alice, bob):
    his, hers = client_of(bob), client_of(alice)
    his.post("/quiz/board/nickname/", {"shows": "1"})
    assert rows_of(hers.get("/quiz/board/").content.decode())[0] == ("1", "밥", "5 / 6")
    his.post("/quiz/board/nickname/", {"shows": "0"})
    assert rows_of(hers.get("/quiz/board/").content.decode())[0] == ("1", "익명", "5 / 6")


def test_who_has_no_nickname_stays_anonymous(class_results, client_of, alice, bob):
    bob.nickname = ""
    bob.save()
    client_of(bob).post("/quiz/board/nickname/", {"shows": "1"})
    page = client_of(alice).get("/quiz/board/").content.decode()
    assert rows_of(page)[0][1] == "익명"
    assert "bob" not in page


def test_a_day_without_a_quiz_is_not_found(quiz, client_of, alice):
    client = client_of(alice)
    for date in ("2026-13-40", "x", "1999-01-01", "'--"):
        assert client.get("/quiz/board/", {"date": date}).status_code == 404, date


def test_the_board_of_an_earlier_day_and_of_the_round(class_results, client_of, alice, bob):
    with at(class_results.date + dt.timedelta(1), 12):
        client = client_of(alice)
        client.get("/quiz/")
        answer_quiz(alice, Quiz.objects.latest("date"), 6)
        page = client.get("/quiz/board/").content.decode()
        earlier = client.get("/quiz/board/", {"date": class_results.date.isoformat()}).content.decode()
    assert rows_of(page) == [("1", "익명 (나)", "6 / 6")]
    assert "9 / 12" in page
    assert [points for _rank, _name, points in rows_of(earlier)] == ["5 / 6", "3 / 6"]


def test_the_board_without_a_quiz(client_of, alice):
    assert "아직 공개된 퀴즈가 없습니다" in client_of(alice).get("/quiz/board/").content.decode()


def test_the_board_is_for_the_round_only(client_of, class_results, django_user_model, client):
    carol = django_user_model.objects.create_user("carol")
    assert client_of(carol).get("/quiz/board/").status_code == 403
    assert client.get("/quiz/board/").status_code == 302
