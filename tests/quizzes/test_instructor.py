"""What the instructor sees of a quiz, and what the dashboards show."""

import pytest

from quizzes import actions, queries
from quizzes.models import Attempt

from .conftest import right_answer, wrong_answer


def answer_all(quiz, user, how):
    attempt = actions.start_attempt(quiz, user)
    for item in quiz.items.select_related("version"):
        actions.save_answer(attempt, item, how(item), 1)
    return attempt


@pytest.fixture
def answered(quiz, alice, bob):
    """Alice is right everywhere, Bob wrong everywhere; both have submitted."""
    actions.submit_attempt(answer_all(quiz, alice, right_answer))
    actions.submit_attempt(answer_all(quiz, bob, wrong_answer))
    return quiz


def test_the_list_and_the_panel_count_students(client_of, teacher, answered):
    actions.submit_attempt(answer_all(answered, teacher, wrong_answer))  # an instructor's try counts nowhere
    for address in ("/instructor/quizzes/", "/instructor/"):
        page = client_of(teacher).get(address).content.decode()
        assert "2 / 2" in page, address
        assert "3.0 / 6" in page, address


def test_the_results_name_every_student_with_score_and_state(client_of, teacher, quiz, alice, bob):
    actions.submit_attempt(answer_all(quiz, alice, right_answer))
    page = client_of(teacher).get(f"/instructor/quizzes/{quiz.pk}/").content.decode()
    assert "앨리스" in page
    assert "6 / 6" in page
    assert "시작 전" in page
    actions.start_attempt(quiz, bob)
    page = client_of(teacher).get(f"/instructor/quizzes/{quiz.pk}/").content.decode()
    assert "푸는 중" in page


def test_each_question_has_its_share_of_right_answers_and_of_each_choice(answered, client_of, teacher):
    results = queries.item_results(answered)
    assert [(each.marked, each.right, each.percent_right) for each in results] == [(2, 1, 50)] * 6
    choice = next(each for each in results if each.item.version.kind == "single_choice")
    assert choice.given == {"b": 1, "a": 1}
    number = next(each for each in results if each.item.question.slug == "number-1")
    assert number.given == {"918273645": 1, "12345": 1}
    page = client_of(teacher).get(f"/instructor/quizzes/{answered.pk}/").content.decode()
    assert page.count("정답률 50%") == 6
    assert "1 · 50 %" in page


def test_open_attempts_and_gaps_are_counted_apart(quiz, alice, bob):
    answer_all(quiz, alice, right_answer)  # not submitted
    actions.submit_attempt(actions.start_attempt(quiz, bob))  # nothing answered
    results = queries.item_results(quiz)
    assert [(each.marked, each.right, each.skipped) for each in results] == [(1, 0, 1)] * 6


def test_a_quiz_that_nobody_took_has_no_share(quiz, client_of, teacher):
    assert [each.percent_right for each in queries.item_results(quiz)] == [None] * 6
    assert client_of(teacher).get(f"/instructor/quizzes/{quiz.pk}/").status_code == 200


def test_the_results_begin_with_how_many_and_how_well(client_of, teacher, answered, quiz, alice):
    page = client_of(teacher).get(f"/instructor/quizzes/{quiz.pk}/").content.decode()
    assert "제출 2명 / 수강생 2명" in page
    assert "평균 점수 3.0 / 6" in page


def test_without_a_submission_there_is_no_mean(client_of, teacher, quiz, alice, bob):
    actions.start_attempt(quiz, alice)
    page = client_of(teacher).get(f"/instructor/quizzes/{quiz.pk}/").content.decode()
    assert "제출 0명 / 수강생 2명" in page
    assert "평균 점수" not in page


def test_a_student_leads_to_the_marked_sheet(client_of, teacher, answered, bob):
    address = f"/instructor/quizzes/{answered.pk}/students/{bob.pk}/"
    assert address in client_of(teacher).get(f"/instructor/quizzes/{answered.pk}/").content.decode()
    page = client_of(teacher).get(address).content.decode()
    assert "12345" in page  # Bob's number
    assert "수강생의 답" in page
    assert "내 답" not in page
    assert client_of(bob).get(address).status_code == 403


def test_a_sheet_that_is_being_answered_is_not_shown(client_of, teacher, quiz, alice, bob):
    actions.start_attempt(quiz, alice)
    for user in (alice, bob):
        address = f"/instructor/quizzes/{quiz.pk}/students/{user.pk}/"
        assert client_of(teacher).get(address).status_code == 404
        assert address not in client_of(teacher).get(f"/instructor/quizzes/{quiz.pk}/").content.decode()


def test_sheets_of_another_round_are_out_of_reach(client_of, alice, answered, django_user_model):
    from courses import actions as course_actions
    from courses.models import Course, CourseRound

    other = Course.objects.create(slug="other", name="Other")
    today = other.today()
    elsewhere = CourseRound.objects.create(course=other, name="1", starts_on=today, ends_on=today)
    stranger = django_user_model.objects.create_user("stranger")
    course_actions.enrol(elsewhere, stranger, "instructor")
    address = f"/instructor/quizzes/{answered.pk}/students/{alice.pk}/"
    assert client_of(stranger).get(address).status_code == 404


def test_the_dashboard_leads_through_the_quiz(client_of, alice, quiz):
    client = client_of(alice)
    assert "시작하기" in client.get("/").content.decode()
    assert not Attempt.objects.exists()  # looking at the dashboard begins nothing
    attempt = actions.start_attempt(quiz, alice)
    assert "6문제 중 0문제에 답했습니다" in client.get("/").content.decode()
    actions.submit_attempt(attempt)
    page = client.get("/").content.decode()
    assert "0 / 6" in page
    assert "제출 완료" in page


def test_a_visit_publishes_todays_quiz_before_the_scheduler_does(client_of, alice, bank):
    page = client_of(alice).get("/quiz/").content.decode()
    assert "오늘의 퀴즈" in page
    assert 'name="answer-' in page


def test_without_questions_the_page_says_so(client_of, alice):
    page = client_of(alice).get("/quiz/").content.decode()
    assert "오늘은 퀴즈가 없습니다." in page


def test_the_admin_lists_everything(admin_client, answered):
    for model in ("question", "quiz", "attempt"):
        assert admin_client.get(f"/admin/quizzes/{model}/").status_code == 200
    attempt = Attempt.objects.first()
    assert admin_client.get(f"/admin/quizzes/attempt/{attempt.pk}/change/").status_code == 200
    assert admin_client.get(f"/admin/quizzes/quiz/{answered.pk}/change/").status_code == 200
    assert (
        admin_client.post(f"/admin/quizzes/attempt/{attempt.pk}/change/", {"score": "99"}).status_code == 403
    )
