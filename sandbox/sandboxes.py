"""One gVisor sandbox for each submission, with the face that pool.Zygote shows to the judge.

A sandbox takes seconds to start, so the next one always starts while the current one is at work.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sandbox import jail, messages
from sandbox.contract import NO_TEXT, Limits, Text, Verdict
from sandbox.jail import JailMissing, cgroup, gvisor, seccomp
from sandbox.pool import END_SECONDS, TMP_MB, Child, Pool, Zygote, ZygoteLost, installed, signal_name

START_SECONDS = 120.0
START_MB = 4096  # of a sandbox with torch, before its submission is limited to what it gets
KERNEL_PROCESSES = 512  # threads of gVisor's own kernel and one helper for each process inside; those are limited inside
PREFIX = "examprep-gvisor-"  # of the folders, with the worker's process number behind it
SIGNALLED = 128  # runsc's exit code for a process that died of signal n is 128 + n


def open_pool() -> Pool:
    """The jail that the setting JAIL chooses: a zygote in bubblewrap, or gVisor sandboxes. Raises JailMissing."""
    return Sandboxes() if jail.chosen() == "gvisor" else Zygote()


class Sandbox(Child):
    """One sandbox; `process` is the program on this machine that it lives and dies with."""

    def __init__(self, owner: Sandboxes, number: int, tmp_mb: int) -> None:
        self.tmp_mb = tmp_mb
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.group: cgroup.Group = owner.hierarchy.create(START_MB, KERNEL_PROCESSES)
        self.base_mb = 0.0
        self.number = number
        bundle = self.folder / "bundle"
        bundle.mkdir()
        options = {"filter": seccomp.program().hex(), "modules": list(jail.PRELOADED), "tmp_mb": tmp_mb}
        self.process, self.sock = gvisor.start(owner.program, bundle, options, self.group)

    def wait_ready(self) -> None:
        """Waits until torch is imported inside."""
        self.sock.settimeout(START_SECONDS)
        try:
            word = self.sock.recv(1)
        except OSError:
            word = b""
        if word != b"+":
            self.kill()
            complaint = self.process.communicate()[1].decode(errors="replace")[-300:]
            self.close()
            raise ZygoteLost(f"the gVisor sandbox did not start: {complaint}")

    def confine(self, limits: Limits) -> None:
        """From now on the sandbox may take `limits` beyond what it holds already."""
        self.base_mb = self.group.used_mb()
        self.group.resize(int(self.base_mb) + limits.memory_mb)

    def data_limit_mb(self, limits: Limits) -> int | None:
        return None

    def peak_mb(self) -> float:
        return max(0.0, self.group.peak_mb() - self.base_mb)

    def cause_of_death(self) -> tuple[Verdict, Text]:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(END_SECONDS)
        if self.group.hit_memory_limit():
            return Verdict.MEMORY_LIMIT, NO_TEXT
        status = max(0, (self.process.returncode or 0) - SIGNALLED)
        if signal_name(status) == "SIGXCPU":
            return Verdict.TIME_LIMIT, NO_TEXT
        return Verdict.RUNTIME_ERROR, messages.ended(signal_name(status))

    def kill(self) -> None:
        self.process.kill()

    def close(self) -> int | None:
        """Ends the sandbox, and removes what it had on this machine."""
        self.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
        self.sock.close()
        self.group.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.process.returncode


class Sandboxes(Pool):
    """Gives out sandboxes, one ahead. Made in the worker's main thread: the kernel ends them with the thread that started them."""

    def __init__(self) -> None:
        program, hierarchy = gvisor.find(), cgroup.find()
        if program is None:
            raise JailMissing("gVisor (runsc) is not installed")
        if os.geteuid() != 0 or hierarchy is None:
            raise JailMissing("gVisor needs root and control groups here")
        try:
            seccomp.program()
        except (ImportError, OSError, RuntimeError) as error:
            raise JailMissing(f"libseccomp is missing: {error}") from error
        _remove_orphans()
        self.program = program
        self.hierarchy = hierarchy
        self.prepared = 0
        self.installed = installed()

    def _prepare(self, tmp_mb: int = TMP_MB) -> Sandbox:
        self.prepared += 1
        return Sandbox(self, self.prepared, tmp_mb)

    @property
    def worn(self) -> bool:
        """Whether the waiting sandbox holds packages that were changed since."""
        return self.installed != installed()

    def close(self) -> None:
        """Ends the sandbox that waits."""
        if self.spare is not None:
            self.spare.close()
            self.spare = None


def _remove_orphans() -> None:
    """The folders of workers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        if not Path("/proc", folder.name.removeprefix(PREFIX).partition("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)
