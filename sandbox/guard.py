"""Bounds the judge's own work on what came back, so that a huge, honest-looking value cannot hold or fill the worker."""

from __future__ import annotations

import contextlib
import re
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from sandbox.contract import Verdict
from sandbox.student import Session

SECONDS = 5.0  # for the reference and the comparison, beyond what the student has left
MEMORY_MB = 2048  # beyond what the worker holds: a list of all elements of the largest answer needs more
DATA_SIZE = re.compile(r"^VmData:\s+(\d+) kB$", re.MULTILINE)


@contextlib.contextmanager
def bounded(session: Session) -> Iterator[None]:
    """Within it time is bounded (the session then stops) and memory too (MemoryError or RuntimeError).

    By a signal, which reaches only the main thread: a worker judges there. In other threads nothing is bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: session.stop(Verdict.TIME_LIMIT))
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (_data_bytes() + (MEMORY_MB << 20), hard))
    signal.setitimer(signal.ITIMER_REAL, session.left + SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int:
    """The private memory this process has asked for."""
    found = DATA_SIZE.search(Path("/proc/self/status").read_text())
    return int(found[1]) << 10 if found else 0
