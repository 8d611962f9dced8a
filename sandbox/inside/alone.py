"""The only process of a gVisor sandbox: imports torch, waits for its submission on descriptor 0, and serves it.

The sandbox is the world that a zygote's child has to make for itself: there is nothing to leave, and no other submission.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from sandbox.inside import confine
from sandbox.inside.zygote import preload


def main() -> None:
    """`argv[1]` is JSON: {"filter": the seccomp program in hex, "modules": [...], "tmp_mb": int}."""
    options = json.loads(sys.argv[1])
    channel = socket.socket(fileno=os.dup(0))
    preload([*options["modules"], "sandbox.inside.child"])
    os.chdir("/tmp")
    confine.keep_only(channel.fileno())
    channel.sendall(b"+")
    from sandbox.inside import child

    child.serve(channel, bytes.fromhex(options["filter"]))
