"""Resources: memory, time, processes, output, disk. The limits are those of target.py unless an attack has its own."""

from tests.sandbox.attacks import ACCEPTED, CHANNEL, FAILED, HONEST, Attack, only

MEMORY, TIME, OUTPUT = only("memory_limit"), only("time_limit"), only("output_limit")
SHORT = {"seconds": 0.6}


def bomb(body: str) -> str:
    """A source that does `body` while it is loaded and is honest afterwards."""
    return body + HONEST


ATTACKS = [
    Attack("memory: Python", "more than the limit is held", bomb("held = []\nwhile True:\n    held.append(bytearray(1 << 20))\n"), MEMORY),
    Attack("memory: one tensor", "more than the limit is held", bomb("import torch\nheld = torch.ones(1 << 28)\n"), MEMORY),
    Attack("memory: shared mapping", "memory that is shared is not counted", bomb("""
import mmap
held = []
for _ in range(32):
    held.append(mmap.mmap(-1, 16 << 20))
    held[-1].write(bytes(16 << 20))
"""), MEMORY),
    Attack("memory: anonymous files", "a memfd is not counted", bomb("""
import os
for _ in range(32):
    descriptor = os.memfd_create("held")
    for _ in range(16):
        os.write(descriptor, bytes(1 << 20))
"""), only("memory_limit", "runtime_error")),
    Attack("memory: System V segments", "a segment is not counted", bomb("""
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for _ in range(32):
    address = libc.shmat(libc.shmget(0, 16 << 20, 0o1600), None, 0)
    if address in (None, 2**64 - 1):
        raise OSError("no segment")
    ctypes.memset(address, 1, 16 << 20)
"""), only("memory_limit", "runtime_error")),
    Attack("memory: many processes", "each process has the limit to itself", bomb("""
import os
import time
for _ in range(4):
    if os.fork() == 0:
        held = bytearray(100 << 20)
        time.sleep(60)
held = bytearray(100 << 20)
time.sleep(60)
"""), only("memory_limit", "time_limit"), limits=SHORT),
    Attack("memory: socket buffers", "the kernel's buffers are not counted", bomb("""
import socket
pairs = []
while True:
    left, right = socket.socketpair()
    pairs += [left, right]
    left.setblocking(False)
    left.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
    try:
        while True:
            left.send(bytes(1 << 16))
    except BlockingIOError:
        pass
"""), only("memory_limit", "runtime_error", "time_limit")),
    Attack("memory: one huge int", "a huge int stalls or fills the worker", "def total(x, word):\n    return 1 << (1 << 30)\n"),
    Attack("memory: claimed by expand()", "a tensor of 10**15 elements is laid out", "import torch\n\n\ndef total(x, word):\n"
           "    return torch.zeros(1).expand(10**15)\n", only("wrong_answer")),
    Attack("processes: fork bomb", "more processes than allowed run", """
import os
import time
for _ in range(1000):
    try:
        if os.fork() == 0:
            time.sleep(0.7)  # the parent is to get far enough to see the end of it
            while True:
                pass
    except OSError:
        print("no more", flush=True)
        break
while True:
    pass
""", TIME, says="no more", limits={"seconds": 1.3}),
    Attack("processes: thread bomb", "more threads than allowed run", bomb("""
import threading
import time
try:
    for _ in range(1000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
except RuntimeError:
    print("no more")
"""), ACCEPTED, says="no more"),
    Attack("time: a loop", "it runs past the limit", "while True:\n    pass\n", TIME, limits=SHORT),
    Attack("time: sleep", "it sleeps past the limit", "import time\ntime.sleep(1e6)\n", TIME, limits=SHORT),
    Attack("time: C code under the interpreter's lock", "C code that never lets go cannot be stopped", "x = 7 ** (10**9)\n", TIME, limits=SHORT),
    Attack("time: a regular expression", "backtracking cannot be stopped",
           "import re\nre.match('(a*)*b', 'a' * 60)\n", TIME, limits=SHORT),
    Attack("time: endless iterators", "an endless zip cannot be stopped",
           "import itertools\nlist(zip(itertools.repeat(1), iter(int, 1))) if False else sum(itertools.repeat(0))\n", TIME, limits=SHORT),
    Attack("time: deaf to signals", "ignoring signals buys time", """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
""", TIME, limits=SHORT),
    Attack("time: refuses to read", "a full channel holds up the judge", CHANNEL + """
import time
CHANNEL.receive = lambda *a: time.sleep(1e6)
""", TIME, limits=SHORT),
    Attack("time: hangs up and stays", "a closed channel holds up the judge", "import os\nimport time\nos.closerange(3, 300)\ntime.sleep(1e6)\n",
           only("runtime_error", "time_limit"), limits=SHORT),
    Attack("time: half a frame", "an answer that never ends holds up the judge", CHANNEL + """
import time
CHANNEL.sock.sendall(struct.pack("<IQ", 100, 0) + b"x")
time.sleep(1e6)
""", TIME, limits=SHORT),
    Attack("output: many small writes", "all that is printed is kept", "while True:\n    print('x')\n", OUTPUT),
    Attack("output: one huge write", "all that is printed is kept", bomb("print('x' * (50 << 20))\n"), OUTPUT),
    Attack("output: nothing, for ever", "empty output costs nothing and never ends", CHANNEL + "while True:\n    CHANNEL.send(['out', ''])\n",
           only("time_limit", "output_limit", "runtime_error"), limits=SHORT),
    Attack("output: in hidden tests", "output that is not shown is not limited", """
def total(x, word):
    if len(word) > 5:
        while True:
            print("x" * 1000)
    return x.sum() * 2 + len(word)
""", OUTPUT),
    Attack("output: a long error", "an error's text is kept whole", "raise ValueError('x' * (100 << 20))\n", only("runtime_error")),
    Attack("disk: /tmp", "the disk is filled", bomb("""
count = 0
try:
    for number in range(100):
        with open(f"/tmp/{number}", "wb") as file:
            for _ in range(16):
                file.write(bytes(1 << 20))
                count += 1
except OSError as error:
    print("full", count <= 64, error.errno)
"""), ACCEPTED, says="full True 28"),
    Attack("disk: empty files", "the disk's index is filled", bomb("""
try:
    for number in range(100_000):
        open(f"/tmp/{number}", "w").close()
except OSError as error:
    print("full", number < 5000)
"""), ACCEPTED, says="full True"),
    Attack("descriptors", "this machine's table of open files is filled", bomb("""
import os
held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    print("no more", len(held) < 300)
for descriptor in held:
    os.close(descriptor)
"""), ACCEPTED, says="no more True"),
    Attack("memory: pipes", "the kernel's buffers of pipes are not counted", bomb("""
import fcntl
import os
held, pipes = 0, []
try:
    while True:
        pipes += os.pipe2(os.O_NONBLOCK)
        writer = pipes[-1]
        try:
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 1 << 20)
        except OSError:
            pass
        try:
            while True:
                held += os.write(writer, bytes(1 << 16))
        except BlockingIOError:
            pass
except OSError:
    print("no more", held < 140 << 20)
for descriptor in pipes:
    os.close(descriptor)
"""), ACCEPTED, says="no more True"),
    Attack("timers", "the queue of signals, which is a user's, is filled for all neighbours", bomb("""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
made = 0
while made < 100_000 and libc.syscall(222, 1, None, ctypes.byref(ctypes.c_int())) == 0:  # timer_create
    made += 1
print("no more", 0 < made < 2000)
"""), ACCEPTED, says="no more True"),
    Attack("handles", "every object that stays in the jail costs the worker something", "class Thing:\n    pass\n\n\n"
           "def total(x, word):\n    return [Thing() for _ in range(40_000)]\n"),
    Attack("recursion", "deep recursion kills more than the submission", bomb("""
import sys
sys.setrecursionlimit(10**9)
def down(n):
    return down(n + 1) + 1
class Deep:
    def __repr__(self):
        return repr(self)
down(0)
""")),
    Attack("iterator without end", "endless values are all taken", "class Endless(tuple):\n    def __iter__(self):\n        while True:\n            yield 1\n"
           "\n\ndef total(x, word):\n    return Endless((1, 2))\n"),
    Attack("length of 2**62", "a length is believed", "class Long(list):\n    def __len__(self):\n        return 2**62\n"
           "\n\ndef total(x, word):\n    return Long([1])\n"),
    Attack("dict without end", "endless pairs are all taken", "class Endless(dict):\n    def items(self):\n        while True:\n            yield 1, 2\n"
           "\n\ndef total(x, word):\n    return Endless(a=1)\n"),
    Attack("source: nested parentheses", "the compiler is exhausted", "x = " + "(" * 50_000 + ")" * 50_000),
    Attack("source: a chain of signs", "the compiler is exhausted", "x = " + "-" * 300_000 + "1\n"),
    Attack("source: a chain of attributes", "the compiler is exhausted", "x = a" + ".b" * 200_000),
    Attack("source: a chain of sums", "the compiler is exhausted", "x = " + "+".join(["1"] * 100_000)),
    Attack("source: a giant constant", "folding constants fills memory", "x = 'a' * (1 << 40)\n"),
    Attack("source: two megabytes", "a source of any size is taken", "# x\n" * 500_001 + HONEST, only("invalid"), shown="invalid"),
    Attack("notebook: deep JSON", "the reader is exhausted", "[" * 200_000, FAILED, file="answer.ipynb"),
    Attack("notebook: is JSON, no notebook", "it is taken for one", '{"cells": {"a": 1}}', only("invalid"), file="answer.ipynb"),
    Attack("notebook: giant number", "a number of a million digits stalls", '{"cells": [], "nbformat": ' + "9" * 1_000_000 + "}",
           FAILED, file="answer.ipynb"),
    Attack("segmentation fault", "a crash is anything but a runtime error", "import ctypes\nctypes.string_at(0)\n", only("runtime_error")),
    Attack("abort", "an abort is anything but a runtime error", "import os\nos.abort()\n", only("runtime_error")),
]
