"""The jail: how a process is confined. `start` starts a zygote in it; there is no unsafe fallback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile

from sandbox.jail import bubblewrap, seccomp

# What honest submissions reach for; the first backward pass and the first optimizer import the last two by themselves.
PRELOADED = ("numpy", "torch", "pandas", "msgspec", "nbformat", "IPython.core.inputtransformer2",
             "torch.fx.experimental.symbolic_shapes", "torch._dynamo")


BACKENDS = ("bubblewrap", "gvisor")


class JailMissing(Exception):
    """No jail can be built on this machine; the text says why. Nothing is run without one."""


def chosen() -> str:
    """The jail that the environment variable JAIL chooses, bubblewrap by default. Raises JailMissing on a name it does not know."""
    name = os.environ.get("JAIL") or BACKENDS[0]
    if name not in BACKENDS:
        raise JailMissing(f"JAIL={name} is neither of {', '.join(BACKENDS)}")
    return name


def start(modules: tuple[str, ...], in_group: bool) -> tuple[subprocess.Popen, socket.socket]:
    """A zygote's process and its control socket; `in_group` where control groups bound memory. Raises JailMissing where bubblewrap or libseccomp is missing."""
    program = bubblewrap.find()
    if program is None:
        raise JailMissing("bubblewrap (bwrap) is not installed")
    try:
        rules = seccomp.program(in_group)
    except (ImportError, OSError, RuntimeError) as error:
        raise JailMissing(f"libseccomp is missing: {error}") from error
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, tempfile.TemporaryFile() as file:
        file.write(rules)
        file.flush()
        file.seek(0)
        options = {"control": theirs.fileno(), "filter": file.fileno(), "user": bubblewrap.drops_to(),
                   "modules": list(modules)}
        process = subprocess.Popen(
            bubblewrap.command(program, json.dumps(options)), pass_fds=(theirs.fileno(), file.fileno()),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={"PATH": os.defpath},
        )
    return process, ours
