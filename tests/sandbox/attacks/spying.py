"""Spying: the hidden inputs, this machine, other people's work."""

from tests.sandbox.attacks import ACCEPTED, ATTEMPT, CHANNEL, HONEST, Attack, only, shown_by

ERRORS = only("runtime_error", "partial", "wrong_answer")


def hidden(body: str, before: str = "import torch\n") -> str:
    """A source that is honest in the example and runs `body` once it sees the hidden word."""
    lines = "\n".join("        " + line for line in body.strip().splitlines())
    return f"{before}\n\ndef total(x, word):\n    if len(word) > 5:\n{lines}\n    return x.sum() * 2 + len(word)\n"


LEAKS = {
    "exception text": "raise ValueError(f'{word} {x.tolist()}')",
    "exception class name": "raise type(word, (Exception,), {})(word)",
    "class name that claims torch": "raise type(word, (Exception,), {'__module__': 'torch'})(word)",
    "class name that claims builtins": "raise type(word, (Exception,), {'__module__': 'builtins'})(word)",
    "syntax error": "raise SyntaxError(word, (word, 271828, 1, word))",
    "cause, note and traceback": "error = ValueError(word)\nerror.add_note(word)\nraise error from KeyError(word)",
    "group of exceptions": "raise ExceptionGroup(word, [ValueError(word)])",
    "printed": "print(word, x.tolist())",
    "standard error and warnings": "import sys, warnings\nprint(word, file=sys.stderr)\nwarnings.warn(word)",
    "descriptors 1 and 2": "import os\nos.write(1, word.encode())\nos.write(2, word.encode())",
    "printed at exit": "import atexit\natexit.register(print, word, flush=True)",
    "printed by a thread later": "import threading\nthreading.Timer(0.02, print, [word], {'flush': True}).start()",
    "name of a type": "return type(word, (), {})()",
    "name of a tensor's type": "return torch.zeros(1).as_subclass(type(word, (torch.Tensor,), {}))",
    "shape": "return torch.zeros(int(x[0]), 0)",
    "keys": "return {word: x, 'value': x}",
    "value": "return word",
    "length": "return [0] * (int(x[0]) if x[0] > 9 else 3)",
    "exit code": "import os\nos._exit(int(x[0]) % 256)",
    "line number past the file": "exec(compile(chr(10) * 271827 + 'raise ValueError', 'answer.py', 'exec'), globals())",
}

NOT_OVER_THE_WIRE = {"leak: descriptors 1 and 2": "paper", "leak: printed at exit": "naive", "leak: printed by a thread later": "naive",
                     "leak: exit code": "odd", "environment": "paper", "files of this machine": "paper", "every readable file": "paper",
                     "other processes": "paper", "inherited descriptors": "paper", "descriptors through the channel": "time",
                     "who is the judge": "said"}
ATTACKS = shown_by({"": "crossed"} | NOT_OVER_THE_WIRE, [
    *(Attack(f"leak: {name}", "the hidden input leaves by this way", hidden(body),
             ERRORS | ACCEPTED if "print" in body or "write" in body else ERRORS)
      for name, body in LEAKS.items()),
    Attack("leak: forged error type", "an error frame of the student's own carries the input", CHANNEL + hidden(
        "CHANNEL.send(['error', word, word, [1]])"), ERRORS),
    Attack("leak: forged line number", "a line number of a thousand digits carries the input", CHANNEL + hidden(
        "CHANNEL.send(['error', 'ValueError', '', [int.from_bytes(word.encode(), 'little')]])"), ERRORS),
    Attack("leak: forged line within 64 bits", "a line that the file does not have is shown", CHANNEL + hidden(
        "CHANNEL.send(['error', 'ValueError', '', [int(x[0])]])"), ERRORS),
    Attack("leak: forged refusal", "the detail of a refused value is shown", CHANNEL + hidden(
        "from sandbox.wire import Refused\nreturn Refused('subclass', word)"), ERRORS),
    Attack("leak: invented refusal", "the reason of a refused value is shown as it came", CHANNEL + hidden(
        "from sandbox.wire import Refused\nreturn Refused(word, word)"), ERRORS),
    Attack("leak: forged handle type", "a handle's type name is shown", CHANNEL + hidden(
        "from sandbox.wire import Handle\nreturn Handle(5, word)"), ERRORS),
    Attack("leak: output kept for the next request", "output sent behind an answer is shown later", CHANNEL + hidden(
        "CHANNEL.send(['ok', x.sum() * 2 + len(word), False])\nCHANNEL.send(['out', word])"),
        ERRORS | ACCEPTED),
    Attack("environment", "the worker's environment is seen", """
import os
print("variables", sorted(os.environ))
print(dict(os.environ))
""" + HONEST, ACCEPTED, says="variables"),
    Attack("files of this machine", "a file of this machine's disk can be read", ATTEMPT + """
for path in ("{host_file}", "{package}/tests.py", "{repository}/sandbox/judge.py", "/etc/passwd", "/etc/shadow",
             "/etc/hostname", "/root/.bashrc", "/home", "/var/log", "/run", "/sys/class/net", "/boot",
             "/judge/sandbox/judge.py", "/judge/sandbox/modules.py", "/proc/1/environ", "/proc/self/maps",
             "/proc/self/mem", "/proc/self/root/etc/passwd", "/proc/mounts", "/proc/cpuinfo", "/dev/mem", "/dev/kmsg"):
    attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(80))
""", ACCEPTED, says="refused /etc/shadow"),
    Attack("every readable file", "the tests, the reference or a settings file lie somewhere inside", """
import os
found, seen = [], 0
for folder in ("/judge/sandbox", "/tmp", "/etc", "/dev", "/usr/share"):
    for place, _, names in os.walk(folder):
        seen += len(names)
        found += [name for name in names if name in ("tests.py", "reference.py", "exercise.yaml", "settings.py", "db.sqlite3")]
print("seen", seen > 3, "found", found)
""" + HONEST, ACCEPTED, says="seen True found []"),
    Attack("other processes", "a process that is not the student's can be seen", """
import os
print("proc", os.listdir("/proc"))
alive = []
for pid in range(1, 3000):
    try:
        os.kill(pid, 0)
        alive.append(pid)
    except ProcessLookupError:
        pass
print("alive", alive, "parent", os.getppid())
""" + HONEST, ACCEPTED, says="proc []\nalive [1] parent 0"),
    Attack("inherited descriptors", "a descriptor beside the channel is inherited", """
import os
import stat
kinds = {}
for descriptor in range(1024):
    try:
        kinds[descriptor] = stat.S_IFMT(os.fstat(descriptor).st_mode)
    except OSError:
        pass
print("open", sorted(kinds.values()) == sorted([stat.S_IFCHR] * 3 + [stat.S_IFSOCK]))
""" + HONEST, ACCEPTED, says="open True"),
    Attack("descriptors through the channel", "the judge takes descriptors, or answers with some", CHANNEL + """
import array
import os
given = array.array("i", [os.open("/dev/null", os.O_RDONLY)] * 50)
CHANNEL.sock.sendmsg([b"\\x01"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, given)])
""", limits={"seconds": 0.5}),
    Attack("who is the judge", "the other end tells its process number", CHANNEL + """
pid, _, _ = struct.unpack("3i", CHANNEL.sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
print("peer", pid)
""", ACCEPTED, says="peer 0"),
])
