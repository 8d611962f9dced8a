"""The judge on a GPU: the cycle with contexts that are open already, against the CPU's and against a script that opens its own."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

from sandbox import packages
from sandbox.contract import Limits, Source, Verdict
from sandbox.jail import bubblewrap, gpu
from sandbox.judge import Judge, open_session
from sandbox.pool import Zygote
from tests.bench.bench_judge import seconds_of

SLUGS = ("tensor-standardize", "cnn-classifier")
CYCLES = 20
SCRIPTS = 3
BARE = "import torch; torch.zeros(1, device='cuda')"
# Enough work to see the GPU: a matrix product, timed inside the jail and in a plain interpreter.
PRODUCT = """
import time, torch
torch.backends.cuda.matmul.allow_tf32 = False
a = torch.randn(4096, 4096, device="cuda")
for _ in range(3):
    a @ a
torch.cuda.synchronize()
started = time.perf_counter()
for _ in range(20):
    a @ a
torch.cuda.synchronize()
print("seconds", (time.perf_counter() - started) / 20)
"""


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted); one row that says so where there is no GPU."""
    found = gpu.find()
    if found is None or not gpu.torch_is_built_for_it(bubblewrap.site_packages()):
        why = "no NVIDIA GPU on this machine" if found is None else f"{found.name} is here, but the torch installed is for CPUs only"
        yield "GPU", f"nothing measured: {why}", ""
        return
    yield "GPU", f"{found.name}, {found.memory_mb} MB, driver {found.driver}", ""
    script = statistics.median(seconds_of(BARE) for _ in range(SCRIPTS))
    yield f"a bare script until its CUDA context is open, median of {SCRIPTS}", f"{script * 1000:.0f} ms", ""
    with Judge() as judge:
        for slug in SLUGS:
            taken = {device: statistics.median(cycles(judge, slug, device)) for device in ("cuda", "cpu")}
            yield (f"whole cycle of {slug} on the GPU, warm, median of {CYCLES}",
                   f"{taken['cuda'] * 1000:.1f} ms (on the CPU {taken['cpu'] * 1000:.1f} ms)", "")
    yield from in_the_jail()


def cycles(judge: Judge, slug: str, device: str) -> list[float]:
    """The seconds of whole judgements of the reference. The next context opens meanwhile; it is waited for outside the clock."""
    package = replace(packages.find(slug), device=device)
    source = Source("reference.py", (package.path / "reference.py").read_bytes())
    taken = []
    for _ in range(CYCLES + 1):
        started = time.perf_counter()
        report = judge.run(package, source)
        taken.append(time.perf_counter() - started)
        assert report.verdict is Verdict.ACCEPTED, report
        spare = judge.zygotes[device].spare
        if spare is not None and spare.settling is not None:
            spare.settling.result()
    return taken[1:]


def in_the_jail() -> Iterator[tuple[str, str, str]]:
    """How long a child takes until its context is open, its memory then, and a matrix product inside."""
    limits = Limits(seconds=60, memory_mb=2048)
    with Zygote(device="cuda") as zygote:
        started = time.perf_counter()
        child = zygote.acquire()
        opened = time.perf_counter() - started
        try:
            child.confine(limits)
            session = open_session(child, limits)
            session.request("load", PRODUCT, "product.py", [])
            product = float(session.stdout.split()[-1])
        finally:
            child.close()
    yield "a child from fork to an open context", f"{opened * 1000:.0f} ms", ""
    yield "... its GPU memory before student code", f"{child.gpu_base_mb:.0f} MB", ""
    yield "a float32 product of two 4096 x 4096 matrices in the jail", f"{product * 1000:.2f} ms ({2 * 4096**3 / product / 1e12:.1f} TFLOP/s)", ""
