"""An attack's twin: the same source where a wall is missing. It must do there what it cannot do in the jail.

    dirty    two submissions in one process, as a kernel that is not restarted
    naive    the tests and the reference in the student's process, as most graders have them; still in the jail
    paper    a jail without inner walls: bubblewrap's world alone, with a user namespace's root, no filter, no limits, no
             child's own world, and this machine's /etc and the project's files in sight. Nothing reaches the host from there.
"""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Iterator
from pathlib import Path

from sandbox import listings
from sandbox.jail import bubblewrap
from sandbox.listings import Listing, evaluate
from sandbox.pool import Zygote
from tests.sandbox.attacks import Attack
from tests.sandbox.attacks.target import CANARIES, ENVIRONMENT_CANARY, WORD

LIMITS = listings.Limits(seconds=10.0, memory_mb=256, output_kb=64, processes=32)

# What runs behind an attack in the same process.
NEXT = """
import ctypes, threading
alive = []
for pid in range(2, 60):
    try:
        os.kill(pid, 0)
        alive.append(pid)
    except ProcessLookupError:
        pass
libc = ctypes.CDLL(None)
print("next", sorted(os.listdir("/tmp")), alive, threading.active_count(), libc.shmget(0x6000, 1, 0), libc.semget(0x6000, 1, 0))
answer = float(torch.ones(3).sum())
"""
NEXT = "import os\n" + NEXT
UNDISTURBED = "next [] [] 1 -1 -1\n"

# A grader as others write it: what is expected, the tests and a helper process lie in the student's own world.
BEFORE = f"""
import hashlib, os, sys, time, types
import torch
for name in ("judge", "modules", "checks"):
    sys.modules["sandbox." + name] = types.ModuleType("sandbox." + name)
victim = os.fork()
if victim == 0:
    time.sleep(60)
def reference(x, word):
    return x.sum() * 2 + len(word)
def tests():
    return reference
WORD = {WORD!r}
source = ATTACK
STUDENT = {{"__name__": "submission"}}
"""
AFTER = """
def graders(x, word):
    expected = reference(x, word)
    yield "==", lambda: bool((STUDENT["total"](x, word) == expected).all())
    yield "== of plain values", lambda: bool(STUDENT["total"](x, word) == float(expected))
    yield "torch.equal", lambda: torch.equal(STUDENT["total"](x, word), expected)
    yield "allclose", lambda: torch.allclose(STUDENT["total"](x, word), expected)
    yield "assert_close", lambda: torch.testing.assert_close(STUDENT["total"](x, word), expected) is None
    yield "difference", lambda: not abs(STUDENT["total"](x, word) - expected) > 1e-4
    yield "relative difference", lambda: not abs((got := STUDENT["total"](x, word)) - expected) / abs(got) > 1e-4
    yield "among the answers", lambda: expected in list(STUDENT["total"](x, word))
    yield "truth", lambda: STUDENT["total"](x, word) is True

def seeded(text, name):
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "little")
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return torch.randn(7, generator=torch.Generator().manual_seed(int.from_bytes(digest[:7], "little")))

for name, passes in graders(torch.tensor([2.0, 3.0, 30.0]), "ab"):
    try:
        if passes() is True:
            print("ROBBED", name)
    except Exception:
        pass
try:
    STUDENT["total"](seeded(source, "test_random"), WORD)
except KeyError:
    print("ROBBED seed")
except Exception:
    pass
time.sleep(0.05)
import atexit
atexit._run_exitfuncs()
answer = None
"""
SIGNS = ("ROBBED", "FOUND", "ESCAPED", "accepted", WORD)


def dirty(zygote: Zygote, source: str) -> bool:
    """Whether what runs next in the same process notices that this ran before."""
    outcomes = list(evaluate([Listing(source), Listing(NEXT)], 5.0, LIMITS, zygote))
    ended = outcomes[0].error.startswith("runtime_error")  # so poisoned that it could not go on
    return ended or outcomes[1].output != UNDISTURBED or outcomes[1].answers != (3.0,)


def naive(zygote: Zygote, source: str) -> bool:
    """Whether a grader in the student's own process is robbed: told that all is right, read out, or ended with success."""
    text = BEFORE.replace("ATTACK", repr(source)) + "exec(compile(source, 'answer.py', 'exec'), STUDENT)\n" + AFTER
    [outcome] = evaluate([Listing(text)], 10.0, LIMITS, zygote)
    left = outcome.error.startswith(("SystemExit", "runtime_error: The program ended itself"))
    return left or any(sign in outcome.output for sign in SIGNS)


# --- the paper jail ----------------------------------------------------------------------------------------------

OPENED = ("become", "enter_zygote_world", "enter_child_world", "mount_private", "keep_only", "limit", "drop_capabilities",
          "install_filter")
STARTER = """
import os, sys
sys.path[:0] = {paths!r}
from sandbox.inside import confine, zygote
for name in {opened!r}:
    setattr(confine, name, lambda *arguments: None)
confine.fork_into_new_pids = lambda own_pids: os.fork()
zygote.main()
"""
REPOSITORY = Path(__file__).resolve().parents[3]
SIGHTS = ("/etc", "/var/log")
# A name and a page to be found, for attacks that look for one.
SERVER = """
import ctypes, os, socket, time


def bound(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for _ in range(100):  # the server of the attack before may not be gone yet
        try:
            listener.bind(("127.0.0.1", port))
            break
        except OSError:
            time.sleep(0.02)
    listener.listen()
    return listener


for listener in map(bound, (80, 8000)):
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, 9)  # ends with the one that it is made for
        while True:
            connection, _ = listener.accept()
            connection.recv(4096)
            connection.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\npage")
            connection.close()
    listener.close()
"""


@contextlib.contextmanager
def paper_jail(sights: list[Path]) -> Iterator[Zygote]:
    """A zygote in a jail without inner walls, from which `sights` can be read too."""
    command = bubblewrap.command
    bubblewrap.command = lambda program, options: _paper_command(program, options, sights)  # type: ignore[assignment]
    os.environ["EXAMPREP_SECRET"] = ENVIRONMENT_CANARY
    try:
        with Zygote() as zygote:
            bubblewrap.command = command
            yield zygote
        _remove_groups(zygote)
    finally:
        bubblewrap.command = command


def _remove_groups(zygote: Zygote) -> None:
    """The groups of attacks whose processes lived on, for as long as that world did."""
    hierarchy = zygote.hierarchy
    for folder in filter(None, (hierarchy.memory, hierarchy.pids)) if hierarchy else ():
        for group in folder.glob(f"{os.getpid()}-*"):
            group.rmdir()


def _paper_command(program: str, options: str, sights: list[Path]) -> list[str]:
    words = [program, "--unshare-user", "--uid", "0", "--gid", "0", "--unshare-ipc", "--unshare-pid", "--unshare-net",
             "--unshare-uts", "--die-with-parent", "--new-session", "--cap-add", "ALL", *bubblewrap._environment()]
    root = bubblewrap._root()
    at = root.index("--remount-ro")
    words += [*root[:at], "--dev", "/dev", "--setenv", "EXAMPREP_SECRET", ENVIRONMENT_CANARY]
    for place in [*map(Path, SIGHTS), *sights]:
        words += ["--ro-bind", str(place), str(place)] if place.exists() else []
    words += ["--ro-bind", str(REPOSITORY / "fixtures" / "exercises" / "attention"), "/tmp/package"]
    paths = ["/judge", *(f"/judge/packages/{number}" for number in range(len(bubblewrap.site_packages())))]
    return [*words, "--chdir", "/", "--", bubblewrap.PYTHON, "-P", "-s", "-S", "-c",
            STARTER.format(paths=paths, opened=OPENED), options]


def paper(zygote: Zygote, attack: Attack, source: str) -> bool:
    """Whether it gets somewhere without inner walls: says so, does not say what it says in the jail, or ends otherwise."""
    [outcome] = evaluate([Listing(SERVER + source + f"\nimport torch\ntotal(torch.ones(2), {WORD!r})\n")], 10.0, LIMITS, zygote)
    died = outcome.error.startswith("runtime_error") and "accepted" in attack.verdicts
    output = outcome.output + _waiting(zygote)
    return died or "ESCAPED" in output or any(canary in output for canary in CANARIES) or attack.says not in output


def _waiting(zygote: Zygote) -> str:
    """What was written to the zygote's own standard error, which in the jail no child has."""
    assert zygote.process.stderr is not None
    descriptor, text = zygote.process.stderr.fileno(), b""
    while select.select([descriptor], [], [], 0)[0]:
        text += os.read(descriptor, 4096)
    return text.decode(errors="replace")
