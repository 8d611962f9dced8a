"""The unmodified JAEN client against a running site with a worker; then the same addresses without it, refusals first."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import actions as account_actions
from accounts.addresses import token_of
from competitions.models import RoundChallenge, SelfReport, Standing, Submission
from courses.actions import put_material
from courses.models import Material

NOTEBOOK_PLAY = Path(__file__).with_name("jaen_notebook.py")


def in_a_notebook(play: str, running, tmp_path, **environment: str) -> dict:
    """What the course's notebook does, in a Python process of its own: {"out": what was printed, ...}."""
    _site, address, secrets = running
    personal = f"{address}/jaen/{secrets['address']}"
    variables = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "JAEN_COMPETITION_BASE_URL": personal,
        "JAEN_FILE_BASE_URL": personal,
        "JAEN_USERNAME": "alice",
        "JAEN_PASSWORD": "not looked at",
    }
    done = subprocess.run(
        [sys.executable, str(NOTEBOOK_PLAY), play],
        cwd=tmp_path,
        env={**variables, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_competition_submit_is_a_claim_and_not_a_rank(running, tmp_path):
    said = in_a_notebook("competition", running, tmp_path)
    assert "점수는 1.5 입니다" in said["out"]
    site = running[0]
    claims = site.rows("SELECT score FROM competitions_selfreport")
    assert [row["score"] for row in claims] == [1.5]
    assert site.rows("SELECT * FROM competitions_standing WHERE score = 1.5") == []


def test_the_questions_come_without_their_answers(running, tmp_path):
    """So the client cannot score itself: the references that it would look for are not there."""
    said = in_a_notebook("questions", running, tmp_path)
    assert (said["count"], said["keys"]) == (36, ["question", "question_en"])


def test_somebody_elses_name_is_refused(running, tmp_path):
    assert "Status code: 403" in in_a_notebook("competition", running, tmp_path, NAME="bob")["out"]


def test_project_downloads_its_data_and_its_file_is_scored(running, tmp_path):
    said = in_a_notebook("project", running, tmp_path)
    assert sorted(said["files"]) == [
        "data_description.md",
        "sample_submission.csv",
        "starter.ipynb",
        "test.csv",
        "train.csv",
    ]
    assert "오늘 제출 횟수 : 1" in said["out"]
    assert "제출 결과:" in said["out"]
    score = float(said["out"].split("제출 결과:")[1].split()[0])
    rows = running[0].rows("SELECT score, via FROM competitions_submission WHERE via = 'jaen'")
    assert [(row["score"], row["via"]) for row in rows if row["score"]] == [(score, "jaen")]


def test_a_notebook_of_a_thousand_lines_is_scored(running, tmp_path):
    assert "점수: 100.0" in in_a_notebook("notebook", running, tmp_path)["out"]


def test_course_files(running, tmp_path):
    said = in_a_notebook("files", running, tmp_path)
    assert said["downloaded"] == {"수업 자료.txt": "hello"}
    assert "상태 코드 404" in said["out"]


# --- Without the client ---------------------------------------------------------------------------------------------

CLAIM = {
    "username": "alice",
    "course_name": "AI Essential",
    "course_round": "0317(1)",
    "score": 1.0,
    "submission_time": "2026-03-17 10:00:00.000000",
    "competition_name": "House Price Prediction",
}


@pytest.fixture
def post(client, alice):
    """post(path, ...) below Alice's personal address."""

    def send(path: str, *arguments, **more):
        return client.post(f"/jaen/{token_of(alice)}/{path}", *arguments, **more)

    return send


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        ({"username": "bob"}, 403, "alice"),
        ({"username": "밥"}, 403, "alice"),
        ({"score": "NaN"}, 400, "숫자"),
        ({"score": None}, 400, "JAEN"),
        ({"competition_name": "Nothing"}, 404, "Nothing"),
        ({"course_round": "9999(9)"}, 404, "9999(9)"),
    ],
)
def test_a_claim_that_is_refused_leaves_nothing(open_competition, bob, post, changes, status, word):
    answer = post("submission", CLAIM | changes, content_type="application/json")
    assert (answer.status_code, word in answer.json()["msg"]) == (status, True), answer.json()
    assert not SelfReport.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"score": 1}'])
def test_no_claim_at_all(open_competition, post, body):
    assert post("submission", body, content_type="application/json").status_code == 400


def test_claims_can_be_switched_off(open_competition, post):
    RoundChallenge.objects.update(allows_self_reports=False)
    assert post("submission", CLAIM, content_type="application/json").status_code == 403


def test_a_claim_is_kept_apart_and_shown_to_the_teacher(open_competition, post, client_of, teacher, alice):
    assert post("submission", CLAIM | {"score": 0.001}, content_type="application/json").status_code == 200
    assert not Standing.objects.filter(participant__person=alice).exists()
    assert not Submission.objects.exists()
    page = client_of(teacher).get("/instructor/submissions/self-reported/").content.decode()
    assert "앨리스" in page
    assert "0.001" in page
    assert client_of(alice).get("/instructor/submissions/self-reported/").status_code == 403


def test_a_replaced_address_no_longer_works(open_competition, client, client_of, alice):
    old = token_of(alice)
    assert client.get(f"/jaen/{old}/api/project/list_data").status_code == 200
    client_of(alice).post("/accounts/profile/address/")
    assert client.get(f"/jaen/{old}/api/project/list_data").status_code == 403
    alice.refresh_from_db()
    assert client.get(f"/jaen/{token_of(alice)}/api/project/list_data").status_code == 200


@pytest.mark.parametrize("token", ["x", "1-0", "1-0~forged", "9999-0~x", "~", "a-b~c"])
def test_a_made_up_address_is_nobodys(open_competition, client, token):
    assert client.get(f"/jaen/{token}/api/project/list_data").status_code == 403


def test_no_address_leads_to_the_solution(open_competition, client, alice):
    base = f"/jaen/{token_of(alice)}/api/project"
    files = client.get(f"{base}/list_data").json()["data_file"]
    number = next(iter(files)).split("_")[0]
    assert all("solution.csv" not in names for names in files.values())
    for name in ("solution.csv", "../solution.csv", "competition.yaml", ""):
        answer = client.get(f"{base}/dataSingleDownload", {"pro_id": number, "fileName": name})
        assert answer.status_code == 404


def test_the_quota_counts_for_it_too(open_competition, post, sample_csv, settings):
    settings.JAEN_WAIT_SECONDS = 0
    RoundChallenge.objects.update(daily_quota=1)
    url = "api/studentProject/apiScoring?edu_name=AI Essential&edu_rnd=0317(1)&mail=&project_name=house-price-prediction"

    def send():
        return post(url, {"file": SimpleUploadedFile("s.csv", sample_csv.encode())})

    first, second = send(), send()
    assert (first.status_code, first.json()["trial"]) == (200, 1)
    assert second.status_code == 429
    assert "trial" not in second.json()
    assert Submission.objects.count() == 1


def test_a_notebook_for_a_competition_of_files_is_refused(open_competition, post):
    url = "api/studentProject/ipynbUploadFromMod?project_name=house-price-prediction&edu_rnd=0317(1)"
    assert post(url, {"upload_file": "{}", "filename": "a.ipynb"}).status_code == 400


# --- Me, and course files -------------------------------------------------------------------------------------------


def test_me(alice, api_of, client):
    assert client.get("/api/me/").status_code == 401
    answer = api_of(alice).get("/api/me/").json()
    assert answer["username"] == "alice"
    assert answer["jaen_address"].endswith(f"/jaen/{token_of(alice)}")
    account_actions.replace_address(alice)
    assert api_of(alice).get("/api/me/").json()["jaen_address"] != answer["jaen_address"]


@pytest.fixture
def material(course_round, teacher):
    return put_material(
        course_round.course, teacher, SimpleUploadedFile("자료.csv", b"a,b\n1,2\n"), "sheet", False
    )


def test_a_course_file_is_for_the_course(material, client, alice, api_of, client_of, django_user_model):
    stranger = django_user_model.objects.create_user("mallory", password="x")
    for url in ("/download/sheet", "/api/v1/getdata/자료.csv"):
        assert client.get(url).status_code == 403
        assert client.get(url, headers={"Accept": "text/html"}).status_code == 302
        assert client_of(stranger).get(url).status_code == 404
        assert api_of(stranger).get(url).status_code == 404
        for reader in (client_of(alice), api_of(alice)):
            answer = reader.get(url)
            assert b"".join(answer.streaming_content) == b"a,b\n1,2\n"
            assert "filename*=utf-8''" in answer["Content-Disposition"]


def test_an_open_file_is_for_everybody(material, client, client_of, teacher):
    client_of(teacher).post(f"/instructor/materials/{material.pk}/open/")
    assert client.get("/download/sheet").status_code == 200
    assert client.get("/api/v1/getdata/자료.csv").status_code == 200


def test_a_teacher_uploads_replaces_and_deletes(client_of, teacher, alice, course_round):
    url = "/instructor/materials/"
    assert client_of(alice).get(url).status_code == 403
    browser = client_of(teacher)
    refused = browser.post(url, {"file": SimpleUploadedFile("자료", b"x"), "slug": ""})
    assert refused.status_code == 422
    assert not Material.objects.exists()
    for text in (b"one", b"two"):
        assert browser.post(url, {"file": SimpleUploadedFile("a.txt", text)}).status_code == 302
    row = Material.objects.get()
    assert (row.slug, row.file.read()) == ("a", b"two")
    other = browser.post(url, {"file": SimpleUploadedFile("b.txt", b"x"), "slug": "a"})
    assert other.status_code == 422
    assert "a.txt" in client_of(alice).get("/materials/").content.decode()
    assert browser.post(f"/instructor/materials/{row.pk}/delete/").status_code == 302
    assert not Material.objects.exists()


def test_another_courses_teacher_cannot_touch_a_file(material, client_of, django_user_model):
    from courses.actions import enrol
    from courses.models import Course, CourseRound

    other = CourseRound.objects.create(
        course=Course.objects.create(slug="other", name="Other"),
        name="1",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
    )
    stranger = django_user_model.objects.create_user("visitor", password="x")
    enrol(other, stranger, "instructor")
    assert client_of(stranger).post(f"/instructor/materials/{material.pk}/delete/").status_code == 404
    assert Material.objects.exists()


def test_the_demo_class_has_the_client(db, client):
    text = client.get("/client/examprep.py").content.decode()
    assert 'SITE = "http://testserver"' in text
    compile(text, "examprep.py", "exec")

