"""The review of mistakes, through HTTP: what becomes a card, how it is asked and rated, and what never leaks."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizzes import actions, content
from quizzes.models import Attempt, Question, Quiz, Review, ReviewCard
from quizzes.review import actions as review_actions
from quizzes.review import cards, queries

from .conftest import SECRET, WHY, answer_quiz, choice_entry, full_form, number_entry, write_questions

KST = dt.timezone(dt.timedelta(hours=9))


def on(day: dt.date, hour: int = 12, minute: int = 0):
    return time_machine.travel(dt.datetime.combine(day, dt.time(hour, minute), tzinfo=KST), tick=False)


@pytest.fixture
def missed(alice, quiz):
    """Alice missed the last two questions of today's quiz; the tests look on from tomorrow, before its quiz."""
    answer_quiz(alice, quiz, 4)
    type(quiz.round).objects.update(quiz_hour=23)
    with on(quiz.date + dt.timedelta(1)):
        yield list(ReviewCard.objects.filter(kind="question").select_related("question__current"))


@pytest.fixture
def client(client_of, alice):
    return client_of(alice)


def start(client) -> Review:
    """To the next card, as the button does it."""
    response = client.post("/quiz/review/next/")
    return Review.objects.get(pk=re.search(r"/quiz/review/(\d+)/", response["Location"])[1])


def answer(client, review: Review, raw: str, **more):
    return client.post(f"/quiz/review/{review.pk}/", {f"answer-{review.pk}": raw} | more, follow=True)


def right(review: Review) -> str:
    return str(review.version.body["key"])


def wrong(review: Review) -> str:
    return "a" if review.version.kind == "single_choice" else "12345"


# --- Refusals ---


def test_who_may_see_what(client_of, alice, bob, missed, django_user_model, client):
    review = start(client)
    card = review.card
    his = client_of(bob)
    assert his.get(f"/quiz/review/{review.pk}/").status_code == 404
    assert answer(his, review, right(review)).status_code == 404
    assert his.post(f"/quiz/review/cards/{card.pk}/again/").status_code == 404
    assert his.post(f"/quiz/review/cards/{card.pk}/memo/", {"memo": "x"}).status_code == 404
    assert "question-1" not in his.get("/quiz/mistakes/").content.decode()
    carol = client_of(django_user_model.objects.create_user("carol"))
    for address in ("/quiz/review/", "/quiz/mistakes/"):
        assert carol.get(address).status_code == 403
    card.refresh_from_db()
    assert (card.memo, card.reviewed_on, Review.objects.get().is_open) == ("", missed[0].reviewed_on, True)


def test_every_write_needs_a_post(client, missed):
    review = start(client)
    for address in ("next/", "limit/", f"cards/{review.card_id}/again/", f"cards/{review.card_id}/memo/"):
        assert client.get(f"/quiz/review/{address}").status_code == 405, address


def test_what_cannot_be_read_is_refused_and_rates_nothing(client, missed):
    for card in missed:
        review = review_actions.show_card(card)
        for raw in ("", " ", "열두 개", "<b>", "e"):
            response = answer(client, review, raw)
            assert response.status_code == 422, raw
            page = response.content.decode()
            assert SECRET not in page
            assert "<b>" not in page
    assert not Review.objects.exclude(answered_at=None).exists()


def test_a_bad_memo_and_a_bad_limit_do_no_harm(client, missed):
    card = missed[0]
    memo = "<script>alert(1)</script>\x00" + "가" * 5000
    response = client.post(
        f"/quiz/review/cards/{card.pk}/memo/", {"memo": memo, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/quiz/mistakes/"
    page = client.get("/quiz/mistakes/").content.decode()
    assert "<script>alert" not in page
    card.refresh_from_db()
    assert len(card.memo) == 2000
    for raw in ("", "x", "-1", "1.5", "9" * 40):
        client.post("/quiz/review/limit/", {"limit": raw})
    assert queries.load_of(card.user, card.due_on).limit == 30
    client.post("/quiz/review/limit/", {"limit": "0"})
    assert queries.load_of(card.user, card.due_on).limit == 1


def test_the_database_refuses_a_second_card_and_a_second_open_showing(missed):
    card = missed[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        cards.new_question_card(card.user_id, card.missed_version, 1, None, card.due_on).save()
    review_actions.show_card(card)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(card=card, version=card.missed_version, seed=1)


# --- What becomes a card ---


def test_each_missed_question_becomes_one_card_due_tomorrow(missed, quiz, alice):
    assert len(missed) == 2
    assert {card.question_id for card in missed} == {
        item.question_id for item in quiz.items.order_by("position")[4:]
    }
    assert {card.due_on for card in missed} == {quiz.date + dt.timedelta(1)}
    attempt = Attempt.objects.get()
    before = list(ReviewCard.objects.values())
    assert actions.submit_attempt(attempt) is False
    assert list(ReviewCard.objects.values()) == before


def test_a_fault_while_marking_leaves_no_card(alice, quiz, monkeypatch):
    monkeypatch.setattr(cards, "take_marks", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        answer_quiz(alice, quiz, 0)
    assert Attempt.objects.get().is_open
    assert not ReviewCard.objects.exists()


def test_a_question_left_open_is_missed_and_a_late_one_too(alice, quiz):
    with on(quiz.date + dt.timedelta(2)):
        actions.submit_attempt(actions.catch_up(quiz, alice))
    found = ReviewCard.objects.filter(kind="question")
    assert found.count() == 6
    assert {card.missed_value for card in found} == {None}


def test_a_quiz_answer_rates_the_card_that_is_there(alice, missed, quiz):
    with on(quiz.date + dt.timedelta(1), 23):
        again = actions.publish_due(quiz.round)
        answer_quiz(alice, again, 6)
    for card in missed:
        card.refresh_from_db()
        assert (card.was_right, card.reviewed_on) == (True, again.date)
        assert card.due_on > again.date
    with on(quiz.date + dt.timedelta(2), 23):
        answer_quiz(alice, actions.publish_due(quiz.round), 0)
    assert ReviewCard.objects.filter(kind="question").count() == 6
    missed[0].refresh_from_db()
    assert (missed[0].misses, missed[0].was_right) == (2, False)


def test_a_weak_topic_becomes_a_card_that_asks_another_question(alice, quiz, bank, client):
    answer_quiz(alice, quiz, 1)
    card = ReviewCard.objects.get(kind="topic")
    assert card.topic.slug == "tensor"
    write_questions(bank, [choice_entry("fresh")], "tensor")
    content.load_questions(bank)
    type(quiz.round).objects.update(quiz_hour=23)
    with on(quiz.date + dt.timedelta(1)):
        review = review_actions.show_card(card)
        assert review.version.question.slug == "fresh"
        answer(client, review, "c")
    fresh = ReviewCard.objects.get(question__slug="fresh")
    assert (fresh.kind, fresh.missed_value) == ("question", {"choice": "c"})


def test_few_wrong_answers_make_no_topic_weak(missed):
    assert not ReviewCard.objects.filter(kind="topic").exists()


# --- A session ---


def test_the_whole_way(client, missed):
    page = client.get("/quiz/review/").content.decode()
    assert '<p class="due"><strong>2</strong>' in page
    assert re.search(r'site-nav__count">.*? 2</span>', page)
    assert "오늘 복습할 카드 2장" in client.get("/").content.decode()
    first = start(client)
    page = client.get(f"/quiz/review/{first.pk}/").content.decode()
    assert SECRET not in page
    assert WHY not in page
    assert right(first) == "b" or right(first) not in page
    page = answer(client, first, right(first)).content.decode()
    assert "<h1>정답</h1>" in page
    assert SECRET in page
    assert "오늘 1장 남음 · 1장 완료" in page
    second = start(client)
    assert second.card_id != first.card_id
    page = answer(client, second, "", unknown="1").content.decode()
    assert "아쉽게 틀렸습니다" in page
    assert client.post("/quiz/review/next/")["Location"] == "/quiz/review/"
    assert "오늘 복습 끝: 카드 2장" in client.get("/quiz/review/").content.decode()
    cards_now = {card.pk: card for card in ReviewCard.objects.all()}
    assert cards_now[first.card_id].due_on > cards_now[second.card_id].due_on


def test_a_double_click_rates_once(client, missed):
    review = start(client)
    answer(client, review, right(review))
    before = ReviewCard.objects.filter(pk=review.card_id).values().get(), Review.objects.values().get()
    page = answer(client, review, wrong(review)).content.decode()
    assert "이미 답한 카드입니다" in page
    assert "<h1>정답</h1>" in page
    assert (
        ReviewCard.objects.filter(pk=review.card_id).values().get(),
        Review.objects.values().get(),
    ) == before


def test_two_windows_show_one_question_and_the_first_answer_counts(client, client_of, alice, missed):
    one, other = start(client), start(client_of(alice))
    assert one == other
    stale = Review.objects.select_related("version", "card").get(pk=one.pk)
    assert review_actions.answer_review(one, right(one), missed[0].due_on) is True
    assert stale.is_open  # what a slow second request still believes
    assert review_actions.answer_review(stale, wrong(stale), missed[0].due_on) is False
    card = ReviewCard.objects.get(pk=one.card_id)
    assert (card.was_right, card.misses) == (True, 1)


def test_the_time_is_the_servers_and_a_clock_set_back_loses_nothing(client, missed, quiz):
    review = start(client)
    Review.objects.update(shown_at=timezone.now() - dt.timedelta(seconds=500))
    answer(client, review, right(review))
    assert Review.objects.get().rating == Review.Rating.HARD
    with on(quiz.date - dt.timedelta(30)):
        card = next(card for card in missed if card.pk != review.card_id)
        review = review_actions.show_card(card)
    with on(quiz.date - dt.timedelta(40)):
        answer(client, review, right(review))
    review.refresh_from_db()
    card.refresh_from_db()
    assert review.rating == Review.Rating.GOOD
    assert card.reviewed_on == quiz.date
    assert card.due_on > quiz.date


def test_a_card_is_due_from_midnight_in_seoul(alice, quiz, client):
    with on(quiz.date, 23, 50):
        answer_quiz(alice, quiz, 5)
        assert client.post("/quiz/review/next/")["Location"] == "/quiz/review/"
    with on(quiz.date + dt.timedelta(1), 0, 1):
        type(quiz.round).objects.update(quiz_hour=23)
        assert start(client)


def test_the_daily_load_is_capped_and_more_is_a_choice(client, missed):
    client.post("/quiz/review/limit/", {"limit": "1"})
    review = start(client)
    answer(client, review, right(review))
    assert client.post("/quiz/review/next/")["Location"] == "/quiz/review/"
    page = client.get("/quiz/review/").content.decode()
    assert "오늘 분량을 넘은 카드 1장은 다음 날로 넘어갑니다." in page
    assert "site-nav__count" not in page
    assert "/quiz/review/" in client.post("/quiz/review/next/", {"more": "1"})["Location"]
    assert Review.objects.count() == 2


def test_a_card_shown_again_has_numbers_of_its_own_and_the_newest_key(client, missed, bank):
    card = next(card for card in missed if card.missed_version.kind == "numeric")
    shown = review_actions.show_card(card)
    assert review_actions.show_card(card) == shown  # a reload keeps its numbers
    write_questions(bank, [number_entry(card.question.slug, 777)])
    content.load_questions(bank)
    fresh = review_actions.show_card(card)
    assert fresh.version.body["key"] == 777
    assert fresh.seed != shown.seed
    assert "<h1>정답</h1>" in answer(client, fresh, "777").content.decode()


def test_a_question_that_is_out_is_not_asked(client, missed):
    Question.objects.update(is_active=False)
    assert client.post("/quiz/review/next/")["Location"] == "/quiz/review/"
    assert "site-nav__count" not in client.get("/quiz/review/").content.decode()


# --- Nothing of the key of a question that a quiz still asks ---


def test_no_page_shows_the_key_of_a_question_in_an_open_quiz(client, alice, missed, quiz):
    answered, waiting = (review_actions.show_card(card) for card in missed)
    answer(client, answered, right(answered))
    with on(quiz.date + dt.timedelta(1), 23):
        again = actions.publish_due(quiz.round)  # asks the same six, and Alice has not looked at it
        assert again.items.filter(question__in=[card.question_id for card in missed]).count() == 2
        for begun in (False, True):
            if begun:
                client.get("/quiz/")
            seen = [
                client.get("/quiz/mistakes/"),
                client.get("/quiz/mistakes/?all=1"),
                client.get(f"/quiz/review/{answered.pk}/"),
                client.get(f"/quiz/review/{waiting.pk}/"),
                answer(client, waiting, right(waiting)),
                client.post("/quiz/review/next/", {"more": "1"}, follow=True),
                *(client.post(f"/quiz/review/cards/{card.pk}/again/", follow=True) for card in missed),
            ]
            for response in seen:
                assert SECRET not in response.content.decode()
                assert WHY not in response.content.decode()
        assert Review.objects.get(pk=waiting.pk).is_open
        client.post(f"/quiz/{again.pk}/submit/", full_form(again, {}, confirm="1"))
        assert SECRET in client.get("/quiz/mistakes/").content.decode()
        assert SECRET in client.get(f"/quiz/review/{answered.pk}/").content.decode()


def test_the_header_counts_the_cards_that_may_be_shown(client, alice, quiz):
    answer_quiz(alice, quiz, 1)  # five questions and a weak topic
    type(quiz.round).objects.update(quiz_hour=23)
    with on(quiz.date + dt.timedelta(1)):
        assert re.search(
            r'site-nav__count">.*</span> 6</span>', client.get("/quiz/mistakes/").content.decode()
        )
    with on(quiz.date + dt.timedelta(1), 23):
        actions.publish_due(quiz.round)  # asks all six, which are the topic's only ones
        assert "site-nav__count" not in client.get("/quiz/mistakes/").content.decode()


def test_a_quiz_being_caught_up_on_hides_its_keys_too(client, alice, missed, quiz):
    with on(quiz.date + dt.timedelta(1), 23):
        again = actions.publish_due(quiz.round)
    with on(quiz.date + dt.timedelta(2)):
        assert SECRET in client.get("/quiz/mistakes/").content.decode()
        actions.catch_up(again, alice)
        assert SECRET not in client.get("/quiz/mistakes/").content.decode()


# --- The list of mistakes ---


def test_the_list_shows_the_answer_given_the_right_one_and_why(client, missed):
    page = client.get("/quiz/mistakes/").content.decode()
    assert page.count(SECRET) == 2
    for card in missed:
        kind = card.missed_version.kind
        assert (f"{WHY} 까닭 a" if kind == "single_choice" else "12345") in page


def test_it_is_filtered_by_topic(client, missed):
    assert client.get("/quiz/mistakes/?topic=tensor").content.decode().count(SECRET) == 2
    assert client.get("/quiz/mistakes/?topic=rag")["Location"] == "/quiz/mistakes/"
    assert client.get("/quiz/mistakes/?topic=%00'--")["Location"] == "/quiz/mistakes/"
    assert client.get("/quiz/mistakes/?page=99999999999999999999").status_code == 200


def test_a_memo_is_kept_and_try_again_shows_the_card_before_it_is_due(client, missed):
    card = missed[0]
    ReviewCard.objects.update(due_on=card.due_on + dt.timedelta(30))
    response = client.post(
        f"/quiz/review/cards/{card.pk}/memo/", {"memo": " 패딩을 빼먹음 ", "next": "/quiz/mistakes/?page=1"}
    )
    assert response["Location"] == "/quiz/mistakes/?page=1"
    assert "패딩을 빼먹음</textarea>" in client.get("/quiz/mistakes/").content.decode()
    response = client.post(f"/quiz/review/cards/{card.pk}/again/", follow=True)
    assert "이제 맞힐 수 있나요?" in response.content.decode()


def test_a_later_wrong_answer_takes_the_earlier_ones_place(client, missed):
    card = next(card for card in missed if card.missed_version.kind == "numeric")
    review = review_actions.show_card(card)
    answer(client, review, "777")
    page = client.get("/quiz/mistakes/").content.decode()
    assert "777" in page
    card.refresh_from_db()
    assert (card.misses, card.missed_seed) == (2, review.seed)


def test_the_list_asks_the_database_as_often_for_six_as_for_two(client, alice, missed, quiz):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/quiz/mistakes/").status_code == 200
        return len(captured)

    two = count()
    for item in quiz.items.select_related("version__question")[:4]:
        cards.new_question_card(alice.pk, item.version, 1, None, quiz.date).save()
    assert count() == two
    assert two <= 12


def test_without_a_mistake_the_pages_say_so(client, quiz):
    assert "아직 틀린 문제가 없습니다." in client.get("/quiz/mistakes/").content.decode()
    assert "오늘 복습할 카드가 없습니다." in client.get("/quiz/review/").content.decode()


def test_the_calendar_counts_quiz_and_review_answers_by_the_day_in_seoul(client, alice, missed, quiz):
    review = start(client)
    answer(client, review, right(review))
    counts = queries.answers_per_day(alice, quiz.round, quiz.date - dt.timedelta(9))
    assert counts == {quiz.date: 6, quiz.date + dt.timedelta(1): 1}
    with on(quiz.date + dt.timedelta(1), 0, 30):  # still the evening before in UTC
        second = review_actions.show_card(ReviewCard.objects.exclude(pk=review.card_id).get())
        answer(client, second, right(second))
    assert queries.answers_per_day(alice, quiz.round, quiz.date)[quiz.date + dt.timedelta(1)] == 2
    page = client.get("/quiz/review/").content.decode()
    assert page.count("heat__day--") > 100
    assert 'style="' not in page
    assert Quiz.objects.count() == 1
