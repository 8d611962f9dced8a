"""Persistence: anything that outlives the submission. Two honest submissions follow each attack, see test_attacks."""

from tests.sandbox.attacks import ACCEPTED, ATTEMPT, CHANNEL, HONEST, Attack, only, shown_by

SHOWN = {"": "dirty", "files in the libraries": "paper", "a child answers for the parent": "odd", "signals outwards": "naive",
         "a lock on a library": "paper", "locks, leases and notices of fcntl": "paper", "a signal to everyone": "naive"}
ATTACKS = shown_by(SHOWN, [
    Attack("files in /tmp", "the next submission finds the files of this one", """
import os
for name in ("torch.py", "sitecustomize.py", "left-behind", "numpy.py"):
    with open("/tmp/" + name, "w") as file:
        file.write("raise SystemExit('poisoned')")
os.makedirs("/tmp/sandbox/inside")
print("written", len(os.listdir("/tmp")))
""" + HONEST, ACCEPTED, says="written 5"),
    Attack("files in the libraries", "a library or the judge's own code can be changed", ATTEMPT + """
import glob
import sandbox.wire
import torch
places = ["/", "/judge", "/usr/lib", "/dev", "/dev/shm", "/proc", "/etc", os.path.dirname(torch.__file__),
          os.path.dirname(sandbox.wire.__file__), os.path.dirname(os.__file__)]
for place in places:
    attempt(place, lambda: open(place + "/left-behind", "w"))
attempt("torch", lambda: open(torch.__file__, "r+"))
attempt("chmod", lambda: os.chmod(torch.__file__, 0o777))
attempt("remove", lambda: os.remove(torch.__file__))
attempt("rename", lambda: os.rename(torch.__file__, "/tmp/torch.py"))
""", ACCEPTED, says="refused torch"),
    Attack("poisoned modules", "the next submission runs with patched modules", """
import builtins
import gc
import sys

import numpy
import torch

builtins.print = builtins.len = torch.tensor = torch.Tensor.sum = torch.zeros = lambda *a, **k: 1 / 0
numpy.ndarray = None
sys.modules["json"] = sys.modules["sandbox.wire"] = None
sys.path[:] = ["/tmp"]
gc.disable()
sys.setrecursionlimit(60)
"""),
    Attack("daemons", "a process lives on after the submission", """
import os
import signal
import time
for _ in range(4):
    if os.fork() == 0:
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        if os.fork():
            os._exit(0)
        while True:
            time.sleep(0.01)
print("forked")
""" + HONEST, ACCEPTED, says="forked"),
    Attack("a child answers for the parent", "a process behind the first one goes on with the conversation", CHANNEL + """
import os
import time
if os.fork() == 0:
    while True:
        try:
            CHANNEL.send(["ok", ["total"], False])
        except OSError:
            os._exit(0)
        time.sleep(0.01)
os._exit(0)
""", only("runtime_error", "wrong_answer", "partial", "invalid")),
    Attack("threads and exit hooks", "a thread or hook holds up or outlives the end", """
import atexit
import signal
import threading
import time
atexit.register(time.sleep, 1000)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
for _ in range(4):
    threading.Thread(target=time.sleep, args=(1000,)).start()
print("started", threading.active_count() > 4)
""" + HONEST, ACCEPTED, says="started True"),
    Attack("signals outwards", "a signal reaches a process outside", """
import os
import signal
for pid in (*range(2, 400), os.getppid() or 2, -2, 2**22 - 1):
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
        try:
            os.kill(pid, number)
            print("ESCAPED", pid)
        except (ProcessLookupError, PermissionError):
            pass
os.kill(1, signal.SIGKILL)
os.kill(0, signal.SIGCONT)
print("sent")
""" + HONEST, ACCEPTED, says="sent"),
    Attack("a signal to everyone", "a signal to all processes reaches one outside", """
import os
import signal
import time
if os.fork() == 0:
    time.sleep(60)
os.kill(-1, signal.SIGKILL)
print("sent, and only one's own ended", os.WTERMSIG(os.wait()[1]) == 9)
""" + HONEST, ACCEPTED, says="sent, and only one's own ended True"),
    Attack("shared memory left behind", "a segment outlives the submission", """
import ctypes
libc = ctypes.CDLL(None)
for key in range(0x6000, 0x6010):
    libc.shmget(key, 1 << 20, 0o1666)
    libc.semget(key, 4, 0o1666)
""" + HONEST, ACCEPTED),
    Attack("a lock on a library", "a lock on a shared file blocks the next submission", """
import fcntl
import os

import torch

LOCK = os.open(torch.__file__, os.O_RDONLY)
try:
    fcntl.flock(LOCK, fcntl.LOCK_EX)
    print("ESCAPED: locked")
except OSError:
    print("refused lock")
""" + HONEST, ACCEPTED, says="refused lock"),
    Attack("locks, leases and notices of fcntl", "a library's file carries a sign from one submission to another", ATTEMPT + """
import fcntl
import struct

import torch

LIBRARY = os.open(torch.__file__, os.O_RDONLY)
FOLDER = os.open(os.path.dirname(torch.__file__), os.O_RDONLY)
attempt("lock", lambda: fcntl.lockf(LIBRARY, fcntl.LOCK_SH | fcntl.LOCK_NB))
attempt("open file lock", lambda: fcntl.fcntl(LIBRARY, 37, struct.pack("hhqqi", fcntl.F_RDLCK, 0, 0, 0, 0)))
attempt("look at locks", lambda: fcntl.fcntl(LIBRARY, fcntl.F_GETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0)))
attempt("lease", lambda: fcntl.fcntl(LIBRARY, fcntl.F_SETLEASE, fcntl.F_RDLCK))
attempt("notice", lambda: fcntl.fcntl(FOLDER, fcntl.F_NOTIFY, fcntl.DN_ACCESS | fcntl.DN_MULTISHOT))
""", ACCEPTED, says="refused lock"),
    Attack("stop the first process", "a stopped process holds up the judge", """
import os
import signal
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGSTOP)
""" + HONEST, ACCEPTED),
])
