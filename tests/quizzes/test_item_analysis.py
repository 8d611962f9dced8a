"""The instructor's pages of item analysis: figures of a class that is known, and what they refuse to say."""

import datetime as dt

import numpy as np
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Enrolment
from quizzes import actions
from quizzes.item_analysis import SORTS
from quizzes.models import Attempt, Question

from .conftest import right_answer, wrong_answer
from .test_regrades import apply, propose

BEGAN = dt.timedelta(hours=6)


def make_class(quiz, count, answer):
    """`count` students; answer(place, item) is what each gives, ten seconds after the answer before."""
    items = list(quiz.items.select_related("version", "question"))
    start = quiz.published_at + BEGAN
    for place in range(count):
        user = User.objects.create(username=f"student{place:02d}")
        Enrolment.objects.create(round=quiz.round, user=user, role="student")
        with time_machine.travel(start, tick=False) as clock:
            attempt = actions.start_attempt(quiz, user)
            for item in items:
                clock.shift(10)
                actions.save_answer(attempt, item, answer(place, item))
            actions.submit_attempt(attempt)


def by_ability(place, item):
    """The higher the place the more is right; choice-1 is turned round, its strong say d; nobody ever says c."""
    if item.question.slug == "choice-1":
        return "d" if place >= 12 else "b"
    return right_answer(item) if place > 3 * item.position else wrong_answer(item)


@pytest.fixture
def big(quiz):
    make_class(quiz, 24, by_ability)
    return quiz


@pytest.fixture
def teachers_page(client_of, teacher):
    def get(address, language="en"):
        response = client_of(teacher, language).get(address)
        assert response.status_code == 200
        return response

    return get


def points_of_all():
    """Students times questions."""
    attempts = Attempt.objects.order_by("pk")
    return np.array(
        [[float(one.points) for one in attempt.answers.order_by("item__position")] for attempt in attempts]
    )


def line_of(response, slug):
    return next(line for line in response.context["page"] if line.question.slug == slug)


def test_the_figures_are_those_of_the_class(big, teachers_page):
    response = teachers_page("/instructor/questions/")
    easy = line_of(response, "choice-2")
    item = big.items.get(question__slug="choice-2")
    right = sum(place > 3 * item.position for place in range(24))
    assert easy.statistics.people == 24
    assert easy.statistics.difficulty == pytest.approx(right / 24)
    data = points_of_all()
    credit = data[:, item.position - 1]
    assert easy.statistics.discrimination == pytest.approx(
        np.corrcoef(credit, data.sum(axis=1) - credit)[0, 1]
    )
    assert easy.statistics.seconds == 10
    page = response.content.decode()
    assert f"{round(100 * right / 24)} %" in page
    assert "0:10" in page


def test_a_question_that_the_strong_get_wrong_is_flagged_with_its_distractor(big, teachers_page):
    response = teachers_page("/instructor/questions/?sort=flags")
    first = response.context["page"][0]
    assert first.question.slug == "choice-1"
    assert {str(flag) for flag in first.flags} == {"negative", "strong", "unused"}
    page = teachers_page(f"/instructor/questions/{first.question.pk}/").content.decode()
    assert page.count("a wrong choice that the strong take") == 1
    assert page.count("a choice nobody takes") == 2  # a and c
    assert "100 %" in page


def test_the_whole_test_has_its_reliability(big, teachers_page):
    (test,) = teachers_page("/instructor/questions/").context["tests"]
    data = points_of_all()
    wanted = 6 / 5 * (1 - data.var(axis=0).sum() / data.sum(axis=1).var())
    assert (test.reliability.name, test.reliability.people) == ("KR-20", 24)
    assert test.reliability.value == pytest.approx(wanted)
    assert test.mean == pytest.approx(data.mean())


@pytest.mark.parametrize(("language", "words"), [("ko", "5명뿐이어서 우연히"), ("en", "Too few: with 5 people")])
def test_with_few_people_the_page_says_so_and_flags_nothing(quiz, teachers_page, language, words):
    make_class(quiz, 5, by_ability)
    response = teachers_page("/instructor/questions/", language)
    assert [flag for line in response.context["page"] for flag in line.flags] == []
    question = Question.objects.get(slug="choice-1")
    assert words in teachers_page(f"/instructor/questions/{question.pk}/", language).content.decode()


def test_late_answers_teachers_and_other_rounds_are_not_in_it(quiz, teachers_page, alice, teacher):
    for item in quiz.items.select_related("version"):
        actions.save_answer(actions.start_attempt(quiz, teacher), item, right_answer(item))
    actions.submit_attempt(actions.start_attempt(quiz, teacher))
    with time_machine.travel(quiz.closes_at + dt.timedelta(hours=1), tick=False):
        actions.submit_attempt(actions.catch_up(quiz, alice))
    page = teachers_page("/instructor/questions/").content.decode()
    assert "No quiz of this round has been marked yet." in page


def test_every_order_and_a_topic_can_be_chosen(big, teachers_page):
    for sort in (*SORTS, "nonsense", ""):
        response = teachers_page(f"/instructor/questions/?sort={sort}&topic=tensor")
        assert len(response.context["page"]) == 6
        if sort in ("difficulty", "", "nonsense"):
            credits = [line.statistics.difficulty for line in response.context["page"]]
            assert credits == sorted(credits)
    assert len(teachers_page("/instructor/questions/?topic=lstm").context["page"]) == 0


def test_answers_without_choices_are_listed_and_skipped_ones_counted(quiz, teachers_page):
    make_class(quiz, 3, lambda place, item: "" if place or item.version.kind != "numeric" else "77")
    number = Question.objects.get(slug="number-3")
    page = teachers_page(f"/instructor/questions/{number.pk}/").content.decode()
    assert "77" in page
    assert "Not answered" in page
    assert "Right answer: 16" in page


def test_versions_stand_side_by_side(big, teachers_page, client_of, teacher):
    item = big.items.select_related("version").get(question__slug="choice-1")
    apply(client_of(teacher), propose(client_of(teacher), item, answers=["d"]))
    response = teachers_page(f"/instructor/questions/{item.question_id}/")
    assert [(each.version.number, each.statistics.people) for each in response.context["versions"]] == [
        (2, 24),
        (1, 0),
    ]
    assert response.context["statistics"].discrimination > 0  # by the corrected key it is a good question
    page = response.content.decode()
    assert "corrects version 1" in page
    assert "Nobody of this round has answered this version yet." in page


def test_the_queries_do_not_grow_with_the_class(quiz, client_of, teacher):
    client = client_of(teacher)
    counts = []
    for count in (2, 6):
        User.objects.filter(username__startswith="student").delete()
        make_class(quiz, count, by_ability)
        with CaptureQueriesContext(connection) as queries:
            client.get("/instructor/questions/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_an_unknown_question_is_not_found(client_of, teacher, quiz):
    assert client_of(teacher).get("/instructor/questions/999999/").status_code == 404
