"""How root runs a command as a user without privileges, who may read this Python and this repository wherever they lie.

A private mount namespace shows them below readable folders: an interpreter in root's own home is closed to anybody else.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
USER = 65534
TOOLS = ("setpriv", "unshare", "mount")


def missing() -> list[str]:
    """The programs that `command` needs and this machine lacks."""
    return [tool for tool in TOOLS if os.geteuid() == 0 and not shutil.which(tool)]


def command(words: list[str], scratch: Path) -> list[str]:
    """`words` as somebody else, where this is root; unchanged otherwise. `scratch`: an empty folder."""
    if os.geteuid() != 0:
        return words
    # By way of env: setpriv keeps root's capabilities until its first exec, and would start what that user cannot read.
    become = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "env", *words]
    return ["unshare", "--mount", "sh", "-ec", f"{_mounts(scratch)}cd {shlex.quote(str(REPOSITORY))}\nexec {shlex.join(become)}\n"]


def _mounts(scratch: Path) -> str:
    """Shell lines that open the way to what is below a closed folder."""
    closed = {path: folder for path in (Path(sys.base_prefix).resolve(), REPOSITORY) if (folder := _closed(path))}
    kept = {path: str(scratch / str(number)) for number, path in enumerate(closed)}
    lines = [f"mkdir -p {shlex.quote(place)}" for place in kept.values()]
    lines += [f"mount --bind {shlex.quote(str(path))} {shlex.quote(place)}" for path, place in kept.items()]
    lines += [f"mount -t tmpfs -o mode=755 none {shlex.quote(str(folder))}" for folder in dict.fromkeys(closed.values())]
    for path, place in kept.items():
        lines += [f"mkdir -p {shlex.quote(str(path))}", f"mount --bind {shlex.quote(place)} {shlex.quote(str(path))}"]
    return "".join(f"{line}\n" for line in lines)


def _closed(path: Path) -> Path | None:
    """The uppermost folder on the way to `path` that others may not enter."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)
