"""Who sees which round: the picker, the instructor's home, people without a round."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from courses import actions, queries
from courses.models import Course, CourseRound, Enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_round(course_round):
    """A later round of the same course."""
    return CourseRound.objects.create(
        course=course_round.course,
        name="0414(2)",
        starts_on=course_round.starts_on + dt.timedelta(28),
        ends_on=course_round.ends_on + dt.timedelta(28),
    )


def test_a_person_without_a_round_is_told_what_to_do(client_of, django_user_model):
    eve = django_user_model.objects.create_user("eve")
    home = client_of(eve).get("/").content.decode()
    assert "강사에게 등록을 요청해 주세요" in home
    assert ">None<" not in home
    assert "내 제출" not in home
    assert client_of(eve).get("/instructor/").status_code == 403


def test_a_student_may_not_see_the_instructor_pages(client_of, alice):
    response = client_of(alice).get("/instructor/")
    assert response.status_code == 403
    assert "이 차수의 강사만" in response.content.decode()
    assert "강의 관리" not in client_of(alice).get("/").content.decode()


def test_the_instructor_sees_people_and_calendar(client_of, teacher, alice, course_round):
    from courses.content import load_courses
    from courses.models import Topic

    load_courses()
    actions.plan_day(course_round, course_round.course.today(), [Topic.objects.get(slug="lstm")])
    page = client_of(teacher).get("/instructor/").content.decode()
    assert "alice" in page
    assert "참여자" in page
    assert "LSTM" in page
    assert "강의 관리" in page


def test_the_administrator_sees_every_round(client_of, django_user_model, course_round):
    root = django_user_model.objects.create_superuser("root")
    assert client_of(root).get("/instructor/").status_code == 200


def test_a_superuser_begins_in_the_round_that_they_teach(client_of, teacher, course_round, second_round):
    teacher.is_superuser = True
    teacher.save()
    browser = client_of(teacher)
    frame = browser.get("/").context["frame"]
    assert frame["round"] == course_round
    assert frame["rounds"] == [second_round, course_round]
    browser.post("/rounds/choose/", {"round": second_round.pk})
    assert browser.get("/").context["frame"]["round"] == second_round


def test_ones_own_submissions_are_in_the_account_menu_and_marked_there(client_of, alice):
    browser = client_of(alice)
    assert '<a href="/submissions/">내 제출</a>' in browser.get("/").content.decode()
    page = browser.get("/submissions/").content.decode()
    assert '<a href="/submissions/" aria-current="page">내 제출</a>' in page


def test_the_latest_round_is_the_current_one_until_another_is_chosen(
    client_of, alice, course_round, second_round
):
    actions.enrol(second_round, alice)
    browser = client_of(alice)
    assert browser.get("/").context["frame"]["round"] == second_round
    response = browser.post("/rounds/choose/", {"round": course_round.pk, "next": "/accounts/profile/"})
    assert response["Location"] == "/accounts/profile/"
    assert browser.get("/").context["frame"]["round"] == course_round


@pytest.mark.parametrize("value", ["", "abc", "999999", "-1", "²"])
def test_a_round_that_is_not_ones_own_cannot_be_chosen(client_of, alice, course_round, second_round, value):
    browser = client_of(alice)
    browser.post("/rounds/choose/", {"round": value or second_round.pk})
    page = browser.get("/")
    assert page.context["frame"]["round"] == course_round
    assert "등록되지 않은 차수입니다" in page.content.decode()


def test_choosing_does_not_lead_to_another_site(client_of, alice, course_round):
    response = client_of(alice).post("/rounds/choose/", {"round": course_round.pk, "next": "//evil.example/"})
    assert response["Location"] == "/"


def test_a_closed_round_is_gone(client_of, alice, course_round):
    course_round.is_active = False
    course_round.save()
    assert client_of(alice).get("/").context["frame"]["round"] is None


def test_an_instructor_of_one_round_is_a_student_in_another(alice, course_round, second_round):
    actions.enrol(second_round, alice, Enrolment.Role.INSTRUCTOR)
    assert queries.is_instructor(alice, second_round)
    assert not queries.is_instructor(alice, course_round)


@pytest.mark.parametrize(
    ("course", "name", "found"),
    [
        ("AI Essential", "0317(1)", True),
        (" ai essential ", "0317(1)", True),
        ("ai-essential", "0317(1)", True),
        ("AI Essential", "0317(2)", False),
        ("Another", "0317(1)", False),
        ("", "", False),
    ],
)
def test_a_round_is_found_by_the_names_in_leaderboard_addresses(course_round, course, name, found):
    assert queries.find_round(course, name) == (course_round if found else None)


def test_a_round_does_not_end_before_it_starts(course_round):
    course_round.ends_on = course_round.starts_on - dt.timedelta(1)
    with pytest.raises(ValidationError):
        course_round.full_clean()


def test_a_time_zone_must_exist():
    with pytest.raises(ValidationError):
        Course(slug="x", name="x", timezone="Asia/Soul").full_clean()


def test_the_home_page_needs_few_queries_whatever_the_number_of_rounds(
    client_of, alice, course_round, django_assert_max_num_queries
):
    for number in range(10):
        extra = CourseRound.objects.create(
            course=course_round.course, name=f"old {number}", starts_on="2020-01-01", ends_on="2020-02-01"
        )
        actions.enrol(extra, alice)
    browser = client_of(alice)
    browser.get("/")
    with django_assert_max_num_queries(8):
        browser.get("/accounts/profile/")
