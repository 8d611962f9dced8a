"""`make attacks`: every attack in every place, and a look at the host afterwards. Exit code 1 when one got through.

    make attacks                          all of it (some minutes)
    make attacks ARGS="network listing"   only families, attacks and places whose name holds one of these words
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

import psutil

from sandbox.inside.confine import USER_INSIDE
from sandbox.jail import JailMissing, cgroup
from sandbox.jail.bubblewrap import UNPRIVILEGED
from sandbox.judge import Judge
from tests.sandbox.attacks.evidence import TWINS, kind_of
from tests.sandbox.attacks.matrix import ATTACKS, FAMILIES, LEFT_BEHIND, Field
from tests.sandbox.attacks.target import ENVIRONMENT_CANARY
from tests.sandbox.attacks.twins import dirty, naive, paper, paper_jail

INSIDE = (USER_INSIDE, UNPRIVILEGED)


@dataclass(frozen=True)
class Host:
    """What an attack could leave on this machine."""

    processes: frozenset[int]
    groups: frozenset[str]
    files: frozenset[str]
    mounts: int
    descriptors: int
    segments: frozenset[str]

    @classmethod
    def now(cls) -> Host:
        hierarchy = cgroup.find()
        folders = [folder for folder in (hierarchy.memory, hierarchy.pids) if folder] if hierarchy else []
        segments = "".join(Path("/proc/sysvipc", name).read_text() for name in ("shm", "sem", "msg"))
        return cls(frozenset(process.pid for process in psutil.Process().children(recursive=True)),
                   frozenset(group.name for folder in folders for group in folder.glob(f"{os.getpid()}-*")),
                   frozenset(filter(_left, os.listdir("/tmp"))), len(Path("/proc/self/mountinfo").read_text().splitlines()),
                   psutil.Process().num_fds(), frozenset(line.split()[1] for line in segments.splitlines()))

    def more_than(self, before: Host) -> list[str]:
        """What is there now and was not before; what others took away meanwhile does not count."""
        new = []
        for field in fields(self):
            now, then = getattr(self, field.name), getattr(before, field.name)
            found = now - then
            new += [f"{field.name}: {found}"] if (found > 0 if isinstance(found, int) else found) else []
        return new


def _left(name: str) -> bool:
    """Whether an attack or the judge may have made this in /tmp, by its owner or its name: others work there too."""
    try:
        owner = Path("/tmp", name).lstat().st_uid
    except OSError:
        return False
    return name in LEFT_BEHIND or owner in INSIDE or name.startswith(f"examprep-gvisor-{os.getpid()}-")


def chosen(words: list[str], names: list[str]) -> list[str]:
    """The names that hold one of the words; all of them where none holds any."""
    return [name for name in names if any(word in name for word in words)] or names


def run(field: Field, names: list[str], places: list[str]) -> list[str]:
    """Every attack in every place; the holes found. Prints a row for each family and place."""
    holes, counts = [], Counter[tuple[str, str]]()
    for number, name in enumerate(names, 1):
        for place in places:
            counts[name.partition(":")[0], place] += 1
            try:
                outcome = field.strike(ATTACKS[name], place)
                field.harmless(outcome)
                field.shown(outcome)
                field.nothing_left()
            except AssertionError as error:
                holes.append(f"{name} in {place}: {error}")
        print(f"\r{number}/{len(names)} {name[:60]:60}", end="", file=sys.stderr, flush=True)
    table(counts, holes, places)
    return holes


def table(counts: Counter[tuple[str, str]], holes: list[str], places: list[str]) -> None:
    """Attacks refused of attacks tried, by family and place, in Markdown."""
    print("\n| family | " + " | ".join(places) + " |\n|---|" + "---|" * len(places))
    for family in (family for family in FAMILIES if any(counts[family, place] for place in places)):
        cells = []
        for place in places:
            lost = sum(hole.startswith(f"{family}:") and f" in {place}: " in hole for hole in holes)
            cells.append(f"{counts[family, place] - lost}/{counts[family, place]}")
        print(f"| {family} | " + " | ".join(cells) + " |")


def run_twins(field: Field, names: list[str]) -> list[str]:
    """The attacks that do not even work where a wall is missing: their failure in the jail says nothing."""
    empty = []
    with paper_jail([field.host_file]) as zygote:
        for name in (name for name in names if kind_of(ATTACKS[name]) in TWINS):
            attack, kind = ATTACKS[name], kind_of(ATTACKS[name])
            source = field.source(attack).data.decode()
            works = paper(zygote, attack, source) if kind == "paper" else {"dirty": dirty, "naive": naive}[kind](field.judge.zygote, source)
            empty += [] if works else [f"{name}: does not work without the wall either ({kind})"]
    return empty


def main(words: list[str]) -> int:
    """Runs what the words choose."""
    os.environ["EXAMPREP_SECRET"] = ENVIRONMENT_CANARY
    names, started = chosen(words, list(ATTACKS)), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="examprep-attacks-") as root:
        before = Host.now()
        try:
            with Judge() as judge:
                judge.warm_up()
                field = Field.open(Path(root), judge)
                places = chosen(words, list(field.places))
                problems = run(field, names, places) + run_twins(field, names)
        except JailMissing as error:
            print(f"no jail on this machine: {error}", file=sys.stderr)
            return 2
        after = Host.now()
    problems += [f"left on the host: {what}" for what in after.more_than(before)]
    print("\n".join(problems) or f"{len(names)} attacks in {len(places)} places refused, nothing left on the host")
    print(f"{time.monotonic() - started:.0f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
