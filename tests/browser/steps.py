"""What a person does on the site, by what is written on it."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, PATIENCE


def sign_in(page: Page, username: str, nickname: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("아이디").fill(username)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{nickname} 님, 안녕하세요")


def sign_out(page: Page) -> None:
    page.get_by_role("banner").get_by_role("group").locator("summary").click()
    page.get_by_role("button", name="로그아웃").click()
    expect(page.get_by_role("banner").get_by_role("link", name="로그인")).to_be_visible()


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="주 메뉴").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def follow(page: Page, name: str) -> None:
    """A link, be it one that looks and is announced like a button."""
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).click()


def assert_fits(page: Page) -> None:
    """Nothing sticks out of the screen at the side. (A phone's innerWidth grows with what sticks out.)"""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


# --- The quiz -------------------------------------------------------------------------------------------------


def questions(page: Page) -> list[Locator]:
    expect(page.get_by_role("group", name="1번 문제")).to_be_visible()
    page.wait_for_load_state()  # the keys work once the page's script has run
    return page.get_by_role("group", name=re.compile(r"^\d+번 문제$")).all()


def answer(page: Page, question: Locator, *, by_keyboard: bool) -> None:
    """The second choice, the number 2, or the like; comes back when the page says that it is saved."""
    keep = question.locator("[data-keep]")
    if question.get_by_role("radio").count():
        _choose(page, question.get_by_role("radio"), by_keyboard=by_keyboard)
    elif question.get_by_role("checkbox").count():
        question.get_by_role("checkbox").nth(1).check()
    elif keep.count():
        keep.click()
    elif question.get_by_role("combobox").count():
        for place, field in enumerate(question.get_by_role("combobox").all(), start=1):
            field.select_option(index=place)
    else:
        _type(question.get_by_role("textbox").all())
    expect(question.locator("[data-revision]")).not_to_have_value("0")
    expect(page.get_by_role("form").or_(page.locator("form.quiz")).get_by_text("저장됨")).to_be_visible()


def _choose(page: Page, choices: Locator, *, by_keyboard: bool) -> None:
    if by_keyboard:
        choices.first.focus()
        page.keyboard.press("2")
    else:
        choices.nth(1).tap()


def _type(fields: list[Locator]) -> None:
    """2 into each; where the page asks for a shape, one."""
    for field in fields:
        is_shape = "(3, 4)" in (field.get_attribute("placeholder") or "")
        field.fill("(2, 3)" if is_shape else "2")
        field.press("Tab")


def given(question: Locator) -> str:
    """What stands in the fields of a question, all of them."""
    return question.evaluate(
        """(fields) => [...fields.querySelectorAll("input:not([type=hidden]), select, textarea")]
            .map((field) => field.matches("[type=radio], [type=checkbox]") && !field.checked ? "" : field.value)
            .join(" ").trim()"""
    )


# --- Exercises ------------------------------------------------------------------------------------------------


def write_code(page: Page, code: str) -> None:
    editor = page.get_by_role("textbox", name="내 코드").and_(page.locator("[contenteditable]"))
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code)
    expect(page.get_by_text(re.compile(r"저장됨 \d\d:\d\d"))).to_be_visible()


def upload_code(page: Page, name: str, content: str) -> None:
    page.get_by_text("파일로 제출하기").click()
    file = {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    page.get_by_label(".py 또는 .ipynb").set_input_files(file)
    page.get_by_role("button", name="파일 제출").click()


def upload_predictions(page: Page, content: str) -> None:
    page.goto("/competitions/house-price-prediction/")
    file = {"name": "submission.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("UTF-8로 저장한 CSV").set_input_files(file)
    page.get_by_role("button", name="제출", exact=True).click()


def expect_verdict(page: Page, text: str) -> None:
    """The verdict appears on the submission's page by itself: nothing here reloads it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"제출 \d+번"))
    page.evaluate("window.notReloaded = true")
    main = page.get_by_role("main")
    waiting = main.get_by_role("list").filter(has_text="기다리는 중")
    expect(waiting).to_have_count(0, timeout=2 * PATIENCE)  # the first one waits for the worker to start, too
    expect(main.get_by_role("status").filter(has_text=text)).to_be_visible()
    assert page.evaluate("window.notReloaded") is True


def colab_notebook(code: str) -> str:
    """A notebook as Colab saves it, with what students have in theirs."""
    cells = [
        "!pip install -q torchinfo\n%matplotlib inline\nfrom google.colab import drive\ndrive.mount('/content/drive')",
        "%cd /content/drive/MyDrive\n!nvidia-smi",
        code,
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": list(map(_cell, cells))})


def _cell(source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": lines}
