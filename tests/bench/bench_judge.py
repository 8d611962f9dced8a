"""The judge's own speed: the whole cycle with a warm zygote, against `import torch` of the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from sandbox import packages
from sandbox.contract import Source, Verdict
from sandbox.judge import Judge

CYCLES = 60
IMPORTS = 5
WORKERS = 2
SECONDS = 10.0


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted) for every figure."""
    imports = statistics.median(seconds_of_import() for _ in range(IMPORTS))
    yield "`python -c 'import torch'`", f"{imports * 1000:.0f} ms", ""
    for slug, most in (("tensor-standardize", "<= 60 ms, and 30 times faster than the import"), ("cnn-classifier", "")):
        cycle = statistics.median(cycles(slug, CYCLES))
        yield f"whole cycle of {slug}, warm, median of {CYCLES}", f"{cycle * 1000:.1f} ms ({imports / cycle:.0f} x faster)", most
    with ProcessPoolExecutor(WORKERS) as pool:
        rate = sum(pool.map(verdicts_per_second, range(WORKERS)))
    yield f"tensor-standardize, {WORKERS} workers at once", f"{rate:.0f} verdicts/s", ">= 20"


def seconds_of_import() -> float:
    """What a fresh interpreter takes to import torch."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return time.perf_counter() - started


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
