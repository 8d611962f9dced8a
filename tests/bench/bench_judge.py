"""The judge's own speed: the whole cycle with a warm zygote, against `import torch` of the same run."""

from __future__ import annotations

import pickle
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import psutil
import torch

from sandbox import packages
from sandbox.contract import Source, Verdict
from sandbox.judge import Judge
from sandbox.pool import Zygote
from sandbox.wire import Channel, decode, encode

# Issue by issue the wishes grow: the second is the later one.
SLUGS = {"tensor-standardize": "<= 60 ms (30), and 30 times faster than the import", "cnn-classifier": "(<= 120 ms)"}
# What others do: the hidden tests inside the student's own process.
BARE = """
import sys
from sandbox import packages
from sandbox.draws import Rng
from sandbox.modules import reference_of, tests_of
package = packages.find(sys.argv[1])
for test in tests_of(package):
    test.run(reference_of(package), reference_of(package), Rng(1, test.name))
"""
FRAMES = 20
CYCLES = 60
IMPORTS = 5
WORKERS = 2
SECONDS = 10.0


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted) for every figure."""
    imports = statistics.median(seconds_of("import torch") for _ in range(IMPORTS))
    yield "`python -c 'import torch'`", f"{imports * 1000:.0f} ms", ""
    for slug, most in SLUGS.items():
        cycle = statistics.median(cycles(slug, CYCLES))
        yield f"whole cycle of {slug}, warm, median of {CYCLES}", f"{cycle * 1000:.1f} ms ({imports / cycle:.0f} x faster)", most
        bare = statistics.median(seconds_of(BARE, slug) for _ in range(IMPORTS))
        yield f"... a bare script that runs the same tests in one process, median of {IMPORTS}", f"{bare * 1000:.0f} ms", ""
    with ProcessPoolExecutor(WORKERS) as pool:
        rate = sum(pool.map(verdicts_per_second, range(WORKERS)))
    yield f"tensor-standardize, {WORKERS} workers at once", f"{rate:.0f} verdicts/s", ">= 20 (40)"
    yield "... bare scripts, as many at once", f"{scripts_per_second():.1f} /s", ""
    yield from memory()
    yield "... of a bare script that runs the same tests (resident, at its end)", f"{memory_of_a_script():.0f} MB", ""
    yield "a frame of 64 MB of tensors, decoded (without a copy)", f"{decoded_in() * 1000:.3f} ms", "<= 64 ms (1 GB/s)"
    yield "... the same by pickle.loads", f"{unpickled_in() * 1000:.3f} ms", ""
    yield "... sent, received and decoded", f"{64 / 1024 / received_in():.1f} GB/s", ""


def seconds_of(script: str, *arguments: str) -> float:
    """What a fresh interpreter takes for `script`."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", script, *arguments], check=True)
    return time.perf_counter() - started


def scripts_per_second() -> float:
    """How many bare scripts a second run on as many cores as the workers have, over SECONDS."""
    with ThreadPoolExecutor(WORKERS) as threads:
        started = time.perf_counter()
        taken = list(threads.map(lambda _: _scripts_until(started + SECONDS), range(WORKERS)))
        return sum(taken) / (time.perf_counter() - started)


def _scripts_until(end: float) -> int:
    count = 0
    while time.perf_counter() < end:
        seconds_of(BARE, "tensor-standardize")
        count += 1
    return count


def memory_of_a_script() -> float:
    """MB of a bare script when its tests have run."""
    script = BARE + "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    run = subprocess.run([sys.executable, "-c", script, "tensor-standardize"], check=True, capture_output=True, text=True)
    return float(run.stdout)


def memory() -> Iterator[tuple[str, str, str]]:
    """What a zygote holds by itself, and what each of its children adds before it sees student code."""
    with Zygote() as zygote:
        child = zygote.acquire()
        servers = [p for p in psutil.Process(zygote.process.pid).children(recursive=True) if p.pid != child.pid]
        own = max(server.memory_info().rss for server in servers) / (1 << 20)
        private = psutil.Process(child.pid).memory_full_info().uss / (1 << 20)
        child.close()
    yield "a zygote's own memory (resident)", f"{own:.0f} MB", "<= 350 MB"
    yield "a child's own memory before student code", f"{private:.0f} MB", "<= 60 MB"


def decoded_in() -> float:
    """Seconds for a frame whose body is there already: the tensors share its memory."""
    _, header, *body = encode(tensors())
    received = np.frombuffer(b"".join(body), np.uint8).copy()
    started = time.perf_counter()
    for _ in range(FRAMES):
        decode(bytes(header), received)
    return (time.perf_counter() - started) / FRAMES


def unpickled_in() -> float:
    """Seconds for the same tensors by pickle, which no untrusted side may send."""
    data = pickle.dumps(tensors())
    started = time.perf_counter()
    for _ in range(FRAMES):
        pickle.loads(data)
    return (time.perf_counter() - started) / FRAMES


def received_in() -> float:
    """Seconds for a frame from one end of a socket to the other."""
    left, right = socket.socketpair()
    with left, right:
        sender = threading.Thread(target=lambda: [Channel(left).send(tensors()) for _ in range(FRAMES)])
        sender.start()
        channel, taken = Channel(right), []
        for _ in range(FRAMES):
            started = time.perf_counter()
            channel.receive()
            taken.append(time.perf_counter() - started)
        sender.join()
    return statistics.median(taken)


def tensors() -> list[torch.Tensor]:
    return [torch.ones(4 << 20) for _ in range(4)]


def cycles(slug: str, count: int) -> list[float]:
    """The seconds of `count` whole judgements of the reference, after one that warms up."""
    package = packages.find(slug)
    source = Source("reference.py", (package.path / "reference.py").read_bytes())
    taken = []
    with Judge() as judge:
        for _ in range(count + 1):
            started = time.perf_counter()
            report = judge.run(package, source)
            taken.append(time.perf_counter() - started)
            assert report.verdict is Verdict.ACCEPTED, report
    return taken[1:]


def verdicts_per_second(_: int) -> float:
    """How many judgements one worker makes in a second, over SECONDS."""
    package = packages.find("tensor-standardize")
    source = Source("reference.py", (package.path / "reference.py").read_bytes())
    with Judge() as judge:
        judge.run(package, source)
        started, count = time.perf_counter(), 0
        while time.perf_counter() - started < SECONDS:
            judge.run(package, source)
            count += 1
        return count / (time.perf_counter() - started)
