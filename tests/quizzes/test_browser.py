"""The quiz in a real browser: keys, saving as one goes, lost connections, two windows, no JavaScript."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings
from django.test import Client

from quizzes.models import Answer, Attempt

CHROMIUM = shutil.which("chromium")
sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="no chromium on this machine: the quiz was not tried in a browser"
    ),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, live_server, alice, quiz):
    """open_browser(**options) -> a context in which Alice is signed in; every error on a page fails the test."""
    contexts, errors = [], []

    def sign_in(**options):
        client = Client()
        client.force_login(alice, backend=settings.AUTHENTICATION_BACKENDS[0])
        context = chromium.new_context(base_url=live_server.url, locale="ko-KR", **options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on(
            "console",
            lambda message: errors.append(message.text) if "Content Security" in message.text else None,
        )
        contexts.append(context)
        return context

    yield sign_in
    for context in contexts:
        context.close()
    assert errors == []


def open_quiz(context):
    page = context.new_page()
    page.goto("/quiz/")
    return page


def choice(page, place=0):
    """The place-th single choice question on the page."""
    return page.locator("fieldset:has(input[type=radio])").nth(place)


def number(page, place=0):
    return page.locator("fieldset:has(input.numeric__field)").nth(place)


def expect_status(page, text):
    sync_api.expect(page.locator("[data-status]")).to_contain_text(text)


def test_keys_choose_and_a_reload_keeps(open_browser):
    page = open_quiz(open_browser())
    choice(page).locator("input").first.focus()
    page.keyboard.press("3")
    expect_status(page, "저장됨")
    chosen = choice(page).locator("input:checked").get_attribute("value")
    assert choice(page).locator("input").nth(2).get_attribute("value") == chosen
    number(page).locator("input.numeric__field").fill("3/4")
    page.keyboard.press("Enter")  # goes on to the next question and submits nothing
    sync_api.expect(page.locator("[data-answered]")).to_have_text("2")
    sync_api.expect(number(page).locator("[data-revision]")).to_have_value("1")
    place = int(number(page).get_attribute("data-number"))
    sync_api.expect(page.locator("fieldset:focus-within")).to_have_attribute("data-number", str(place + 1))
    page.reload()
    assert choice(page).locator("input:checked").get_attribute("value") == chosen
    assert number(page).locator("input.numeric__field").input_value() == "3/4"
    assert Attempt.objects.get().is_open


def test_n_and_p_move_and_type_nothing(open_browser):
    page = open_quiz(open_browser())
    sheets = page.locator("fieldset[data-item]").all()
    is_choice = [sheet.locator("input[type=radio]").count() > 0 for sheet in sheets]
    # The order is drawn, so the number may stand behind the choice or before it.
    place = next(place for place in range(5) if is_choice[place] != is_choice[place + 1])
    start, end, key = (place, place + 1, "n") if is_choice[place] else (place + 1, place, "p")
    sheets[start].locator("input[type=radio]").first.focus()
    page.keyboard.press(key)
    field = sheets[end].locator("input.numeric__field")
    sync_api.expect(field).to_be_focused()
    assert field.input_value() == ""


def test_what_was_answered_offline_arrives_later(open_browser):
    context = open_browser()
    page = open_quiz(context)
    context.set_offline(True)
    choice(page).locator("label").nth(1).click()
    expect_status(page, "연결이 끊겼습니다")
    assert not Answer.objects.exists()
    context.set_offline(False)
    expect_status(page, "저장됨")
    assert Answer.objects.count() == 1


def test_what_was_answered_offline_survives_closing_the_page(open_browser):
    context = open_browser()
    page = open_quiz(context)
    context.set_offline(True)
    number(page).locator("input.numeric__field").fill("42")
    number(page).locator("input.numeric__field").blur()
    expect_status(page, "연결이 끊겼습니다")
    page.close()
    context.set_offline(False)
    page = open_quiz(context)
    expect_status(page, "저장됨")
    assert number(page).locator("input.numeric__field").input_value() == "42"
    assert Answer.objects.get().value == {"text": "42", "number": 42}
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('quiz/'))") == []


def test_of_two_windows_the_later_click_wins(open_browser):
    context = open_browser()
    one, other = open_quiz(context), open_quiz(context)
    choice(one).locator("label").nth(0).click()
    expect_status(one, "저장됨")
    choice(other).locator("label").nth(1).click()  # this window does not know of the first answer
    expect_status(other, "저장됨")
    wanted = choice(other).locator("input:checked").get_attribute("value")
    assert Answer.objects.get().value == {"choice": wanted}
    assert Answer.objects.get().revision == 2


def test_an_old_offline_answer_does_not_overwrite_a_newer_one(open_browser):
    away, here = open_browser(), open_browser()
    old, new = open_quiz(away), open_quiz(here)
    away.set_offline(True)
    choice(old).locator("label").nth(0).click()
    expect_status(old, "연결이 끊겼습니다")
    choice(new).locator("label").nth(1).click()
    expect_status(new, "저장됨")
    wanted = choice(new).locator("input:checked").get_attribute("value")
    away.set_offline(False)
    sync_api.expect(choice(old).locator("[data-notice]")).to_contain_text("다른 창에서 나중에 저장한 답")
    assert choice(old).locator("input:checked").get_attribute("value") == wanted
    assert Answer.objects.get().value == {"choice": wanted}


def test_gaps_are_asked_about_and_the_result_explains(open_browser):
    page = open_quiz(open_browser())
    choice(page).locator("label").nth(0).click()
    submit = page.locator(".quiz-bar button:visible", has_text="제출")
    submit.click()
    dialog = page.locator("dialog")
    sync_api.expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="계속 풀기").click()
    sync_api.expect(dialog).to_be_hidden()
    page.keyboard.press("Control+Enter")
    dialog.get_by_role("button", name="그대로 제출").click()
    sync_api.expect(page.locator("h1")).to_have_text("퀴즈 결과")
    assert page.locator(".explanation").count() == 6
    assert not Attempt.objects.get().is_open


def test_a_bad_number_is_said_at_its_field_and_holds_the_submit(open_browser):
    page = open_quiz(open_browser())
    number(page).locator("input.numeric__field").fill("열둘")
    number(page).locator("input.numeric__field").blur()
    sync_api.expect(number(page).locator("[data-notice]")).to_contain_text("숫자가 아닙니다")
    page.locator(".quiz-bar button:visible", has_text="제출").click()
    expect_status(page, "표시된 답을 먼저 고쳐 주세요.")
    number(page).locator("input.numeric__field").fill("12")
    number(page).locator("input.numeric__field").blur()
    sync_api.expect(number(page).locator("[data-notice]")).to_be_hidden()
    expect_status(page, "저장됨")


def test_without_javascript_enter_saves_and_the_button_submits(open_browser):
    page = open_quiz(open_browser(java_script_enabled=False))
    number(page).locator("input.numeric__field").fill("195")
    number(page).locator("input.numeric__field").press("Enter")
    sync_api.expect(page.locator(".message")).to_contain_text("답을 저장했습니다.")
    assert Attempt.objects.get().is_open
    choice(page).locator("label").nth(0).click()
    page.locator(".quiz-bar button:visible", has_text="제출").click()
    sync_api.expect(page.locator(".quiz-alert")).to_contain_text("답하지 않은 문제가 4개 있습니다.")
    page.get_by_role("button", name="그대로 제출").click()
    sync_api.expect(page.locator("h1")).to_have_text("퀴즈 결과")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_on_a_small_phone(open_browser, scheme):
    page = open_quiz(open_browser(viewport={"width": 360, "height": 740}, color_scheme=scheme))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".quiz-bar button:visible", has_text="제출").click()
    page.get_by_role("button", name="그대로 제출").click()
    sync_api.expect(page.locator("h1")).to_have_text("퀴즈 결과")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
