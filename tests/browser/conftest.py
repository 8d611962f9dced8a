"""The site as `make run` starts it, with the demo class, and browsers that note whatever goes wrong on a page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
import pytest

from tests.competitions.servers import ROOT, free_port, site, wait_for

PASSWORD = "tensor-4096-demo"
PATIENCE = 30_000  # milliseconds: a loaded machine is slow, a broken page is found anyway
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "color_scheme": "dark",
}
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
HOUSE_PRICES = ROOT / "fixtures" / "competitions" / "house-price-prediction"

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory) -> Iterator[str]:
    """The address of `manage.py serve` after `manage.py prepare`; nothing of it is left at the end."""
    with site(tmp_path_factory.mktemp("demo-class"), DEMO_PASSWORD=PASSWORD) as made:
        made.run("manage.py", "prepare")
        port = free_port()
        serve = made.start("manage.py", "serve", "--port", str(port), "--workers", "1")
        family: list[psutil.Process] = []
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: answers(address) or serve.poll() is not None, "the site starts")
            assert serve.poll() is None, made.logs()
            yield address
        finally:
            if serve.poll() is None:
                family = psutil.Process(serve.pid).children(recursive=True)
            made.close()
    try:
        wait_for(lambda: not any(map(is_alive, family)), "every process of the site ends")
    finally:
        for process in filter(is_alive, family):
            with suppress(psutil.Error):
                process.kill()


def answers(address: str) -> bool:
    with suppress(OSError), urlopen(f"{address}/healthz", timeout=5):
        return True
    return False


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


@pytest.fixture(scope="session")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    sync_api.expect.set_options(timeout=PATIENCE)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong on the pages: errors on the console (broken content policies are among them), failed requests."""

    refusals: set[tuple[int, str]] = field(default_factory=set)
    """(status, path) of the answers that a test asks for."""
    faults: list[str] = field(default_factory=list)

    def follow(self, context: Any) -> None:
        context.on("console", self.on_console)
        context.on("weberror", lambda event: self.faults.append(f"script: {event.error}"))
        context.on(
            "requestfailed", lambda made: self.faults.append(f"{made.failure}: {made.method} {made.url}")
        )
        context.on("response", self.on_response)

    def on_console(self, message: Any) -> None:
        # The browser repeats every bad status here; on_response knows which of them are wanted.
        is_status = message.text.startswith("Failed to load resource: the server responded with a status")
        if message.type in ("error", "warning") and not is_status:
            self.faults.append(f"console: {message.text} ({message.page.url if message.page else ''})")

    def on_response(self, response: Any) -> None:
        if response.status >= 400 and (response.status, urlsplit(response.url).path) not in self.refusals:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_browser(chromium, demo_site, watch) -> Iterator[Callable]:
    """open_browser(options) -> a page of a fresh browser, signed out; `watch` follows it."""
    contexts = []

    def open_page(options: dict):
        context = chromium.new_context(base_url=demo_site, locale="ko-KR", **options)
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def solutions() -> Callable[[str], str]:
    """solutions("softmax-stable/accepted/library") -> the code of a shipped submission."""

    def code(name: str) -> str:
        slug, rest = name.split("/", 1)
        return Path(ROOT / "fixtures" / "exercises" / slug / "submissions" / f"{rest}.py").read_text("utf-8")

    return code
