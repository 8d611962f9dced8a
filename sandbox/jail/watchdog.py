"""Watches memory where no control group can: polls the child's processes and has them killed past the limit.

Weaker than a control group (an allocation can outrun a poll), so RLIMIT_DATA bounds each single process besides, and the
seccomp filter is the strict one: memory that no process shows (memfd, System V, socket buffers) cannot be had.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from pathlib import Path

INTERVAL_SECONDS = 0.02
COUNTED = re.compile(r"^Rss(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)


class Watchdog:
    """Calls `kill` once the limit is passed. Counts the memory of `pid` and its descendants beyond what a fresh fork of the zygote shows, in MB."""

    interval = INTERVAL_SECONDS

    def __init__(self, pid: int, limit_mb: float, kill: Callable[[], None]) -> None:
        self.pid = pid
        self.limit_mb = limit_mb
        self.kill = kill
        self.base_mb = self.measure_base()
        self.peak_mb = 0.0
        self.fired = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"watchdog-{pid}", daemon=True)
        self._thread.start()

    def measure_base(self) -> float:
        """What the fresh child shows, in MB."""
        return memory_mb(self.pid)

    def measure(self) -> float:
        """What all its processes hold beyond that, in MB."""
        return sum(max(0.0, memory_mb(pid) - self.base_mb) for pid in descendants(self.pid))

    def _watch(self) -> None:
        while not self._ended.wait(self.interval):
            used = self.measure()
            self.peak_mb = max(self.peak_mb, used)
            if used > self.limit_mb:
                self.fired = True
                self.kill()
                return

    def stop(self) -> None:
        """Ends the thread, before the PID can belong to another process."""
        self._ended.set()
        self._thread.join()


def descendants(pid: int) -> list[int]:
    """`pid` and all that it started, directly or not."""
    found, queue = [], [pid]
    while queue:
        process = queue.pop()
        found.append(process)
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                queue += map(int, children.read_text().split())
    return found


def memory_mb(pid: int) -> float:
    """Resident anonymous and shared memory of a process, in MB: all that no file backs; 0.0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return sum(map(int, COUNTED.findall(status))) / 1024
