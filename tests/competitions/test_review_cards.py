"""A failed hidden test of an exercise becomes a card of the review, by way of the settings alone."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine

from competitions import actions
from competitions.models import Submission
from quizzes.models import Review, ReviewCard
from quizzes.review import actions as review_actions
from sandbox.contract import Verdict

from .conftest import outcome, sample_of

KST = dt.timezone(dt.timedelta(hours=9))


@pytest.fixture
def send(submitted, open_exercise, alice):
    """send(hidden=Verdict) -> Alice's submission, judged: its hidden test gets that verdict."""
    challenge = open_exercise.challenge

    def send_one(hidden: Verdict = Verdict.WRONG_ANSWER, user=alice, **changes) -> Submission:
        row = submitted(user, challenge, sample_of(challenge))
        return judge_again(row, hidden, **changes)

    return send_one


def judge_again(row: Submission, hidden: Verdict, **changes) -> Submission:
    """What a worker does with a queued submission."""
    claimed = actions.claim(row.pk, "test-worker")
    made = outcome(row.challenge, 40.0, "partial")
    visible, secret = made.report.tests
    tests = (visible, replace(secret, verdict=hidden, **changes))
    made = replace(made, report=replace(made.report, tests=tests))
    assert actions.record(claimed.pk, claimed.fencing, made)
    row.refresh_from_db()
    return row


def rejudge(row: Submission, teacher, hidden: Verdict) -> Submission:
    actions.rejudge(row, teacher)
    return judge_again(row, hidden)


def days_later(days: int):
    return time_machine.travel(dt.datetime.now(KST) + dt.timedelta(days))


def test_a_failed_hidden_test_makes_one_card_with_what_the_student_saw(send, client_of, alice):
    send()
    card = ReviewCard.objects.get()  # the visible test makes none
    assert (card.kind, card.was_right) == ("test", False)
    page = client_of(alice).get("/quiz/mistakes/").content.decode()
    for text in ("숨은", "힌트", "다시 제출하기", 'href="/exercises/tensor-standardize/"'):
        assert text in page
    send()
    assert ReviewCard.objects.count() == 1


@pytest.mark.parametrize(
    ("hidden", "changes"), [(Verdict.ACCEPTED, {}), (Verdict.TIME_LIMIT, {"ran": False})]
)
def test_a_passed_test_and_one_that_never_ran_make_none(send, hidden, changes):
    send(hidden, **changes)
    assert not ReviewCard.objects.exists()


def test_a_fault_of_ours_makes_none(submitted, open_exercise, alice):
    row = submitted(alice, open_exercise.challenge)
    for _ in range(3):
        Submission.objects.update(not_before=row.received_at)
        claimed = actions.claim(row.pk, "w")
        actions.record(row.pk, claimed.fencing, outcome(row.challenge, None, "judge_error"))
    assert not ReviewCard.objects.exists()


def test_judging_again_makes_no_second_card_and_rates_nothing(send, teacher):
    row = send()
    before = ReviewCard.objects.values().get()
    rejudge(row, teacher, Verdict.WRONG_ANSWER)
    assert ReviewCard.objects.values().get() == before


def test_a_verdict_that_is_taken_back_takes_its_card_back(send, teacher):
    row = send()
    rejudge(row, teacher, Verdict.ACCEPTED)
    assert not ReviewCard.objects.exists()


def test_but_not_a_card_that_the_student_has_worked_with(send, teacher):
    row = send()
    ReviewCard.objects.update(memo="축을 틀렸다")
    rejudge(row, teacher, Verdict.ACCEPTED)
    assert ReviewCard.objects.get().memo == "축을 틀렸다"


def test_the_next_submission_rates_the_card(send):
    send()
    send(Verdict.ACCEPTED)
    card = ReviewCard.objects.get()
    assert card.was_right
    with days_later(3):
        send(Verdict.ACCEPTED)
        later = ReviewCard.objects.get()
        assert later.due_on - later.reviewed_on > card.due_on - card.reviewed_on
        send(Verdict.RUNTIME_ERROR)
    card = ReviewCard.objects.get()
    assert (card.was_right, card.misses) == (False, 2)


def test_twenty_tries_in_one_evening_are_one_lesson(send):
    send()
    before = ReviewCard.objects.get()
    for _ in range(3):
        send()
    after = ReviewCard.objects.get()
    assert (after.stability, after.misses) == (before.stability, 1)


def test_an_older_submission_that_is_judged_later_rates_nothing(send, submitted, open_exercise, alice):
    old = submitted(alice, open_exercise.challenge)
    send()
    before = ReviewCard.objects.values().get()
    judge_again(old, Verdict.ACCEPTED)
    assert ReviewCard.objects.values().get() == before


def test_the_student_rates_it_once_or_the_verdict_does(send, client_of, alice):
    send()
    client = client_of(alice)
    with days_later(1):
        page = client.post("/quiz/review/next/", follow=True).content.decode()
        assert "이제 풀 수 있습니다" in page
        review = Review.objects.get()
        for rating in ("good", "again"):
            client.post(f"/quiz/review/{review.pk}/", {"rating": rating})
        card = ReviewCard.objects.get()
        assert (card.was_right, Review.objects.get().rating) == (True, Review.Rating.GOOD)
        waiting = review_actions.show_card(card)
        send()  # fails again, and answers what the window still asks
        assert not Review.objects.filter(pk=waiting.pk).exists()
        assert client.post(f"/quiz/review/{waiting.pk}/", {"rating": "good"}).status_code == 404
    assert not ReviewCard.objects.get().was_right


def test_a_listener_that_fails_takes_nothing_from_the_verdict(send, settings, caplog):
    settings.JUDGED_LISTENERS = ["builtins.len", *settings.JUDGED_LISTENERS]
    row = send()
    assert (row.state, row.score) == ("done", 40.0)
    assert ReviewCard.objects.count() == 1
    assert "builtins.len failed" in caplog.text


def test_cards_belong_to_who_submitted(send, bob):
    send(user=bob)
    assert ReviewCard.objects.get().user == bob
