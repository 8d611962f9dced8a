"""The judge under attack: each of the attacks in attacks/ must fail, leave nothing behind, and disturb nobody.

Here every attack is tried in one place and every place sees many, in turn; `make attacks` tries every one in every place. Each
must be a real attack: seen to be one in that very run, or by its twin where a wall is missing.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sandbox.contract import Verdict
from sandbox.jail import JailMissing
from sandbox.judge import Judge, open_session
from sandbox.pool import Zygote, ZygoteLost
from tests.sandbox.attacks import HONEST, Attack, evidence, matrix, twins, unprivileged
from tests.sandbox.attacks.matrix import ATTACKS, HOME, Field
from tests.sandbox.attacks.places import EXERCISES
from tests.sandbox.attacks.target import CANARIES, ENVIRONMENT_CANARY
from tests.sandbox.attacks.unprivileged import REPOSITORY

PLACES = (*EXERCISES, "notebook", "listing")
STEP = 4  # the n-th attack is tried in place STEP * n: neighbours in a family meet kinds that differ
WITNESS_EVERY = 4  # attacks; two look at the end. What is left of processes and groups is looked at each time
X86_ONLY = {"privileges"}


def place_of(number: int) -> str:
    return PLACES[STEP * number % len(PLACES)]


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """A judge of these tests' own, whose worker has a secret in its environment, and the places."""
    os.environ["EXAMPREP_SECRET"] = ENVIRONMENT_CANARY
    with Judge() as judge:
        try:
            judge.warm_up()
        except (JailMissing, ZygoteLost, OSError) as error:
            pytest.skip(f"no jail on this machine: {error}")
        one = Field.open(tmp_path_factory.mktemp("attacked"), judge)
        yield one
        one.nothing_left(witnesses=2)
    del os.environ["EXAMPREP_SECRET"]


@pytest.fixture(scope="module")
def paper(field: Field) -> Iterator[Zygote]:
    """A jail without inner walls."""
    with twins.paper_jail([field.host_file]) as zygote:
        yield zygote


def skip_elsewhere(name: str) -> None:
    if name.partition(":")[0] in X86_ONLY and os.uname().machine != "x86_64":
        pytest.skip("system calls are given by their x86-64 numbers")


@pytest.mark.parametrize(("number", "name", "place"), [
    pytest.param(number, name, place_of(number), id=f"{name} [{place_of(number)}]") for number, name in enumerate(ATTACKS)])
def test_attack_fails(field: Field, number: int, name: str, place: str) -> None:
    """`attack.must_not` does not happen."""
    skip_elsewhere(name)
    outcome = field.strike(ATTACKS[name], place)
    field.harmless(outcome)
    field.shown(outcome)
    field.nothing_left(witnesses=int(number % WITNESS_EVERY == 0))


TWINS = {name: evidence.kind_of(attack) for name, attack in ATTACKS.items() if evidence.kind_of(attack) in evidence.TWINS}


@pytest.mark.parametrize(("name", "kind"), TWINS.items())
def test_attack_works_where_a_wall_is_missing(field: Field, request: pytest.FixtureRequest, name: str, kind: str) -> None:
    """Else its failure in the jail would prove nothing."""
    skip_elsewhere(name)
    attack, source = ATTACKS[name], field.source(ATTACKS[name]).data.decode()
    if kind == "paper":
        assert twins.paper(request.getfixturevalue("paper"), attack, source)
    else:
        assert getattr(twins, kind)(field.judge.zygote, source)


def test_the_twins_tell_honest_work_from_an_attack(field: Field, paper: Zygote) -> None:
    """A twin that shows anything at all would make every attack a real one."""
    wrong = "def total(x, word):\n    return x.sum()\n"
    assert not twins.naive(field.judge.zygote, wrong)
    assert twins.naive(field.judge.zygote, HONEST)  # full marks: it is a grader
    assert not twins.dirty(field.judge.zygote, HONEST)
    assert not twins.paper(paper, Attack("honest", "", HONEST, matrix.ACCEPTED), HONEST)
    assert not twins.paper(paper, Attack("raises", "", "", matrix.FAILED), "raise ValueError\n")


AIMED_OUTWARDS = ("persistence: signals outwards", "persistence: a signal to everyone", "persistence: daemons", "persistence: a lock on a library",
                  "persistence: shared memory left behind", "persistence: stop the first process", "resources: processes: fork bomb",
                  "resources: memory: many processes", "resources: memory: pipes", "resources: timers", "resources: descriptors")


def test_a_neighbour_in_the_same_zygote_goes_on(field: Field) -> None:
    """A submission that runs at the same time, forked from the same zygote, answers after each of them as before."""
    limits = dataclasses.replace(field.places[HOME].package.limits, seconds=120)
    neighbour = field.judge.zygote.acquire()
    try:
        neighbour.confine(limits)
        session = open_session(neighbour, limits)
        assert session.request("load", "kept = []\n" + HONEST, "neighbour.py", ["total"]) == []
        for name in AIMED_OUTWARDS:
            outcome = field.strike(ATTACKS[name])
            assert outcome.report.verdict in ATTACKS[name].verdicts, name
            assert session.request("call", [None, ["total"]], [torch.ones(3), name], {}) == 6 + len(name), name
    finally:
        assert neighbour.close() is not None


@pytest.mark.parametrize("place", PLACES)
def test_every_place_accepts_honest_work_and_refuses_a_mistake(field: Field, place: str) -> None:
    """What the attacks are measured against: accepted, quick, nothing left, no canary; a wrong `total` is found out there."""
    outcome = field.strike(Attack("honest", "", HONEST, matrix.ACCEPTED), place)
    field.harmless(outcome)
    assert outcome.report.verdict is Verdict.ACCEPTED
    wrong = field.strike(Attack("wrong", "", HONEST.replace("* 2", "* 3")), place).report
    assert wrong.verdict is Verdict.WRONG_ANSWER
    assert wrong.score == 0


def test_every_place_is_attacked_by_every_family() -> None:
    families = {place: {name.partition(":")[0] for number, name in enumerate(ATTACKS) if place_of(number) == place}
                for place in PLACES}
    big = {"forging", "spying", "resources", "worker", "privileges"}
    assert all(big <= found for found in families.values()), families
    assert len(ATTACKS) >= 80


@pytest.mark.parametrize("place", ["function", "model"])
def test_a_canary_in_a_report_would_be_seen(field: Field, place: str) -> None:
    """The alarm rings: a submission that knows a canary and prints it while loading is found out by the check above."""
    outcome = field.strike(Attack("loud", "", f"print({CANARIES[0]!r})\n" + HONEST, matrix.ACCEPTED), place)
    assert outcome.report.verdict is Verdict.ACCEPTED
    with pytest.raises(AssertionError):
        field.harmless(outcome)


# By a user without privileges: bubblewrap makes a user namespace, memory is watched rather than limited by a group.
FEW = ("memory: Python", "memory: shared mapping", "memory: anonymous files", "memory: System V segments",
       "memory: socket buffers", "memory: pipes", "timers", "a signal to everyone", "processes: fork bomb", "daemons", "signals outwards", "files of this machine", "other processes",
       "sockets of every family", "namespaces", "looser rules", "numbers of the x32 world", "programs")
CHOSEN = [attack for attack in ATTACKS.values() if attack.name in FEW]


@pytest.fixture(scope="module")
def readable() -> Iterator[Path]:
    """A folder that any user may read: pytest's own are closed, and closed again whenever another pytest starts."""
    with tempfile.TemporaryDirectory(prefix="examprep-readable-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def reports_of_nobody(readable: Path, tmp_path_factory: pytest.TempPathFactory, field: Field) -> dict[str, dict]:
    """The chosen attacks' reports, by name, from one command line run as another user."""
    if lacking := unprivileged.missing():
        pytest.skip(f"missing here: {', '.join(lacking)}")
    scratch, root = tmp_path_factory.mktemp("scratch"), readable / "packages"
    shutil.copytree(field.places[HOME].package.path, root / HOME)
    files = {attack.name: readable / f"{number}.py" for number, attack in enumerate(CHOSEN)}
    for attack in CHOSEN:
        files[attack.name].write_text(field.source(attack).data.decode())
    for path in readable.rglob("*"):
        path.chmod(path.stat().st_mode | 0o055)
    probe = subprocess.run(unprivileged.command([sys.executable, "-c", "import sandbox.wire"], scratch), cwd=REPOSITORY, capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(f"another user cannot run this Python: {probe.stderr.strip()[-120:]}")
    judge = [sys.executable, "-m", "sandbox", "judge", HOME, *map(str, files.values()), "--packages", str(root)]
    done = subprocess.run(unprivileged.command(judge, scratch), cwd=REPOSITORY, capture_output=True, text=True, timeout=240)
    if done.returncode == 2:
        pytest.skip(f"no jail for a user without privileges: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    return dict(zip(files, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("attack", CHOSEN, ids=lambda attack: attack.name)
def test_attack_fails_without_privileges(reports_of_nobody: dict[str, dict], attack: Attack) -> None:
    """The same attacks, where the judge is no root."""
    row = reports_of_nobody[attack.name]
    assert row["verdict"] in attack.verdicts, row
    assert not [canary for canary in CANARIES if canary in json.dumps(row)]
