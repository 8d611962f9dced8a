"""Memory and process limits by control groups, version 1 or 2, and what they know afterwards.

A group is made for one submission and removed after it. Where none can be written (no root, no delegation) `find`
answers None and the judge falls back to RLIMIT_DATA and its watchdog; `doctor` says so.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
PARENT = "examprep"
REMOVE_SECONDS = 1.0
_numbers = itertools.count(1)
_busy: list[Path] = []  # folders of ended submissions that the kernel did not let go in time


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Where groups are made: one folder for version 2, one for each controller for version 1."""

    version: int
    memory: Path
    pids: Path | None

    def create(self) -> Group:
        """A fresh group, still without limits. Raises OSError when the kernel refuses."""
        sweep()
        name = f"{os.getpid()}-{next(_numbers)}-{os.urandom(3).hex()}"  # the number of a dead worker may come again
        group = Group(self.version, self.memory / name, self.pids / name if self.pids else None)
        for folder in group.folders():
            folder.mkdir()
        return group


@dataclass(frozen=True, slots=True)
class Group:
    """One submission's group. Everything is read before `remove`."""

    version: int
    memory: Path
    pids: Path | None

    def folders(self) -> list[Path]:
        return [self.memory] + ([self.pids] if self.pids else [])

    def limit(self, memory_mb: int, processes: int) -> None:
        """Sets the limits. Raises OSError when the kernel refuses."""
        size = str(memory_mb << 20)
        if self.version == 2:
            (self.memory / "memory.max").write_text(size)
            _write_if_there(self.memory / "memory.swap.max", "0")
            _write_if_there(self.memory / "memory.oom.group", "1")
            _write_if_there(self.memory / "pids.max", str(processes))
        else:
            (self.memory / "memory.limit_in_bytes").write_text(size)
            _write_if_there(self.memory / "memory.memsw.limit_in_bytes", size)
            if self.pids:
                (self.pids / "pids.max").write_text(str(processes))

    def add(self, pid: int) -> None:
        """Puts process `pid` (as seen here) and all that it will start into the group. The kernel takes some 10 ms for it."""
        for folder in self.folders():
            (folder / "cgroup.procs").write_text(str(pid))

    def resize(self, memory_mb: int) -> None:
        """Another bound on memory. Version 1 wants its bound with swap to be the larger of the two at any time."""
        size = str(memory_mb << 20)
        if self.version == 2:
            (self.memory / "memory.max").write_text(size)
        else:
            (self.memory / "memory.limit_in_bytes").write_text(size)
            _write_if_there(self.memory / "memory.memsw.limit_in_bytes", size)

    def used_mb(self) -> float:
        """The memory that is charged now, in MB."""
        name = "memory.current" if self.version == 2 else "memory.usage_in_bytes"
        return int((self.memory / name).read_text()) / (1 << 20)

    def peak_mb(self) -> float:
        """The most memory that was charged, in MB; 0.0 where the kernel does not tell."""
        name = "memory.peak" if self.version == 2 else "memory.max_usage_in_bytes"
        with contextlib.suppress(OSError, ValueError):
            return int((self.memory / name).read_text()) / (1 << 20)
        return 0.0

    def hit_memory_limit(self) -> bool:
        """Whether the kernel killed a process of the group for its memory."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        with contextlib.suppress(OSError):
            return any(line.split() > ["oom_kill", "0"] for line in (self.memory / name).read_text().splitlines()
                       if line.startswith("oom_kill "))
        return False

    def remove(self) -> None:
        """Removes the group once its processes are gone. The kernel needs a moment for that; where it needs long, the next
        group's making tries again."""
        deadline = time.monotonic() + REMOVE_SECONDS
        for folder in self.folders():
            while not _removed(folder):
                if time.monotonic() > deadline:
                    _busy.append(folder)
                    break
                time.sleep(0.005)


def sweep() -> None:
    """Removes what `Group.remove` had to leave behind and is free by now."""
    for folder in list(_busy):
        if _removed(folder):
            with contextlib.suppress(ValueError):  # another thread was quicker
                _busy.remove(folder)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def find() -> Hierarchy | None:
    """The hierarchy in which groups can be made here, tried by making one; None where there is none."""
    for hierarchy in _candidates():
        try:
            for folder in filter(None, (hierarchy.memory, hierarchy.pids)):
                folder.mkdir(exist_ok=True)
            if hierarchy.version == 2:
                _delegate(hierarchy.memory)
            _remove_orphans(hierarchy)
            group = hierarchy.create()
            try:
                group.limit(64, 16)
            finally:
                group.remove()
        except OSError:
            continue
        return hierarchy
    return None


def _remove_orphans(hierarchy: Hierarchy) -> None:
    """Groups of workers that were killed: the kernel refuses to remove one that is in use."""
    for folder in filter(None, (hierarchy.memory, hierarchy.pids)):
        for group in folder.glob("*-*-*"):
            if not Path("/proc", group.name.partition("-")[0]).exists():
                with contextlib.suppress(OSError):
                    group.rmdir()


def _candidates() -> list[Hierarchy]:
    mounts = [line.split(" - ") for line in MOUNTS.read_text().splitlines()]
    places = [(right.split()[0], right.split()[-1].split(","), Path(left.split()[4])) for left, right in mounts]
    first = {name: path for kind, options, path in places if kind == "cgroup" for name in options}
    found = []
    if "memory" in first:
        found.append(Hierarchy(1, first["memory"] / PARENT, first["pids"] / PARENT if "pids" in first else None))
    found += [Hierarchy(2, root / PARENT, None) for kind, _, path in places if kind == "cgroup2"
              for root in _version_2_roots(path)]
    return found


def _version_2_roots(mount: Path) -> list[Path]:
    """Our own group's parent first (a unit with Delegate=yes), then the root of the hierarchy."""
    own = next((line.partition("::")[2] for line in Path("/proc/self/cgroup").read_text().splitlines()
                if line.startswith("0::")), "/")
    return list(dict.fromkeys([(mount / own.lstrip("/")).parent, mount])) if own != "/" else [mount]


def _delegate(folder: Path) -> None:
    for place in (folder.parent, folder):
        enabled = (place / "cgroup.subtree_control").read_text().split()
        if "memory" not in enabled:
            (place / "cgroup.subtree_control").write_text("+memory")
        if "pids" not in enabled:
            with contextlib.suppress(OSError):
                (place / "cgroup.subtree_control").write_text("+pids")


def _write_if_there(file: Path, text: str) -> None:
    with contextlib.suppress(OSError):  # swap accounting, pids and oom.group are not in every kernel
        file.write_text(text)
