"""Saving answers, a hundred students at once, on the site as it is really served; and what the quiz's page costs.

Two loads, each with a hundred open connections: *at its pace* every student sends an answer regularly, together
OFFERED a second, and the waiting time counts; *as fast as it goes* every student sends the next answer as soon as the last one
is kept, and the throughput counts. (In the second one a request waits for 99 others, so its waiting time says nothing.)
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from tests.competitions import servers

REPOSITORY = Path(__file__).resolve().parents[2]
OFFERED = 150  # answers a second, of all students together
SECONDS = 15
WARM_UP = 3


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted)."""
    yield from _rows("SQLite", 150, {})
    if servers.postgres_folder() is None:
        yield "saving an answer, PostgreSQL", "not installed here", ">= 250 /s"
        return
    with servers.postgres() as url:
        yield from _rows("PostgreSQL", 250, {"DATABASE_URL": url})


def _rows(name: str, wanted: int, environment: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    with site(environment) as (port, people):
        paced = asyncio.run(load(port, people, OFFERED))
        before = cpu_seconds()
        fast = asyncio.run(load(port, people, 0))
        cost = 1000 * (cpu_seconds() - before) / (fast.rate * (SECONDS + WARM_UP) or 1)
        page = asyncio.run(read_pages(port, people))
    students = len(people["students"])
    what = f"saving an answer, {students} students at once, {name}"
    yield what, f"{fast.rate:.0f} /s, {fast.errors} errors", f">= {wanted} /s, 0 errors"
    yield (
        f"... at {OFFERED} /s: p50 / p99",
        f"{paced.quantile(0.5):.0f} / {paced.quantile(0.99):.0f} ms ({paced.rate:.0f} /s, {paced.errors} errors)",
        "p99 <= 150 ms, 0 errors",
    )
    yield (
        "... CPU for one answer, site and database and this bench",
        f"{cost:.1f} ms",
        f"<= {2000 / wanted:.1f} ms on 2 cores",
    )
    yield (
        f"... the quiz's page, {people['questions']} questions, one after the other: p50",
        f"{page:.0f} ms",
        "",
    )


def cpu_seconds() -> float:
    """Of this process and all that it started: what a busy neighbour on the machine does not change much."""
    me = psutil.Process()
    total = 0.0
    for process in [me, *me.children(recursive=True)]:
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


@contextmanager
def site(environment: dict[str, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """A fresh site with the class of quiz_class on a free port, stopped afterwards."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        port = servers.free_port()
        kept = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CACHE_URL")
        }
        own = {**kept, "VAR_DIR": folder, "PORT": str(port), "LOG_LEVEL": "WARNING", **environment}
        made = subprocess.run(
            [sys.executable, "-m", "tests.bench.quiz_class"],
            cwd=REPOSITORY,
            env=own,
            check=True,
            capture_output=True,
        )
        serve = [sys.executable, "manage.py", "serve", "--workers", "0"]
        server = subprocess.Popen(
            serve, cwd=REPOSITORY, env=own, stdout=subprocess.DEVNULL, start_new_session=True
        )
        stack.callback(server.wait, 30)
        stack.callback(server.send_signal, signal.SIGTERM)
        servers.wait_for(lambda: _listens(port), "the site answers")
        yield port, json.loads(made.stdout.splitlines()[-1])


def _listens(port: int) -> bool:
    try:
        return asyncio.run(_get(port, "/healthz")) == 200
    except OSError:
        return False


async def _get(port: int, path: str) -> int:
    async with asyncio.timeout(5):
        connection = Connection(port, "")
        return (await connection.request(f"GET {path}", b""))[0]


@dataclass
class Measured:
    """Waiting times in seconds of what was answered with success within `seconds`."""

    seconds: float
    waits: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Connection:
    """One browser's connection, kept alive. As little as it takes: it shares the machine with the site."""

    def __init__(self, port: int, cookies: str) -> None:
        self.port = port
        self.head = (
            f"Host: 127.0.0.1\r\nCookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        )
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def request(self, line: str, body: bytes, more: str = "") -> tuple[int, bytes]:
        """The status and the body of the answer."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"{line} HTTP/1.1\r\n{self.head}{more}Content-Length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(answer.partition("content-length:")[2].partition("\r\n")[0])
        return int(answer.split(" ", 2)[1]), await self.reader.readexactly(length)


class Student:
    """Answers one question after the other, round and round; knows the revision of each as the page does."""

    def __init__(self, port: int, data: dict[str, Any]) -> None:
        cookies = f"sessionid={data['session']}; csrftoken={data['csrf']}"
        self.connection = Connection(port, cookies)
        self.more = f"X-CSRFToken: {data['csrf']}\r\n"
        self.answers = data["answers"]
        self.revisions = dict.fromkeys((item for item, _ in self.answers), 0)
        self.turns = count()

    async def save(self) -> bool:
        turn = next(self.turns)
        item, values = self.answers[turn % len(self.answers)]
        value = values[turn // len(self.answers) % 2]
        data = {"value": value, "revision": self.revisions[item]}
        body = urllib.parse.urlencode(data).encode()
        status, answer = await self.connection.request(f"POST /quiz/items/{item}/answer/", body, self.more)
        if status != 200:
            # The second load goes on where the first one ended: the window learns what is kept, as after a reload.
            if status == 409:
                self.revisions[item] = json.loads(answer)["revision"]
            return False
        self.revisions[item] = json.loads(answer)["revision"]
        return True


async def load(port: int, people: dict[str, Any], offered: int) -> Measured:
    """All students for SECONDS after the warm-up; `offered` answers a second together, 0: as fast as it goes."""
    students = [Student(port, data) for data in people["students"]]
    for student in students:
        await _learn_revisions(student)
    measured = Measured(SECONDS)
    begins = time.perf_counter() + WARM_UP
    pause = len(students) / offered if offered else 0

    async def work(place: int, student: Student) -> None:
        due = begins - WARM_UP + pause * place / len(students)
        while due < begins + SECONDS:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            # By the time it was due, not by the time it was sent: a site that is behind makes everybody wait.
            started = due if pause else time.perf_counter()
            is_saved = await student.save()
            ended = time.perf_counter()
            if begins <= started and ended <= begins + SECONDS:
                measured.errors += not is_saved
                measured.waits += [ended - started] if is_saved else []
            due = due + pause if pause else ended

    await asyncio.gather(*(work(place, student) for place, student in enumerate(students)))
    return measured


async def _learn_revisions(student: Student) -> None:
    """What a page that was just loaded knows."""
    _status, page = await student.connection.request("GET /quiz/", b"")
    text = page.decode()
    for item in student.revisions:
        student.revisions[item] = int(text.partition(f'name="revision-{item}" value="')[2].partition('"')[0])


async def read_pages(port: int, people: dict[str, Any]) -> float:
    """The median time of the quiz's page in milliseconds, one at a time."""
    waits = []
    for data in people["students"][:50]:
        student = Student(port, data)
        started = time.perf_counter()
        status, _page = await student.connection.request("GET /quiz/", b"")
        waits.append(time.perf_counter() - started)
        assert status == 200
    return Measured(1, waits).quantile(0.5)
