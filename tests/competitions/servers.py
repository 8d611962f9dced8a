"""Real processes for tests: a site of its own (VAR_DIR, broker, database), its workers, a PostgreSQL server."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60.0  # seconds; a loaded machine is slow, a broken one is found anyway


def wait_for(look: Callable[[], Any], what: str, seconds: float = WAIT) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


class Site:
    """A checkout's processes with data of their own. Everything started here is ended by `close`."""

    def __init__(self, var_dir: Path, **environment: str) -> None:
        self.var_dir = var_dir
        kept = {
            name: value for name, value in os.environ.items() if name not in ("CACHE_URL", "DATABASE_URL")
        }
        self.environment = {**kept, "VAR_DIR": str(var_dir), "ENVIRONMENT": "development", **environment}
        self.processes: list[subprocess.Popen] = []
        self._logs: list[Path] = []

    def run(self, *arguments: str, **environment: str) -> str:
        """`python ...` to its end; its standard output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def play(self, scene: str, *arguments: str, **environment: str) -> dict:
        """One function of scenes.py in a process of this site; what it returns."""
        output = self.run("-m", "tests.competitions.scenes", scene, *arguments, **environment)
        return json.loads(output.splitlines()[-1])

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen:
        log = self.var_dir / f"process-{len(self.processes)}.log"
        self._logs.append(log)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def worker(self, name: str, **environment: str) -> subprocess.Popen:
        return self.start("manage.py", "worker", "--name", name, **environment)

    def web(self) -> str:
        """Starts the site; its address."""
        port = free_port()
        self.start("manage.py", "runserver", "--noreload", "--insecure", f"127.0.0.1:{port}")
        wait_for(lambda: _listens(port), f"the site answers\n{self.logs()}")
        return f"http://127.0.0.1:{port}"

    def beat(self) -> subprocess.Popen:
        schedule = str(self.var_dir / "beat")
        program = "import manage; from config.celery import app; import sys; app.start(sys.argv[1:])"
        return self.start("-c", program, "beat", "--schedule", schedule)

    def rows(self, statement: str, *values: object) -> list[dict]:
        """What the site's SQLite file holds, read from outside."""
        with sqlite3.connect(
            f"file:{self.var_dir / 'db.sqlite3'}?mode=ro", uri=True, timeout=20
        ) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(statement, values)]

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in self._logs)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def site(var_dir: Path, **environment: str) -> Iterator[Site]:
    made = Site(var_dir, **environment)
    try:
        yield made
    finally:
        made.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def postgres_folder() -> Path | None:
    """Where PostgreSQL's programs lie; None without them."""
    for candidate in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (candidate / "initdb").exists():
            return candidate
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def postgres() -> Iterator[str]:
    """A private server; its DATABASE_URL. PostgreSQL refuses root, so root becomes nobody for it.

    It does not lie below pytest's folders: those are closed to anybody but the one who runs the tests.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        home = Path(folder)
        who = {"user": "nobody"} if os.geteuid() == 0 else {}
        if who:
            shutil.chown(home, "nobody")
        yield from _serve_postgres(home, who)


def _serve_postgres(home: Path, who: dict[str, str]) -> Iterator[str]:
    programs = postgres_folder()
    assert programs
    data, port = home / "data", free_port()
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=home,
        **who,
    )
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "unix_socket_directories="]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-p", str(port), *options],
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **who,
    )
    try:
        wait_for(lambda: _accepts(port), "PostgreSQL starts")
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # "fast": open connections are ended
        server.wait(timeout=30)


def _accepts(port: int) -> bool:
    try:
        import psycopg

        psycopg.connect(
            f"host=127.0.0.1 port={port} user=postgres dbname=postgres", connect_timeout=2
        ).close()
    except psycopg.OperationalError:
        return False
    return True
