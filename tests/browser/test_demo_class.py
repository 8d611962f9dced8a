"""The demo class, played through in a browser: a student at a desk, their instructor, a student with a phone."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import CHROMIUM, DESKTOP, HOUSE_PRICES, PHONE

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

from tests.browser import steps

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium fonts-nanum")

# As it stands in the students' notebooks.
BOARD = (
    "/leaderboard?competition_name=House+Price+Prediction&course_name=AI+Essential&course_round=0317%281%29"
)
HOUSE = "/competitions/house-price-prediction/"


def take_quiz(page: Page, *, by_keyboard: bool) -> None:
    """Answers everything, reloads in between, submits, and reads the explanations."""
    steps.menu(page, "오늘의 퀴즈")
    asked = steps.questions(page)
    assert 5 <= len(asked) <= 8
    for question in asked[:-1]:
        steps.answer(page, question, by_keyboard=by_keyboard)
    before = [steps.given(question) for question in asked[:-1]]
    assert all(before)
    page.reload()
    asked = steps.questions(page)
    assert [steps.given(question) for question in asked[:-1]] == before
    steps.answer(page, asked[-1], by_keyboard=by_keyboard)
    assert page.get_by_role("heading", name="해설").count() == 0
    page.get_by_role("button", name="제출", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("퀴즈 결과")
    expect(page.get_by_role("heading", name="해설")).to_have_count(len(asked))
    expect(page.get_by_text(re.compile(rf"^[\d.]+ / {len(asked)}$"))).to_be_visible()


def own_row(page: Page, nickname: str):
    return page.get_by_role("region", name="리더보드").get_by_role("row").filter(has_text=nickname)


def test_a_student_and_the_instructor_at_a_desk(open_browser, watch, solutions):
    page = open_browser(DESKTOP)
    steps.sign_in(page, "student01", "텐서장인")
    take_quiz(page, by_keyboard=True)

    steps.menu(page, "실습 문제")
    page.get_by_role("link", name="안정적인 소프트맥스").click()
    steps.write_code(page, solutions("softmax-stable/accepted/library"))
    page.get_by_role("button", name="제출", exact=True).click()
    steps.expect_verdict(page, "맞았습니다!!")
    expect(page.get_by_role("region", name="테스트")).to_contain_text("아주 큰 로짓")

    steps.follow(page, "돌아가기")
    steps.upload_code(page, "wrong.py", solutions("softmax-stable/wrong_answer/wrong_dimension"))
    steps.expect_verdict(page, "열마다 합이 1이 되게 했습니다. 클래스는 두 번째 차원이므로 dim=1을 쓰세요.")

    page.goto("/exercises/tensor-standardize/")
    code = solutions("tensor-standardize/accepted/std_mean")
    steps.upload_code(page, "실습 (1)의 사본.ipynb", steps.colab_notebook(code))
    steps.expect_verdict(page, "맞았습니다!!")
    expect(page.get_by_role("link", name="실습 (1)의 사본.ipynb")).to_be_visible()

    send_predictions(page, watch)
    look_at_the_board(page, "텐서장인")
    switch_languages(page)
    steps.sign_out(page)

    teach(open_browser(DESKTOP))


def send_predictions(page: Page, watch) -> None:
    """A broken file, which costs nothing and names its row, then a whole one."""
    predictions = (HOUSE_PRICES / "sample_submission.csv").read_text("utf-8")
    lines = predictions.splitlines()
    lines[4] = lines[4].split(",")[0] + ",비싸요"
    watch.refusals.add((400, HOUSE))
    steps.upload_predictions(page, "\n".join(lines))
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("5행")
    expect(refusal).to_contain_text("비싸요")
    expect(page.get_by_text("오늘 남은 제출 5회 / 5회")).to_be_visible()
    watch.refusals.clear()
    steps.upload_predictions(page, predictions)
    steps.expect_verdict(page, "MAE")
    steps.follow(page, "돌아가기")
    expect(page.get_by_text("오늘 남은 제출 4회 / 5회")).to_be_visible()


def look_at_the_board(page: Page, nickname: str) -> None:
    for address in (f"{HOUSE}leaderboard/", BOARD, "/exercises/softmax-stable/leaderboard/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("리더보드")
        expect(own_row(page, nickname)).to_contain_text("1")
        expect(own_row(page, nickname)).to_have_attribute("aria-current", "true")


def switch_languages(page: Page) -> None:
    page.goto(BOARD)
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leaderboard")
    assert page.url.endswith(BOARD)
    page.get_by_role("button", name="한국어로 바꾸기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("리더보드")


def teach(page: Page) -> None:
    """The instructor sees what the student did, and judges one of the submissions again."""
    steps.sign_in(page, "instructor", "강사")
    page.goto("/instructor/submissions/boards/")
    expect(page.get_by_role("row").filter(has_text="주택 가격 예측")).to_contain_text("1")
    page.goto("/instructor/quizzes/")
    page.get_by_role("region", name="퀴즈").get_by_role("link").first.click()
    expect(page.get_by_role("row").filter(has_text="student01")).to_contain_text("제출 완료")

    page.goto("/instructor/submissions/")
    page.get_by_label("문제·대회").select_option(label="안정적인 소프트맥스")
    page.get_by_role("button", name="조회").click()
    rows = page.get_by_role("region", name="전체 제출").get_by_role("row").filter(has_text="student01")
    expect(rows).to_have_count(2)
    rows.filter(has_text="맞았습니다!!").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="테스트")).to_contain_text("아주 큰 로짓")
    page.get_by_text("채점된 코드").click()
    expect(page.get_by_role("code").filter(has_text="return F.softmax(logits, dim=-1)")).to_be_visible()

    page.get_by_label("사유").fill("테스트를 고쳤습니다")
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("button", name="재채점").click()
    expect(page.get_by_text("다시 채점합니다.")).to_be_visible()
    steps.expect_verdict(page, "맞았습니다!!")
    page.reload()
    record = (
        page.get_by_role("region", name="재채점 기록")
        .get_by_role("row")
        .filter(has_text="테스트를 고쳤습니다")
    )
    expect(record).to_have_text(re.compile("맞았습니다!!.*맞았습니다!!", re.DOTALL))


def test_a_student_with_a_phone_in_the_dark(open_browser, solutions):
    page = open_browser(PHONE)
    steps.sign_in(page, "student02", "손실함수")
    steps.assert_fits(page)
    take_quiz(page, by_keyboard=False)
    steps.assert_fits(page)

    steps.menu(page, "실습 문제")
    steps.assert_fits(page)
    page.get_by_role("link", name="배치로 나누기").tap()
    steps.write_code(page, solutions("tensor-batches/wrong_answer/dropped_at_front"))
    steps.assert_fits(page)
    page.get_by_role("button", name="제출", exact=True).tap()
    steps.expect_verdict(page, "나머지를 앞에서 버렸습니다.")
    steps.assert_fits(page)
    steps.follow(page, "다시 풀기")
    steps.write_code(page, solutions("tensor-batches/accepted/view"))
    page.get_by_role("button", name="제출", exact=True).tap()
    steps.expect_verdict(page, "맞았습니다!!")

    steps.upload_predictions(page, (HOUSE_PRICES / "sample_submission.csv").read_text("utf-8"))
    steps.expect_verdict(page, "MAE")
    page.goto(BOARD)
    expect(own_row(page, "손실함수")).to_have_attribute("aria-current", "true")
    steps.assert_fits(page)
    steps.sign_out(page)
