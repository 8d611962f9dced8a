"""What the judge needs of this machine, and what to do where it is missing. Imports no torch: the site asks too."""

from __future__ import annotations

import os
from dataclasses import dataclass

from sandbox import jail
from sandbox.contract import NO_TEXT, Text
from sandbox.jail import JailMissing, bubblewrap, cgroup, gvisor, seccomp

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
    return [*([] if _gvisor_is_chosen() else [check_bubblewrap()]), check_seccomp(), check_gvisor(), check_jail(), check_cgroup()]


def _gvisor_is_chosen() -> bool:
    return os.environ.get("JAIL") == "gvisor"


def check_gvisor() -> Problem:
    """Whether runsc is there; vital only where the setting JAIL chooses it."""
    program, is_chosen = gvisor.find(), _gvisor_is_chosen()
    if program is not None:
        use = Text("사용합니다(JAIL=gvisor).", "in use (JAIL=gvisor)") if is_chosen else Text("JAIL=gvisor로 켤 수 있습니다.", "JAIL=gvisor turns it on")
        version = gvisor.version(program)
        return Problem("gvisor", True, Text(f"runsc {version}: {use.ko}", f"runsc {version}: {use.en}"), vital=False)
    if not is_chosen:
        return Problem("gvisor", True, Text("설치되어 있지 않습니다. bubblewrap으로 충분합니다(JAIL=bubblewrap).",
                                            "not installed, and not needed with JAIL=bubblewrap"), vital=False)
    return Problem("gvisor", False, Text("JAIL=gvisor인데 runsc가 없습니다.", "JAIL=gvisor, but runsc is not installed"),
                   Text("apt-get install runsc", "apt-get install runsc"))


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
    from sandbox.sandboxes import Sandboxes

    if bubblewrap.find() is None and not _gvisor_is_chosen():
        return Problem("jail", False, Text("bubblewrap 없이는 만들 수 없습니다.", "cannot be built without bubblewrap"), INSTALL)
    try:
        with Sandboxes() if jail.chosen() == "gvisor" else Zygote(modules=()) as pool:
            pool.acquire().close()
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
