"""What a page says around a result: what did not run, units, deadlines, the ways onward."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from competitions import actions
from competitions.models import RoundChallenge, Submission
from competitions.templatetags import competitions as tags
from sandbox.contract import Verdict
from tests.competitions.conftest import COMPETITION, EXERCISE, outcome

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
BOARD = f"/competitions/{COMPETITION}/leaderboard/"


def html_of(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def table_of(html: str, label: str) -> str:
    """The part of the page from the region of that name to the end of its table."""
    return html.partition(f'aria-label="{label}"')[2].partition("</table>")[0]


@pytest.fixture
def stopped(submitted, alice, open_exercise):
    """A submission of Alice's whose first test took too long; the second was never reached."""
    row = submitted(alice, open_exercise.challenge)
    claimed = actions.claim(row.pk, "w")
    found = outcome(open_exercise.challenge, 0.0, "time_limit")
    first, second = found.report.tests
    report = replace(found.report, tests=(first, replace(second, ran=False)))
    assert actions.record(row.pk, claimed.fencing, replace(found, report=report))
    row.refresh_from_db()
    return row


# --- The page of a submission ------------------------------------------------------------------------------------------


def test_a_test_that_was_not_reached_is_not_called_too_slow(stopped, alice, client_of):
    html = html_of(client_of(alice), f"/submissions/{stopped.pk}/")
    table = table_of(html, "테스트")
    assert table.count("시간 초과") == 1
    assert table.count("실행 안 함") == 1
    assert "힌트" not in table  # the message of a test that did not run says nothing
    assert html.count("앞에서 프로그램이 멈추어") == 1


def test_a_report_from_before_the_key_was_there_counts_as_run(stopped, alice, client_of):
    for test in stopped.report["tests"]:
        del test["ran"]
    stopped.save(update_fields=["report"])
    html = html_of(client_of(alice), f"/submissions/{stopped.pk}/")
    assert table_of(html, "테스트").count("시간 초과") == 2
    assert "실행 안 함" not in html


def test_the_api_says_which_tests_ran(stopped, alice, api_of):
    tests = api_of(alice).get(f"/api/submissions/{stopped.pk}/").json()["tests"]
    assert [test["ran"] for test in tests] == [True, False]


def test_visible_details_are_preformatted_hints_are_prose(open_exercise, alice, client_of, judged):
    row = judged(alice, open_exercise.challenge, 40.0, "partial")
    html = html_of(client_of(alice), f"/submissions/{row.pk}/")
    assert '<pre class="tests__message">보이는 까닭</pre>' in html
    assert '<p class="tests__message">힌트</p>' in html
    assert html.count("공개 테스트") == 1


def test_the_lines_of_an_error_are_preformatted_in_hidden_tests_too(open_exercise, alice, client_of, judged):
    row = judged(alice, open_exercise.challenge, 0.0, "runtime_error")
    html = html_of(client_of(alice), f"/submissions/{row.pk}/")
    assert '<pre class="tests__message">힌트</pre>' in html


@pytest.mark.parametrize(("name", "leads_to"), [("a.py", "?from={}#editor"), ("a.ipynb", "#editor")])
def test_try_again_opens_what_was_sent(open_exercise, alice, client_of, submitted, name, leads_to):
    row = submitted(alice, open_exercise.challenge, name=name)
    claimed = actions.claim(row.pk, "w")
    actions.record(row.pk, claimed.fencing, outcome(row.challenge, 0.0, "wrong_answer"))
    html = html_of(client_of(alice), f"/submissions/{row.pk}/")
    assert f'href="/exercises/{EXERCISE}/{leads_to.format(row.pk)}"' in html


@pytest.mark.parametrize(("language", "words"), [("ko", ("0.25초", "33MB")), ("en", ("0.25 s", "33 MB"))])
def test_units_are_those_of_the_language(open_exercise, alice, client_of, judged, language, words):
    row = judged(alice, open_exercise.challenge)
    html = html_of(client_of(alice, language), f"/submissions/{row.pk}/")
    for word in words:
        assert word in html, word


def test_while_it_is_judged_the_time_since_is_shown(open_exercise, alice, client_of, submitted):
    row = submitted(alice, open_exercise.challenge)
    page = f"/submissions/{row.pk}/"
    waiting = html_of(client_of(alice), page)
    assert "접수됨" in waiting
    assert "초째" not in waiting
    actions.claim(row.pk, "w")
    began = timezone.now() - dt.timedelta(seconds=75)
    Submission.objects.filter(pk=row.pk).update(started_at=began)
    html = html_of(client_of(alice), page)
    assert f"시작 {began.astimezone(SEOUL):%H:%M} · 1분 1" in html


# --- Badges and filters ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_drawing_of_its_own(verdict):
    drawings = [icon for _kind, icon, _text in tags.BADGES.values()]
    assert drawings.count(tags.BADGES[verdict][1]) == 1
    assert re.fullmatch(r"[MLlHhVvAaCcZz0-9 .,-]+", tags.BADGES[verdict][1])


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [(None, "–", "–"), (0.0, "< 0.01초", "< 0.01 s"), (0.047, "0.05초", "0.05 s"), (10.058, "10.06초", "10.06 s")],
)
def test_seconds(value, korean, english):
    for language, text in (("ko", korean), ("en", english)):
        with translation.override(language):
            assert tags.seconds(value) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (70.0, "70"),
        (0.123456, "0.12346"),
        (-0.5, "-0.50000"),
        (7.123456, "7.1235"),
        (99.999999, "100.000"),
        (16969.504, "16,969.50"),
        (-1234567.891, "-1,234,567.89"),
        (1e6, "1,000,000"),
        (1e300, "1e+300"),  # a file of absurd numbers must not make a line of 300 digits
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_score_tells_two_people_apart(competition, value, shown, language):
    with translation.override(language):
        assert tags.score(value, competition) == shown


@pytest.mark.parametrize(
    ("rise", "korean", "english"),
    [
        (1, "어제보다 1계단 상승", "up 1 place since yesterday"),
        (12, "어제보다 12계단 상승", "up 12 places since yesterday"),
        (-1, "어제보다 1계단 하락", "down 1 place since yesterday"),
        (-2, "어제보다 2계단 하락", "down 2 places since yesterday"),
    ],
)
def test_rises_in_words(rise, korean, english):
    for language, text in (("ko", korean), ("en", english)):
        with translation.override(language):
            assert tags.rise_text(rise) == text


def test_duration():
    with translation.override("ko"):
        assert [tags.duration(value) for value in (0, 59, 60, 135)] == ["0초", "59초", "1분 0초", "2분 15초"]


def test_today_has_a_clock_other_days_a_date():
    now = timezone.now()
    with translation.override("ko"):
        assert tags.moment_or_day(now) == f"{now.astimezone(SEOUL):%H:%M}"
        assert tags.moment_or_day(dt.datetime(2026, 3, 16, 15, 5, tzinfo=dt.UTC)) == "2026. 3. 17. (화)"


# --- The task: deadline, the way to the form -----------------------------------------------------------------------------


def last_midnight() -> dt.datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def test_a_deadline_at_midnight_is_the_day_that_ends(open_competition, alice, client_of):
    tonight = last_midnight() + dt.timedelta(days=1)
    RoundChallenge.objects.update(closes_at=tonight)
    for page in (f"/competitions/{COMPETITION}/", BOARD, "/competitions/", "/"):
        html = html_of(client_of(alice), page)
        assert "24:00" in html, page
        assert "00:00" not in html.replace("24:00", "").replace("00:00부터", ""), page  # a beginning is 00:00


def test_the_refusal_after_it_says_the_same(open_competition, alice, api_of, sample_csv):
    start = last_midnight() - dt.timedelta(days=9)
    RoundChallenge.objects.update(opens_at=start, closes_at=last_midnight())
    file = SimpleUploadedFile("s.csv", sample_csv.encode())
    answer = api_of(alice).post("/api/submissions/", {"challenge": COMPETITION, "file": file}, format="multipart")
    assert answer.status_code == 409
    yesterday = last_midnight().date() - dt.timedelta(days=1)
    assert f"{yesterday.month}. {yesterday.day}." in answer.json()["detail"]
    assert "24:00" in answer.json()["detail"]


def test_the_form_is_one_jump_away_on_a_phone(open_exercise, open_competition, alice, client_of):
    assert 'href="#submit-title"' in html_of(client_of(alice), f"/competitions/{COMPETITION}/")
    assert 'href="#editor"' in html_of(client_of(alice), f"/exercises/{EXERCISE}/")
    RoundChallenge.objects.update(opens_at=timezone.now() - dt.timedelta(9), closes_at=timezone.now())
    assert 'class="jump"' not in html_of(client_of(alice), f"/competitions/{COMPETITION}/")


def test_after_a_refused_file_the_form_stands_right_below(open_competition, alice, client_of):
    bad = SimpleUploadedFile("bad.csv", b"Id,SalePrice\n1461,abc\n")
    html = client_of(alice).post(f"/competitions/{COMPETITION}/", {"file": bad}).content.decode()
    assert html.count('type="file"') == 1
    assert html.index('role="alert"') < html.index('type="file"') < html.index("workbench__statement")


def test_no_backticks_in_a_refusal(open_exercise, alice, client_of):
    bad = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    html = client_of(alice).post(f"/exercises/{EXERCISE}/", {"file": bad}).content.decode()
    refusal = html.partition('role="alert"')[2].partition("</div></div>")[0]
    assert ".py 또는 .ipynb 파일만" in refusal
    assert "`" not in refusal.partition("<form")[0]


def test_too_large_is_said_in_words_before_it_is_sent(open_exercise, open_competition, alice, client_of):
    page = html_of(client_of(alice), f"/competitions/{COMPETITION}/")
    assert 'data-text-too-large="파일이 20MB보다 큽니다."' in page
    assert 'data-text-too-large="파일이 5MB보다 큽니다."' in html_of(client_of(alice), f"/exercises/{EXERCISE}/")


# --- Ways onward --------------------------------------------------------------------------------------------------------


def test_the_dashboards_lead_on_in_words(open_exercise, alice, teacher, client_of, judged):
    judged(alice, open_exercise.challenge, 100.0)
    home = html_of(client_of(alice), "/")
    for words in ("문제 목록 보기", "내 제출 모두 보기", "100점 · "):
        assert words in home, words
    assert "전체 제출 보기" in html_of(client_of(teacher), "/instructor/")


def test_a_round_without_exercises_is_not_solved_to_zero_of_zero(open_competition, alice, client_of):
    home = html_of(client_of(alice), "/")
    assert "0문제 중" not in home
    assert "아직 이 차수에 열린 실습 문제가 없습니다." in home


def test_nothing_to_judge_again_cannot_be_started(open_exercise, alice, teacher, client_of, judged):
    address = f"/instructor/submissions/rejudge/{EXERCISE}/"
    html = html_of(client_of(teacher), address)
    assert "다시 채점할 제출이 없습니다." in html
    assert re.search(r'<button type="submit" disabled>', html)
    judged(alice, open_exercise.challenge)
    assert '<button type="submit" disabled>' not in html_of(client_of(teacher), address)


def test_only_exercises_are_solved(open_exercise, open_competition, teacher, client_of):
    html = html_of(client_of(teacher), "/instructor/submissions/boards/")
    assert "해결한 사람" not in table_of(html, "대회")
    assert "해결한 사람" in table_of(html, "실습 문제")


def test_title_and_verdict_in_the_instructors_list_are_links(open_exercise, alice, teacher, client_of, judged):
    row = judged(alice, open_exercise.challenge)
    table = table_of(html_of(client_of(teacher), "/instructor/submissions/"), "전체 제출")
    assert table.count(f'href="/instructor/submissions/{row.pk}/"') == 4  # number, verdict, title (wide and phone)


def test_the_board_of_another_round_links_to_no_page_that_is_not_there(
    open_competition, course_round, alice, client_of
):
    from courses import actions as course_actions
    from courses.models import CourseRound

    task = f'href="/competitions/{COMPETITION}/"'
    assert task in html_of(client_of(alice), BOARD)
    later = CourseRound.objects.create(
        course=course_round.course,
        name="0401(2)",
        starts_on=course_round.starts_on + dt.timedelta(1),
        ends_on=course_round.ends_on + dt.timedelta(1),
    )
    course_actions.enrol(later, alice, "student")
    browser = client_of(alice)
    assert browser.get(f"/competitions/{COMPETITION}/").status_code == 404  # the later round is the chosen one
    names = {"competition_name": COMPETITION, "course_name": "AI Essential", "course_round": "0317(1)"}
    answer = browser.get("/leaderboard", names)
    assert answer.status_code == 200
    assert task not in answer.content.decode()


def test_an_open_competition_says_that_it_runs(open_competition, alice, client_of):
    """The catalogue of an app that comes earlier wins: its heading “Open” once stood on this badge."""
    page = html_of(client_of(alice), "/competitions/")
    assert "진행 중" in page
    assert "기간" not in page
