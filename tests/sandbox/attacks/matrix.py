"""Runs attacks in places, and looks at what became of it: the report, the worker, the host.

    field = Field.open(root, judge)
    outcome = field.strike(attack, "dataset")
    field.harmless(outcome)            raises AssertionError with what went wrong
    field.nothing_left()
    field.shown(outcome)               raises AssertionError unless the attack was a real one
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import time
from pathlib import Path

import psutil

from sandbox.contract import Report, Source, Verdict
from sandbox.jail import cgroup
from sandbox.judge import Judge
from sandbox.pool import Pool, Zygote
from tests.sandbox.attacks import (
    ACCEPTED,
    FAILED,
    HONEST,
    Attack,
    evidence,
    forging,
    kinds,
    network,
    persistence,
    privileges,
    resources,
    spying,
    worker,
)
from tests.sandbox.attacks.places import Place, build
from tests.sandbox.attacks.target import CANARIES, ENVIRONMENT_CANARY, FILE_CANARY, fill

HOME = "function"  # the place for which an attack's verdicts are exact
FAMILIES = {"forging": forging, "spying": spying, "persistence": persistence, "resources": resources, "network": network,
            "privileges": privileges, "worker": worker, "kinds": kinds}
ATTACKS = {f"{family}: {attack.name}": attack for family, module in FAMILIES.items() for attack in module.ATTACKS}
# What a submission after an attack must see: an untouched world, its own and empty.
WITNESS = """
import json
import os

import numpy
import torch

print("world", sorted(os.listdir("/tmp")), os.getpid(), os.path.exists("/dev/shm") and os.listdir("/dev/shm") != [], len(os.environ) < 20,
      torch.equal(torch.ones(2), torch.zeros(2)), isinstance(numpy.ones(1), numpy.ndarray))
""" + HONEST
CLEAN = "world [] 1 False True False True\n"
FAMILY_OF_THE_JAIL = 4  # bubblewrap's inner process, the zygote, the waiting child and its keeper
SETTLE_SECONDS = 10.0
LIMITS_REACHED = frozenset({"memory_limit", "time_limit", "output_limit", "accepted"})
LEFT_BEHIND = ("left-behind", "program", "mem")


@dataclasses.dataclass
class Outcome:
    """What an attack did: its report, what it cost the worker, what the worker heard of it."""

    attack: Attack
    place: str
    report: Report
    seconds: float
    grown_mb: float
    heard: evidence.Heard

    @property
    def text(self) -> str:
        """The report without the student's own text, which may well name a canary's file."""
        return json.dumps({**self.report.to_dict(), "judged_source": ""}, ensure_ascii=False)


@dataclasses.dataclass
class Field:
    """The judge under attack, the places, and the host as it was before."""

    judge: Judge
    places: dict[str, Place]
    host_file: Path
    temporary: set[str]
    baselines: dict[str, evidence.Heard] = dataclasses.field(default_factory=dict)

    @classmethod
    def open(cls, root: Path, judge: Judge) -> Field:
        """Builds the places below `root`."""
        host_file = root / "host.txt"
        host_file.write_text(FILE_CANARY)
        return cls(judge, build(root), host_file, set(os.listdir("/tmp")))

    def source(self, attack: Attack) -> Source:
        """The attack as a file, with the places of this machine that it names."""
        return Source(attack.file, fill(attack.source, self.host_file, self.places[HOME].package.path).encode())

    def strike(self, attack: Attack, place: str = HOME) -> Outcome:
        """Runs one attack and measures the worker."""
        limits = dataclasses.replace(self.places[HOME].package.limits, **attack.limits)
        self.judge.warm_up()  # a worn zygote is replaced now: its start is no work of the attack's
        _forget_peak()
        before, started = _memory_mb("VmRSS"), time.monotonic()
        with evidence.listening() as heard:
            report = self.places[place].strike(self.judge, self.source(attack), limits)
        seconds = time.monotonic() - started - limits.seconds
        return Outcome(attack, place, report, seconds, _memory_mb("VmHWM") - before, heard)

    def harmless(self, outcome: Outcome) -> None:
        """The attack got its verdict, carried nothing out and cost the worker little."""
        attack, report = outcome.attack, outcome.report
        assert report.verdict in verdicts(attack, outcome.place), f"{report.verdict}: {report.message.en} {report.error} {report.stdout[-400:]}"
        assert (report.score == report.max_score) == (report.verdict is Verdict.ACCEPTED)
        assert "ESCAPED" not in report.stdout, report.stdout
        assert "FOUND" not in report.stdout, report.stdout
        # A listing is content: it has no hidden input, and whatever it prints or says is for its author.
        secrets = CANARIES if outcome.place != "listing" else (FILE_CANARY, ENVIRONMENT_CANARY)
        assert not [canary for canary in secrets if canary in outcome.text]
        assert not _control_characters(report), "control characters in the report"
        if self.judge.zygote.hierarchy is not None:  # a watchdog, which stands in where there are no control groups, may be late
            assert report.peak_memory_mb <= report.limits.memory_mb + 1
        assert len(outcome.text) < 300_000, "the report is too long to keep"
        assert outcome.seconds < attack.seconds, f"the worker took {outcome.seconds:.1f} s beyond the limit"
        assert outcome.grown_mb < attack.grows_mb, f"the worker grew by {outcome.grown_mb:.0f} MB"

    def shown(self, outcome: Outcome) -> None:
        """The attack was a real one: it said that it was tried, and did what its `evidence` says."""
        attack = outcome.attack
        assert attack.says in outcome.report.stdout, outcome.report.stdout[-400:]
        seen = evidence.is_seen(attack, outcome.report, outcome.heard, self.honest(outcome.place))
        if outcome.place != HOME:  # what a Dataset or a model makes of the same value may look otherwise
            seen |= outcome.report.verdict is not Verdict.ACCEPTED and not outcome.heard.raised & evidence.OWN_MISTAKES
        if outcome.place == "listing":  # asked once and of any size: some have nothing to attack there
            seen |= outcome.report.verdict is Verdict.ACCEPTED
        assert seen, f"no sign of a real attack ({evidence.kind_of(attack)}): {outcome.report.message.en} {outcome.heard}"

    def honest(self, place: str) -> evidence.Heard:
        """What the worker hears of an honest submission there."""
        if place not in self.baselines:
            outcome = self.strike(Attack("honest", "", HONEST, ACCEPTED), place)
            assert outcome.report.verdict is Verdict.ACCEPTED, outcome.report
            self.baselines[place] = outcome.heard
        return self.baselines[place]

    def nothing_left(self, witnesses: int = 1) -> None:
        """An honest submission passes in a clean world; no process, control group or file of the attack is left.

        The first witness's process may have been forked before the attack ran, the second one's was not.
        """
        for _ in range(witnesses):
            report = self.judge.run(self.places[HOME].package, Source("witness.py", WITNESS.encode()))
            assert report.verdict is Verdict.ACCEPTED, report.message.en
            assert report.stdout == CLEAN, report.stdout
        pool = self.judge.zygote
        if pool.spare is not None and pool.spare.settling is not None:
            pool.spare.settling.result()
        deadline = time.monotonic() + SETTLE_SECONDS
        while (much := _too_much(pool)) and time.monotonic() < deadline:
            time.sleep(0.05)  # on a busy machine the kernel may be late with what was killed
        assert not much, much
        left = [name for name in set(os.listdir("/tmp")) - self.temporary if name in LEFT_BEHIND]
        assert not left, left


def _too_much(pool: Pool) -> list[str]:
    """The processes and control groups of this worker's jail, where they are more than those of a child that waits."""
    cgroup.sweep()
    family = psutil.Process(pool.process.pid).children(recursive=True) if isinstance(pool, Zygote) else []
    much = [str(process) for process in family] if len(family) > FAMILY_OF_THE_JAIL else []
    for folder in filter(None, (pool.hierarchy.memory, pool.hierarchy.pids)) if pool.hierarchy else ():
        groups = [str(group) for group in folder.glob(f"{os.getpid()}-*")]
        much += groups if len(groups) > 1 else []
    return much


def verdicts(attack: Attack, place: str) -> frozenset[str]:
    """The right ones: those of the attack; elsewhere than at home, any failure of what acts only when it is called."""
    if place in attack.fails_in:
        return FAILED
    if place == HOME:
        return attack.verdicts
    acts_late = "def total" in attack.source.replace(HONEST, "") or not attack.verdicts <= LIMITS_REACHED
    allowed = attack.verdicts | (FAILED if acts_late else frozenset())
    # In another place its lie may meet no question; a listing is asked only once.
    return allowed | (ACCEPTED if HONEST in attack.source and (acts_late or place == "listing") else frozenset())


def _memory_mb(word: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(word)) / 1024


def _forget_peak() -> None:
    with contextlib.suppress(OSError):  # where it cannot be reset, an earlier attack's peak stands
        Path("/proc/self/clear_refs").write_text("5")


def _control_characters(report: Report) -> set[str]:
    texts = [report.stdout, report.error, report.message.ko, report.message.en, *(test.message.en for test in report.tests)]
    return {character for text in texts for character in text
            if (ord(character) < 32 and character not in "\n\t") or 127 <= ord(character) < 160}
