"""Who sees what: signed out, not enrolled, another round, and nothing of the key before submitting."""

import pytest

from courses.models import CourseRound
from quizzes import actions
from quizzes.models import Attempt

from .conftest import SECRET, WHY, full_form, post_answer


def pages_of(quiz):
    item = quiz.items.first()
    return [
        ("get", "/quiz/"),
        ("get", "/quiz/history/"),
        ("get", f"/quiz/{quiz.pk}/"),
        ("post", f"/quiz/{quiz.pk}/submit/"),
        ("post", f"/quiz/items/{item.pk}/answer/"),
        ("get", "/instructor/quizzes/"),
        ("get", f"/instructor/quizzes/{quiz.pk}/"),
    ]


def test_signed_out_goes_to_the_sign_in(client, quiz):
    for method, address in pages_of(quiz):
        response = getattr(client, method)(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith("/accounts/login/")


def test_a_person_without_a_round_gets_403(client_of, quiz, django_user_model):
    carol = django_user_model.objects.create_user("carol")
    for method, address in pages_of(quiz):
        assert getattr(client_of(carol), method)(address).status_code == 403, address


def test_another_rounds_quiz_is_not_found(client_of, alice, teacher, quiz):
    other = CourseRound.objects.create(
        course=quiz.round.course, name="0317(2)", starts_on=quiz.round.starts_on, ends_on=quiz.round.ends_on
    )
    theirs = actions.publish_due(other)
    item = theirs.items.select_related("version").first()
    begun = Attempt.objects.create(quiz=theirs, user=alice, seed=1)  # before she was moved to this round
    client = client_of(alice)
    assert client.get(f"/quiz/{theirs.pk}/").status_code == 404
    assert client.post(f"/quiz/{theirs.pk}/submit/", full_form(theirs, {}, confirm="1")).status_code == 404
    assert post_answer(client, item, "a").status_code == 404
    assert client_of(teacher).get(f"/instructor/quizzes/{theirs.pk}/").status_code == 404
    begun.refresh_from_db()
    assert begun.is_open
    assert not begun.answers.exists()


def test_students_do_not_see_the_instructors_pages(client_of, alice, quiz):
    assert client_of(alice).get("/instructor/quizzes/").status_code == 403
    assert client_of(alice).get(f"/instructor/quizzes/{quiz.pk}/").status_code == 403


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_key_and_no_explanation_leaves_the_server_before_the_submit(client_of, alice, quiz, language):
    client = client_of(alice)
    headers = {"accept-language": language}
    items = list(quiz.items.select_related("version"))
    answers = {item.pk: "a" if item.version.kind == "single_choice" else "7" for item in items}
    seen = [
        client.get(address, headers=headers)
        for address in ("/", "/quiz/", f"/quiz/{quiz.pk}/", "/quiz/history/")
    ]
    seen += [post_answer(client, item, answers[item.pk], **headers) for item in items]
    revisions = {item.pk: 1 for item in items}
    seen.append(
        client.post(
            f"/quiz/{quiz.pk}/submit/", full_form(quiz, answers, revisions, action="save"), headers=headers
        )
    )
    seen.append(client.get("/quiz/", headers=headers))
    for response in seen:
        text = response.content.decode()
        assert SECRET not in text
        assert WHY not in text
        assert "918273645" not in text  # the key of number-1
    assert Attempt.objects.get().is_open


def test_right_and_wrong_answers_are_saved_with_the_same_words(client_of, alice, quiz):
    client = client_of(alice)
    client.get("/quiz/")
    item = quiz.items.filter(version__kind="single_choice").first()
    shapes = []
    for revision, letter in enumerate("abcd"):
        body = post_answer(client, item, letter, revision).json()
        shapes.append(sorted(body))
    assert shapes == [["revision", "saved_at"]] * 4


def test_the_api_knows_no_questions(api_of, alice, quiz):
    schema = api_of(alice).get("/api/schema/").content.decode()
    assert "quiz" not in schema.lower()


def test_the_pages_are_not_cached(client_of, alice, quiz):
    assert "no-store" in client_of(alice).get("/quiz/")["Cache-Control"]
