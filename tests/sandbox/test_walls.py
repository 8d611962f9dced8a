"""The walls one by one: the filter's list, control groups of both versions, no group at all, replaced zygotes, workers of a DataLoader."""

import re

import pyseccomp
import pytest

from sandbox import doctor, pool
from sandbox.contract import Verdict
from sandbox.jail import cgroup, seccomp
from sandbox.judge import Judge
from sandbox.packages import find
from tests.sandbox.attacks import privileges
from tests.sandbox.building import GOOD, result, source, why

# What the reasons in seccomp.py name, and a few that nobody should add without one.
NEVER = ("execve execveat socket connect bind listen accept unshare setns mount umount2 pivot_root chroot ptrace process_vm_readv "
         "process_vm_writev pidfd_open pidfd_getfd keyctl add_key bpf perf_event_open userfaultfd io_uring_setup setuid setgid "
         "setresuid personality mknod mknodat symlink link reboot kexec_load init_module iopl open_by_handle_at flock fcntl inotify_init "
         "msgget mq_open quotactl seccomp landlock_restrict_self setsid vhangup")


# --- the filter ----------------------------------------------------------------------------------------------------

def test_what_must_be_refused_is_not_on_the_list():
    allowed = set(f"{seccomp.ALLOWED} {seccomp.ALLOWED_IN_GROUP}".split())
    assert not allowed & set(NEVER.split())


def test_every_name_on_the_list_is_a_system_call_or_of_another_processor():
    unknown = []
    for name in f"{seccomp.ALLOWED} {seccomp.ALLOWED_IN_GROUP} {NEVER}".split():
        try:
            pyseccomp.resolve_syscall(pyseccomp.Arch.X86_64, name)
        except (ValueError, OSError):
            unknown.append(name)
    assert unknown == []


@pytest.mark.parametrize("group", privileges.CALLS)
def test_the_numbers_that_are_attacked_are_those_calls(group):
    """A wrong number would be refused too."""
    for label, (number, *_) in privileges.CALLS[group].items():
        name = pyseccomp.resolve_syscall(pyseccomp.Arch.X86_64, number)
        name = name.decode() if isinstance(name, bytes) else name
        words = re.findall("[a-z_0-9]{3,}", label.lower())
        assert any(word in name for word in words) or name in ("clone", "ioctl"), (label, name)


def test_without_a_group_the_filter_is_stricter():
    for_groups, alone = seccomp.program(True), seccomp.program(False)
    assert len(alone) < len(for_groups)
    assert len(alone) % 8 == 0


# --- control groups ------------------------------------------------------------------------------------------------

def test_version_2_limits_memory_swap_and_processes(tmp_path):
    group = cgroup.Hierarchy(2, tmp_path, None).create(64, 16)
    written = {file.name: file.read_text() for file in group.memory.iterdir()}
    assert written == {"memory.max": str(64 << 20), "memory.swap.max": "0", "memory.oom.group": "1", "pids.max": "16"}
    (group.memory / "memory.peak").write_text(str(5 << 20))
    (group.memory / "memory.events").write_text("low 0\noom 1\noom_kill 0\n")
    assert group.peak_mb() == 5
    assert not group.hit_memory_limit()
    (group.memory / "memory.events").write_text("low 0\noom 1\noom_kill 2\n")
    assert group.hit_memory_limit()


def test_version_1_limits_memory_and_processes_in_two_places(tmp_path):
    for name in ("memory", "pids"):
        (tmp_path / name).mkdir()
    group = cgroup.Hierarchy(1, tmp_path / "memory", tmp_path / "pids").create(64, 16)
    assert (group.memory / "memory.limit_in_bytes").read_text() == str(64 << 20)
    assert (group.pids / "pids.max").read_text() == "16"
    group.add(4711)
    assert [(folder / "cgroup.procs").read_text() for folder in group.folders()] == ["4711", "4711"]
    (group.memory / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n")
    assert group.hit_memory_limit()


@pytest.mark.parametrize(("lines", "versions"), [
    ("30 1 0:26 / {0}/memory rw - cgroup cgroup rw,memory\n31 1 0:27 / {0}/pids rw - cgroup cgroup rw,pids\n", [1]),
    ("30 1 0:26 / {0} rw - cgroup2 cgroup2 rw\n", [2]),
    ("30 1 0:26 / {0}/memory rw - cgroup cgroup rw,memory\n31 1 0:27 / {0}/unified rw - cgroup2 cgroup2 rw\n", [1, 2]),
    ("30 1 0:26 / / rw - ext4 /dev/sda rw\n", []),
], ids=["version 1", "version 2", "both", "none"])
def test_the_mounts_tell_which_versions_there_are(monkeypatch, tmp_path, lines, versions):
    (tmp_path / "mounts").write_text(lines.format(tmp_path))
    monkeypatch.setattr(cgroup, "MOUNTS", tmp_path / "mounts")
    found = cgroup._candidates()
    assert list(dict.fromkeys(hierarchy.version for hierarchy in found)) == versions


BOMBS = {
    "one process": "held = []\nwhile True:\n    held.append(bytearray(1 << 20))\n",
    "several processes": "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        held = bytearray(90 << 20)\n"
                         "        time.sleep(60)\ntime.sleep(60)\n",
    "shared": "import mmap\nheld = mmap.mmap(-1, 400 << 20)\nfor start in range(0, 400 << 20, 1 << 20):\n"
              "    held[start:start + (1 << 20)] = b'x' * (1 << 20)\n",
}


def test_without_control_groups_rlimits_and_a_watchdog_stand_in(judge, shift, monkeypatch, tmp_path):
    """The degraded mode: no file system of control groups to be seen. The doctor says so."""
    (tmp_path / "mounts").write_text("30 1 0:26 / / rw - ext4 /dev/sda rw\n")
    monkeypatch.setattr(cgroup, "MOUNTS", tmp_path / "mounts")
    row = doctor.check_cgroup()
    assert (row.ok, row.vital) == (False, False)
    assert "watchdog" in row.message.en
    assert row.remedy.ko
    with Judge() as alone:
        for name, text in BOMBS.items():
            report = alone.run(shift, source(text + GOOD))
            assert report.verdict is Verdict.MEMORY_LIMIT, (name, why(report))
        report = alone.run(shift, source("held = bytearray(60 << 20)\nfor start in range(0, 60 << 20, 4096): held[start] = 1\n"
                                         "import time; time.sleep(0.1)\n" + GOOD))
        assert report.verdict is Verdict.ACCEPTED
        assert 50 < report.peak_memory_mb < 200


# --- zygotes -------------------------------------------------------------------------------------------------------

def test_a_zygote_whose_packages_have_changed_is_worn(judge, monkeypatch):
    judge.warm_up()
    assert not judge.zygote.worn
    monkeypatch.setattr(pool, "installed", lambda: [1])
    assert judge.zygote.worn


# --- a DataLoader's workers ----------------------------------------------------------------------------------------

LOADER = """
from torch.utils.data import DataLoader, TensorDataset


def make_loader(x, y, batch_size, shuffle, drop_last=False):
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=shuffle, drop_last=drop_last, num_workers=2)
"""


@pytest.mark.parametrize("test", ["test_example", "test_pairs"], ids=["visible", "hidden"])
def test_a_loader_with_workers_is_told_what_to_do(judge, test):
    report = judge.run(find("dataloader-make"), source(LOADER))
    message = result(report, test).message
    assert "leave num_workers of the DataLoader at 0" in message.en
    assert "num_workers를 0(기본값)으로" in message.ko
    assert "no worker processes in the judge" not in message.en
    assert "Exception ignored" not in report.stdout
