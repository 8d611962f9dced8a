"""The REST API: refusals first, then what is taken."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from competitions import actions
from competitions.models import QuotaDay, RoundChallenge, Submission
from tests.competitions.conftest import CODE, COMPETITION, EXERCISE, outcome

pytestmark = pytest.mark.django_db
URL = "/api/submissions/"

REFUSED = [
    # what is sent, status, a word of the answer
    ({}, 400, "challenge"),
    ({"challenge": EXERCISE}, 400, "source"),
    ({"challenge": EXERCISE, "source": ""}, 400, "비어"),
    ({"challenge": EXERCISE, "source": " \n\t"}, 400, "비어"),
    ({"challenge": EXERCISE, "source": CODE, "file_name": "answer.txt"}, 400, ".ipynb"),
    ({"challenge": EXERCISE, "source": "\x00"}, 400, "source"),
    ({"challenge": "no-such-thing", "source": CODE}, 404, "no-such-thing"),
    ({"challenge": EXERCISE, "source": CODE, "round": "9999(9)"}, 404, "9999(9)"),
    ({"challenge": EXERCISE, "source": "#" * (5 * 1024 * 1024 + 1)}, 413, "5MB"),
]


@pytest.mark.parametrize(("body", "status", "word"), REFUSED)
def test_refused_in_words_and_nothing_is_stored(open_exercise, alice, api_of, body, status, word):
    answer = api_of(alice).post(URL, body)

    assert answer.status_code == status, answer.json()
    assert word in answer.json()["detail"]
    assert not Submission.objects.exists()
    assert not QuotaDay.objects.exists()


def test_without_a_token_401(open_exercise, client):
    answer = client.post(URL, {"challenge": EXERCISE, "source": CODE})
    assert (answer.status_code, Submission.objects.count()) == (401, 0)


def test_file_and_source_together_400(open_exercise, alice, api_of):
    both = {"challenge": EXERCISE, "source": CODE, "file": SimpleUploadedFile("a.py", CODE.encode())}
    assert api_of(alice).post(URL, both, format="multipart").status_code == 400


def test_a_stranger_to_the_round_403(open_exercise, course_round, django_user_model, api_of):
    mallory = django_user_model.objects.create_user("mallory", password="x")
    named = api_of(mallory).post(URL, {"challenge": EXERCISE, "source": CODE, "round": course_round.name})
    unnamed = api_of(mallory).post(URL, {"challenge": EXERCISE, "source": CODE})
    assert (named.status_code, unnamed.status_code) == (403, 403)


def test_a_round_one_is_not_in_403(open_exercise, course_round, alice, api_of):
    other = type(course_round).objects.create(
        course=course_round.course,
        name="0401(2)",
        starts_on=course_round.starts_on,
        ends_on=course_round.ends_on,
    )
    answer = api_of(alice).post(URL, {"challenge": EXERCISE, "source": CODE, "round": other.name})
    assert answer.status_code == 403


@pytest.mark.parametrize(("opens", "closes"), [(1, 2), (-2, -1)], ids=["not yet", "over"])
def test_outside_the_window_409_says_when(open_exercise, alice, api_of, opens, closes):
    now = timezone.now()
    window = {"opens_at": now + dt.timedelta(hours=opens), "closes_at": now + dt.timedelta(hours=closes)}
    RoundChallenge.objects.filter(pk=open_exercise.pk).update(**window)

    answer = api_of(alice).post(URL, {"challenge": EXERCISE, "source": CODE})

    assert answer.status_code == 409
    named = timezone.localtime(window["opens_at"] if opens > 0 else window["closes_at"])
    assert f"{named:%H:%M}" in answer.json()["detail"]


def test_not_opened_for_the_round_409(exercise, alice, api_of):
    assert api_of(alice).post(URL, {"challenge": EXERCISE, "source": CODE}).status_code == 409


def test_a_huge_body_413_before_anything_is_read_even_who_sends_it(open_competition, client):
    big = SimpleUploadedFile("big.csv", b"Id,SalePrice\n" + b"1" * (22 * 1024 * 1024))
    answer = client.post(URL, {"challenge": COMPETITION, "file": big})
    assert (answer.status_code, Submission.objects.count()) == (413, 0)


# --- Taken -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "multipart", "form"])
def test_taken_202_with_a_receipt(open_exercise, alice, api_of, form):
    api = api_of(alice)
    if form == "multipart":
        body = {
            "challenge": EXERCISE,
            "round": "0317(1)",
            "file": SimpleUploadedFile("mine.py", CODE.encode()),
        }
        answer = api.post(URL, body, format="multipart")
    elif form == "form":
        answer = api.post(
            URL, f"challenge={EXERCISE}&source=x%3D1", content_type="application/x-www-form-urlencoded"
        )
    else:
        answer = api.post(
            URL, {"challenge": EXERCISE, "round": "AI Essential 0317(1)", "source": CODE}, format="json"
        )

    assert answer.status_code == 202, answer.json()
    data = answer.json()
    row = Submission.objects.get()
    assert (data["id"], data["state"]) == (row.pk, "queued")
    assert set(data["receipt"]) == {"sha256", "received_at", "queue_position"}
    assert data["receipt"]["queue_position"] == 1
    sent = b"x=1" if form == "form" else CODE.encode()
    assert data["receipt"]["sha256"] == hashlib.sha256(sent).hexdigest()
    assert row.file.read() == sent
    assert (row.user, row.via) == (alice, "api")


def test_the_file_lies_under_media_by_its_digest_and_not_by_its_name(open_exercise, alice, api_of, settings):
    evil = SimpleUploadedFile("../../../etc/passwd.py", CODE.encode())
    api_of(alice).post(URL, {"challenge": EXERCISE, "file": evil}, format="multipart")
    row = Submission.objects.get()
    assert row.file_name == "passwd.py"
    assert row.file.path.startswith(str(settings.MEDIA_ROOT / "submissions"))
    assert row.sha256[:16] in row.file.path


def test_queue_positions_count_up(open_exercise, alice, bob, api_of):
    places = [
        api_of(user)
        .post(URL, {"challenge": EXERCISE, "source": CODE + f"# {n}"})
        .json()["receipt"]["queue_position"]
        for n, user in enumerate([alice, bob, alice])
    ]
    assert places == [1, 2, 3]


def test_the_same_key_is_the_same_submission_and_one_try(
    open_competition, open_exercise, alice, api_of, sample_csv
):
    api = api_of(alice)
    body = {"challenge": COMPETITION, "source": sample_csv}
    first = api.post(URL, body, headers={"Idempotency-Key": "k1"})
    again = api.post(URL, body, headers={"Idempotency-Key": "k1"})
    other = api.post(URL, {**body, "source": sample_csv + "\n"}, headers={"Idempotency-Key": "k1"})

    elsewhere = api.post(URL, {**body, "challenge": EXERCISE}, headers={"Idempotency-Key": "k1"})

    assert first.json()["id"] == again.json()["id"]
    assert (other.status_code, elsewhere.status_code) == (409, 409)
    assert QuotaDay.objects.get().used == 1


# --- Quota -----------------------------------------------------------------------------------------------------------


def test_the_last_try_then_429_that_says_when(open_competition, alice, bob, api_of, sample_csv):
    RoundChallenge.objects.update(daily_quota=2)
    body = {"challenge": COMPETITION, "source": sample_csv}
    with time_machine.travel(dt.datetime(2030, 3, 17, 14, 30, tzinfo=dt.UTC), tick=False):  # 23:30 in Seoul
        RoundChallenge.objects.update(opens_at=timezone.now() - dt.timedelta(1), closes_at=None)
        api = api_of(alice)
        assert [api.post(URL, body).status_code for _ in range(3)] == [202, 202, 429]
        refused = api.post(URL, body)
        assert refused.json()["resets_at"] == "2030-03-18T00:00:00+09:00"
        assert refused.headers["Retry-After"] == "1800"
        assert "2030. 3. 18. (월) 00:00" in refused.json()["detail"]
        assert api_of(bob).post(URL, body).status_code == 202  # everybody has their own
    with time_machine.travel(dt.datetime(2030, 3, 17, 15, 1, tzinfo=dt.UTC), tick=False):  # 00:01 in Seoul
        assert api_of(alice).post(URL, body).status_code == 202


BAD_CSV = [
    ("Id,Price\n1,2\n", "SalePrice"),
    ("Id,SalePrice\n1,abc\n", "2"),
    ("", "비어"),
    ("PK\x03\x04" + "x" * 50, "엑셀"),
]


@pytest.mark.parametrize(("text", "word"), BAD_CSV)
def test_a_bad_csv_is_explained_and_costs_no_try(open_competition, alice, api_of, text, word):
    upload = SimpleUploadedFile("p.csv", text.encode())
    answer = api_of(alice).post(URL, {"challenge": COMPETITION, "file": upload}, format="multipart")
    assert answer.status_code == 400
    assert word in answer.json()["detail"]
    assert not QuotaDay.objects.exists()


@pytest.mark.parametrize("verdict", ["invalid", "judge_error"])
def test_what_is_not_the_students_fault_gives_the_try_back(
    open_competition, alice, judged, settings, verdict
):
    settings.SUBMISSION_MAX_ATTEMPTS = 1
    row = judged(alice, open_competition.challenge, None, verdict)
    assert (row.verdict, row.score) == (verdict, None)
    assert QuotaDay.objects.get().used == 0


def test_a_try_is_given_back_once_however_often_it_is_judged(open_competition, alice, teacher, judged):
    judged(alice, open_competition.challenge, 1.0)
    row = judged(alice, open_competition.challenge, None, "invalid")
    assert QuotaDay.objects.get().used == 1
    actions.rejudge(row, teacher)
    claimed = actions.claim(row.pk, "w")
    actions.record(row.pk, claimed.fencing, outcome(row.challenge, None, "invalid"))
    assert QuotaDay.objects.get().used == 1


def test_a_wrong_answer_keeps_the_try(open_competition, alice, judged):
    judged(alice, open_competition.challenge, 0.0, "wrong_answer")
    assert QuotaDay.objects.get().used == 1


# --- Looking at it ---------------------------------------------------------------------------------------------------


def test_the_verdict_over_the_api(open_exercise, alice, bob, api_of, judged):
    row = judged(alice, open_exercise.challenge, 40.0, "partial")
    data = api_of(alice).get(f"{URL}{row.pk}/", headers={"Accept-Language": "en"}).json()

    assert (data["state"], data["verdict"], data["score"], data["max_score"]) == (
        "done",
        "partial",
        40.0,
        100.0,
    )
    assert (data["queue_position"], data["seconds"], data["peak_memory_mb"]) == (0, 0.25, 33.0)
    assert data["message"] == "a word"
    assert {key: data["tests"][0][key] for key in ("name", "verdict", "points", "max_points", "message")} == {
        "name": "test_example",
        "verdict": "partial",
        "points": 40.0,
        "max_points": 40.0,
        "message": "seen reason",
    }
    assert api_of(alice).get(f"{URL}{row.pk}/").json()["message"] == "한마디"  # Korean unless asked otherwise
    assert api_of(bob).get(f"{URL}{row.pk}/").status_code == 404


def test_ones_own_list_is_paginated_and_reads_no_reports(
    open_exercise, alice, bob, api_of, judged, django_assert_max_num_queries
):
    for _ in range(3):
        judged(alice, open_exercise.challenge)
    judged(bob, open_exercise.challenge)
    api = api_of(alice)
    with django_assert_max_num_queries(5) as queries:
        data = api.get(URL).json()
    assert (data["count"], {row["challenge"] for row in data["results"]}) == (3, {EXERCISE})
    assert not any('"report"' in query["sql"] for query in queries.captured_queries)


def test_exercises_and_competitions(open_exercise, open_competition, alice, api_of, judged):
    judged(alice, open_exercise.challenge, 100.0)
    (exercise,) = api_of(alice).get("/api/exercises/").json()
    (competition,) = api_of(alice).get("/api/competitions/?round=0317(1)").json()
    assert (exercise["slug"], exercise["is_solved"], exercise["best_score"]) == (EXERCISE, True, 100.0)
    assert (competition["slug"], competition["metric"], competition["daily_quota"]) == (COMPETITION, "mae", 5)
    assert competition["higher_is_better"] is False


def test_300_at_once_meet_no_throttle(open_exercise, alice, api_of):
    api = api_of(alice)
    codes = {api.post(URL, {"challenge": EXERCISE, "source": f"x = {n}"}).status_code for n in range(300)}
    assert codes == {202}


def test_a_fault_of_ours_shows_no_details_to_the_student(
    open_exercise, alice, teacher, api_of, judged, settings
):
    settings.SUBMISSION_MAX_ATTEMPTS = 1
    row = judged(alice, open_exercise.challenge, None, "judge_error")
    data = api_of(alice).get(f"{URL}{row.pk}/").json()
    assert (data["state"], data["verdict"], data["score"], data["tests"], data["stdout"]) == (
        "failed",
        "judge_error",
        None,
        [],
        "",
    )


def test_private_scores_leave_by_no_door(open_competition, alice, teacher, api_of, client_of, judged):
    row = judged(alice, open_competition.challenge, 12345.0, "accepted", private=987654.0)
    paths = [f"{URL}{row.pk}/", URL, "/api/competitions/", f"/api/leaderboards/{COMPETITION}/"]
    pages = [
        f"/submissions/{row.pk}/",
        f"/competitions/{COMPETITION}/",
        f"/competitions/{COMPETITION}/leaderboard/",
        "/competitions/",
        "/submissions/",
        "/",
    ]
    texts = [api_of(alice).get(path).content.decode() for path in paths]
    texts += [client_of(alice).get(page).content.decode() for page in pages]
    assert not [text for text in texts if "987654" in text.replace(",", "")]
    assert "987,654" in client_of(teacher).get(f"/instructor/submissions/{row.pk}/").content.decode()


def test_the_schema_is_valid(db, tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))
    text = (tmp_path / "schema.yaml").read_text()
    for path in (
        "/api/submissions/{number}/",
        "/api/leaderboards/{slug}/",
        "/api/exercises/",
        "/api/competitions/",
    ):
        assert path in text


def test_nan_is_our_fault_and_never_a_score(open_competition, alice, judged, settings):
    settings.SUBMISSION_MAX_ATTEMPTS = 1
    row = judged(alice, open_competition.challenge, float("nan"), "accepted")
    assert (row.state, row.score) == ("failed", None)
