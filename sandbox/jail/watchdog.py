"""Watches memory where no control group can: polls the child's processes and has them killed past the limit.

Weaker than a control group (an allocation can outrun a poll), so RLIMIT_DATA bounds each single process besides.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import psutil

INTERVAL_SECONDS = 0.02
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)


class Watchdog:
    """Calls `kill` once the limit is passed. Counts the anonymous memory of `pid` and its descendants beyond what a fresh fork of the zygote shows, in MB."""

    def __init__(self, pid: int, limit_mb: float, kill: Callable[[], None]) -> None:
        self.pid = pid
        self.limit_mb = limit_mb
        self.kill = kill
        self.base_mb = anonymous_mb(pid)
        self.peak_mb = 0.0
        self.fired = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"watchdog-{pid}", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(INTERVAL_SECONDS):
            used = sum(max(0.0, anonymous_mb(pid) - self.base_mb) for pid in self._processes())
            self.peak_mb = max(self.peak_mb, used)
            if used > self.limit_mb:
                self.fired = True
                self.kill()
                return

    def _processes(self) -> list[int]:
        try:
            return [self.pid, *(child.pid for child in psutil.Process(self.pid).children(recursive=True))]
        except psutil.Error:
            return [self.pid]

    def stop(self) -> None:
        """Ends the thread, before the PID can belong to another process."""
        self._ended.set()
        self._thread.join()


def anonymous_mb(pid: int) -> float:
    """Resident memory of a process that no file backs, in MB; 0.0 when it is gone."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0.0
    return (int(resident) - int(shared)) * PAGE_MB
