"""The rules of an opening: set by those who teach, said in words, kept by the site."""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from competitions import actions, queries, ranking
from competitions.actions import PhasePlan
from competitions.models import BadFileHour, Phase, QuotaDay, RoundChallenge, Standing, Submission
from tests.competitions.conftest import COMPETITION, sample_of

pytestmark = pytest.mark.django_db
PAGE = f"/instructor/competitions/{COMPETITION}/"
BOARD = f"/api/leaderboards/{COMPETITION}/"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# Long before midnight in Seoul, so that an hour more is the same day.
NOON = dt.datetime(2026, 3, 18, 12, 0, tzinfo=dt.timezone(9 * HOUR))


@pytest.fixture
def opening(open_competition):
    """Open from a day before NOON to a day after it; five tries a day."""
    actions.set_rules(open_competition, opens_at=NOON - DAY, closes_at=NOON + DAY)
    return open_competition


@pytest.fixture
def at(judged, opening):
    """at(hours from noon, user, score, private) -> a submission received and judged then."""

    def judge(hours: float, user, score: float, private: float | None = None) -> Submission:
        with time_machine.travel(NOON + hours * HOUR, tick=False):
            return judged(user, opening.challenge, score, "accepted", private)

    return judge


def ranks(api, address: str = BOARD) -> list[tuple]:
    return [
        (row["rank"], row["nickname"], row["score"])
        for row in api.get(address).json()["results"]
        if row["rank"]
    ]


def words(client, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


# --- The page -----------------------------------------------------------------------------------------------------------

RULES = {
    "opens_at": "2026-03-17T09:00",
    "closes_at": "2026-03-20T18:30",
    "freezes_at": "2026-03-20T12:00",
    "daily_quota": "3",
    "final_selections": "1",
    "max_team_size": "4",
    "merges_until": "2026-03-19T00:00",
    "allows_late": "on",
}


def test_the_page_sets_what_students_read_in_words(opening, alice, teacher, client_of):
    answer = client_of(teacher).post(PAGE, RULES)
    assert answer.status_code == 302
    row = RoundChallenge.objects.get(pk=opening.pk)
    seoul = dt.timezone(9 * HOUR)
    assert row.closes_at == dt.datetime(2026, 3, 20, 18, 30, tzinfo=seoul)
    assert (row.daily_quota, row.final_selections, row.max_team_size, row.allows_late) == (3, 1, 4, True)
    assert not row.allows_self_reports
    with time_machine.travel(NOON):
        korean = words(client_of(alice, "ko"), f"/competitions/{COMPETITION}/")
        english = words(client_of(alice, "en"), f"/competitions/{COMPETITION}/")
    for text in (
        "3 tries a day",
        "Asia/Seoul",
        "Teams of up to 4",
        "stands still",
        "At the end 1 submission",
        "24:00",
    ):
        assert text in english
    for text in (
        "하루에 3번",
        "최대 4명",
        "고정됩니다",
        "제출 1개 가운데",
        "24:00",
        "따로 보여 주지만 순위는 없습니다",
    ):
        assert text in korean


BAD_RULES = [
    ("closed before it opens", {"closes_at": "2026-03-16T09:00"}, "close after it opens"),
    ("freeze after the end", {"freezes_at": "2026-03-21T00:00"}, "freeze while"),
    ("merging before the start", {"merges_until": "2026-03-16T00:00"}, "only merge while"),
    ("no final submission", {"final_selections": "0"}, "greater than or equal to 1"),
    ("no team member", {"max_team_size": "0"}, "greater than or equal to 1"),
    ("no date", {"opens_at": ""}, "required"),
    ("not a date", {"freezes_at": "tomorrow"}, "valid date"),
    ("less than no tries", {"daily_quota": "-1"}, "greater than or equal to 1"),
]


@pytest.mark.parametrize(("why", "changed", "word"), BAD_RULES, ids=[row[0] for row in BAD_RULES])
def test_rules_that_contradict_are_refused(opening, teacher, client_of, why, changed, word):
    answer = client_of(teacher, "en").post(PAGE, {**RULES, **changed})
    assert (answer.status_code, word in answer.content.decode()) == (422, True)
    opening.refresh_from_db()
    assert opening.closes_at == NOON + DAY


def test_only_those_who_teach(opening, alice, client_of):
    for part in ("", "participants/", "duplicates/"):
        assert client_of(alice).get(f"{PAGE}{part}").status_code == 403
    assert client_of(alice).post(PAGE, RULES).status_code == 403
    opening.refresh_from_db()
    assert opening.closes_at == NOON + DAY


# --- Phases -------------------------------------------------------------------------------------------------------------


def phase_fields(*phases: tuple) -> dict[str, str]:
    """(number or "", Korean name, begins, ends) of each, as the page's form posts them."""
    fields = {
        "phases-TOTAL_FORMS": str(len(phases)),
        "phases-INITIAL_FORMS": str(sum(bool(p[0]) for p in phases)),
    }
    for place, (number, title, opens, closes, *gone) in enumerate(phases):
        values = {"number": number, "title_ko": title, "title_en": "", "opens_at": opens, "closes_at": closes}
        fields |= {f"phases-{place}-{name}": str(value) for name, value in values.items()}
        if gone:
            fields[f"phases-{place}-DELETE"] = "on"
    return fields


WARM_UP = ("", "연습", "2026-03-17T12:00", "2026-03-18T12:00")
MAIN = ("", "본선", "2026-03-18T12:00", "2026-03-19T12:00")


def test_each_phase_has_its_board_and_what_was_sent_before_moves_to_it(
    opening, alice, bob, teacher, at, client_of, api_of
):
    at(-2, alice, 100.0)
    at(1, alice, 300.0)
    at(2, bob, 200.0)
    assert client_of(teacher).post(PAGE, phase_fields(WARM_UP, MAIN)).status_code == 302
    warm_up, main = Phase.objects.all()
    at(3, bob, 150.0)
    with time_machine.travel(NOON + 4 * HOUR):
        assert ranks(api_of(alice)) == [(1, "밥", 150.0), (2, "앨리스", 300.0)]
        assert ranks(api_of(alice), f"{BOARD}?phase={warm_up.pk}") == [(1, "앨리스", 100.0)]
        assert api_of(alice).get(BOARD).json()["phase"] == "본선"
        assert "연습" in words(client_of(alice), f"/competitions/{COMPETITION}/leaderboard/")
    gone = phase_fields((warm_up.pk, *WARM_UP[1:], "gone"), (main.pk, *MAIN[1:], "gone"))
    assert client_of(teacher).post(PAGE, gone).status_code == 302
    with time_machine.travel(NOON + 4 * HOUR):
        assert ranks(api_of(alice)) == [(1, "앨리스", 100.0), (2, "밥", 150.0)]
    assert not Phase.objects.exists()


BAD_PHASES = [
    ("overlapping", [WARM_UP, ("", "본선", "2026-03-18T11:59", "2026-03-19T12:00")], "overlap"),
    ("outside the window", [("", "연습", "2026-03-01T00:00", "2026-03-18T12:00")], "not within"),
    ("ends before it begins", [("", "연습", "2026-03-18T12:00", "2026-03-18T11:00")], "close after"),
    ("without a name", [("", "", "2026-03-18T10:00", "2026-03-18T11:00")], "required"),
    ("one that is not there", [(10**6, "연습", "2026-03-18T10:00", "2026-03-18T11:00")], "removed meanwhile"),
]


@pytest.mark.parametrize(("why", "phases", "word"), BAD_PHASES, ids=[row[0] for row in BAD_PHASES])
def test_phases_that_contradict_are_refused(opening, teacher, client_of, why, phases, word):
    answer = client_of(teacher, "en").post(PAGE, phase_fields(*phases))
    assert (answer.status_code, word in answer.content.decode()) == (422, True)
    assert not Phase.objects.exists()


def test_between_phases_nothing_is_taken_and_the_next_one_is_named(opening, alice, submitted):
    plans = [
        PhasePlan("연습", "", NOON - DAY, NOON - HOUR),
        PhasePlan("본선", "", NOON + HOUR, NOON + 2 * HOUR),
    ]
    actions.set_phases(opening, plans)
    for hours, word in ((0, "13:00"), (3, "last phase is over")):
        with (
            time_machine.travel(NOON + hours * HOUR, tick=False),
            translation.override("en"),
            pytest.raises(actions.Refused) as refused,
        ):
            submitted(alice, opening.challenge, sample_of(opening.challenge))
        assert (refused.value.status, word in refused.value.message) == (409, True)


# --- Freeze, end, late --------------------------------------------------------------------------------------------------


def test_a_frozen_board_stands_still_for_students_and_moves_for_those_who_teach(
    opening, alice, bob, teacher, at, client_of, api_of
):
    at(-1, alice, 100.0, private=5.0)
    actions.set_rules(opening, freezes_at=NOON)
    at(1, bob, 50.0, private=9.0)
    at(2, alice, 60.0, private=1.0)
    with time_machine.travel(NOON + 3 * HOUR):
        assert ranks(api_of(bob)) == [(1, "앨리스", 100.0)]
        assert ranks(api_of(bob), f"{BOARD}?board=live") == [(1, "앨리스", 100.0)]
        assert ranks(api_of(teacher)) == [(1, "밥", 50.0), (2, "앨리스", 60.0)]
        assert ranks(api_of(teacher), f"{BOARD}?board=frozen") == [(1, "앨리스", 100.0)]
        page = words(client_of(bob, "en"), f"/competitions/{COMPETITION}/leaderboard/")
        assert ("stands still since" in page, "50.00" in page) == (True, False)
        mine = words(client_of(bob, "en"), f"/competitions/{COMPETITION}/")
        assert "Nothing of yours is scored yet" not in mine
        assert "You are not on the board yet" in mine
        assert "only you see the score" in mine
        assert "Your best so far: 50" in mine
        theirs = words(client_of(alice, "en"), f"/competitions/{COMPETITION}/")
        assert "Your best so far: 60" in theirs
        cards = words(client_of(alice, "en"), "/competitions/")
        assert "Participants 1" in cards  # nobody sees who has come since
    with time_machine.travel(NOON + 2 * DAY):
        assert ranks(api_of(bob)) == [(1, "앨리스", 1.0), (2, "밥", 9.0)]
        assert ranks(api_of(bob), f"{BOARD}?board=live") == [(1, "밥", 50.0), (2, "앨리스", 60.0)]


def test_late_entries_by_choice_scored_shown_apart_and_never_ranked(
    opening, alice, bob, at, submitted, client_of, api_of
):
    at(1, bob, 100.0, private=100.0)
    with time_machine.travel(NOON + 2 * DAY), pytest.raises(actions.Refused) as refused:
        submitted(alice, opening.challenge, sample_of(opening.challenge))
    assert refused.value.code == "closed"
    actions.set_rules(opening, allows_late=True)
    late = at(48, alice, 1.0, private=1.0)
    at(48, bob, 2.0, private=2.0)
    assert late.is_late
    with time_machine.travel(NOON + 3 * DAY):
        assert ranks(api_of(alice)) == [(1, "밥", 100.0)]
        page = words(client_of(alice, "en"), f"/competitions/{COMPETITION}/leaderboard/")
        assert "앨리스" in page.split("Late entries", 1)[1]
        assert "late, unranked" in words(client_of(alice, "en"), "/submissions/")
        assert "has no rank" in words(client_of(alice, "en"), f"/submissions/{late.pk}/")
        assert api_of(alice).get(f"/api/submissions/{late.pk}/").json()["is_late"] is True


def test_a_later_end_makes_late_entries_timely(opening, alice, at):
    actions.set_rules(opening, allows_late=True)
    late = at(48, alice, 1.0, private=1.0)
    actions.set_rules(opening, closes_at=NOON + 3 * DAY)
    late.refresh_from_db()
    boards = Standing.objects.filter(participant=late.participant)
    assert (late.is_late, set(boards.values_list("board", flat=True))) == (False, {"live", "final"})


@pytest.mark.parametrize("seed", range(4))
def test_written_one_by_one_or_all_anew_the_boards_are_the_same(opening, alice, bob, teacher, at, seed):
    """Random verdicts under random rules; then everything is rebuilt, and nothing changes but the numbers of rows."""
    draw = random.Random(seed)
    actions.set_rules(opening, freezes_at=draw.choice([None, NOON]), allows_late=True, final_selections=2)
    for _ in range(14):
        score, private = draw.choice([1.0, 2.0, 3.0]), draw.choice([None, 1.0, 2.0])
        at(draw.uniform(-20, 40), draw.choice([alice, bob, teacher]), score, private)
    names = (
        "participant",
        "phase",
        "board",
        "best",
        "score",
        "sort_key",
        "reached_at",
        "entries",
        "last_at",
        "is_ranked",
    )
    before = set(Standing.objects.exclude(score=None).values_list(*names))
    actions.rebuild_boards(opening)
    assert set(Standing.objects.values_list(*names)) == before
    timely = Submission.objects.filter(is_late=False, user__in=[alice, bob])
    entries = [ranking.Entry(row.user_id, row.pk, row.score, row.received_at) for row in timely]
    expected = [
        (row.participant, row.submission, row.rank) for row in ranking.rank(entries, higher_is_better=False)
    ]
    live = queries.board_of(queries.boards.View(opening), alice).rows
    found = [(row.standing.participant.person_id, row.standing.best_id, row.rank) for row in live if row.rank]
    assert found == expected


# --- Final submissions --------------------------------------------------------------------------------------------------

CHOICE = f"/competitions/{COMPETITION}/selection/"


def test_the_chosen_decide_the_final_board(opening, alice, bob, at, client_of, api_of):
    rows = [at(hours, alice, score, private) for hours, score, private in
            ((1, 10.0, 9.0), (2, 20.0, 8.0), (3, 30.0, 1.25))]  # fmt: skip
    at(1, bob, 15.0, 5.0)
    with time_machine.travel(NOON + 4 * HOUR):
        client = client_of(alice, "en")
        page = words(client, CHOICE)
        assert page.count("counts by default") == 2
        assert client.post(CHOICE, {"submission": [rows[2].pk]}).status_code == 302
        page = words(client, CHOICE)
        assert (page.count("counts by default"), page.count("chosen")) == (1, 1)
        answer = api_of(alice).get(f"/api{CHOICE}").json()
        assert answer == {"selected": [rows[2].pk], "counting": [rows[2].pk, rows[0].pk], "limit": 2}
    with time_machine.travel(NOON + 2 * DAY):
        assert ranks(api_of(alice)) == [(1, "앨리스", 1.25), (2, "밥", 5.0)]
        assert "1.2500" in words(client_of(alice, "en"), f"/submissions/{rows[2].pk}/")


def test_what_cannot_be_chosen(opening, alice, bob, at, client_of, api_of):
    mine = [at(hours, alice, float(hours), 1.0) for hours in (1, 2, 3)]
    theirs = at(1, bob, 1.0, 1.0)
    address = f"/api{CHOICE}"

    def choose(*rows: Submission) -> tuple:
        answer = api_of(alice).put(address, {"submissions": [row.pk for row in rows]}, format="json")
        return answer.status_code, answer.json().get("code")

    with time_machine.travel(NOON + 4 * HOUR):
        assert choose(*mine) == (400, "invalid")
        assert choose(theirs) == (400, "invalid")
        assert client_of(alice).post(CHOICE, {"submission": ["x", mine[0].pk]}).status_code == 400
        assert choose(mine[0], mine[2])[0] == 200
    with time_machine.travel(NOON + 2 * DAY):
        assert choose(mine[1]) == (409, "closed")
        assert client_of(alice).post(CHOICE, {"submission": [mine[1].pk]}).status_code == 409
    assert set(Submission.objects.filter(is_selected=True)) == {mine[0], mine[2]}


# --- Checks of the form -------------------------------------------------------------------------------------------------


def test_checks_of_the_form_come_to_an_end(opening, alice, bob, api_of, settings, judged):
    """Two bad files an hour here; what a worker finds invalid counts, too; another person is not concerned."""
    settings.SUBMISSION_BAD_FILES_PER_HOUR = 2

    def send(user, text: str):
        upload = SimpleUploadedFile("p.csv", text.encode())
        body = {"challenge": COMPETITION, "file": upload}
        return api_of(user).post(
            "/api/submissions/", body, format="multipart", headers={"Accept-Language": "en"}
        )

    sample = sample_of(opening.challenge)
    with time_machine.travel(NOON + dt.timedelta(minutes=30), tick=False):
        judged(alice, opening.challenge, None, "invalid")
        assert send(alice, "Id,SalePrice\n1,2\n").status_code == 400
        refused = send(alice, sample)
        assert (refused.status_code, refused.json()["code"]) == (429, "quota")
        assert "13:00" in refused.json()["detail"]
        assert send(bob, sample).status_code == 202
        assert send(bob, "nonsense").status_code == 400
    assert QuotaDay.objects.get(participant__person=alice).used == 0
    with time_machine.travel(NOON + HOUR, tick=False):
        assert send(alice, sample).status_code == 202
    with time_machine.travel(timezone.now() + 3 * DAY):
        actions.sweep()
    assert not BadFileHour.objects.exists()


def test_a_rule_changed_in_the_admin_is_kept_on_the_boards_too(
    opening, alice, at, django_user_model, client_of
):
    at(-1, alice, 1.0)
    root = django_user_model.objects.create_superuser("root", password="x")
    fields = {
        "round": opening.round_id,
        "challenge": opening.challenge_id,
        "opens_at_0": "2026-03-17",
        "opens_at_1": "00:00",
        "freezes_at_0": "2026-03-18",
        "freezes_at_1": "12:00",
        "final_selections": "2",
        "max_team_size": "1",
        "phases-TOTAL_FORMS": "0",
        "phases-INITIAL_FORMS": "0",
    }
    address = f"/admin/competitions/roundchallenge/{opening.pk}/change/"
    assert client_of(root).post(address, fields).status_code == 302
    assert Standing.objects.get(participant__person=alice, board="frozen").score == 1.0
    for name in ("participant", "ruling", "standing", "quotaday"):
        assert client_of(root).get(f"/admin/competitions/{name}/").status_code == 200
