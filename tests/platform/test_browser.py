"""The frame of the site in Debian's chromium: theme, language, menu, editor, formulas, the content security policy."""

import re
import shutil
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium fonts-nanum"),
    pytest.mark.django_db(transaction=True),
]
sync_api = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server):
    """A phone-sized page; any error on its console, a violation of the CSP too, fails the test."""
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        locale="ko-KR",
        timezone_id="America/New_York",
        color_scheme="light",
    )
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def signed_in(page, alice):
    page.goto("/accounts/login/")
    page.get_by_label("아이디").fill("alice")
    page.get_by_label("비밀번호").fill("correct horse")
    page.get_by_role("main").get_by_role("button", name="로그인").click()
    page.wait_for_url("**/")
    return page


def overflow(page) -> int:
    """Pixels by which the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_signing_in_on_a_phone(signed_in):
    assert signed_in.get_by_role("heading", level=1).inner_text() == "앨리스 님, 안녕하세요"
    assert overflow(signed_in) <= 0


def test_the_theme_stays(signed_in):
    background = "getComputedStyle(document.documentElement).backgroundColor"
    light = signed_in.evaluate(background)
    signed_in.get_by_role("button", name="밝은 화면과 어두운 화면 전환").click()
    dark = signed_in.evaluate(background)
    assert dark != light
    signed_in.goto("/accounts/profile/")
    assert signed_in.evaluate(background) == dark


def test_the_language_switch_keeps_the_page(signed_in):
    signed_in.goto("/accounts/profile/")
    signed_in.get_by_role("button", name="Switch to English").click()
    signed_in.get_by_role("heading", name="How others see you").wait_for()
    assert signed_in.url.endswith("/accounts/profile/")


def test_the_account_menu_by_keyboard(signed_in):
    summary = signed_in.locator(".account-menu summary")
    summary.focus()
    signed_in.keyboard.press("Enter")
    signed_in.get_by_role("link", name="내 정보").wait_for()
    signed_in.keyboard.press("Escape")
    assert not signed_in.get_by_role("link", name="내 정보").is_visible()
    assert summary.evaluate("element => element === document.activeElement")


def test_the_first_tab_skips_to_the_content(signed_in):
    signed_in.goto("/accounts/profile/")
    signed_in.keyboard.press("Tab")
    assert signed_in.evaluate("document.activeElement.textContent") == "본문으로 건너뛰기"
    signed_in.keyboard.press("Enter")
    assert signed_in.evaluate("document.activeElement.id") == "content"


def test_what_has_the_focus_is_not_under_the_header(signed_in):
    signed_in.set_viewport_size({"width": 360, "height": 560})
    signed_in.goto("/accounts/profile/")
    signed_in.locator("main button").last.focus()
    covered = """() => {
        const [focused, header] = [document.activeElement, document.querySelector(".site-header")];
        if (!focused.closest("main")) return null;
        return focused.getBoundingClientRect().top < header.getBoundingClientRect().bottom;
    }"""
    seen = []
    for _ in range(12):
        signed_in.keyboard.press("Shift+Tab")
        seen.append(signed_in.evaluate(covered))
    assert False in seen, "nothing of the page had the focus"
    assert True not in seen


def test_the_header_leaves_a_phone_held_sideways(signed_in):
    signed_in.goto("/accounts/profile/")
    bottom = "document.querySelector('.site-header').getBoundingClientRect().bottom"
    for width, height, stays in ((740, 360, False), (360, 560, True)):
        signed_in.set_viewport_size({"width": width, "height": height})
        signed_in.evaluate("scrollTo(0, 200)")
        assert (signed_in.evaluate(bottom) > 0) is stays


def test_a_long_nickname_does_not_break_the_header(signed_in, alice):
    alice.nickname = "W" * 30
    alice.save()
    signed_in.reload()
    assert overflow(signed_in) <= 0
    switch = signed_in.get_by_role("button", name="Switch to English")
    assert switch.bounding_box()["height"] < 40, "one line"


def test_the_api_description_page_runs_under_the_policy(page):
    page.goto("/api/docs/")
    page.get_by_text("/api/token/").first.wait_for()


@pytest.fixture
def exercise(signed_in, course_round):
    """The page of a shipped exercise, opened for Alice's round."""
    from competitions import actions, content

    folder = settings.FIXTURES_DIR / "exercises/tensor-standardize"
    actions.open_challenge(course_round, content.load_exercise(folder))
    signed_in.goto("/exercises/tensor-standardize/")
    signed_in.locator(".cm-content").wait_for()
    return signed_in


class TestEditor:
    def type_at_the_end(self, page, text):
        page.locator(".cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(text)

    def test_the_draft_survives_a_reload_and_the_form_has_it(self, exercise):
        self.type_at_the_end(exercise, "# 나의 초안")
        exercise.locator("[data-draft-status]").get_by_text("저장됨").wait_for()
        exercise.reload()
        exercise.locator(".cm-content").get_by_text("# 나의 초안").wait_for()
        assert "# 나의 초안" in exercise.locator("textarea[data-code-editor]").input_value()
        assert overflow(exercise) <= 0

    def test_leaving_at_once_loses_nothing(self, exercise):
        self.type_at_the_end(exercise, "# 급히")
        exercise.reload()
        exercise.locator(".cm-content").get_by_text("# 급히").wait_for()

    def test_the_reset_can_be_undone(self, exercise):
        text = exercise.locator("textarea[data-code-editor]")
        starter = text.input_value()
        self.type_at_the_end(exercise, "# 지울 코드")
        written = text.input_value()
        reset = exercise.locator("[data-draft-reset]")
        reset.click()
        assert text.input_value() == starter
        reset.click()
        assert text.input_value() == written

    def test_typing_over_a_selection_keeps_the_policy_and_can_be_undone(self, exercise):
        """Chromium's own editing would write a style attribute; the page fixture fails on that report."""
        text = exercise.locator("textarea[data-code-editor]")
        starter = text.input_value()
        exercise.locator(".cm-content").click()
        exercise.keyboard.press("Control+A")
        exercise.keyboard.type("x = 1")
        assert text.input_value() == "x = 1"
        exercise.keyboard.press("Control+Z")
        exercise.keyboard.press("Control+Z")
        assert text.input_value() == starter

    def test_the_draft_tells_korean_time_on_any_computer(self, exercise):
        before = datetime.now(ZoneInfo("Asia/Seoul"))
        self.type_at_the_end(exercise, "# 시각")
        saved = exercise.locator("[data-draft-status]").get_by_text(re.compile(r"저장됨 \d\d:\d\d"))
        saved.wait_for()
        clock = re.search(r"\d\d:\d\d", saved.inner_text())[0]
        assert clock in {f"{before + timedelta(minutes=later):%H:%M}" for later in range(3)}

    def test_its_own_words_are_korean(self, exercise):
        exercise.locator(".cm-content").click()
        exercise.keyboard.press("Control+F")
        exercise.get_by_placeholder("찾기").wait_for()
        assert "대소문자 구분" in exercise.locator(".cm-search").inner_text()
        assert exercise.get_by_title("접기").count() > 0
        assert exercise.get_by_title("Fold line").or_(exercise.get_by_title("Unfold line")).count() == 0

    def test_a_line_that_opens_something_is_high_enough_for_a_finger(self, exercise):
        summary = exercise.locator("main details > summary").first
        assert summary.bounding_box()["height"] >= 44

    def test_formulas_are_typeset(self, exercise):
        exercise.evaluate(
            """() => {
                const formula = document.createElement("span");
                formula.className = "math inline";
                formula.textContent = "w_{ij}";
                document.querySelector("main").append(formula);
                document.dispatchEvent(new CustomEvent("htmx:afterSwap", { detail: { target: document.body } }));
            }"""
        )
        exercise.locator(".math--done .katex").first.wait_for()
