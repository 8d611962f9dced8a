"""The gVisor jail: one sandbox of `runsc` for each submission, whose kernel is a program of its own (the ptrace platform).

The stronger wall and the slower one: student code never meets this machine's kernel, but a sandbox takes about ten seconds to
import torch, where a zygote forks in milliseconds. Seen from inside as in bubblewrap.py; the conversation with the judge is
descriptor 0; /proc and /sys are gVisor's own and show the sandbox alone. Needs root and control groups: memory is charged to the whole sandbox.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

from sandbox.jail import bubblewrap
from sandbox.jail.bubblewrap import PYTHON, UNPRIVILEGED
from sandbox.jail.cgroup import Group

STARTER = "import sys; sys.path[:0] = {paths!r}; from sandbox.inside.alone import main; main()"
FOLDERS = ("tmp", "proc", "dev", "sys")
NAMESPACES = ("pid", "ipc", "mount", "uts", "network")
# Joins the control groups named first, then becomes what follows "--": all that it starts is counted.
JOIN = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"'
# The sandbox ends with the worker (pdeathsig) and as a whole (its processes are a PID world of their own).
ENDS_WITH_US = ("setpriv", "--pdeathsig", "KILL", "unshare", "--pid", "--fork", "--kill-child=KILL", "--mount-proc")


def find() -> str | None:
    """The path of the runsc program, or None where it is not installed."""
    return shutil.which("runsc")


def version(program: str) -> str:
    """The first line that it says of itself. Raises OSError."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    return done.stdout.partition("\n")[0].removeprefix("runsc version ")


def start(program: str, bundle: Path, options: dict[str, Any], group: Group) -> tuple[subprocess.Popen, socket.socket]:
    """A sandbox that is starting in `group`, and our end of its socket. `bundle` is an empty folder for it.

    `options` are those of inside/alone.py.
    """
    write_bundle(bundle, options)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    run = [program, "--root", str(bundle / "state"), "--network=none", "--platform=ptrace", "--ignore-cgroups",
           "run", "--bundle", str(bundle), bundle.parent.name]  # a name that no other sandbox of this machine has
    with theirs:
        process = subprocess.Popen(
            ["sh", "-c", JOIN, "join", *map(str, group.folders()), "--", *ENDS_WITH_US, *run], stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={"PATH": os.environ.get("PATH", os.defpath)})
    return process, ours


def write_bundle(bundle: Path, options: dict[str, Any]) -> None:
    """The sandbox's description (OCI runtime specification 1.0) and a root of empty mount points."""
    root = bundle / "root"
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)
    mounts = [_bind(root, source, target) for source, target in _visible(root)]
    mounts += [{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
                "options": ["nosuid", "nodev", "noexec", f"size={options['tmp_mb']}m"]},
               {"destination": "/proc", "type": "proc", "source": "proc"}]
    paths = ["/judge", *(f"/judge/packages/{number}" for number in range(len(bubblewrap.site_packages())))]
    process = {"terminal": False, "user": {"uid": UNPRIVILEGED, "gid": UNPRIVILEGED}, "cwd": "/", "noNewPrivileges": True,
               "capabilities": {}, "env": [f"{name}={value}" for name, value in bubblewrap.variables().items()],
               "args": [PYTHON, "-P", "-s", "-S", "-c", STARTER.format(paths=paths), json.dumps(options)]}
    description = {"ociVersion": "1.0.2", "process": process, "root": {"path": "root", "readonly": True}, "hostname": "jail",
                   "mounts": mounts, "linux": {"namespaces": [{"type": name} for name in NAMESPACES]}}
    (bundle / "config.json").write_text(json.dumps(description))


def _visible(root: Path) -> list[tuple[str, str]]:
    """(path here, path inside) of all that can be read inside; links of the system are made in `root`."""
    pairs = []
    for path in map(Path, bubblewrap.SYSTEM):
        if path.is_symlink():
            (root / str(path).lstrip("/")).symlink_to(os.readlink(path))
        elif path.exists() and not path.is_relative_to("/sys"):
            pairs.append((str(path), str(path)))
    return [*pairs, *bubblewrap.judge_binds().items()]


def _bind(root: Path, source: str, target: str) -> dict[str, Any]:
    place = root / target.lstrip("/")
    if os.path.isdir(source):
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    return {"destination": target, "source": source, "type": "bind", "options": ["ro", "rbind"]}
