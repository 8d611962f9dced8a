"""How a child of the zygote locks itself in before it sees any student code. Linux, through libc by ctypes.

Order matters: namespaces, then mounts, then descriptors, limits, capabilities and, last, the seccomp filter, which forbids
all that was done here.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_RDONLY, MS_REC, MS_PRIVATE = 2, 4, 8, 1, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522
LAST_CAPABILITY = 40
USER_INSIDE = 1000

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _prctl(option: int, value: int = 0, what: str = "prctl") -> None:
    _check(_libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)), what)


def become(user: int) -> None:
    """Gives up root for `user` for good. Dumpable again, or the kernel would not let us write our own uid_map."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _prctl(PR_SET_DUMPABLE, 1)


def enter_zygote_world() -> None:
    """A user namespace in which the zygote may make PID namespaces, and one of these for its next fork."""
    _unshare_user(CLONE_NEWPID)


def enter_child_world() -> None:
    """Own user, mount, IPC and host name worlds; the PID world came with the fork, the network is none since the zygote."""
    _unshare_user(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS)


def fork_into_new_pids(own_pids: int) -> int:
    """Forks a child that is PID 1 of a new world, as os.fork; `own_pids` is a descriptor of /proc/self/ns/pid.

    One fork instead of unshare-and-fork-twice: a fork of a process this size is what a submission's start costs.
    """
    _check(_libc.unshare(CLONE_NEWPID), "unshare")
    pid = os.fork()
    if pid != 0:
        _check(_libc.setns(own_pids, CLONE_NEWPID), "setns")
    return pid


def _unshare_user(others: int) -> None:
    user, group = os.getuid(), os.getgid()
    _check(_libc.unshare(CLONE_NEWUSER | others), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{USER_INSIDE} {user} 1"),
                       ("gid_map", f"{USER_INSIDE} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def mount_private(tmp_mb: int) -> None:
    """A private, size-limited /tmp, and an empty /proc: nothing of any other process can be seen."""
    _mount("none", "/", None, MS_REC | MS_PRIVATE, None)
    _mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, f"size={tmp_mb}m,nr_inodes=4096,mode=700")
    _mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "size=4k,nr_inodes=2,mode=555")
    os.chdir("/tmp")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, options)]
    _check(_libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def keep_only(descriptor: int) -> None:
    """Closes every descriptor but `descriptor`; 0, 1 and 2 become /dev/null."""
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))


def limit(seconds: float, processes: int, file_mb: int, data_mb: int | None) -> None:
    """Resource limits as a second wall behind the judge's clock and the cgroup.

    `data_mb` bounds private memory where there is no cgroup to do it: what the zygote already holds comes on top.
    """
    cpu = max(1, int(seconds) + 1)
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: cpu, resource.RLIMIT_FSIZE: file_mb << 20,
              resource.RLIMIT_NOFILE: 256, resource.RLIMIT_NPROC: processes, resource.RLIMIT_MEMLOCK: 0,
              resource.RLIMIT_STACK: 64 << 20}
    if data_mb is not None:
        limits[resource.RLIMIT_DATA] = data_mb << 20
    for what, value in limits.items():
        hard = value + 1 if what == resource.RLIMIT_CPU else value  # the soft one first: SIGXCPU names the cause
        resource.setrlimit(what, (value, hard))
    # Queued signals and timers are counted for all processes of one user. gVisor knows neither of these two limits.
    for what, value in {resource.RLIMIT_MSGQUEUE: 0, resource.RLIMIT_SIGPENDING: 256}.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write past the limit is an OSError, not a death


def drop_capabilities() -> None:
    """No capability in any set, none to be had again: those of the own user namespace too."""
    for capability in range(LAST_CAPABILITY + 1):
        _libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)
    _libc.prctl(PR_CAP_AMBIENT, ctypes.c_ulong(PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0)
    header = struct.pack("<Ii", CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, bytes(24)), "capset")
    _prctl(PR_SET_NO_NEW_PRIVS, 1, "no_new_privs")


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def install_filter(program: bytes) -> None:
    """Installs the BPF `program` (8 bytes an instruction) as this process's seccomp filter. It cannot be undone."""
    block = _Program(len(program) // 8, program)
    result = _libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(block), 0, 0)
    _check(result, "seccomp")
