"""The review in a real browser: by keyboard, by double click, without JavaScript, on a phone and on paper."""

from __future__ import annotations

import datetime as dt

import pytest

from quizzes.models import Review, ReviewCard

from .conftest import answer_quiz
from .test_browser import chromium, open_browser, pytestmark, sync_api  # noqa: F401 - fixtures and marks


@pytest.fixture
def due(alice, quiz):
    """Alice missed three questions, and all are due today."""
    answer_quiz(alice, quiz, 3)
    earlier = quiz.date - dt.timedelta(1)
    ReviewCard.objects.update(due_on=quiz.date, reviewed_on=earlier)
    return list(ReviewCard.objects.all())


def test_by_keyboard_alone(open_browser, due):  # noqa: F811
    page = open_browser().new_page()
    page.goto("/quiz/review/")
    page.locator("button", has_text="복습하기").focus()
    page.keyboard.press("Enter")
    for place in range(len(due)):
        sync_api.expect(page.locator("h1")).to_have_text("이제 맞힐 수 있나요?")
        # The script gives the focus; a key before that would go to the page.
        sync_api.expect(page.locator("[data-review] :is(input, select, textarea):focus")).to_be_visible()
        page.keyboard.press("2")  # chooses the second, or types into the number field that has the focus
        page.keyboard.press("Enter")
        sync_api.expect(page.locator(".explanation")).to_be_visible()
        if place + 1 < len(due):
            sync_api.expect(page.locator("[data-next]")).to_be_focused()
            page.keyboard.press("Enter")  # the next card
    assert Review.objects.exclude(answered_at=None).count() == len(due)
    sync_api.expect(page.locator("a.button")).to_have_text("오늘 복습 끝")


def test_a_double_click_without_javascript_counts_once(open_browser, due):  # noqa: F811
    page = open_browser(java_script_enabled=False).new_page()
    page.goto("/quiz/review/")
    page.get_by_role("button", name="복습하기").click()
    page.get_by_role("button", name="모르겠습니다").dblclick()
    sync_api.expect(page.locator(".explanation")).to_be_visible()
    card = Review.objects.exclude(answered_at=None).get().card
    assert card.misses == 2  # once in the quiz, once here


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_on_a_small_phone_and_paper_is_white(open_browser, due, scheme):  # noqa: F811
    page = open_browser(viewport={"width": 360, "height": 740}, color_scheme=scheme).new_page()
    for address in ("/quiz/review/", "/quiz/mistakes/", "/quiz/board/", "/quiz/history/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    page.goto("/quiz/mistakes/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    for hidden in (".site-header", ".tabs", ".filter", ".memo", ".mistake__foot button"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".explanation").first.is_visible()
