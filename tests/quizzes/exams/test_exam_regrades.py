"""A corrected key in a mock exam: its points, its practical part, its release; and the cards that come later."""

import pytest

from quizzes import tasks
from quizzes.models import Answer, ReviewCard
from tests.quizzes.conftest import post_answer, right_answer
from tests.quizzes.test_regrades import REASON, apply, propose, undo

from .conftest import later, send_code
from .test_taking import items_of, submit


@pytest.fixture
def choice(exam):
    """choice-1, two points; everybody should have said c."""
    return exam.quiz.items.select_related("version", "question").get(question__slug="choice-1")


@pytest.fixture
def written(sitting, exam, choice, alice, course_round):
    """Alice has all right but choice-1, where she said c, and 7 of 10 in the practical part."""
    client, attempt = sitting
    send_code(alice, course_round, score=70)
    for item in items_of(exam):
        post_answer(client, item, "c" if item.pk == choice.pk else right_answer(item))
    with later(minutes=1):
        submit(client, exam)
    attempt.refresh_from_db()
    assert attempt.score == 16 + 7
    return client, attempt


def test_the_exams_points_move_and_its_practical_part_stays(written, exam, choice, client_of, teacher):
    client, attempt = written
    instructor = client_of(teacher)
    regrade = propose(instructor, choice)
    page = instructor.get(f"/instructor/regrades/{regrade.pk}/").content.decode()
    assert "0 → 2" in page
    assert "23 → 25" in page
    apply(instructor, regrade)
    attempt.refresh_from_db()
    assert attempt.score == 18 + 7
    page = client.get(f"/quiz/exams/{exam.pk}/").content.decode()
    assert "점수 변동: 0 → 2" in page
    assert "<strong>25</strong> / 28" in page
    assert (
        f'/quiz/exams/{exam.pk}/#question-{choice.position}"'
        in client.get("/quiz/mistakes/").content.decode()
    )
    undo(instructor, regrade)
    attempt.refresh_from_db()
    assert attempt.score == 16 + 7


def test_what_the_judge_adds_later_is_added_to_the_new_score(
    sitting, exam, choice, alice, course_round, client_of, teacher
):
    client, attempt = sitting
    waiting = send_code(alice, course_round, state="queued")
    post_answer(client, choice, "c")
    with later(seconds=5):
        submit(client, exam)
    apply(client_of(teacher), propose(client_of(teacher), choice))
    type(waiting).objects.update(state="done", score=50, max_score=100)
    tasks.watch_exams()
    attempt.refresh_from_db()
    assert attempt.score == 2 + 5


def test_before_the_release_nothing_is_told_and_cards_come_from_the_new_key(
    sitting, exam, choice, client_of, teacher
):
    type(exam).objects.update(release="close")
    client, attempt = sitting
    for item in items_of(exam):
        post_answer(client, item, "c" if item.pk == choice.pk else right_answer(item))
    submit(client, exam)
    apply(client_of(teacher), propose(client_of(teacher), choice))
    for address in (f"/quiz/exams/{exam.pk}/", "/quiz/mistakes/", "/quiz/exams/", "/"):
        assert "죄송합니다" not in client.get(address).content.decode(), address
    assert not ReviewCard.objects.exists()
    with later(hours=4):
        tasks.watch_exams()
        assert REASON.split(" <")[0] in client.get(f"/quiz/exams/{exam.pk}/").content.decode()
    assert not ReviewCard.objects.filter(kind="question").exists()  # c is right by now
    assert Answer.objects.get(attempt=attempt, item=choice).correct
