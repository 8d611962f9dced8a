"""Before the end no private score leaves by any door: pages, API, JAEN's addresses, boards and their order, comments.

Two sites that differ in nothing but private scores must look the same to a student. That is stronger than looking for
a number: an order, a count, a mark at a row would show, too.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from accounts import addresses
from competitions import actions
from competitions.models import Submission
from tests.competitions.conftest import COMPETITION

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 18, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
SECRET = 987654.0
# What differs between two requests for the same page: form tokens.
TOKENS = re.compile(
    r'(csrfmiddlewaretoken|name="ticket") ?value="[^"]*"|"X-CSRFToken": "[^"]*"|nonce="[^"]*"|csrf[^"]*"[^"]*"[^"]*"'
)

PAGES = [
    "/",
    "/competitions/",
    "/competitions/{slug}/",
    "/competitions/{slug}/leaderboard/",
    "/competitions/{slug}/leaderboard/?board=final",
    "/competitions/{slug}/leaderboard/?board=frozen",
    "/competitions/{slug}/leaderboard/?board=late",
    "/leaderboard?competition_name={slug}&course_name=AI+Essential&course_round=0317%281%29&board=final",
    "/competitions/{slug}/team/",
    "/competitions/{slug}/selection/",
    "/submissions/",
    "/submissions/{mine}/",
    "/submissions/{mine}/status/",
]
ADDRESSES = [
    "/api/competitions/",
    "/api/competitions/{slug}/team/",
    "/api/competitions/{slug}/selection/",
    "/api/leaderboards/{slug}/",
    "/api/leaderboards/{slug}/?board=final",
    "/api/submissions/",
    "/api/submissions/{mine}/",
]


@pytest.fixture(params=["open", "frozen"])
def opening(request, open_competition):
    now = timezone.now()
    freeze = now - dt.timedelta(hours=1) if request.param == "frozen" else None
    actions.set_rules(open_competition, max_team_size=3, freezes_at=freeze, final_selections=1)
    return open_competition


def look(user, clients, mine: Submission) -> dict[str, str]:
    """Address -> what the student is answered, without the tokens of its forms."""
    client, api = clients[0](user, "en"), clients[1](user)
    found = {}
    for browser, addresses_ in ((client, PAGES), (api, ADDRESSES)):
        for address in addresses_:
            answer = browser.get(address.format(slug=COMPETITION, mine=mine.pk))
            assert answer.status_code in (200, 286), address
            found[address] = TOKENS.sub("", answer.content.decode())
    base = f"/jaen/{addresses.token_of(user)}"
    found["jaen"] = client.get(f"{base}/api/project/list_data").content.decode()
    return found


def set_private(opening, rows: list[Submission], scores: list[float]) -> None:
    for row, score in zip(rows, scores, strict=True):
        Submission.objects.filter(pk=row.pk).update(private_score=score)
    actions.rebuild_boards(opening)


def test_two_sites_that_differ_in_private_scores_look_the_same(
    opening, alice, bob, judged, client_of, api_of
):
    rows = [judged(user, opening.challenge, score, "accepted", SECRET)
            for user, score in ((alice, 3.0), (alice, 2.0), (bob, 1.0), (bob, 4.0))]  # fmt: skip
    actions.select_finals(opening, alice, None, [rows[0].pk])
    with time_machine.travel(timezone.now(), tick=False):
        set_private(opening, rows, [SECRET, SECRET, SECRET + 1, SECRET + 1])
        one = look(alice, (client_of, api_of), rows[0])
        set_private(opening, rows, [SECRET + 2, SECRET, SECRET + 1, 0.0])
        other = look(alice, (client_of, api_of), rows[0])
    assert one.keys() == other.keys()
    assert [address for address in one if one[address] != other[address]] == []
    assert [address for address, text in one.items() if "987654" in text.replace(",", "")] == []


def test_at_the_end_they_are_there_and_before_it_for_those_who_teach(
    opening, alice, teacher, judged, client_of, api_of
):
    judged(alice, opening.challenge, 3.0, "accepted", SECRET)
    final = f"/competitions/{COMPETITION}/leaderboard/?board=final"
    assert "987,654" in client_of(teacher).get(final).content.decode()
    with time_machine.travel(opening.closes_at + dt.timedelta(seconds=1)):
        assert "987,654" in client_of(alice).get(final).content.decode()
        assert api_of(alice).get(f"/api/leaderboards/{COMPETITION}/").json()["me"]["score"] == SECRET


def test_without_an_end_they_stay_private(opening, alice, judged, client_of):
    actions.set_rules(opening, closes_at=None, freezes_at=None)
    row = judged(alice, opening.challenge, 3.0, "accepted", SECRET)
    with time_machine.travel(timezone.now() + dt.timedelta(days=3000)):
        for address in (f"/competitions/{COMPETITION}/leaderboard/?board=final", f"/submissions/{row.pk}/"):
            assert "987,654" not in client_of(alice).get(address).content.decode()
