"""Leaderboards: the order, who is on them, and the address in the students' notebooks."""

from __future__ import annotations

import datetime as dt
import random
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions import queries, ranking
from competitions.actions.participating import enter
from competitions.actions.standings import update_standings
from competitions.models import Participant, Standing, Submission
from tests.competitions.conftest import COMPETITION, EXERCISE

pytestmark = pytest.mark.django_db
NAMES = {
    "competition_name": "House Price Prediction",
    "course_name": "AI Essential",
    "course_round": "0317(1)",
}


@pytest.fixture
def crowd(course_round, django_user_model):
    """crowd(n) -> n enrolled students."""
    from courses.models import Enrolment

    def make(count: int):
        users = django_user_model.objects.bulk_create(
            django_user_model(username=f"s{number}", nickname=f"별명{number}") for number in range(count)
        )
        Enrolment.objects.bulk_create(
            Enrolment(round=course_round, user=user, role="student") for user in users
        )
        return users

    return make


def scored(user, opening, score: float | None, minute: int) -> Submission:
    moment = timezone.now() - dt.timedelta(hours=3) + dt.timedelta(minutes=minute)
    row = Submission.objects.create(
        challenge=opening.challenge,
        round=opening.round,
        user=user,
        participant=enter(opening, user),
        file="x",
        file_name="x",
        sha256="0",
        size=1,
        state="done",
        verdict="accepted" if score is not None else "invalid",
        score=score,
        received_at=moment,
    )
    update_standings(row.participant, None)
    return row


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("family", ["exercise", "competition"])
def test_the_board_is_what_the_pure_ranking_says(request, crowd, family, seed):
    """Random entries with many ties, in random order of arrival; low is good in the competition."""
    opening = request.getfixturevalue(f"open_{family}")
    draw = random.Random(seed)
    users = crowd(8)
    minutes = list(range(40))
    draw.shuffle(minutes)
    rows = [
        scored(draw.choice(users), opening, draw.choice([None, 1.0, 2.0, 2.0, 3.5]), minute)
        for minute in minutes
    ]
    entries = [ranking.Entry(row.user_id, row.pk, row.score, row.received_at) for row in rows]
    expected = [
        (line.rank, line.participant, line.score, line.reached_at, line.entries, line.last_at)
        for line in ranking.rank(entries, opening.challenge.higher_is_better)
    ]
    board = queries.board_of(queries.view_of(opening, timezone.now()), users[0])
    on_it = [row for row in board.rows if not row.is_baseline]
    found = [
        (
            row.rank,
            row.standing.participant.person_id,
            row.standing.score,
            row.standing.reached_at,
            row.standing.entries,
            row.standing.last_at,
        )
        for row in on_it
    ]
    assert found == expected
    assert [queries.place_of(row.standing) for row in on_it] == [row.rank for row in on_it]


def test_who_has_no_score_or_teaches_is_not_on_it(open_exercise, alice, bob, teacher, judged, api_of):
    judged(alice, open_exercise.challenge, 50.0, "partial")
    judged(bob, open_exercise.challenge, None)
    judged(teacher, open_exercise.challenge, 100.0)
    board = api_of(alice).get(f"/api/leaderboards/{EXERCISE}/?round=0317(1)").json()
    assert [(row["rank"], row["nickname"], row["score"], row["is_me"]) for row in board["results"]] == [
        (1, "앨리스", 50.0, True)
    ]
    assert Standing.objects.count() == 3


def test_ones_own_line_is_pinned_when_it_is_on_another_page(
    open_competition, alice, crowd, client_of, api_of
):
    for place, user in enumerate(crowd(60)):
        scored(user, open_competition, float(place), place)
    scored(alice, open_competition, 999.0, 70)
    html = client_of(alice).get(f"/competitions/{COMPETITION}/leaderboard/").content.decode()
    assert html.count("is-mine") == 1
    assert "별명49" in html
    assert "별명50" not in html
    second = client_of(alice).get(f"/competitions/{COMPETITION}/leaderboard/?page=2").content.decode()
    assert "별명50" in second
    assert second.count("is-mine") == 1
    assert "board__pinned" not in second
    data = api_of(alice).get(f"/api/leaderboards/{COMPETITION}/").json()
    assert (data["count"], data["pages"], data["me"]["rank"], len(data["results"])) == (61, 2, 61, 50)


def test_a_board_costs_the_same_whatever_its_size(open_competition, alice, crowd, django_assert_num_queries):
    scored(alice, open_competition, 999.0, 100)
    users = crowd(55)
    scored(users[0], open_competition, 1.0, 1)
    view = queries.view_of(open_competition, timezone.now())

    def read() -> list[str]:
        return [row.standing.participant.shown_name for row in queries.board_of(view, alice).rows]

    with django_assert_num_queries(5):  # count, page, baselines, whose it is, summary
        read()
    for place, user in enumerate(users[1:], start=2):
        scored(user, open_competition, float(place), place)
    with django_assert_num_queries(6):  # and how many are before the own line
        assert len(read()) >= 50


def test_the_page_asks_the_database_as_often_for_sixty_as_for_ten(open_competition, alice, crowd, client_of):
    def asked(user) -> tuple[int, int]:
        """How many queries, and on how many lines others than Alice stand."""
        browser = client_of(user)
        with CaptureQueriesContext(connection) as captured:
            html = browser.get(f"/competitions/{COMPETITION}/leaderboard/").content.decode()
        return len(captured), html.count('class="person">별명')

    scored(alice, open_competition, 0.5, 0)
    users = crowd(59)
    for place, user in enumerate(users[:9], start=1):
        scored(user, open_competition, float(place), place)
    ten, lines = asked(alice)
    # session, person, rounds, opening, phases; count, page, own line, baselines, summary; cards to review
    assert (ten, lines) == (11, 9)
    for place, user in enumerate(users[9:], start=10):
        scored(user, open_competition, float(place), place)
    assert asked(alice) == (ten, 49)
    assert asked(users[-1]) == (ten + 1, 50)  # the own line is on another page: its rank


def test_a_large_board_has_the_same_ranks_and_pages(open_competition, alice, crowd):
    """2,100 participants with ties in everything: each page, and the rank of any, as the whole order has it."""
    draw = random.Random(1)
    people = Participant.objects.bulk_create(
        Participant(opening=open_competition, person=user) for user in crowd(2100)
    )
    begun = open_competition.opens_at
    Standing.objects.bulk_create(
        Standing(
            opening=open_competition,
            participant=person,
            score=1.0,
            sort_key=draw.choice([-1.0, -2.0, draw.uniform(-3, 0)]),
            reached_at=begun + dt.timedelta(minutes=draw.randrange(3)),
        )
        for person in people
    )
    view = queries.view_of(open_competition, timezone.now())
    whole = sorted(
        Standing.objects.filter(is_ranked=True), key=lambda row: (-row.sort_key, row.reached_at, row.pk)
    )
    assert queries.board_of(view, alice).total == 2100
    for page in (1, 2, 10, 11, 12, 21, 41, 42):
        rows = [row for row in queries.board_of(view, alice, page).rows if row.rank]
        assert [(row.rank, row.standing) for row in rows] == list(enumerate(whole, start=1))[
            page * 50 - 50 : page * 50
        ]
    for place in (0, 1, 498, 499, 500, 501, 999, 1000, 1499, 1500, 1501, 2099):
        assert queries.place_of(whole[place]) == place + 1
    whole[2099].sort_key = 1.0  # the last becomes the first, and is seen there at once
    whole[2099].save()
    assert queries.place_of(whole[2099]) == 1
    assert queries.board_of(view, alice).rows[0].standing == whole[2099]


# --- /leaderboard?competition_name=... ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["House Price Prediction", "주택 가격 예측", COMPETITION])
def test_the_address_in_the_notebooks(open_competition, alice, client_of, judged, name):
    judged(alice, open_competition.challenge, 23456.789)
    address = "/leaderboard?" + urlencode({**NAMES, "competition_name": name})
    html = client_of(alice).get(address).content.decode()
    assert "앨리스" in html
    assert "23,456.79" in html


def test_exactly_the_address_of_the_issue(open_competition, alice, client_of):
    address = "/leaderboard?competition_name=House+Price+Prediction&course_name=AI+Essential&course_round=0317%281%29"
    assert client_of(alice).get(address).status_code == 200


def test_who_is_not_signed_in_comes_back_after_it(open_competition, alice, client):
    address = "/leaderboard?" + urlencode(NAMES)
    page = client.get(address)
    assert page.status_code == 302
    answer = client.post(page.url, {"login": "alice", "password": "correct horse"})
    assert answer.status_code == 302
    assert answer.url == address


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"competition_name": "House Prices"}, ["House Prices"]),
        ({"course_round": "0318(1)"}, ["0318(1)", "AI Essential"]),
        ({"course_name": "<b>"}, ["&lt;b&gt;"]),
        ({"competition_name": "", "course_round": "x"}, ["“”", "x"]),
    ],
)
def test_404_names_what_was_not_found(open_competition, alice, client_of, changed, named):
    address = "/leaderboard?" + urlencode({**NAMES, **changed})
    answer = client_of(alice, "en").get(address)
    html = answer.content.decode()
    assert answer.status_code == 404
    for word in named:
        assert word in html


def test_not_opened_for_that_round_404(competition, course_round, alice, client_of):
    answer = client_of(alice).get("/leaderboard?" + urlencode(NAMES))
    assert answer.status_code == 404
    assert "House Price Prediction" in answer.content.decode()


def test_a_round_one_is_not_in_403(open_competition, django_user_model, client_of):
    mallory = django_user_model.objects.create_user("mallory", password="x")
    answer = client_of(mallory).get("/leaderboard?" + urlencode(NAMES))
    assert answer.status_code == 403
    assert "0317(1)" in answer.content.decode()


def test_exercises_have_one_too(open_exercise, alice, client_of, judged):
    judged(alice, open_exercise.challenge, 100.0)
    answer = client_of(alice).get(f"/exercises/{EXERCISE}/leaderboard/")
    assert answer.status_code == 200
    (line,) = re.findall(r'<tr class="is-mine".*?</tr>', answer.content.decode(), re.DOTALL)
    assert "앨리스" in line
    assert "<strong>100</strong>" in line
