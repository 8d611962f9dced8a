"""Processes: children are counted, their groups removed, and nothing outlives the worker."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest
import torch

from sandbox.jail import cgroup
from sandbox.pool import Zygote, ZygoteLost
from tests.sandbox.building import GOOD, source

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import time
from sandbox.pool import Zygote
with Zygote(modules=()) as zygote:
    child = zygote.acquire()
    zygote.prepare_spare()
    print(zygote.process.pid, child.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def zygote(judge):
    """A zygote without torch: it starts at once and its children are confined like any other."""
    with Zygote(modules=()) as one:
        yield one


def _server_of(family):
    """The process that serves the control socket: the first Python below bubblewrap."""
    return next(pid for pid in family if "python" in psutil.Process(pid).exe())


def _below(pid):
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def _wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return met


def _groups(zygote=None):
    """This process's control groups, but for that of the zygote's spare child; None where there can be none."""
    hierarchy = cgroup.find()
    if hierarchy is None:
        return None
    spare = None
    if zygote is not None and zygote.spare is not None:
        zygote.spare.settling.result()  # before that, its group may be there already and not be known as its own
        spare = zygote.spare.group
    return {folder for base in (hierarchy.memory, hierarchy.pids) if base for folder in base.iterdir()
            if folder.is_dir() and folder.name.startswith(f"{os.getpid()}-")
            and (spare is None or folder.name != spare.memory.name)}


@pytest.mark.parametrize(("how", "stuck"), [(signal.SIGKILL, False), (signal.SIGTERM, False), (signal.SIGKILL, True)],
                         ids=["killed", "ended", "with a zygote that hears nothing"])
def test_a_killed_worker_leaves_no_process_behind(judge, how, stuck):
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        zygote_pid, child_pid = map(int, worker.stdout.readline().split())
        family = [process.pid for process in _below(worker.pid)]
        assert {zygote_pid, child_pid} <= set(family)
        if stuck:
            os.kill(_server_of(family), signal.SIGSTOP)
        worker.send_signal(how)
        worker.wait(20)
        assert _wait_until(lambda: not any(psutil.pid_exists(pid) for pid in family)), [
            psutil.Process(pid).cmdline() for pid in family if psutil.pid_exists(pid)]
    finally:
        worker.kill()
        worker.stdout.close()


def test_children_are_numbered_and_end_alone(zygote):
    first, second = zygote.acquire(), zygote.acquire()
    assert (first.number, second.number) == (1, 2)
    assert first.pid != second.pid
    first.close()
    assert _wait_until(lambda: not psutil.pid_exists(first.pid))
    assert psutil.pid_exists(second.pid)
    second.close()
    assert _wait_until(lambda: not psutil.pid_exists(second.pid))
    assert zygote.process.poll() is None


def test_the_pid_is_the_kernels_word(zygote):
    child = zygote.acquire()
    process = psutil.Process(child.pid)
    assert child.pid in [below.pid for below in _below(zygote.process.pid)]
    assert process.uids().real != 0
    assert Path(f"/proc/{child.pid}/root").exists()
    child.close()


def test_a_spare_child_waits_and_is_used(zygote):
    zygote.acquire().close()
    zygote.prepare_spare()
    zygote.prepare_spare()
    spare = zygote.spare
    assert spare is not None
    assert zygote.prepared == 2
    assert zygote.acquire() is spare
    assert zygote.spare is None
    spare.close()


def test_closing_ends_everything_in_the_jail(judge):
    zygote = Zygote(modules=())
    child = zygote.acquire()
    zygote.prepare_spare()
    family = [zygote.process.pid, *(process.pid for process in _below(zygote.process.pid))]
    assert len(family) >= 4
    zygote.close()
    assert zygote.process.returncode is not None
    assert _wait_until(lambda: not any(psutil.pid_exists(pid) for pid in family))
    child.close()


def test_what_a_submission_starts_ends_with_it(judge, shift):
    judge.run(shift, source(GOOD))
    before = len(_below(judge.zygote.process.pid))
    text = "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        time.sleep(600)\n"
    judge.run(shift, source(text + GOOD))
    assert _wait_until(lambda: len(_below(judge.zygote.process.pid)) <= before)


def test_groups_are_removed(judge, shift):
    if _groups() is None:
        pytest.skip("no control group can be made on this machine")
    for text in (GOOD, "import os\nos._exit(1)", "raise ValueError", "data = bytearray(1 << 30)", "def broken(:"):
        judge.run(shift, source(text + "\n"))
        assert _wait_until(lambda: not _groups(judge.zygote)), text


def test_a_group_that_the_kernel_holds_is_removed_later(monkeypatch):
    hierarchy = cgroup.find()
    if hierarchy is None:
        pytest.skip("no control group can be made on this machine")
    monkeypatch.setattr(cgroup, "REMOVE_SECONDS", 0.05)
    group = hierarchy.create()
    with subprocess.Popen(["sleep", "600"]) as process:
        group.add(process.pid)
        group.remove()
        assert all(folder.exists() for folder in group.folders())
        process.kill()

    def gone():
        hierarchy.create().remove()
        return not any(folder.exists() for folder in group.folders())

    assert _wait_until(gone)


def test_a_zygotes_end_takes_the_spare_childs_group_with_it(judge):
    if _groups() is None:
        pytest.skip("no control group can be made on this machine")
    before = _groups()
    with Zygote(modules=()) as zygote:
        zygote.prepare_spare()
        zygote.spare.settling.result()
        assert len(_groups() - before) == len(zygote.spare.group.folders())
    assert not _groups() - before


def test_a_spare_child_that_does_not_settle_is_a_fault_of_ours(zygote):
    zygote.prepare_spare()
    zygote.spare.settling.result()
    zygote.spare.settling = Future()
    zygote.spare.settling.set_exception(ZygoteLost("the jail could not be entered"))
    with pytest.raises(ZygoteLost, match="could not be entered"):
        zygote.acquire()


def test_descriptors_do_not_pile_up(judge, shift):
    judge.run(shift, source(GOOD))
    mine = psutil.Process()
    before = mine.num_fds()
    for _ in range(5):
        judge.run(shift, source(GOOD))
    assert mine.num_fds() <= before + 1


def test_a_fork_bomb_is_held_by_the_limit(judge, shift):
    report = judge.run(shift, source("import os\nmade = 0\ntry:\n    while made < 500:\n        if os.fork() == 0:\n"
                                     "            import time; time.sleep(600)\n        made += 1\nexcept OSError:\n    pass\n"
                                     "print(made)\n" + GOOD))
    assert report.verdict == "accepted"
    assert int(report.stdout) <= shift.limits.processes


def test_peak_memory_is_the_submissions_own(judge, shift):
    if _groups() is None:
        pytest.skip("no control group can be made on this machine")
    small = judge.run(shift, source(GOOD)).peak_memory_mb
    large = judge.run(shift, source("data = bytearray(100 << 20)\n" + GOOD)).peak_memory_mb
    assert 0 < small < 60
    assert 100 <= large < 200


def test_a_submission_computes_with_the_instructions_that_this_machine_has(judge, shift):
    report = judge.run(shift, source("import torch\nprint(torch.backends.cpu.get_cpu_capability())\n" + GOOD))
    assert report.stdout.strip() == torch.backends.cpu.get_cpu_capability()
