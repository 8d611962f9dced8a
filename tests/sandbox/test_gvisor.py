"""The gVisor jail, where runsc is installed: the same verdicts from the same sources, and nothing left behind."""

import os
import tempfile
from pathlib import Path

import pytest

from sandbox import doctor, jail
from sandbox.contract import Verdict
from sandbox.jail import JailMissing, cgroup, gvisor
from sandbox.judge import Judge
from sandbox.listings import Listing, evaluate
from sandbox.sandboxes import Sandboxes
from tests.sandbox.building import GOOD, source, why

# Looks for the outside while it is loaded: another kernel, no network, 64 MB of /tmp, nothing of this machine's files.
LOOKS_AROUND = """
import os, socket
print(os.uname().release, os.getpid(), sorted(os.listdir("/tmp")), os.path.exists("/etc/passwd"), len(os.environ) < 20)
try:
    socket.socket()
except OSError:
    print("no socket")
written = 0
try:
    for number in range(100):
        with open(f"/tmp/{number}", "wb") as file:
            written += file.write(bytes(1 << 20)) >> 20
except OSError:
    print("full at", written)
"""
BOMB = "held = []\nwhile True:\n    held.append(bytearray(1 << 20))\n"


@pytest.fixture
def gvisor_judge(judge, monkeypatch):
    """A judge that the setting JAIL has given gVisor. (`judge`: where there is no jail at all, nothing is tried.)"""
    if gvisor.find() is None:
        pytest.skip("runsc (gVisor) is not installed")
    if os.geteuid() != 0 or judge.zygote.hierarchy is None:
        pytest.skip("gVisor needs root and control groups")
    monkeypatch.setenv("JAIL", "gvisor")
    with Judge() as one:
        yield one


def traces():
    return {path.name for path in Path("/tmp").glob("examprep-gvisor-*")}


def groups():
    return {path.name for path in cgroup.find().memory.glob(f"{os.getpid()}-*")}


def test_a_submission_is_judged_and_a_bomb_held(gvisor_judge, shift):
    before, other = traces(), groups()
    report = gvisor_judge.run(shift, source(LOOKS_AROUND + GOOD))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    around, refused, full = report.stdout.splitlines()
    assert not around.startswith(os.uname().release)
    assert around.endswith(" 1 [] False True")
    assert (refused, full) == ("no socket", "full at 64")
    assert 0 < report.peak_memory_mb < shift.limits.memory_mb
    report = gvisor_judge.run(shift, source(BOMB))
    assert report.verdict is Verdict.MEMORY_LIMIT, why(report)
    gvisor_judge.close()
    assert traces() == before
    assert groups() == other


def test_what_a_killed_worker_left_is_removed(judge, monkeypatch):
    if gvisor.find() is None or os.geteuid() != 0 or judge.zygote.hierarchy is None:
        pytest.skip("runsc (gVisor) is not installed, or there are neither root nor control groups")
    dead, alive = (Path(tempfile.gettempdir(), f"examprep-gvisor-{pid}-test") for pid in (2**22 + 1, os.getpid()))
    for folder in (dead, alive):
        folder.mkdir()
    try:
        Sandboxes().close()
        assert (dead.exists(), alive.exists()) == (False, True)
    finally:
        alive.rmdir()


def test_an_unknown_jail_is_no_jail(monkeypatch, shift):
    monkeypatch.setenv("JAIL", "docker")
    with Judge() as one, pytest.raises(JailMissing, match="docker"):
        one.run(shift, source(GOOD))
    with pytest.raises(JailMissing, match="docker"):
        list(evaluate([Listing("answer = 1")]))


def test_without_runsc_nothing_is_run_and_the_doctor_says_so(monkeypatch, tmp_path, shift):
    monkeypatch.setenv("JAIL", "gvisor")
    monkeypatch.setenv("PATH", str(tmp_path))
    with Judge() as one, pytest.raises(JailMissing, match="runsc"):
        one.run(shift, source(GOOD))
    row = doctor.check_gvisor()
    assert (row.ok, row.vital) == (False, True)
    assert "apt-get install runsc" in row.remedy.ko


def test_bubblewrap_is_the_default_and_runsc_optional(monkeypatch, tmp_path):
    monkeypatch.delenv("JAIL", raising=False)
    assert jail.chosen() == "bubblewrap"
    monkeypatch.setenv("PATH", str(tmp_path))
    row = doctor.check_gvisor()
    assert (row.ok, row.vital) == (True, False)
