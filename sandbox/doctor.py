"""What the judge needs of this machine, and what to do where it is missing. Imports no torch: the site asks too."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.contract import NO_TEXT, Text
from sandbox.jail import JailMissing, bubblewrap, cgroup, seccomp

INSTALL = Text("bubblewrap을 설치하세요: apt-get install bubblewrap", "apt-get install bubblewrap")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was looked at. `remedy` is empty where it is well; `vital` where nothing is judged without it."""

    name: str
    ok: bool
    message: Text
    remedy: Text = NO_TEXT
    vital: bool = True


def check() -> list[Problem]:
    """Everything the judge needs, tried rather than looked up: a jail is really built."""
    return [check_bubblewrap(), check_seccomp(), check_jail(), check_cgroup()]


def check_bubblewrap() -> Problem:
    """Whether bwrap is installed."""
    found = bubblewrap.find()
    if found:
        return Problem("bubblewrap", True, Text(f"{found}에 있습니다.", f"found at {found}"))
    return Problem("bubblewrap", False, Text("설치되어 있지 않습니다.", "not installed"),
                   INSTALL)


def check_seccomp() -> Problem:
    """Whether the system call filter can be compiled."""
    try:
        size = len(seccomp.program()) // 8
    except (ImportError, OSError, RuntimeError) as error:
        return Problem("seccomp", False, Text(f"필터를 만들 수 없습니다: {error}", f"the filter cannot be compiled: {error}"),
                       Text("apt-get install libseccomp2", "apt-get install libseccomp2"))
    return Problem("seccomp", True, Text(f"명령 {size}개의 필터", f"a filter of {size} instructions"))


def check_jail() -> Problem:
    """Whether a child can really be confined: namespaces inside bubblewrap."""
    from sandbox.pool import Zygote, ZygoteLost

    if bubblewrap.find() is None:
        return Problem("jail", False, Text("bubblewrap 없이는 만들 수 없습니다.", "cannot be built without bubblewrap"), INSTALL)
    try:
        with Zygote(modules=()) as zygote:
            zygote.acquire().close()
    except (JailMissing, ZygoteLost, OSError) as error:
        remedy = "sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000 kernel.apparmor_restrict_unprivileged_userns=0"
        return Problem("jail", False, Text(f"감옥을 만들 수 없습니다: {error}", f"no jail can be built: {error}"),
                       Text(f"사용자 네임스페이스를 허용하세요: {remedy}", f"allow user namespaces: {remedy}"))
    return Problem("jail", True, Text("격리된 프로세스가 시작됩니다.", "a confined process starts"))


def check_cgroup() -> Problem:
    """Whether memory can be limited by a control group; rlimits and a watchdog stand in where not."""
    hierarchy = cgroup.find()
    if hierarchy is not None:
        return Problem("cgroup", True, Text(f"cgroup v{hierarchy.version}로 메모리를 제한합니다.",
                                            f"memory is limited by cgroup v{hierarchy.version}"), vital=False)
    return Problem("cgroup", False,
                   Text("cgroup을 만들 수 없어 rlimit와 감시로 메모리를 제한합니다.",
                        "no control group can be made: memory is limited by rlimits and a watchdog"),
                   Text("root로 실행하거나 systemd 단위에 Delegate=yes를 두세요.",
                        "run as root, or in a systemd unit with Delegate=yes"), vital=False)
