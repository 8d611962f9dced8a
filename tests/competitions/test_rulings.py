"""Who stands on a board and how: disqualified, hidden, baseline, under another name; who handed in the same."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from competitions import actions, content, queries, worker
from competitions.kinds import predictions
from competitions.models import Participant, Ruling, Standing, Submission
from tests.competitions.conftest import COMPETITION, sample_of

pytestmark = pytest.mark.django_db
PEOPLE = f"/instructor/competitions/{COMPETITION}/participants/"
SAME = f"/instructor/competitions/{COMPETITION}/duplicates/"
BOARD = f"/competitions/{COMPETITION}/leaderboard/"


def words(client, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


def table(client) -> str:
    """The board itself: the header of the page has the reader's own name."""
    return client.get(BOARD).content.decode().split("<table", 1)[1]


@pytest.fixture
def rule(open_competition, teacher, client_of):
    """rule(user, action, reason) -> the page behind it, by the teacher."""

    def decide(user, action: str, reason: str = ""):
        row = queries.participant_of(open_competition, user)
        data = {"action": action, "reason": reason}
        return client_of(teacher, "en").post(f"{PEOPLE}{row.pk}/", data, follow=True)

    return decide


@pytest.fixture
def board(api_of, alice):
    def read() -> list[tuple]:
        rows = api_of(alice).get(f"/api/leaderboards/{COMPETITION}/").json()["results"]
        return [(row["rank"], row["nickname"], row["score"]) for row in rows]

    return read


def ranked(rows: list[tuple]) -> list[tuple]:
    return [row for row in rows if row[0]]


def test_disqualified_with_a_reason_read_by_the_participant_and_lifted_again(
    open_competition, alice, bob, judged, rule, board, client_of, teacher
):
    judged(alice, open_competition.challenge, 1.0)
    judged(bob, open_competition.challenge, 2.0)
    assert "Give a reason" in rule(alice, "disqualify", " ").content.decode()
    rule(alice, "disqualify", "Two accounts")
    assert ranked(board()) == [(1, "밥", 2.0)]
    mine = words(client_of(alice, "en"), f"/competitions/{COMPETITION}/")
    assert ("Disqualified since" in mine, "Two accounts" in mine) == (True, True)
    assert "Two accounts" not in words(client_of(bob, "en"), f"/competitions/{COMPETITION}/")
    judged(alice, open_competition.challenge, 0.5)  # may go on, and stays off the board
    assert ranked(board()) == [(1, "밥", 2.0)]
    assert "disqualified already" in rule(alice, "disqualify", "again").content.decode()
    rule(alice, "lift", "It was her sister")
    assert ranked(board()) == [(1, "앨리스", 0.5), (2, "밥", 2.0)]
    assert "not disqualified" in rule(alice, "lift").content.decode()
    log = [(row.kind, row.reason, row.by) for row in Ruling.objects.all()]
    assert log == [("lifted", "It was her sister", teacher), ("disqualified", "Two accounts", teacher)]
    assert "It was her sister" in words(client_of(teacher, "en"), PEOPLE)


def test_a_student_rules_on_nobody(open_competition, alice, bob, judged, client_of):
    judged(bob, open_competition.challenge, 2.0)
    row = queries.participant_of(open_competition, bob)
    answer = client_of(alice).post(f"{PEOPLE}{row.pk}/", {"action": "disqualify", "reason": "x"})
    row.refresh_from_db()
    assert (answer.status_code, row.is_disqualified) == (403, False)


def test_hidden_is_on_no_board_and_a_baseline_has_no_rank(open_competition, alice, bob, judged, rule, board):
    judged(alice, open_competition.challenge, 1.0)
    judged(bob, open_competition.challenge, 2.0)
    rule(alice, "hidden")
    assert [row[1] for row in board() if row[2] < 10] == ["밥"]
    rule(alice, "baseline")
    assert [row for row in board() if row[2] < 10] == [(None, "앨리스", 1.0), (1, "밥", 2.0)]
    rule(alice, "entrant")
    assert ranked(board()) == [(1, "앨리스", 1.0), (2, "밥", 2.0)]


def test_baselines_of_the_folder_stand_among_the_ranks(
    open_competition, alice, bob, judged, board, client_of
):
    lines = open_competition.challenge.config["baselines"]
    best = min(line["score"] for line in lines)
    judged(alice, open_competition.challenge, best - 1)
    judged(bob, open_competition.challenge, best)
    rows = board()
    assert rows[0] == (1, "앨리스", best - 1)
    assert rows[1] == (2, "밥", best)  # who reaches it stands before it
    assert rows[2][::2] == (None, best)
    assert len(rows) == 2 + len(lines)
    page = words(client_of(alice, "en"), BOARD)
    assert next(line["title_en"] for line in lines if line["score"] == best) in page
    assert page.count(" baseline ") == len(lines)


def test_a_baseline_with_a_private_score_is_on_the_final_board(
    open_competition, alice, judged, client_of, teacher
):
    lines = [{"title_ko": "하나", "title_en": "One", "score": 2.0, "private_score": 7.25},
             {"title_ko": "둘", "title_en": "Two", "score": 3.0, "private_score": None}]  # fmt: skip
    open_competition.challenge.config["baselines"] = lines
    open_competition.challenge.save()
    actions.put_baselines(open_competition)
    judged(alice, open_competition.challenge, 1.0, "accepted", private=9.0)
    final = words(client_of(teacher, "en"), f"{BOARD}?board=final")
    assert ("7.2500" in final, "Two" in final) == (True, False)
    assert final.index("One") < final.index("앨리스")
    assert "7.25" not in words(client_of(alice, "en"), f"{BOARD}?board=final")


def test_loading_the_content_again_doubles_no_baseline(open_competition, settings):
    before = Participant.objects.count()
    content.load_shipped_competition(settings.FIXTURES_DIR / "competitions" / COMPETITION)
    assert Participant.objects.count() == before == len(open_competition.challenge.config["baselines"])


def test_a_baseline_is_on_the_page_where_it_belongs(
    open_competition, alice, board, judged, django_user_model, api_of
):
    """Fifty on a page; the baseline (52.5) belongs between the 52nd and the 53rd."""
    open_competition.challenge.config["baselines"] = [{"title_ko": "선", "title_en": "Line", "score": 52.5}]
    open_competition.challenge.save()
    actions.put_baselines(open_competition)
    users = django_user_model.objects.bulk_create(django_user_model(username=f"s{n}") for n in range(1, 56))
    people = Participant.objects.bulk_create(
        Participant(opening=open_competition, person=user) for user in users
    )
    judged(alice, open_competition.challenge, 56.0)
    Standing.objects.bulk_create(
        Standing(
            opening=open_competition,
            participant=person,
            score=float(place),
            sort_key=-float(place),
            reached_at=open_competition.opens_at,
        )
        for place, person in enumerate(people, start=1)
    )

    def page(number: int) -> list[tuple]:
        rows = api_of(alice).get(f"/api/leaderboards/{COMPETITION}/?page={number}").json()["results"]
        return [(row["rank"], row["nickname"]) for row in rows]

    assert len(page(1)) == 50
    assert page(2)[:4] == [(51, "s51"), (52, "s52"), (None, "선"), (53, "s53")]
    assert page(2)[-1] == (56, "앨리스")


def test_a_made_up_name_by_choice_the_same_for_ever(
    open_competition, alice, bob, teacher, judged, client_of, api_of
):
    judged(alice, open_competition.challenge, 1.0)
    team = f"/competitions/{COMPETITION}/team/"
    client_of(alice).post(team, {"action": "name", "anonymous": "1"})
    row = queries.participant_of(open_competition, alice)
    with translation.override("ko"):
        name = row.shown_name
    assert re.fullmatch(r"[가-힣 ]+ \d+", name)
    for page in (table(client_of(bob)), table(client_of(alice))):
        assert (name in page, "앨리스" in page) == (True, False)
    seen = api_of(bob).get(f"/api/leaderboards/{COMPETITION}/").content.decode()
    assert (name in seen, "앨리스" in seen, "alice" in seen) == (True, False, False)
    assert "앨리스" in table(client_of(teacher))
    with translation.override("en"):
        assert row.shown_name in table(client_of(bob, "en"))
        assert row.shown_name != name
    client_of(alice).post(team, {"action": "name", "anonymous": "0"})
    assert "앨리스" in table(client_of(bob))
    client_of(alice).post(team, {"action": "name", "anonymous": "1"})
    assert name in table(client_of(bob))


def scored_by_a_worker(submitted, user, opening, text: str) -> Submission:
    row = submitted(user, opening.challenge, text)
    assert worker.score(row.pk)
    row.refresh_from_db()
    assert row.verdict == "accepted"
    return row


def test_the_same_predictions_written_otherwise_are_shown_with_who_was_first(
    open_competition, alice, bob, teacher, submitted, client_of
):
    header, *rows = sample_of(open_competition.challenge).strip().splitlines()
    cells = [line.split(",") for line in rows]
    once = "\n".join([header, *(f"{name},{200000 + place}" for place, (name, _value) in enumerate(cells))])
    again = "\n".join(
        [
            header,
            *(f"{name},{200000 + place}.000" for place, (name, _value) in reversed(list(enumerate(cells)))),
        ]
    )
    other = once.replace("200000", "200001", 1)
    first = scored_by_a_worker(submitted, bob, open_competition, once)
    copy = scored_by_a_worker(submitted, alice, open_competition, again)
    alone = scored_by_a_worker(submitted, alice, open_competition, other)
    for user in (alice, bob):
        scored_by_a_worker(submitted, user, open_competition, sample_of(open_competition.challenge))
    assert first.sha256 != copy.sha256
    (group,) = queries.duplicates_of(open_competition)[1]
    assert (group.first, group.others) == (first, [copy])
    page = words(client_of(teacher, "en"), SAME)
    assert page.index("밥") < page.index("앨리스")
    assert str(alone.pk) not in page.split("Score", 1)[1].split()
    assert alone.fingerprint not in (
        copy.fingerprint,
        predictions.sample_fingerprint(open_competition.challenge),
    )


def test_ones_own_repeat_is_no_copy(open_competition, alice, submitted):
    text = sample_of(open_competition.challenge).replace("\n1461,", "\n1461,1")
    for ending in ("", "\n"):
        scored_by_a_worker(submitted, alice, open_competition, text + ending)
    assert queries.duplicates_of(open_competition)[1] == []
