"""The whole way under load: 300 submissions at once through the API of a real site, scored by its real workers."""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
STUDENTS = 30
EACH = 10
SENDERS = 30
PASSWORD = "bench-only-password"
SLUG = "tensor-standardize"
READY_SECONDS = 120
DONE_SECONDS = 300


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted)."""
    with site() as address:
        tokens = [token(address, f"student{number:02d}") for number in range(1, STUDENTS + 1)]
        submit(address, tokens[0], 0)
        wait_until_done(address, tokens[:1], 1)  # both workers are warm by now
        started = time.time()
        with ThreadPoolExecutor(SENDERS) as pool:
            ids = list(pool.map(lambda number: submit(address, tokens[number % STUDENTS], number), range(1, STUDENTS * EACH + 1)))
        accepted = time.time() - started
        done = wait_until_done(address, tokens, len(ids) + 1)
    waits = sorted(row["waited"] for row in done if row["id"] in set(ids))
    last = max(row["finished"] for row in done)
    scored = sum(row["verdict"] == "accepted" for row in done if row["id"] in set(ids))
    yield f"{len(ids)} submissions at once by API", f"{scored} scored, {len(ids) - len(set(ids))} twice", "all, none twice"
    yield "... taken in", f"{accepted:.1f} s", ""
    yield "... throughput, first request to last score", f"{len(ids) / (last - started):.1f} /s", ""
    yield "... wait from receipt to score, p50 / p95", f"{statistics.median(waits):.1f} s / {waits[int(len(waits) * 0.95)]:.1f} s", ""


@contextmanager
def site() -> Iterator[str]:
    """A fresh site with the demo class on a free port of this machine, stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VAR_DIR": folder, "DEMO_PASSWORD": PASSWORD, "PORT": str(port), "LOG_LEVEL": "WARNING"}
        manage = [sys.executable, str(REPOSITORY / "manage.py")]
        subprocess.run([*manage, "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([*manage, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  start_new_session=True)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: call(f"{address}/readyz"), READY_SECONDS)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def wait_for(ready, seconds: float) -> None:
    """Calls `ready` until it does not raise."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            ready()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def call(address: str, data: dict | None = None, token: str = "") -> dict:
    """One request and its JSON. Raises OSError for every answer that is no success."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Token {token}"} if token else {})
    body = json.dumps(data).encode() if data is not None else None
    with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=60) as answer:
        return json.load(answer)


def token(address: str, username: str) -> str:
    return call(f"{address}/api/token/", {"username": username, "password": PASSWORD})["token"]


def submit(address: str, token: str, number: int) -> int:
    """Submits the reference with a comment that makes it a file of its own; its id."""
    source = (REPOSITORY / "fixtures" / "exercises" / SLUG / "reference.py").read_text()
    data = {"challenge": SLUG, "source": f"{source}\n# {number}\n"}
    return call(f"{address}/api/submissions/", data, token)["id"]


def wait_until_done(address: str, tokens: list[str], count: int) -> list[dict]:
    """Every student's submissions once `count` of them are scored: id, verdict, wait in seconds, time of the score."""
    from datetime import datetime

    deadline = time.monotonic() + DONE_SECONDS
    while True:
        found = [row for token in tokens for row in call(f"{address}/api/submissions/", token=token)["results"]]
        done = [row for row in found if row["state"] == "done"]
        if len(done) >= count:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(done)} of {count} after {DONE_SECONDS} s")
        time.sleep(1)
    times = [(datetime.fromisoformat(row["received_at"]), datetime.fromisoformat(row["finished_at"])) for row in done]
    return [{"id": row["id"], "verdict": row["verdict"], "waited": (end - start).total_seconds(), "finished": end.timestamp()}
            for row, (start, end) in zip(done, times, strict=True)]
