"""What students and instructors read around a score: whether it is their best, what ended, how to submit from a notebook."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone, translation

from competitions import actions, content
from competitions.models import Challenge
from tests.competitions.conftest import COMPETITION

pytestmark = pytest.mark.django_db
PAGE = f"/competitions/{COMPETITION}/"
HOUR = dt.timedelta(hours=1)


def source(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def words(client, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source(client, address)))


def end(opening) -> None:
    """A moment ago, after everything that was sent."""
    actions.set_rules(opening, opens_at=timezone.now() - HOUR, closes_at=timezone.now())


# --- One's own submission -----------------------------------------------------------------------------------------------


def test_a_result_says_whether_it_is_the_best_so_far(open_competition, alice, judged, client_of):
    worse, best = (judged(alice, open_competition.challenge, score) for score in (20.5, 10.25))
    client = client_of(alice, "en")
    assert "Your best so far." in words(client, f"/submissions/{best.pk}/")
    assert f"Your best so far is 10.250 (submission {best.pk})." in words(client, f"/submissions/{worse.pk}/")


def test_no_best_where_there_is_no_score(open_competition, alice, judged, client_of):
    judged(alice, open_competition.challenge, 20.5)
    invalid = judged(alice, open_competition.challenge, None)
    assert "Your best" not in words(client_of(alice, "en"), f"/submissions/{invalid.pk}/")


def test_late_only_is_scored_and_without_a_rank(open_competition, alice, judged, client_of):
    actions.set_rules(open_competition, allows_late=True)
    end(open_competition)
    judged(alice, open_competition.challenge, 5.0)
    mine = words(client_of(alice, "en"), PAGE)
    assert ("Your late entries are scored" in mine, "Nothing of yours is scored" in mine) == (True, False)


@pytest.mark.parametrize("role", ["hidden", "baseline"])
def test_who_is_on_no_board_is_not_told_that_nothing_is_scored(
    open_competition, alice, teacher, judged, client_of, role
):
    row = judged(alice, open_competition.challenge, 5.0)
    actions.set_role(row.participant, role, teacher)
    assert "You are on no board." in words(client_of(alice, "en"), PAGE)


def test_the_choice_shows_private_scores_from_the_end_on(open_competition, alice, judged, client_of):
    judged(alice, open_competition.challenge, 5.0, private=6.125)
    client, address = client_of(alice, "en"), f"{PAGE}selection/"
    assert "6.1250" not in words(client, address)
    end(open_competition)
    after = words(client, address)
    assert ("6.1250" in after, "The choice ended at" in after, "You can choose until" in after) == (
        True,
        True,
        False,
    )


def test_a_board_that_is_over_is_not_open_until_a_past_moment(open_competition, alice, client_of):
    board = f"{PAGE}leaderboard/"
    assert "Open until" in words(client_of(alice, "en"), board)
    end(open_competition)
    after = words(client_of(alice, "en"), board)
    assert ("Open until" in after, "Closed at" in after) == (False, True)


def test_what_is_scored_in_a_competition_is_not_called_right(
    open_competition, alice, teacher, judged, client_of
):
    row = judged(alice, open_competition.challenge, 5.0, "accepted")
    actions.rejudge(row, teacher, "again")
    for person, address in (
        (alice, f"/submissions/{row.pk}/"),
        (teacher, f"/instructor/submissions/{row.pk}/"),
    ):
        page = words(client_of(person, "ko"), address)
        assert ("채점 완료" in page, "맞았습니다" in page) == (True, False)


# --- Notebooks ----------------------------------------------------------------------------------------------------------


def test_the_starter_notebook_is_made_out_to_its_reader(open_competition, course_round, alice, client_of):
    alice.username = 'a"lice'
    alice.save()
    answer = client_of(alice).get(f"{PAGE}data/starter.ipynb")
    assert answer["Content-Disposition"] == 'attachment; filename="starter.ipynb"'
    cells = ["".join(cell["source"]) for cell in json.loads(answer.content)["cells"]]
    code = next(text for text in cells if "examprep" in text)
    assert 'SITE = "http://testserver"' in code
    names = ", ".join(json.dumps(name) for name in ('a"lice', course_round.course.name, course_round.name))
    assert f'comp = Competition({names}, "House Price Prediction")' in code
    compile(code, "cell", "exec")


def test_a_notebook_that_is_no_notebook_is_given_as_it_is(open_competition, alice, client_of, tmp_path):
    """A folder of an instructor's may hold anything under that name."""
    data = b'\xff\xfe{"cells": "\xed\x95\x9c'
    challenge = open_competition.challenge
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in challenge.path.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "starter.ipynb").write_bytes(data)
    described = folder / "competition.yaml"
    described.write_text(described.read_text().replace(f"slug: {COMPETITION}", "slug: other-houses"))
    call_command("load_competition", str(folder))
    actions.open_challenge(open_competition.round, Challenge.objects.get(slug="other-houses"))
    answer = client_of(alice).get("/competitions/other-houses/data/starter.ipynb")
    assert answer.content == data


CELLS = {
    COMPETITION: ("comp.prediction = prediction", True),
    "ai-pair-programmer": ('question["answer"] = answer(', False),
    "house-price-code": ('submit("house-price-code", [train, predict])', False),
    "ai-pair-programmer-code": ('submit("ai-pair-programmer-code", "submission.jsonl")', False),
}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("slug", CELLS)
def test_each_page_has_a_cell_that_submits_from_a_notebook(course_round, alice, client_of, slug, language):
    challenge = content.load_shipped_competition(site.FIXTURES_DIR / "competitions" / slug)
    actions.open_challenge(course_round, challenge)
    page = source(client_of(alice, language), f"/competitions/{slug}/")
    cell = page.partition('<pre class="code"><code>import urllib')[2].partition("</code>")[0]
    line, knows_jaen = CELLS[slug]
    assert line in cell
    assert "http://testserver/client/examprep.py" in cell
    compile("import urllib" + cell, "cell", "exec")
    assert ("JAEN" in page) == knows_jaen


def test_when_nothing_is_taken_there_is_no_cell(open_competition, alice, client_of):
    end(open_competition)
    assert "examprep.py" not in source(client_of(alice), PAGE)


# --- Refusals -----------------------------------------------------------------------------------------------------------


def test_moments_in_refusals_are_written_like_those_on_the_pages(
    open_competition, alice, client_of, sample_csv
):
    actions.set_rules(open_competition, daily_quota=1)
    client = client_of(alice, "ko")
    for _try in range(2):
        answer = client.post(PAGE, {"file": SimpleUploadedFile("s.csv", sample_csv.encode())})
    assert answer.status_code == 429
    page = re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode()))
    moments = re.findall(r"\d{4}\. \d+\. \d+\. \(.\) 00:00부터 다시 제출", page)
    assert (len(moments), len(set(moments))) == (2, 1)  # in the refusal and below the form
    assert "1회를 모두 사용했습니다" in page
    english = client_of(alice, "en").post(
        PAGE, {"file": SimpleUploadedFile("t.csv", sample_csv.encode() + b"\n")}
    )
    assert "the one try of today" in english.content.decode()


@pytest.mark.parametrize(
    ("action", "field", "typed", "said"),
    [
        ("create", "name", "x", "2 to 40"),
        ("invite", "username", "nobody", "nobody"),
        ("invite", "username", " ", "Type"),
    ],
)
def test_a_name_that_is_refused_stays_typed(open_competition, alice, client_of, action, field, typed, said):
    actions.set_rules(open_competition, max_team_size=3)
    client, address = client_of(alice, "en"), f"{PAGE}team/"
    if action == "invite":
        client.post(address, {"action": "create", "name": "Deep Sea"})
    answer = client.post(address, {"action": action, field: typed})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 400
    assert said in page.partition('role="alert"')[2][:200]
    assert f'value="{typed}"' in page.partition(f'name="{field}"')[2][:150]


def test_a_refused_phase_is_named_in_the_readers_language(open_competition):
    day = dt.timedelta(days=1)
    begin = open_competition.opens_at
    plans = [
        actions.PhasePlan("예선", "Heat", begin, begin + 2 * day),
        actions.PhasePlan("결선", "Final", begin + day, begin + 3 * day),
    ]
    with translation.override("en"), pytest.raises(actions.Refused, match="“Heat” and “Final” overlap"):
        actions.set_phases(open_competition, plans)
