"""The judge under attack: each of the attacks in attacks/ must fail, leave nothing behind, and disturb nobody.

An attack that must not work is tried for real, by a judge that runs nothing else, on this machine.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sandbox.contract import Report, Source, Verdict
from sandbox.jail import JailMissing
from sandbox.judge import Judge
from sandbox.pool import ZygoteLost
from tests.sandbox.attacks import (
    HONEST,
    Attack,
    forging,
    network,
    persistence,
    privileges,
    resources,
    spying,
    worker,
)
from tests.sandbox.attacks.target import CANARIES, ENVIRONMENT_CANARY, Target, build

REPOSITORY = Path(__file__).resolve().parents[2]
UNPRIVILEGED = 65534
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


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """A judge of these tests' own, whose worker has a secret in its environment."""
    os.environ["EXAMPREP_SECRET"] = ENVIRONMENT_CANARY
    with Judge() as one:
        try:
            one.warm_up()
        except (JailMissing, ZygoteLost, OSError) as error:
            pytest.skip(f"no jail on this machine: {error}")
        yield one
    del os.environ["EXAMPREP_SECRET"]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """The exercise under attack."""
    return build(tmp_path_factory.mktemp("target"))


@dataclasses.dataclass
class Outcome:
    """What an attack did: its report, what it cost the worker, what it left."""

    report: Report
    seconds: float
    grown_mb: float
    text: str


def _memory_mb(word: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(word)) / 1024


def _forget_peak() -> None:
    with contextlib.suppress(OSError):  # where it cannot be reset, an earlier attack's peak stands
        Path("/proc/self/clear_refs").write_text("5")


def strike(judge: Judge, target: Target, attack: Attack) -> Outcome:
    """Runs one attack and measures the worker."""
    limits = dataclasses.replace(target.package.limits, **attack.limits)
    package = dataclasses.replace(target.package, limits=limits)
    _forget_peak()
    before, started = _memory_mb("VmRSS"), time.monotonic()
    report = judge.run(package, Source(attack.file, target.fill(attack.source).encode()))
    seconds = time.monotonic() - started - limits.seconds
    return Outcome(report, seconds, _memory_mb("VmHWM") - before, json.dumps(report.to_dict(), ensure_ascii=False))


def without_source(outcome: Outcome) -> str:
    """The report without the student's own text, which may well name a canary's file."""
    return json.dumps({**outcome.report.to_dict(), "judged_source": ""}, ensure_ascii=False)


def assert_harmless(judge: Judge, target: Target, attack: Attack, outcome: Outcome) -> None:
    """The attack got its verdict, said that it had been tried, carried nothing out and cost little."""
    report = outcome.report
    assert report.verdict in attack.verdicts, f"{report.verdict}: {report.message.en} {report.stdout[-400:]}"
    assert (report.score == report.max_score) == (report.verdict is Verdict.ACCEPTED)
    assert attack.says in report.stdout, report.stdout[-400:]
    assert "ESCAPED" not in report.stdout, report.stdout
    assert "FOUND" not in report.stdout, report.stdout
    assert not [canary for canary in CANARIES if canary in without_source(outcome)]
    assert not _control_characters(report), "control characters in the report"
    if judge.zygote.hierarchy is not None:  # a watchdog, which stands in where there are no control groups, may be late
        assert report.peak_memory_mb <= report.limits.memory_mb + 1
    assert len(outcome.text) < 300_000 + len(report.judged_source), "the report is too long to keep"
    assert outcome.seconds < attack.seconds, f"the worker took {outcome.seconds:.1f} s beyond the limit"
    assert outcome.grown_mb < attack.grows_mb, f"the worker grew by {outcome.grown_mb:.0f} MB"


def _control_characters(report: Report) -> set[str]:
    texts = [report.stdout, report.message.ko, report.message.en, *(test.message.en for test in report.tests)]
    return {character for text in texts for character in text
            if (ord(character) < 32 and character not in "\n\t") or 127 <= ord(character) < 160}


def assert_nothing_left(judge: Judge, target: Target) -> None:
    """Two honest submissions pass in a clean world; no process and no control group of the attack is left.

    Two, since the first one's process had been forked before the attack ran.
    """
    for _ in range(2):
        report = judge.run(target.package, Source("witness.py", WITNESS.encode()))
        assert report.verdict is Verdict.ACCEPTED, report.message.en
        assert report.stdout == CLEAN
    assert len(_jailed(judge)) <= 4, [(process.pid, process.status()) for process in _jailed(judge)]
    hierarchy = judge.zygote.hierarchy
    for folder in filter(None, (hierarchy.memory, hierarchy.pids)) if hierarchy else ():
        assert not list(folder.glob(f"{os.getpid()}-*"))


def _jailed(judge: Judge) -> list[psutil.Process]:
    """The processes below bubblewrap's outer one: its inner one, the zygote, and the waiting child with its keeper."""
    return psutil.Process(judge.zygote.process.pid).children(recursive=True)


GROUPS = {"forging": forging, "spying": spying, "persistence": persistence, "resources": resources, "network": network,
          "privileges": privileges, "worker": worker}
ATTACKS = [pytest.param(attack, id=f"{group}: {attack.name}") for group, module in GROUPS.items() for attack in module.ATTACKS]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_fails(judge: Judge, target: Target, attack: Attack) -> None:
    """`attack.must_not` does not happen."""
    if attack in privileges.ATTACKS and os.uname().machine != "x86_64":
        pytest.skip("system calls are given by their x86-64 numbers")
    host_before = set(os.listdir("/tmp"))
    outcome = strike(judge, target, attack)
    assert_harmless(judge, target, attack, outcome)
    assert_nothing_left(judge, target)
    assert not [name for name in set(os.listdir("/tmp")) - host_before if name in ("left-behind", "program", "mem")]


def test_the_report_of_an_honest_answer_is_the_baseline(judge: Judge, target: Target) -> None:
    """What the attacks are measured against: accepted, quick, nothing left, no canary."""
    honest = Attack("honest", "", HONEST, frozenset({"accepted"}))
    assert_harmless(judge, target, honest, strike(judge, target, honest))
    assert_nothing_left(judge, target)


def test_a_canary_in_a_report_would_be_seen(judge: Judge, target: Target) -> None:
    """The alarm rings: a submission that knows a canary and prints it while loading is found out by the check above."""
    loud = Attack("loud", "", f"print({CANARIES[0]!r})\n" + HONEST, frozenset({"accepted"}))
    outcome = strike(judge, target, loud)
    assert outcome.report.verdict is Verdict.ACCEPTED
    with pytest.raises(AssertionError):
        assert_harmless(judge, target, loud, outcome)


# By a user without privileges: bubblewrap makes a user namespace, memory is watched rather than limited by a group.
FEW = ("memory: Python", "memory: shared mapping", "memory: anonymous files", "memory: System V segments",
       "memory: socket buffers", "processes: fork bomb", "daemons", "signals outwards", "files of this machine", "other processes",
       "sockets of every family", "namespaces", "looser rules", "numbers of the x32 world", "programs")
CHOSEN = [attack for module in GROUPS.values() for attack in module.ATTACKS if attack.name in FEW]


@pytest.fixture(scope="module")
def unprivileged(tmp_path_factory: pytest.TempPathFactory, target: Target) -> dict[str, dict]:
    """The chosen attacks' reports, by name, from one command line run as another user."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("setpriv is missing")
    # By way of env: setpriv keeps root's capabilities until its first exec, and would start what that user cannot read.
    become = ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", "env"] if os.geteuid() == 0 else []
    root = target.package.path.parent
    files = {attack.name: root / f"{number}.py" for number, attack in enumerate(CHOSEN)}
    for attack in CHOSEN:
        files[attack.name].write_text(target.fill(attack.source))
    for path in (root, *root.rglob("*"), *list(root.parents)[:2]):
        with contextlib.suppress(OSError):
            path.chmod(path.stat().st_mode | 0o055)
    command = [*become, sys.executable, "-m", "sandbox", "judge", "total", *map(str, files.values()), "--packages", str(root)]
    probe = subprocess.run([*become, sys.executable, "-c", "import sandbox.wire"], cwd=REPOSITORY, capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(f"another user cannot run this Python: {probe.stderr.strip()[-120:]}")
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    if done.returncode == 2:
        pytest.skip(f"no jail for a user without privileges: {done.stderr.strip()[-200:]}")
    return dict(zip(files, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("attack", CHOSEN, ids=lambda attack: attack.name)
def test_attack_fails_without_privileges(unprivileged: dict[str, dict], attack: Attack) -> None:
    """The same attacks, where the judge is no root."""
    row = unprivileged[attack.name]
    assert row["verdict"] in attack.verdicts, row
    assert not [canary for canary in CANARIES if canary in json.dumps(row)]
