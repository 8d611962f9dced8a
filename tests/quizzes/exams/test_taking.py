"""Taking a mock exam through HTTP: one clock, the server's; every answer kept; marks when they are released."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from quizzes import tasks
from quizzes.models import Answer, Attempt
from tests.quizzes.conftest import SECRET, full_form, post_answer, right_answer, wrong_answer

from .conftest import PRACTICAL, WRITTEN, later, send_code


def items_of(exam):
    return list(exam.quiz.items.select_related("version"))


def submit(client, exam, answers=None, **more):
    data = full_form(exam.quiz, answers or {}, **{"confirm": "1"} | more)
    return client.post(f"/quiz/exams/{exam.pk}/submit/", data, follow=True)


def test_reading_the_rules_starts_no_clock(client_of, alice, exam):
    page = client_of(alice).get(f"/quiz/exams/{exam.pk}/").content.decode()
    assert "30분" in page
    assert "지금 시작" in page
    assert not Attempt.objects.exists()


def test_the_quiz_pages_do_not_open_an_exam(client_of, alice, exam):
    """There it would have no clock."""
    client = client_of(alice)
    assert client.get(f"/quiz/{exam.quiz_id}/").status_code == 404
    assert client.post(f"/quiz/{exam.quiz_id}/submit/", {"action": "submit"}).status_code == 404
    assert not Attempt.objects.exists()


def test_beginning_twice_keeps_the_first_clock(sitting, exam):
    client, attempt = sitting
    with later(minutes=5):
        client.post(f"/quiz/exams/{exam.pk}/begin/")
    again = Attempt.objects.get()
    assert (again.started_at, again.deadline) == (attempt.started_at, attempt.deadline)
    assert abs((attempt.deadline - attempt.started_at) - dt.timedelta(minutes=30)) < dt.timedelta(seconds=5)


def test_who_begins_late_ends_with_the_sitting(client_of, alice, exam):
    client = client_of(alice)
    with later(hours=2, minutes=50):
        client.post(f"/quiz/exams/{exam.pk}/begin/")
    assert Attempt.objects.get().deadline == exam.quiz.closes_at


@pytest.mark.parametrize("when", [{"minutes": -10}, {"hours": 4}])
def test_it_cannot_be_begun_outside_its_window(client_of, alice, exam, when):
    with later(**when):
        response = client_of(alice).post(f"/quiz/exams/{exam.pk}/begin/", follow=True)
    assert "지금은 볼 수 없는 모의고사입니다." in response.content.decode()
    assert not Attempt.objects.exists()


def test_another_round_cannot_see_it(client_of, exam):
    from accounts.models import User

    stranger = User.objects.create_user("stranger", password="correct horse")
    assert client_of(stranger).get(f"/quiz/exams/{exam.pk}/").status_code == 403


def test_no_key_reaches_the_page(sitting, exam):
    client, _attempt = sitting
    page = client.get(f"/quiz/exams/{exam.pk}/").content.decode()
    assert SECRET not in page
    assert "918273645" not in page


def test_answers_survive_a_closed_browser(sitting, exam, client_of, alice):
    client, _attempt = sitting
    for item in items_of(exam):
        assert post_answer(client, item, right_answer(item)).status_code == 200
    page = client_of(alice).get(f"/quiz/exams/{exam.pk}/").content.decode()
    assert "<span data-answered>6</span>/6" in page


def test_an_answer_after_the_deadline_is_refused_and_the_others_are_marked(sitting, exam):
    client, attempt = sitting
    first, second, *_ = items_of(exam)
    post_answer(client, first, right_answer(first))
    with later(minutes=31):
        assert post_answer(client, second, right_answer(second)).status_code == 423
        page = client.get(f"/quiz/exams/{exam.pk}/").content.decode()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("submitted", first.points)
    assert f"<strong>{first.points.normalize():f}</strong> / {WRITTEN + PRACTICAL}" in page


def test_a_form_posted_after_the_deadline_counts_nothing_new(sitting, exam):
    client, attempt = sitting
    first, _second, *_ = items_of(exam)
    post_answer(client, first, right_answer(first))
    with later(minutes=31):
        submit(client, exam, {item.pk: right_answer(item) for item in items_of(exam)})
    attempt.refresh_from_db()
    assert attempt.score == first.points


def test_nobody_need_come_back_to_be_marked(sitting, exam):
    client, attempt = sitting
    item = items_of(exam)[0]
    post_answer(client, item, right_answer(item))
    with later(minutes=31):
        tasks.watch_exams()
        tasks.watch_exams()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("submitted", item.points)
    assert attempt.answers.count() == 6


def test_submitting_twice_marks_once(sitting, exam):
    client, attempt = sitting
    submit(client, exam, {item.pk: right_answer(item) for item in items_of(exam)})
    attempt.refresh_from_db()
    before = attempt.submitted_at
    submit(client, exam, {item.pk: wrong_answer(item) for item in items_of(exam)})
    attempt.refresh_from_db()
    assert (attempt.score, attempt.submitted_at) == (Decimal(WRITTEN), before)
    assert attempt.max_score == WRITTEN + PRACTICAL


def test_gaps_are_asked_about_first(sitting, exam):
    client, attempt = sitting
    data = full_form(exam.quiz, {})
    response = client.post(f"/quiz/exams/{exam.pk}/submit/", data)
    assert "답하지 않은 문제가 6개 있습니다." in response.content.decode()
    attempt.refresh_from_db()
    assert attempt.is_open


def test_marks_wait_for_the_release(sitting, exam):
    client, _attempt = sitting
    type(exam).objects.update(release="close")
    page = submit(client, exam, {item.pk: right_answer(item) for item in items_of(exam)}).content.decode()
    assert SECRET not in page
    assert "/ 28" not in page
    assert "/ 28" not in client.get("/quiz/exams/").content.decode()
    assert str(WRITTEN) not in client.get("/quiz/history/").content.decode().partition("<main")[2]
    with later(hours=4):
        page = client.get(f"/quiz/exams/{exam.pk}/").content.decode()
    assert page.count(SECRET) == 6
    assert "<strong>18</strong> / 28" in page


def test_the_result_says_what_to_review(sitting, exam):
    client, _attempt = sitting
    page = submit(client, exam, {}).content.decode()
    assert "주제별 결과" in page
    assert "파이토치 텐서" in page
    assert "0 / 18" in page


# --- The practical part -----------------------------------------------------------------------------------------


def test_the_best_submission_within_the_time_counts(sitting, exam, alice, course_round):
    client, attempt = sitting
    send_code(alice, course_round, score=100, at=attempt.started_at - dt.timedelta(seconds=1))  # before
    send_code(alice, course_round, score=70)
    send_code(alice, course_round, score=40)
    page = client.get(f"/quiz/exams/{exam.pk}/").content.decode()
    assert "7 / 10" in page
    with later(minutes=1):
        submit(client, exam)
    with later(minutes=2):
        send_code(alice, course_round, score=100)  # after
        tasks.watch_exams()
    attempt.refresh_from_db()
    assert attempt.score == 7


def test_what_is_still_judged_is_added_later(sitting, exam, alice, course_round):
    client, attempt = sitting
    waiting = send_code(alice, course_round, state="queued")
    with later(seconds=5):
        page = submit(client, exam, {item.pk: right_answer(item) for item in items_of(exam)}).content.decode()
    assert "채점 중" in page
    attempt.refresh_from_db()
    assert attempt.score == WRITTEN
    type(waiting).objects.update(state="done", score=50, max_score=100)
    tasks.watch_exams()
    tasks.watch_exams()
    attempt.refresh_from_db()
    assert attempt.score == WRITTEN + 5


def test_somebody_elses_submission_counts_for_nobody(sitting, exam, bob, course_round):
    client, attempt = sitting
    send_code(bob, course_round, score=100)
    with later(seconds=5):
        submit(client, exam)
    attempt.refresh_from_db()
    assert attempt.score == 0


# --- Pause and extra time ---------------------------------------------------------------------------------------


def test_a_pause_stops_the_clock_and_gives_nobody_extra_time(sitting, exam, teacher, client_of, alice, course_round):
    client, attempt = sitting
    item = items_of(exam)[0]
    instructor = client_of(teacher)
    with later(minutes=10):
        instructor.post(f"/instructor/exams/{exam.pk}/pause/", {"action": "pause"})
        instructor.post(f"/instructor/exams/{exam.pk}/pause/", {"action": "pause"})
    with later(minutes=40):
        assert post_answer(client, item, right_answer(item)).status_code == 503
        assert client.get(f"/quiz/exams/{exam.pk}/clock/").json()["paused"] is True
        tasks.watch_exams()
        send_code(alice, course_round, score=100)
        instructor.post(f"/instructor/exams/{exam.pk}/pause/", {"action": "resume"})
        instructor.post(f"/instructor/exams/{exam.pk}/pause/", {"action": "resume"})
        assert post_answer(client, item, right_answer(item)).status_code == 200
        left = client.get(f"/quiz/exams/{exam.pk}/clock/").json()["seconds_left"]
    assert abs(left - 20 * 60) < 30
    with later(minutes=59):
        assert client.get(f"/quiz/exams/{exam.pk}/clock/").json()["state"] == "open"
    with later(minutes=61):
        assert client.get(f"/quiz/exams/{exam.pk}/clock/").json()["state"] == "submitted"
    attempt.refresh_from_db()
    assert attempt.score == item.points  # what was sent during the pause does not count


def test_a_form_posted_during_a_pause_is_kept_in_its_fields(sitting, exam, teacher, client_of):
    client, attempt = sitting
    client_of(teacher).post(f"/instructor/exams/{exam.pk}/pause/", {"action": "pause"})
    number = next(item for item in items_of(exam) if item.version.kind == "numeric")
    page = submit(client, exam, {number.pk: "31415"}).content.decode()
    assert 'value="31415"' in page
    assert "일시 정지" in page
    attempt.refresh_from_db()
    assert attempt.is_open
    assert not Answer.objects.exists()


def test_nobody_begins_during_a_pause(client_of, alice, teacher, exam):
    client_of(teacher).post(f"/instructor/exams/{exam.pk}/pause/", {"action": "pause"})
    client_of(alice).post(f"/quiz/exams/{exam.pk}/begin/")
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("begun", [True, False])
def test_extra_time_before_and_during(client_of, alice, teacher, exam, begun):
    student, url = client_of(alice), f"/instructor/exams/{exam.pk}/students/{alice.pk}/extra-time/"
    if begun:
        student.post(f"/quiz/exams/{exam.pk}/begin/")
    client_of(teacher).post(url, {"minutes": "20"})
    client_of(teacher).post(url, {"minutes": "15"})
    student.post(f"/quiz/exams/{exam.pk}/begin/")
    left = student.get(f"/quiz/exams/{exam.pk}/clock/").json()["seconds_left"]
    assert abs(left - 45 * 60) < 30


@pytest.mark.parametrize("minutes", ["-5", "a", "", "601", "9" * 30])
def test_bad_extra_time_is_refused(client_of, alice, teacher, exam, minutes):
    url = f"/instructor/exams/{exam.pk}/students/{alice.pk}/extra-time/"
    page = client_of(teacher).post(url, {"minutes": minutes}, follow=True).content.decode()
    assert "추가 시간은 0분에서 600분까지입니다." in page
    assert not exam.extra_times.exists()


@pytest.mark.parametrize("path", ["pause/", "students/1/extra-time/", ""])
def test_students_cannot_steer(sitting, exam, path):
    client, _attempt = sitting
    method = client.post if path else client.get
    assert method(f"/instructor/exams/{exam.pk}/{path}").status_code == 403


def test_the_clients_clock_does_not_matter(sitting, exam):
    """What the page gets is a remainder, no time of day."""
    client, _attempt = sitting
    assert set(client.get(f"/quiz/exams/{exam.pk}/clock/").json()) == {"state", "paused", "seconds_left"}
    assert timezone.now().strftime("%H:%M:%S") not in client.get(f"/quiz/exams/{exam.pk}/clock/").content.decode()
