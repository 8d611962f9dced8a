"""Which system calls student code may make: an allow-list, compiled once by libseccomp to BPF.

Everything else answers EPERM, so that honest code which probes for a feature falls back instead of dying. Left out on
purpose: execve (nothing is to be started), socket and connect (no network of any kind, no abstract Unix sockets of a
neighbour), flock and fcntl's locks, leases and notices (the libraries are files that a neighbour has open too), unshare/setns/mount and friends (no new worlds), ptrace, process_vm_* and pidfd_* (no other process),
keyctl, bpf, perf_event_open, userfaultfd, io_uring (large attack surface in the kernel, no honest use here).
"""

from __future__ import annotations

import errno
import functools
import tempfile
from typing import Any

NAMESPACE_FLAGS = 0x7E020080  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME

ALLOWED = (
    "read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range dup dup2 dup3 pipe pipe2 "
    "open openat stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd "
    "chdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 ftruncate truncate fsync fdatasync "
    "fallocate umask chmod fchmod fchmodat utimensat statfs fstatfs sendfile copy_file_range fadvise64 "
    "mmap munmap mremap mprotect madvise msync brk mincore mbind get_mempolicy set_mempolicy "
    "futex futex_waitv set_robust_list get_robust_list rseq set_tid_address membarrier "
    "sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_getscheduler sched_get_priority_max "
    "sched_get_priority_min getcpu getpriority "
    "fork vfork wait4 waitid exit exit_group kill tgkill tkill "
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigpending sigaltstack restart_syscall "
    "getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getpgid getsid "
    "arch_prctl uname sysinfo times getrusage getrlimit getrandom "
    "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time alarm setitimer getitimer "
    "timer_create timer_settime timer_gettime timer_delete timerfd_create timerfd_settime timerfd_gettime "
    "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd eventfd2 "
    "sendto sendmsg recvfrom recvmsg shutdown getsockopt setsockopt getsockname getpeername "
    "semget semop semctl semtimedop "
)
# fcntl: copies of a descriptor, its flags, the size of a pipe, the seals of a memfd.
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030, 1031, 1032, 1033, 1034)
# Memory that no process shows as its own: harmless inside a control group, unseen by a watchdog.
ALLOWED_IN_GROUP = "memfd_create socketpair shmctl shmget shmat shmdt"


@functools.cache
def program(in_group: bool = True) -> bytes:
    """The filter as BPF, 8 bytes an instruction; the strict one where no control group counts memory. Raises RuntimeError or OSError where libseccomp is missing."""
    import pyseccomp  # finds libseccomp when it is imported: doctor must be able to say that it is missing

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in f"{ALLOWED} {ALLOWED_IN_GROUP if in_group else ''}".split():
        _allow(pyseccomp, rules, name)
    # Threads and forks, but no namespaces. clone3 hides its flags behind a pointer: ENOSYS makes libc use clone.
    rules.add_rule(pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, NAMESPACE_FLAGS, 0))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    # ioctl only asks: is it a terminal (TCGETS), how much is there to read (FIONREAD), close on exec (FIOCLEX, FIONCLEX).
    for request in (0x5401, 0x541B, 0x5451, 0x5450, 0x5421):
        rules.add_rule(pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    for command in FCNTL_COMMANDS:
        rules.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    # prlimit64 of itself only, prctl for thread names only (15, 16), anonymous mappings' names (0x53564d41).
    rules.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0))
    for option in (15, 16, 0x53564D41):
        rules.add_rule(pyseccomp.ALLOW, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, option))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _allow(pyseccomp: Any, rules: Any, name: str) -> None:
    try:
        rules.add_rule(pyseccomp.ALLOW, name)
    except (ValueError, OSError):
        # Not a call of this machine's processor (open on arm64), or newer than this libseccomp: it stays forbidden.
        return
