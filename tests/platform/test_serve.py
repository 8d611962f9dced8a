"""`make run`'s last step, `manage.py serve`, as a process: it serves, it heals, it stops and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

import manage


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds: float):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


def environment(var_dir: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "CACHE_URL"}
    return env | {"VAR_DIR": str(var_dir)}


class Site:
    """A running `manage.py serve` with one scoring worker, on data of its own."""

    def __init__(self, var_dir: Path) -> None:
        self.port = free_port()
        env = environment(var_dir)
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "1"]
        self.process = subprocess.Popen(
            command, cwd=manage.ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True).start()
        self.seen: set[psutil.Process] = set()

    def wait_until_ready(self) -> None:
        wait_for(lambda: any("The site is ready" in line for line in self.lines), 120)

    def family(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.seen.update(children)
        return children

    def worker(self) -> psutil.Process | None:
        """The scoring worker once it has taken up its work: Celery renames the process then."""
        for process in self.family():
            try:
                if "worker-1@" in " ".join(process.cmdline()):
                    return process
            except psutil.Error:
                continue
        return None

    def left(self) -> list[psutil.Process]:
        return [process for process in self.seen if process.is_running() and process.status() != "zombie"]

    def stop(self, number: int) -> float:
        """Seconds until it was gone."""
        self.family()
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(40)
        return time.monotonic() - started


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """A VAR_DIR with the tables of the site, to be copied."""
    var_dir = tmp_path_factory.mktemp("migrated")
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, cwd=manage.ROOT, env=environment(var_dir), check=True)
    return var_dir


@pytest.fixture
def site(migrated, tmp_path):
    running = Site(shutil.copytree(migrated, tmp_path / "var"))
    yield running
    if running.process.poll() is None:
        running.process.kill()
    for process in running.left():
        process.kill()


def test_it_serves_heals_and_stops_on_ctrl_c(site):
    site.wait_until_ready()
    with urlopen(f"http://127.0.0.1:{site.port}/accounts/login/") as response:
        assert response.status == 200
    with urlopen(f"http://127.0.0.1:{site.port}/static/web/site.css") as response:
        assert response.headers["Content-Type"].startswith("text/css")

    worker = wait_for(site.worker, 120)
    worker.kill()
    again = wait_for(lambda: (found := site.worker()) and found.pid != worker.pid and found, 120)
    assert again.is_running()

    refused = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(site.port)],
        cwd=manage.ROOT, env={**os.environ}, capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode == 1
    assert f"Port {site.port} on 127.0.0.1 cannot be used" in refused.stderr

    assert site.stop(signal.SIGINT) < 25
    assert site.process.returncode == 0
    assert site.left() == []


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda number: number.name
)
def test_nothing_is_left_behind(site, number):
    """Also while it is still starting, and even when it is killed outright."""
    wait_for(lambda: len(site.family()) >= 4, 120)
    site.stop(number)
    wait_for(lambda: not site.left(), 60)
