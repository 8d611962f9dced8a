"""What the jail costs a long run: the same training script inside and outside, taking turns."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator

from sandbox.contract import Limits
from sandbox.judge import open_session
from sandbox.pool import Zygote

TURNS = 3
LIMITS = Limits(seconds=120, memory_mb=1024)

# About 20 s on one core of a small machine; its own clock leaves out the import of torch, which the zygote has done.
TRAINING = """
import time, torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(0)
x, y = torch.randn(2048, 1, 28, 28), torch.randint(0, 10, (2048,))
model = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
                      nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 49, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
def epoch():
    for first in range(0, 2048, 64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[first:first + 64]), y[first:first + 64]).backward()
        optimizer.step()
epoch()
started = time.perf_counter()
for _ in range(EPOCHS):
    epoch()
print("seconds", time.perf_counter() - started)
"""


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted)."""
    one = outside(2) / 2
    epochs = max(1, round(20 / one))
    pairs = [(inside(epochs), outside(epochs)) for _ in range(TURNS)]
    jail, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    yield f"training in the jail against outside, median of {TURNS}", f"{jail:.2f} s / {bare:.2f} s = {jail / bare:.3f}", "<= 1.03"


def outside(epochs: int) -> float:
    """Seconds of the training loop in a plain interpreter."""
    script = TRAINING.replace("EPOCHS", str(epochs))
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(run.stdout.split()[-1])


def inside(epochs: int) -> float:
    """Seconds of the training loop in the jail."""
    with Zygote() as zygote:
        child = zygote.acquire()
        try:
            child.confine(LIMITS)
            session = open_session(child, LIMITS)
            session.request("load", TRAINING.replace("EPOCHS", str(epochs)), "training.py", [])
            return float(session.stdout.split()[-1])
        finally:
            child.close()
