"""Submitting: once, marked on the server, explained afterwards, final."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from quizzes import actions, kinds, tasks
from quizzes.models import Answer, Attempt

from .conftest import SECRET, WHY, full_form, post_answer, right_answer, wrong_answer


@pytest.fixture
def sheet(client_of, alice, quiz):
    client = client_of(alice)
    client.get("/quiz/")
    return client, list(quiz.items.select_related("version"))


def submit(client, quiz, answers=None, **more):
    return client.post(f"/quiz/{quiz.pk}/submit/", full_form(quiz, answers or {}, **more), follow=True)


def test_gaps_are_asked_about_first(sheet, quiz):
    client, items = sheet
    response = submit(client, quiz, {items[0].pk: right_answer(items[0])})
    page = response.content.decode()
    assert "답하지 않은 문제가 5개 있습니다." in page
    assert 'name="confirm"' in page
    assert Attempt.objects.get().is_open
    assert Answer.objects.count() == 1  # what was given is kept


def test_the_whole_way(sheet, quiz, alice):
    client, items = sheet
    for item in items[:4]:
        post_answer(client, item, right_answer(item))
    post_answer(client, items[4], wrong_answer(items[4]))
    page = submit(client, quiz, {}, confirm="1").content.decode()
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.score, attempt.max_score) == ("submitted", Decimal(4), Decimal(6))
    assert "<strong>4</strong> / 6" in page
    assert page.count(SECRET) == 6
    assert page.count("답하지 않음") == 1
    marks = {answer.item_id: answer.correct for answer in attempt.answers.all()}
    assert marks == {item.pk: place < 4 for place, item in enumerate(items)}
    assert all(answer.marked_at == attempt.submitted_at for answer in attempt.answers.all())


def test_the_result_says_why_the_chosen_one_is_wrong(sheet, quiz):
    client, items = sheet
    choice = next(item for item in items if item.version.kind == "single_choice")
    page = submit(client, quiz, {choice.pk: "d"}, confirm="1").content.decode()
    assert f"{WHY} 까닭 d" in page
    assert f"{WHY} 까닭 a" not in page


def test_all_by_form_and_without_script(sheet, quiz):
    client, items = sheet
    page = submit(client, quiz, {item.pk: right_answer(item) for item in items}).content.decode()
    assert "<strong>6</strong> / 6" in page
    assert "모두 맞혔습니다" in page


def test_a_double_click_counts_once(sheet, quiz):
    client, items = sheet
    answers = {item.pk: right_answer(item) for item in items}
    submit(client, quiz, answers)
    before = Attempt.objects.values().get(), list(Answer.objects.values())
    page = submit(client, quiz, {item.pk: wrong_answer(item) for item in items}, confirm="1").content.decode()
    assert "<strong>6</strong> / 6" in page
    assert (Attempt.objects.values().get(), list(Answer.objects.values())) == before


def test_of_two_submits_that_both_saw_it_open_one_marks(sheet, quiz):
    one, other = Attempt.objects.get(), Attempt.objects.get()
    assert actions.submit_attempt(one) is True
    submitted_at = Attempt.objects.get().submitted_at
    assert other.is_open  # what a slow second request still believes
    assert actions.submit_attempt(other) is False
    assert Attempt.objects.get().submitted_at == submitted_at
    assert Answer.objects.count() == 6


def test_an_answer_that_arrives_after_the_submit_is_refused(sheet, quiz):
    client, items = sheet
    post_answer(client, items[0], right_answer(items[0]))
    submit(client, quiz, confirm="1", answers={items[0].pk: right_answer(items[0])})
    response = post_answer(client, items[0], wrong_answer(items[0]), 1)
    assert response.status_code == 423
    assert response.json()["detail"] == "이미 제출한 퀴즈입니다. 답을 더 바꿀 수 없습니다."
    answer = Answer.objects.get(item=items[0])
    assert answer.correct
    assert kinds.find(items[0].version.kind).show(answer.value) == right_answer(items[0])


def test_a_save_that_saw_the_attempt_open_is_refused_too(sheet, quiz):
    _client, items = sheet
    stale = Attempt.objects.get()
    actions.submit_attempt(Attempt.objects.get())
    with pytest.raises(actions.QuizClosedError):
        actions.save_answer(stale, items[0], right_answer(items[0]), 1)


def test_a_fault_while_marking_leaves_the_attempt_open_and_the_answers_there(sheet, quiz, monkeypatch):
    client, items = sheet
    post_answer(client, items[0], right_answer(items[0]))
    kind = kinds.find("numeric")
    monkeypatch.setattr(kind, "mark", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.submit_attempt(Attempt.objects.get())
    attempt = Attempt.objects.get()
    assert attempt.is_open
    assert attempt.answers.get().correct is None


def test_after_closing_nothing_is_taken_and_what_was_saved_counts(sheet, quiz):
    client, items = sheet
    for item in items[:2]:
        post_answer(client, item, right_answer(item))
    with time_machine.travel(quiz.closes_at + dt.timedelta(seconds=1), tick=False):
        late = post_answer(client, items[2], right_answer(items[2]))
        assert late.status_code == 423
        assert late.json()["detail"] == "마감된 퀴즈입니다."
        page = submit(client, quiz, {items[3].pk: right_answer(items[3])}, confirm="1").content.decode()
    assert "마감 전에 저장한 답으로 채점했습니다" in page
    assert Attempt.objects.get().score == 2


def test_what_was_left_open_is_marked_by_the_scheduler_after_closing(sheet, quiz):
    client, items = sheet
    post_answer(client, items[0], right_answer(items[0]))
    tasks.publish()
    assert Attempt.objects.get().is_open
    with time_machine.travel(quiz.closes_at + dt.timedelta(seconds=1), tick=False):
        tasks.publish()
        tasks.publish()
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.score, attempt.answers.count()) == ("submitted", 1, 6)


def test_a_quiz_that_was_missed_says_so_and_begins_no_attempt(client_of, alice, quiz):
    with time_machine.travel(quiz.closes_at + dt.timedelta(hours=1), tick=False):
        page = client_of(alice).get(f"/quiz/{quiz.pk}/").content.decode()
    assert "마감된 퀴즈입니다." in page
    assert SECRET not in page
    assert not Attempt.objects.exists()


def test_a_later_key_changes_no_mark_that_was_given(sheet, quiz, bank):
    from quizzes.content import load_questions

    from .conftest import number_entry, write_questions

    client, items = sheet
    submit(client, quiz, {item.pk: right_answer(item) for item in items})
    write_questions(bank, [number_entry("number-1", 999)])
    load_questions(bank)
    page = client.get(f"/quiz/{quiz.pk}/").content.decode()
    assert "<strong>6</strong> / 6" in page
    assert "999" not in page


def test_the_history_shows_own_scores_only(sheet, quiz, bob, client_of):
    client, items = sheet
    assert "아직 제출한 퀴즈가 없습니다." in client.get("/quiz/history/").content.decode()
    submit(client, quiz, {item.pk: right_answer(item) for item in items})
    assert "6 / 6" in client.get("/quiz/history/").content.decode()
    assert "6 / 6" not in client_of(bob).get("/quiz/history/").content.decode()


def test_the_database_refuses_a_submitted_attempt_without_score_and_a_second_attempt(sheet, quiz, alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.update(state="submitted", submitted_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(quiz=quiz, user=alice, seed=1)
