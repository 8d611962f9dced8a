"""Warm zygotes and their children, as the worker holds them.

    Zygote.start -> prepare() -> Child (confined, waiting) -> start(limits) -> requests ... -> close()

One zygote serves one worker. It is replaced after `SUBMISSIONS_PER_ZYGOTE` submissions and after any fault of its own.
The next child is prepared while the current one is being judged, so a submission waits for no fork.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from sandbox import jail, messages
from sandbox.contract import NO_TEXT, Limits, Text, Verdict
from sandbox.jail import JailMissing, bubblewrap, cgroup
from sandbox.jail.watchdog import Watchdog

SUBMISSIONS_PER_ZYGOTE = 500
START_SECONDS = 120.0
PREPARE_SECONDS = 20.0
END_SECONDS = 10.0
HANG_UP_SECONDS = 1.0  # a process that is gone is reported at once; one that only closed its socket is not waited for
TMP_MB = 64
CREDENTIALS = struct.Struct("3i")


class ZygoteLost(Exception):
    """The zygote, or a child that had seen no student code yet, is gone: our fault, to be tried again."""


class Child:
    """One confined process. `pid` is its number as this machine sees it."""

    def __init__(self, zygote: Zygote, number: int, sock: socket.socket, tmp_mb: int) -> None:
        self.zygote = zygote
        self.number = number
        self.sock = sock
        self.tmp_mb = tmp_mb
        self.pid = 0
        self.pidfd: int | None = None  # a number may be given to another process, a descriptor never
        self.group: cgroup.Group | None = None
        self.watchdog: Watchdog | None = None

    def wait_ready(self) -> None:
        """Waits for the child to be confined and learns its PID from the kernel, not from the child."""
        self.sock.settimeout(PREPARE_SECONDS)
        try:
            word, ancillary, _, _ = self.sock.recvmsg(1, socket.CMSG_SPACE(CREDENTIALS.size))
        except TimeoutError as error:
            raise ZygoteLost("the jail did not get ready in time") from error
        if word != b"+":
            with contextlib.suppress(OSError):
                word += self.sock.recv(500)
            raise ZygoteLost(f"the jail could not be entered: {word[1:].decode(errors='replace')}")
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                self.pid = CREDENTIALS.unpack(data)[0]
        if self.pid <= 1:
            raise ZygoteLost("the kernel did not name the child's process")
        self.pidfd = os.pidfd_open(self.pid)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)

    def confine(self, limits: Limits) -> None:
        """Puts the child into a control group of its own; a watchdog stands in where this machine has none."""
        if self.zygote.hierarchy is None:
            self.watchdog = Watchdog(self.pid, limits.memory_mb, self.kill)
            return
        self.group = self.zygote.hierarchy.create(limits.memory_mb, limits.processes)
        self.group.add(self.pid)

    def data_limit_mb(self, limits: Limits) -> int | None:
        """The bound on private memory where no control group holds it: what the zygote has already, and the limit."""
        if self.group is not None:
            return None
        status = dict(line.split(":", 1) for line in Path(f"/proc/{self.pid}/status").read_text().splitlines())
        return int(status["VmData"].split()[0]) // 1024 + limits.memory_mb

    def peak_mb(self) -> float:
        """The most memory the submission took beyond what the zygote holds, in MB."""
        if self.group is not None:
            return self.group.peak_mb()
        return self.watchdog.peak_mb if self.watchdog is not None else 0.0

    def cause_of_death(self) -> tuple[Verdict, Text]:
        """Why the process hung up although the judge did not kill it. Raises ZygoteLost when that was not its own doing."""
        hit = self.group.hit_memory_limit() if self.group is not None else bool(self.watchdog and self.watchdog.fired)
        if hit:
            return Verdict.MEMORY_LIMIT, NO_TEXT
        status = self.zygote.wait_for(self.number, HANG_UP_SECONDS, keep=True)
        if status is not None and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return Verdict.TIME_LIMIT, NO_TEXT
        return Verdict.RUNTIME_ERROR, messages.ended(signal_name(os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0))

    def kill(self) -> None:
        """Ends the child: PID 1 of its own world, so all that it started goes with it."""
        if self.pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def close(self) -> int | None:
        """Kills what is left, gives the group back, and returns the wait status that the zygote saw."""
        if self.watchdog is not None:
            self.watchdog.stop()
        self.kill()
        if self.pidfd is not None:
            os.close(self.pidfd)
            self.pidfd = None
        self.sock.close()
        try:
            return self.zygote.wait_for(self.number)
        except ZygoteLost:
            return None
        finally:
            if self.group is not None:
                self.group.remove()


def installed() -> list[int]:
    """The times at which something was last installed into or removed from the interpreter's packages."""
    return [os.stat(folder).st_mtime_ns for folder in bubblewrap.site_packages()]


def signal_name(number: int) -> str:
    """The signal of this number; "" for 0, when a process left by itself."""
    return signal.Signals(number).name if number in list(signal.Signals) else ""


class Pool(ABC):
    """Gives out confined children, each for one submission; the next one is prepared while the current one is at work."""

    spare: Child | None = None

    def acquire(self, tmp_mb: int = TMP_MB) -> Child:
        """A confined child that waits for its submission, with a /tmp of this size."""
        if self.spare is not None and self.spare.tmp_mb == tmp_mb:
            child, self.spare = self.spare, None
        else:
            child = self._prepare(tmp_mb)
        child.wait_ready()
        return child

    def prepare_spare(self) -> None:
        """Has the next child started now, so that the next `acquire` need not wait."""
        if self.spare is None:
            self.spare = self._prepare()

    @abstractmethod
    def _prepare(self, tmp_mb: int = TMP_MB) -> Child:
        """Starts a child and does not wait for it."""

    @property
    @abstractmethod
    def worn(self) -> bool:
        """Whether it must be replaced before the next submission."""

    @abstractmethod
    def close(self) -> None:
        """Ends all that it started."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Zygote(Pool):
    """One warm process. Made in the worker's main thread: the kernel ends it with the thread that started it."""

    def __init__(self, modules: tuple[str, ...] = jail.PRELOADED) -> None:
        self.hierarchy = cgroup.find()
        self.ended: dict[int, int] = {}
        self.prepared = 0
        self.installed = installed()
        self.process, self.control = jail.start(modules, in_group=self.hierarchy is not None)
        try:
            self._expect_ready()
        except BaseException:
            self.close()
            raise

    def _expect_ready(self) -> None:
        self.control.settimeout(START_SECONDS)
        try:
            message = self.control.recv(4096)
        except OSError:
            message = b""
        if not message:
            self.process.kill()
            raise JailMissing(f"the jail did not start: {self.process.communicate()[1].decode(errors='replace')[-500:]}")

    def _prepare(self, tmp_mb: int = TMP_MB) -> Child:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with theirs:
            try:
                socket.send_fds(self.control, [json.dumps({"op": "prepare", "tmp_mb": tmp_mb}).encode()], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise ZygoteLost("the zygote is gone") from error
        self.prepared += 1
        return Child(self, self.prepared, ours, tmp_mb)

    def wait_for(self, number: int, seconds: float = END_SECONDS, keep: bool = False) -> int | None:
        """The wait status of child `number`, to be asked for again if `keep`; None when it has not ended. Raises ZygoteLost."""
        deadline = time.monotonic() + seconds
        while number not in self.ended:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.control], [], [], left)[0]:
                return None
            message = self._control_message()
            if not message:
                raise ZygoteLost("the zygote was killed")
            report = json.loads(message)
            self.ended[report["child"]] = report["status"]
        return self.ended[number] if keep else self.ended.pop(number)

    def _control_message(self) -> bytes:
        try:
            return self.control.recv(4096)
        except OSError:  # the zygote was killed
            return b""

    @property
    def worn(self) -> bool:
        """Whether it has served its number of submissions, has ended, or holds packages that were changed since."""
        return (self.prepared > SUBMISSIONS_PER_ZYGOTE or self.process.poll() is not None
                or self.installed != installed())

    def close(self) -> None:
        """Ends the zygote and all that is in its jail; waits for it."""
        if self.spare is not None:
            self.spare.sock.close()
            self.spare = None
        self.control.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
