"""The pages, as students and instructors use them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competitions import actions
from competitions.models import QuotaDay, RoundChallenge, ScoreChange, Submission, WorkerHeartbeat
from tests.competitions.conftest import CODE, COMPETITION, EXERCISE

pytestmark = pytest.mark.django_db
PAGE = f"/exercises/{EXERCISE}/"


def html_of(client, path: str, **extra) -> str:
    answer = client.get(path, **extra)
    assert answer.status_code == 200, path
    return answer.content.decode()


# --- Who may see what ------------------------------------------------------------------------------------------------

PRIVATE = [
    "/exercises/",
    PAGE,
    f"{PAGE}leaderboard/",
    "/competitions/",
    f"/competitions/{COMPETITION}/",
    "/submissions/",
    f"/competitions/{COMPETITION}/data/train.csv",
    "/submissions/1/",
    "/submissions/1/file/",
    "/instructor/submissions/",
    "/instructor/submissions/1/",
    "/instructor/submissions/boards/",
    f"/instructor/submissions/rejudge/{EXERCISE}/",
]


@pytest.mark.parametrize("path", PRIVATE)
def test_signed_out_one_is_sent_to_the_sign_in_page(open_exercise, open_competition, client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["", "status/", "file/"])
def test_others_submissions_are_not_there(open_exercise, alice, bob, teacher, client_of, judged, path):
    row = judged(alice, open_exercise.challenge)
    address = f"/submissions/{row.pk}/{path}"
    assert [client_of(user).get(address).status_code for user in (alice, bob)] in ([200, 404], [286, 404])
    assert client_of(teacher).get(address).status_code == 200
    assert client_of(bob).get(f"/submissions/{row.pk + 99}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "1/", "boards/", f"rejudge/{EXERCISE}/"])
def test_students_do_not_see_the_instructors_pages(open_exercise, alice, client_of, judged, path):
    row = judged(alice, open_exercise.challenge)
    answer = client_of(alice).get("/instructor/submissions/" + path.replace("1/", f"{row.pk}/"))
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize(
    "name", ["solution.csv", "competition.yaml", "generate.py", "..%2Fsolution.csv", "nothing.csv"]
)
def test_the_solution_is_out_of_reach(open_competition, alice, teacher, client_of, name):
    for user in (alice, teacher):
        assert client_of(user).get(f"/competitions/{COMPETITION}/data/{name}").status_code == 404


def test_the_data_can_be_downloaded(open_competition, alice, client_of):
    answer = client_of(alice).get(f"/competitions/{COMPETITION}/data/sample_submission.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"Id,")


def test_before_it_opens_neither_task_nor_data_is_shown(open_competition, alice, client_of):
    RoundChallenge.objects.update(opens_at=timezone.now() + dt.timedelta(days=1), closes_at=None)
    html = html_of(client_of(alice), f"/competitions/{COMPETITION}/")
    assert "train.csv" not in html
    assert client_of(alice).get(f"/competitions/{COMPETITION}/data/train.csv").status_code == 404


# --- Lists and the task ------------------------------------------------------------------------------------------------


def test_the_list_marks_what_is_solved(open_exercise, alice, bob, client_of, judged):
    judged(alice, open_exercise.challenge, 100.0)
    judged(bob, open_exercise.challenge, 30.0, "partial")
    assert "task__mark--solved" in html_of(client_of(alice), "/exercises/")
    tried = html_of(client_of(bob), "/exercises/")
    assert "task__mark--solved" not in tried
    assert "task__mark--tried" in tried
    assert "2명 중 1명" in tried


def test_lists_cost_the_same_however_many_there_are(
    open_exercise, open_competition, course_round, alice, client_of, django_assert_max_num_queries
):
    from django.conf import settings

    from competitions import content

    for slug in ("tensor-batches", "softmax-stable", "dnn-regressor"):
        challenge = content.load_exercise(settings.FIXTURES_DIR / "exercises" / slug)
        actions.open_challenge(course_round, challenge)
    browser = client_of(alice)
    browser.get("/exercises/")
    with django_assert_max_num_queries(8):  # session, person, rounds, role, and three of its own
        browser.get("/exercises/")


def test_the_task_page(open_exercise, alice, client_of):
    html = html_of(client_of(alice), PAGE)
    assert "data-code-editor" in html
    assert "def standardize" in html  # the starter code
    assert "raise NotImplementedError" in html
    assert "<h1>열마다 표준화하기</h1>" in html
    english = html_of(client_of(alice, "en"), PAGE)
    assert f"<h1>{open_exercise.challenge.title_en}</h1>" in english


# --- Submitting in the browser -------------------------------------------------------------------------------------------


def test_code_from_the_editor(open_exercise, alice, client_of):
    answer = client_of(alice).post(PAGE, {"source": CODE.replace("\n", "\r\n"), "ticket": "t"})
    row = Submission.objects.get()
    assert answer.url == f"/submissions/{row.pk}/"
    assert row.file.read() == CODE.encode()
    assert (row.via, row.file_name) == ("browser", "submission.py")


def test_a_notebook_as_a_file(open_exercise, alice, client_of):
    client_of(alice).post(PAGE, {"file": SimpleUploadedFile("Lab 1.ipynb", b'{"cells": []}'), "ticket": "t"})
    assert Submission.objects.get().file_name == "Lab 1.ipynb"


def test_a_double_click_is_one_submission_a_change_is_another(open_exercise, alice, client_of):
    browser = client_of(alice)
    first = browser.post(PAGE, {"source": CODE, "ticket": "t1"})
    second = browser.post(PAGE, {"source": CODE, "ticket": "t1"})
    assert first.url == second.url
    browser.post(PAGE, {"source": CODE + "# more", "ticket": "t1"})
    browser.post(PAGE, {"source": CODE, "ticket": "t2"})
    assert Submission.objects.count() == 3


def test_a_refusal_keeps_what_was_typed_and_says_why(open_exercise, alice, client_of):
    RoundChallenge.objects.update(daily_quota=1)
    browser = client_of(alice)
    browser.post(PAGE, {"source": CODE, "ticket": "a"})
    answer = browser.post(PAGE, {"source": "my_precious = 1", "ticket": "b"})
    html = answer.content.decode()
    assert answer.status_code == 429
    assert "my_precious = 1" in html
    assert "오늘 제출할 수 있는 1회를 모두" in html


def test_nothing_chosen_400(open_exercise, alice, client_of):
    assert client_of(alice).post(PAGE, {"ticket": "a"}).status_code == 400


def test_without_the_forms_token_403(open_exercise, alice):
    from django.conf import settings
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert browser.post(PAGE, {"source": CODE}).status_code == 403
    page = browser.get(PAGE).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert browser.post(PAGE, {"source": CODE, "csrfmiddlewaretoken": token}).status_code == 302


def test_a_body_that_is_far_too_large_413_in_words(open_competition, alice):
    """Before the form's token is looked for, which would read it all."""
    from django.conf import settings
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend=settings.AUTHENTICATION_BACKENDS[0])
    big = SimpleUploadedFile("big.csv", b"x" * (22 * 1024 * 1024))
    answer = browser.post(f"/competitions/{COMPETITION}/", {"file": big})
    assert answer.status_code == 413
    assert "최대 20MB" in answer.content.decode()


def test_a_bad_csv_names_its_rows(open_competition, alice, client_of):
    bad = SimpleUploadedFile("bad.csv", b"Id,SalePrice\n1461,abc\n1462,1\n")
    answer = client_of(alice, "en").post(f"/competitions/{COMPETITION}/", {"file": bad})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Row 2" in html
    assert "no try was used" in html
    assert not QuotaDay.objects.exists()


def test_tries_left_are_said_before_the_click(open_competition, alice, client_of, judged):
    assert "<strong>5</strong>회 / 5회" in html_of(client_of(alice), f"/competitions/{COMPETITION}/")
    judged(alice, open_competition.challenge, 1.0)
    assert "<strong>4</strong>회 / 5회" in html_of(client_of(alice), f"/competitions/{COMPETITION}/")


def test_earlier_code_can_be_opened_again_ones_own_only(open_exercise, alice, bob, client_of, submitted):
    row = submitted(alice, open_exercise.challenge, "mine_and_only_mine = 1")
    assert "mine_and_only_mine" in html_of(client_of(alice), f"{PAGE}?from={row.pk}")
    assert "mine_and_only_mine" not in html_of(client_of(bob), f"{PAGE}?from={row.pk}")


# --- Waiting and the verdict -----------------------------------------------------------------------------------------------


def test_one_waits_with_a_place_and_asks_less_often_with_time(
    open_exercise, alice, client_of, submitted, ready_worker, django_assert_max_num_queries
):
    submitted(alice, open_exercise.challenge, "first = 1")
    row = submitted(alice, open_exercise.challenge)
    browser = client_of(alice)
    html = html_of(browser, f"/submissions/{row.pk}/")
    assert "2번째" in html
    assert row.sha256 in html
    assert "message--warning" not in html
    with django_assert_max_num_queries(5):  # session, person, submission, workers, place
        browser.get(f"/submissions/{row.pk}/status/?n=3", headers={"HX-Request": "true"})
    pauses = []
    for asked in (0, 9, 10, 29, 30, 500):
        answer = browser.get(f"/submissions/{row.pk}/status/?n={asked}", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        pauses.append(re.search(r'hx-trigger="every (\d)s"', answer.content.decode())[1])
        assert f"n={asked + 1}" in answer.content.decode()
    assert pauses == ["1", "1", "2", "2", "5", "5"]


def test_being_judged_then_judged_stops_the_questions(open_exercise, alice, client_of, submitted):
    from tests.competitions.conftest import outcome

    row = submitted(alice, open_exercise.challenge)
    browser = client_of(alice)
    ask = lambda: browser.get(f"/submissions/{row.pk}/status/", headers={"HX-Request": "true"})  # noqa: E731
    claimed = actions.claim(row.pk, "w1")
    actions.report_progress(row.pk, claimed.fencing, 0.37)
    assert "37%" in ask().content.decode()
    actions.record(row.pk, claimed.fencing, outcome(row.challenge, 40.0, "partial"))
    answer = ask()
    html = answer.content.decode()
    assert answer.status_code == 286
    assert "hx-get" not in html
    for word in ("부분 점수", "보이는 까닭", "힌트", "40 / 40", "0 / 60", "printed &lt;b&gt;", "한마디"):
        assert word in html, word


VERDICTS = {
    "accepted": "맞았습니다!!",
    "wrong_answer": "틀렸습니다",
    "time_limit": "시간 초과",
    "memory_limit": "메모리 초과",
    "output_limit": "출력 초과",
    "runtime_error": "런타임 에러",
    "partial": "부분 점수",
    "invalid": "잘못된 제출",
}


@pytest.mark.parametrize(("verdict", "words"), VERDICTS.items())
def test_verdicts_in_the_words_students_know(open_exercise, alice, client_of, judged, verdict, words):
    row = judged(alice, open_exercise.challenge, None if verdict == "invalid" else 5.0, verdict)
    html = html_of(client_of(alice), f"/submissions/{row.pk}/")
    assert words in html
    assert "badge__icon" in html


def test_signed_out_while_waiting_the_page_is_reloaded(open_exercise, alice, client, submitted):
    row = submitted(alice, open_exercise.challenge)
    answer = client.get(f"/submissions/{row.pk}/status/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (286, "true")


def test_no_worker_is_said_and_why(open_exercise, alice, client_of, submitted):
    row = submitted(alice, open_exercise.challenge)
    browser = client_of(alice)
    assert "채점기가 실행되고 있지 않습니다" in html_of(browser, f"/submissions/{row.pk}/")
    lame = WorkerHeartbeat.objects.create(name="w", is_ready=False, message_ko="bubblewrap을 설치하세요")
    assert "bubblewrap을 설치하세요" in html_of(browser, f"/submissions/{row.pk}/")
    WorkerHeartbeat.objects.create(name="good", is_ready=True)
    assert "message--warning" not in html_of(browser, f"/submissions/{row.pk}/")
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=1))
    assert not lame.message_en
    assert "채점기가 실행되고 있지 않습니다" in html_of(browser, f"/submissions/{row.pk}/")


def test_what_needs_a_gpu_waits_for_a_worker_with_one(open_exercise, alice, client_of, submitted):
    """A page says what it waits for; a worker for the CPU alone leaves it, as claimed by device."""
    open_exercise.challenge.config["device"] = "cuda"
    open_exercise.challenge.save()
    row = submitted(alice, open_exercise.challenge)
    assert row.device == "cuda"
    browser = client_of(alice)
    assert "채점기가 실행되고 있지 않습니다" in html_of(browser, f"/submissions/{row.pk}/")
    WorkerHeartbeat.objects.create(name="w", is_ready=True, device="cpu")
    assert "GPU 채점 서버가 없습니다" in html_of(browser, f"/submissions/{row.pk}/")
    assert "GPU 채점 서버가 없습니다" in html_of(browser, open_exercise.challenge.get_absolute_url())
    WorkerHeartbeat.objects.create(name="lame", is_ready=False, device="cuda", message_ko="bubblewrap")
    assert "GPU 채점 서버가 없습니다" in html_of(browser, f"/submissions/{row.pk}/")
    WorkerHeartbeat.objects.create(name="gpu", is_ready=True, device="cuda")
    assert "message--warning" not in html_of(browser, f"/submissions/{row.pk}/")


def test_a_competition_needs_no_jail(open_competition, alice, client_of, sample_csv, submitted):
    row = submitted(alice, open_competition.challenge, sample_csv)
    WorkerHeartbeat.objects.create(name="w", is_ready=False, message_ko="bubblewrap")
    assert "message--warning" not in html_of(client_of(alice), f"/submissions/{row.pk}/")


def test_the_original_is_given_back_as_a_download(open_exercise, alice, client_of, submitted):
    row = submitted(alice, open_exercise.challenge, "<script>alert(1)</script>", "나의 답.py")
    answer = client_of(alice).get(f"/submissions/{row.pk}/file/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_the_dashboards(open_exercise, open_competition, alice, teacher, client_of, judged):
    judged(alice, open_exercise.challenge, 100.0)
    home = html_of(client_of(alice), "/")
    assert "1문제 중 1문제 해결" in home
    assert f"/competitions/{COMPETITION}/" in home
    taught = html_of(client_of(teacher), "/instructor/")
    assert "/instructor/submissions/" in taught
    assert "앨리스" in taught


# --- Instructors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"alice", "bob"}),
        (f"challenge={EXERCISE}", {"alice", "bob"}),
        (f"challenge={COMPETITION}", set()),
        ("student=앨리", {"alice"}),
        ("student=bo", {"bob"}),
        ("verdict=partial", {"bob"}),
        ("verdict=failed", set()),
        ("verdict=nonsense", set()),
    ],
)
def test_the_instructors_list_and_its_filters(
    open_exercise, open_competition, alice, bob, teacher, client_of, judged, query, found
):
    judged(alice, open_exercise.challenge, 100.0)
    judged(bob, open_exercise.challenge, 40.0, "partial")
    table = html_of(client_of(teacher), f"/instructor/submissions/?{query}").partition("<tbody>")[2]
    assert {name for name in ("alice", "bob") if f">{name} " in table or f"{name} <span" in table} == found


def test_code_tests_verdict_and_raw_report(open_exercise, alice, teacher, client_of, judged):
    row = judged(alice, open_exercise.challenge, 40.0, "partial")
    html = html_of(client_of(teacher), f"/instructor/submissions/{row.pk}/")
    for word in ("alice", "부분 점수", "test_hidden", "package_hash", "보이는 까닭", "test-worker"):
        assert word in html, word


def test_judging_one_again(open_exercise, alice, bob, teacher, client_of, judged):
    row = judged(alice, open_exercise.challenge, 40.0, "partial")
    address = f"/instructor/submissions/{row.pk}/rejudge/"
    assert client_of(teacher).get(address).status_code == 405
    assert client_of(alice).post(address).status_code == 404
    assert not ScoreChange.objects.exists()
    client_of(teacher).post(address, {"reason": "테스트 수정"})
    assert ScoreChange.objects.get().reason == "테스트 수정"
    assert "재채점을 기다리는 중" in html_of(client_of(alice), f"/submissions/{row.pk}/")


def test_judging_all_again_asks_first(open_exercise, alice, bob, teacher, client_of, judged):
    for user in (alice, bob):
        judged(user, open_exercise.challenge)
    address = f"/instructor/submissions/rejudge/{EXERCISE}/"
    assert "제출 2건" in html_of(client_of(teacher), address)
    assert Submission.objects.filter(state="queued").count() == 0
    assert client_of(alice).post(address).status_code == 403
    client_of(teacher).post(address)
    assert Submission.objects.filter(state="queued").count() == 2


def test_the_boards_of_the_round(open_exercise, open_competition, teacher, client_of):
    html = html_of(client_of(teacher), "/instructor/submissions/boards/")
    assert f"/exercises/{EXERCISE}/leaderboard/" in html
    assert f"/competitions/{COMPETITION}/leaderboard/" in html


@pytest.mark.parametrize(
    "model",
    ["challenge", "roundchallenge", "submission", "standing", "scorechange", "quotaday", "workerheartbeat"],
)
def test_the_admin_works(open_exercise, alice, judged, client_of, django_user_model, model):
    judged(alice, open_exercise.challenge)
    root = django_user_model.objects.create_superuser("root", password="x")
    assert client_of(root).get(f"/admin/competitions/{model}/").status_code == 200
    addable = model == "roundchallenge"
    assert client_of(root).get(f"/admin/competitions/{model}/add/").status_code == (200 if addable else 403)
