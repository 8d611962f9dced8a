"""Answering, through HTTP: saved as it is given, by script or by form, in one window or two."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.models import Answer, Attempt

from .conftest import choice_entry, full_form, post_answer, right_answer, write_questions


@pytest.fixture
def sheet(client_of, alice, quiz):
    """Alice has the quiz open: her browser, and its items."""
    client = client_of(alice)
    assert client.get("/quiz/").status_code == 200
    return client, list(quiz.items.select_related("version"))


def item_of(quiz, kind):
    return quiz.items.select_related("version").filter(version__kind=kind).first()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", "“열두 개”은(는) 숫자가 아닙니다. 12, 0.75, 3/4, 1e-3처럼 써 주세요."),
        ("en", "“열두 개” is not a number."),
    ],
)
def test_a_text_in_a_number_field_is_refused_in_the_readers_language(sheet, quiz, language, words):
    client, _items = sheet
    client.cookies["django_language"] = language
    response = post_answer(client, item_of(quiz, "numeric"), "열두 개")
    assert response.status_code == 422
    assert response.json()["detail"].startswith(words)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("value", ["e", "A", "1", "<script>", "b" * 5000])
def test_a_choice_that_is_not_there_is_refused(sheet, quiz, value):
    client, _items = sheet
    response = post_answer(client, item_of(quiz, "single_choice"), value)
    assert response.status_code == 422
    assert "보기에 없는 답" in response.json()["detail"]


@pytest.mark.parametrize("revision", ["-1", "x", "9" * 40, "1.5", ""])
def test_a_revision_that_is_no_number_counts_as_none_known(sheet, quiz, revision):
    client, items = sheet
    assert post_answer(client, items[0], right_answer(items[0]), revision).status_code == 200


def test_saving_needs_a_post(sheet):
    client, items = sheet
    assert client.get(f"/quiz/items/{items[0].pk}/answer/").status_code == 405


def test_a_reload_loses_no_answer(sheet, quiz):
    client, items = sheet
    for item in items:
        response = post_answer(client, item, right_answer(item))
        assert response.status_code == 200
        assert response.json()["revision"] == 1
    page = client.get("/quiz/").content.decode()
    assert page.count(" checked") == 3
    for item in items:
        if item.version.kind == "numeric":
            assert f'name="answer-{item.pk}" value="{right_answer(item)}"' in page
        assert re.search(rf'name="revision-{item.pk}" value="1"', page)
    assert "<strong><span data-answered>6</span>/6</strong>" in page


def test_the_order_of_the_choices_stays_at_every_reload(sheet):
    client, _items = sheet
    orders = [
        re.findall(r'type="radio" name="answer-(\d+)" value="(\w)"', client.get("/quiz/").content.decode())
        for _ in range(3)
    ]
    assert len(orders[0]) == 12
    assert orders[0] == orders[1] == orders[2]


def test_neighbours_have_orders_of_their_own(client_of, alice, bob, quiz):
    for user, seed in ((alice, 1), (bob, 2)):
        Attempt.objects.create(quiz=quiz, user=user, seed=seed)
    pages = [client_of(user).get("/quiz/").content.decode() for user in (alice, bob)]
    orders = [re.findall(r'type="radio" name="answer-(\d+)" value="(\w)"', page) for page in pages]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_the_same_answer_sent_twice_is_one_answer(sheet):
    client, items = sheet
    first = post_answer(client, items[0], right_answer(items[0]), 0).json()
    again = post_answer(client, items[0], right_answer(items[0]), 0)
    assert again.status_code == 200
    assert again.json() == first


def test_an_answer_can_change_and_a_number_can_be_emptied(sheet, quiz):
    client, _items = sheet
    choice, number = item_of(quiz, "single_choice"), item_of(quiz, "numeric")
    assert post_answer(client, choice, "a", 0).json()["revision"] == 1
    assert post_answer(client, choice, "c", 1).json()["revision"] == 2
    assert Answer.objects.get(item=choice).value == {"choice": "c"}
    post_answer(client, number, "5", 0)
    assert post_answer(client, number, "", 1).json()["revision"] == 2
    assert Answer.objects.get(item=number).value is None


def test_a_window_that_missed_a_newer_answer_is_told_and_overwrites_nothing(sheet, quiz):
    client, _items = sheet
    choice = item_of(quiz, "single_choice")
    assert post_answer(client, choice, "a", 0).status_code == 200  # one window
    stale = post_answer(client, choice, "c", 0)  # the other, which was offline
    assert stale.status_code == 409
    assert stale.json() == {
        "detail": "다른 창에서 나중에 저장한 답입니다. 확인해 주세요.",
        "value": "a",
        "revision": 1,
    }
    assert Answer.objects.get().value == {"choice": "a"}
    assert (
        post_answer(client, choice, "c", 1).status_code == 200
    )  # the student looks and decides: the last one wins
    assert Answer.objects.get().value == {"choice": "c"}


def test_two_windows_on_different_questions_lose_nothing(sheet):
    client, items = sheet
    for item in items[:3]:
        assert post_answer(client, item, right_answer(item), 0).status_code == 200
    for item in items[3:]:
        assert post_answer(client, item, right_answer(item), 0).status_code == 200
    assert Answer.objects.count() == 6


def test_the_form_alone_saves_and_says_so(sheet, quiz):
    client, items = sheet
    response = client.post(
        f"/quiz/{quiz.pk}/submit/",
        full_form(quiz, {items[0].pk: right_answer(items[0])}, action="save"),
        follow=True,
    )
    assert "답을 저장했습니다." in response.content.decode()
    assert Answer.objects.count() == 1
    assert Attempt.objects.get().is_open


def test_a_form_with_a_bad_number_keeps_the_text_saves_the_rest_and_is_not_submitted(sheet, quiz):
    client, items = sheet
    number = item_of(quiz, "numeric")
    answers = {item.pk: right_answer(item) for item in items} | {number.pk: "열둘<b>"}
    response = client.post(f"/quiz/{quiz.pk}/submit/", full_form(quiz, answers))
    page = response.content.decode()
    assert response.status_code == 422
    assert "숫자가 아닙니다" in page
    assert 'value="열둘&lt;b&gt;"' in page
    assert "<b>" not in page
    assert "<strong><span data-answered>5</span>/6</strong>" in page
    assert Attempt.objects.get().is_open
    assert Answer.objects.count() == 5


def test_a_form_that_missed_a_newer_answer_is_not_submitted(sheet, quiz):
    client, items = sheet
    choice = item_of(quiz, "single_choice")
    post_answer(client, choice, "a", 0)  # in another window, after this form was loaded
    answers = {item.pk: right_answer(item) for item in items} | {choice.pk: "c"}
    response = client.post(f"/quiz/{quiz.pk}/submit/", full_form(quiz, answers))
    assert response.status_code == 422
    assert "다른 창에서 나중에 저장한 답입니다" in response.content.decode()
    assert Attempt.objects.get().is_open
    assert Answer.objects.get(item=choice).value == {"choice": "a"}


def test_a_field_that_the_form_left_empty_erases_no_answer_of_another_window(sheet, quiz):
    client, items = sheet
    number = item_of(quiz, "numeric")
    post_answer(client, number, "918273645", 0)
    answers = {item.pk: right_answer(item) for item in items if item != number}
    client.post(f"/quiz/{quiz.pk}/submit/", full_form(quiz, answers))
    assert not Attempt.objects.get().is_open
    assert Answer.objects.get(item=number).value["text"] == "918273645"


def test_saving_before_the_quiz_was_opened_is_refused(client_of, alice, quiz):
    item = quiz.items.select_related("version").first()
    assert post_answer(client_of(alice), item, "a").status_code == 404


def test_the_page_asks_the_database_eight_times_however_many_questions(
    client_of, alice, course_round, topics, tmp_path
):
    from quizzes import actions, content

    counts = []
    for number in (3, 6):
        write_questions(tmp_path, [choice_entry(f"q-{number}-{place}") for place in range(number)])
        content.load_questions(tmp_path)
        course_round.quizzes.all().delete()
        quiz = actions.publish_due(course_round)
        assert quiz.items.count() == number
        client = client_of(alice)
        client.get("/quiz/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/quiz/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 8, "\n".join(query["sql"] for query in queries.captured_queries)
