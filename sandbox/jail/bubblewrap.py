"""The bubblewrap command line of a zygote's world: no network, a read-only minimal root, no capability.

Seen from inside:

    /usr/lib /lib /lib64        the system's libraries, read-only
    /judge/python               the interpreter and its library, read-only
    /judge/packages/N           torch and the rest, read-only
    /judge/sandbox              wire/ and inside/: the only files of this project, read-only
    /tmp                        empty; every child mounts its own over it
    /dev                        null, zero, full, random, urandom

Hidden tests, references, the database and the settings are not there at all.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

SANDBOX = Path(__file__).resolve().parent.parent
STARTER = "import sys; sys.path[:0] = {paths!r}; from sandbox.inside.zygote import main; main()"
UNPRIVILEGED = 65534
PYTHON = "/judge/python/bin/python3"
# bubblewrap would make the folders above a bind for root alone, and the zygote is no longer root.
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")  # no terminals: they are a host-wide count
FOLDERS = ("/tmp", "/etc", "/dev", "/usr", "/usr/share", "/judge", "/judge/python", "/judge/python/bin", "/judge/packages",
           "/judge/sandbox", "/sys", "/sys/kernel", "/sys/kernel/mm")
SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo",
          "/sys/kernel/mm/transparent_hugepage")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def find() -> str | None:
    """The path of the bubblewrap program, or None where it is not installed."""
    return shutil.which("bwrap")


def command(program: str, options: str) -> list[str]:
    """The argument vector that starts a zygote with `options` (JSON, see inside/zygote.py)."""
    paths = ["/judge", *(f"/judge/packages/{number}" for number in range(len(site_packages())))]
    return [program, *_namespaces(), *_environment(), *_root(), "--",
            PYTHON, "-P", "-s", "-S", "-c", STARTER.format(paths=paths), options]


def drops_to() -> int | None:
    """The user the zygote must become by itself: as root the mounts are made by root, and root is given up after."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def _namespaces() -> list[str]:
    """As root no user namespace: what the zygote then drops to is a user that owns nothing on this machine."""
    flags = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
             "--die-with-parent", "--new-session", "--hostname", "jail", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        return [*flags, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*flags, "--unshare-user", "--uid", str(UNPRIVILEGED), "--gid", str(UNPRIVILEGED)]


def variables() -> dict[str, str]:
    """The environment of student code: nothing of ours."""
    found = {"LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp", "PYTHONHASHSEED": "0",
                 "PYTHONDONTWRITEBYTECODE": "1", "LD_LIBRARY_PATH": "/judge/python/lib", "TORCHINDUCTOR_CACHE_DIR": "/tmp"}
    found |= dict.fromkeys(THREADS, "1")
    # Huge pages for the heap: a fork copies one entry for 2 MB instead of 512, and takes 2 ms instead of 13. glibc
    # looks up their size below /sys, see SYSTEM.
    return found | {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def judge_binds() -> dict[str, str]:
    """What of ours can be read inside, by its path here: the interpreter, the packages, and our own code for there."""
    interpreter = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    binds = {interpreter: PYTHON, str(Path(sys.base_prefix) / "lib"): "/judge/python/lib",
             str(SANDBOX / "wire"): "/judge/sandbox/wire", str(SANDBOX / "inside"): "/judge/sandbox/inside"}
    return binds | {folder: f"/judge/packages/{number}" for number, folder in enumerate(site_packages())}


def _environment() -> list[str]:
    return ["--clearenv", *(word for pair in variables().items() for word in ("--setenv", *pair))]


def _root() -> list[str]:
    words = [word for folder in FOLDERS for word in ("--perms", "0755", "--dir", folder)]
    for path in map(Path, SYSTEM):
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            words += ["--ro-bind", str(path), str(path)]
    words += [word for pair in judge_binds().items() for word in ("--ro-bind", *pair)]
    # Everything is made read-only last; a child can still mount over /tmp and /proc, which have to exist.
    words += [word for device in DEVICES for word in ("--dev-bind", device, device)]
    return [*words, "--proc", "/proc", "--remount-ro", "/", "--chdir", "/"]


def site_packages() -> list[str]:
    """The folders of installed packages."""
    return list(dict.fromkeys(sysconfig.get_paths()[key] for key in ("purelib", "platlib")))
