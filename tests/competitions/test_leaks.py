"""Before the end nothing private leaves by any door: pages, API, JAEN's addresses, files, boards and their order, charts,
comments. Private are scores, the intervals around them and the ranks that a worker found by them.

Every address of the app is asked, so that an export that somebody adds is asked as well. Two sites that differ in nothing
but their private side must look the same to a student. That is stronger than looking for a number: an order, a count, a
mark at a row would show, too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts import addresses
from competitions import actions
from competitions.actions import renewing
from competitions.folders import Split
from competitions.models import BoardSummary, Measurement, Standing, Submission
from competitions.predictions.split import public_rows
from competitions.templatetags import competitions as tags
from tests.competitions import plays

pytestmark = pytest.mark.django_db
SLUG = "small-prices"
FROZEN = "frozen, under the Ladder"
# What differs between two requests for the same page: form tokens.
TOKENS = re.compile(
    r'(csrfmiddlewaretoken|name="ticket") ?value="[^"]*"|"X-CSRFToken": "[^"]*"|nonce="[^"]*"|csrf[^"]*"[^"]*"[^"]*"'
)
HEADERS = ("Location", "Content-Disposition", "ETag", "Last-Modified")
QUERIES = {
    "competitions/<slug:slug>/leaderboard/": ["board=final", "board=frozen", "board=late", "board=live"],
    "leaderboard": [
        f"competition_name={SLUG}&course_name=AI+Essential&course_round=0317%281%29&board={board}"
        for board in ("final", "live")
    ],
    "api/leaderboards/<slug:slug>/": ["board=final", "board=frozen"],
    "jaen/<str:token>/api/project/dataSingleDownload": ["project_name=small-prices&file_name=solution.csv"],
}


def routes() -> list[str]:
    """The home page and every address of the app, as the site's own list of addresses has them."""

    def walk(patterns, before: str) -> Iterator[str]:
        for each in patterns:
            route = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each.url_patterns, route)
            else:
                view = getattr(each.callback, "view_class", each.callback)
                if view.__module__.startswith("competitions."):
                    yield route

    return ["", *walk(get_resolver().url_patterns, "")]


def asked(route: str, numbers: list[int], token: str) -> Iterator[str]:
    """The addresses of one route: of each of the submissions `numbers`, of the solution's file, with each query."""
    path = (
        route.replace("<slug:slug>", SLUG).replace("<str:name>", "solution.csv").replace("<str:token>", token)
    )
    for number in numbers if "<int:number>" in path else [0]:
        for query in ["", *QUERIES.get(route, [])]:
            yield "/" + path.replace("<int:number>", str(number)) + (f"?{query}" if query else "")


def look(reader, clients, numbers: list[int]) -> dict[str, tuple]:
    """Address -> what the reader (None: nobody) is answered, without the tokens of its forms."""
    browser = clients[0](reader, "en") if reader else Client()
    api = clients[1](reader) if reader else browser
    token = addresses.token_of(reader) if reader else "a" * 20
    found = {}
    for route in routes():
        client = api if route.startswith("api/") else browser
        for address in asked(route, numbers, token):
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            headers = [answer.headers.get(name) for name in HEADERS]
            found[address] = (answer.status_code, headers, TOKENS.sub("", body.decode()))
    return found


def entry(truth, noise: float, private_noise: float, seed: int) -> str:
    """A submission that is as good as `noise` on the public rows and as `private_noise` on the others."""
    kinds = public_rows([str(number) for number in range(plays.ROWS)], Split(public=0.5, seed=1))
    both = [plays.predictions(truth, each, seed).split() for each in (noise, private_noise)]
    rows = (
        one if public else other for public, one, other in zip(kinds, both[0][1:], both[1][1:], strict=True)
    )
    return "\n".join([both[0][0], *rows]) + "\n"


@pytest.fixture
def charlie(course_round, django_user_model):
    """Another student of the round, who has sent nothing."""
    from courses.actions import enrol

    person = django_user_model.objects.create_user("charlie", nickname="찰리")
    enrol(course_round, person, "student")
    return person


@pytest.fixture
def played(request, course_round, tmp_path, alice, bob):
    """Alice leads in public, Bob in private; each has sent two files, one before the freeze and one after. In public the
    second is better, in private only Alice's. The worker has judged them, with intervals, and looked at the boards: shared
    ranks, lines of the chart. The clock stands still."""
    folder = plays.make_folder(tmp_path / SLUG, ladder=request.param == FROZEN)
    opening = actions.open_challenge(course_round, plays.install(folder))
    truth, now = plays.truth_of(folder), timezone.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False) as clock:
        freeze = now - dt.timedelta(minutes=30) if request.param == FROZEN else None
        actions.set_rules(opening, max_team_size=3, freezes_at=freeze, final_selections=1)
        for minutes, skill, hidden in ((60, 1.0, 0.11), (5, 0.8, 0.20)):
            clock.move_to(now - dt.timedelta(minutes=minutes))
            plays.send(alice, opening, entry(truth, 0.10 * skill, 0.50 - hidden, minutes))
            plays.send(bob, opening, entry(truth, 0.35 * skill, hidden, minutes + 1))
        clock.move_to(now)
        renewing.renew_due()
        assert not Standing.objects.filter(is_ranked=True, sort_key__isnull=False, shared_first=None).exists()
        yield opening


open_board = pytest.mark.parametrize("played", ["open"], indirect=True)


def exchange_private_sides(opening, one, other) -> None:
    """What is private of one person's submissions goes to the other's and the other way round; the worker looks again."""
    fields = ("private", "private_low", "private_high")
    pairs = zip(*(Submission.objects.filter(user=user).order_by("pk") for user in (one, other)), strict=True)
    for pair in pairs:
        sides = [(row.private_score, [getattr(row.measurement, name) for name in fields]) for row in pair]
        for row, (score, values) in zip(pair, reversed(sides), strict=True):
            Submission.objects.filter(pk=row.pk).update(private_score=score)
            Measurement.objects.filter(pk=row.pk).update(**dict(zip(fields, values, strict=True)))
    actions.rebuild_boards(opening)
    BoardSummary.objects.update(made_at=None)
    renewing.renew_due()


def final_board() -> list[tuple]:
    rows = Standing.objects.filter(board="final", is_ranked=True).order_by("participant")
    return list(rows.values_list("participant", "score", "low", "high", "shared_first"))


def secrets() -> list[str]:
    """The first digits of what is private, as any JSON or CSV would begin to write it, and what a page would write."""
    numbers = [value for row in Submission.objects.exclude(private_score=None).select_related("measurement")
               for value in (row.private_score, row.measurement.private_low, row.measurement.private_high)]  # fmt: skip
    assert len(numbers) == 12
    assert all(10 < value < 100 for value in numbers)
    return [text for value in numbers for text in (repr(value)[:6], f"{value:.3f}")]


READERS = [("open", "alice"), ("open", "charlie"), ("open", ""), (FROZEN, "alice")]


@pytest.mark.parametrize(("played", "name"), READERS, indirect=["played"])
def test_two_sites_that_differ_in_what_is_private_look_the_same(
    played, alice, bob, charlie, client_of, api_of, name
):
    reader = {"alice": alice, "charlie": charlie}.get(name)
    numbers = [Submission.objects.filter(user=user).latest("pk").pk for user in (alice, bob)]
    one, before = look(reader, (client_of, api_of), numbers), final_board()
    exchange_private_sides(played, alice, bob)
    other, after = look(reader, (client_of, api_of), numbers), final_board()
    assert [row[0] for row in before] == [row[0] for row in after]
    assert all(
        x != y
        for pair in zip(before, after, strict=True)
        for x, y in zip(pair[0][1:], pair[1][1:], strict=True)
    )
    assert [address for address in one if one[address] != other[address]] == []
    hidden = secrets()
    assert [
        (address, number) for address, (_, _, text) in one.items() for number in hidden if number in text
    ] == []
    # The doors were open: the boards and what was sent were there to be read.
    read = [address for address, (status, _, _) in one.items() if status == 200]
    assert len(read) > (20 if reader else 0)
    assert not any("instructor" in address or "solution.csv" in address for address in read)


@open_board
@pytest.mark.parametrize("name", ["alice", ""])
def test_pages_and_exports_of_those_who_teach_are_refused(played, alice, client_of, name):
    browser = client_of(alice) if name else Client()
    theirs = [route for route in routes() if route.startswith("instructor/")]
    assert len(theirs) > 15
    for route in theirs:
        for address in asked(route, [Submission.objects.earliest("pk").pk], ""):
            codes = {browser.get(address).status_code, browser.post(address).status_code}
            assert codes - {405}, address
            assert codes <= ({403, 404, 405} if name else {302, 405}), (address, codes)


@open_board
def test_at_the_end_they_are_there_and_before_it_for_those_who_teach(
    played, alice, teacher, client_of, api_of
):
    row = Submission.objects.filter(user=alice).select_related("measurement").latest("pk")
    hidden = [row.private_score, row.measurement.private_low, row.measurement.private_high]
    shown = [tags.score(value, played.challenge) for value in hidden]
    board, page = f"/competitions/{SLUG}/leaderboard/?board=final", f"/submissions/{row.pk}/"

    def seen_by(reader, address: str) -> list[bool]:
        text = client_of(reader).get(address).content.decode()
        return [value in text for value in shown]

    assert (seen_by(alice, board), seen_by(alice, page)) == ([False] * 3, [False] * 3)
    assert seen_by(teacher, board) == [True] * 3
    with time_machine.travel(played.closes_at + dt.timedelta(seconds=1)):
        assert (seen_by(alice, board), seen_by(alice, page)) == ([True] * 3, [True] * 3)
        mine = api_of(alice).get(f"/api/leaderboards/{SLUG}/").json()["me"]
        assert [mine["score"], *mine["interval"]] == hidden
        assert mine["rank"] == 2


@open_board
def test_without_an_end_they_stay_private(played, alice, client_of):
    actions.set_rules(played, closes_at=None)
    row = Submission.objects.filter(user=alice).latest("pk")
    with time_machine.travel(timezone.now() + dt.timedelta(days=3000)):
        for address in (f"/competitions/{SLUG}/leaderboard/?board=final", f"/submissions/{row.pk}/"):
            text = client_of(alice).get(address).content.decode()
            assert [number for number in secrets() if number in text] == []
