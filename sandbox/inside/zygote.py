"""The zygote: one process with torch imported that forks a locked-in child for every submission.

It runs inside bubblewrap and takes one order at a time from the worker, on a SEQPACKET socket:

    {"op": "prepare", "tmp_mb": int} + one descriptor    fork a child that talks on that descriptor
    (end of file)                                        exit, and with it everything in the jail

and reports each child's end: {"child": n, "status": waitpid status, "error": text}. Children are numbered from 1.

It must never run a parallel torch operation nor touch CUDA: neither a thread pool nor a context survives a fork. For the device
"cuda" each child opens a context of its own before it says that it is ready.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass, field

from sandbox.inside import confine

MAX_ORDER = 4096


@dataclass(slots=True)
class Zygote:
    """The loop's state: the control socket, the seccomp program, and the children alive by their pidfd."""

    control: socket.socket
    filter_program: bytes
    device: str
    own_pids: int  # descriptor of our own PID namespace, to come back to after a fork
    children: dict[int, tuple[int, int]] = field(default_factory=dict)  # pidfd -> (number, pid)
    count: int = 0

    def run(self) -> None:
        """Serves orders until the worker is gone."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        self.control.send(json.dumps({"ready": True, "pid": os.getpid()}).encode())
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self.control.fileno():
                    pidfd = self._order()
                    if pidfd is None:
                        return
                    poll.register(pidfd, select.POLLIN)
                else:
                    poll.unregister(descriptor)
                    self._reap(descriptor)

    def _order(self) -> int | None:
        """Takes one order; the new child's pidfd, or None at the end."""
        text, descriptors, _, _ = socket.recv_fds(self.control, MAX_ORDER, 1)
        if not text:
            return None
        order = json.loads(text)
        self.count += 1
        pid = confine.fork_into_new_pids(self.own_pids)
        if pid == 0:
            self._child(descriptors[0], order)
        os.close(descriptors[0])
        pidfd = os.pidfd_open(pid)
        self.children[pidfd] = (self.count, pid)
        return pidfd

    def _reap(self, pidfd: int) -> None:
        number, pid = self.children.pop(pidfd)
        os.close(pidfd)
        _, status = os.waitpid(pid, 0)
        with contextlib.suppress(OSError):  # the worker may be gone: the next poll ends us
            self.control.send(json.dumps({"child": number, "status": status}).encode())

    def _child(self, descriptor: int, order: dict) -> None:
        """Runs in the fork, never returns: locks itself in and serves one submission."""
        try:
            channel = socket.socket(fileno=descriptor)
            try:
                confine.enter_child_world()
                confine.mount_private(order["tmp_mb"])
                confine.keep_only(descriptor)
                if self.device == "cuda":
                    from sandbox.inside import gpu

                    with confine.without_privileges():
                        gpu.open_context()
                else:
                    confine.hide_processes()
            except (OSError, RuntimeError, AssertionError) as error:  # the latter two are torch's, about the GPU
                channel.sendall(b"!" + str(error).encode()[:500])
                os._exit(70)
            channel.sendall(b"+")  # the kernel tells the worker our PID as it sees it
            from sandbox.inside import child

            child.serve(channel, self.filter_program, self.device)
            os._exit(0)
        except BaseException:
            os._exit(71)


def preload(modules: list[str]) -> None:
    """Imports what submissions need, with single-threaded pools, and freezes it out of the collector's sight."""
    for name in modules:
        __import__(name)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
        with contextlib.suppress(RuntimeError):
            torch.set_num_interop_threads(1)
        torch.backends.cpu.get_cpu_capability()  # found out now: children see neither /proc nor, without it, AVX
    gc.collect()
    gc.freeze()  # a collection in a child would touch, and so copy, every page of the parent


def main() -> None:
    """`argv[1]` is JSON: {"control": fd, "filter": fd, "user": uid or null, "modules": [...], "device": ...}."""
    options = json.loads(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker; our end is the end of the socket
    if options["user"] is not None:
        confine.become(options["user"])
    confine.enter_zygote_world()
    pid = os.fork()
    if pid != 0:  # what bubblewrap started stays outside the new PID world and ends with it
        os.close(options["control"])
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
    with os.fdopen(options["filter"], "rb") as file:
        program = file.read()
    preload([*options["modules"], "sandbox.inside.child"] if options["modules"] else [])
    own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
    Zygote(socket.socket(fileno=options["control"]), program, options["device"], own_pids).run()
