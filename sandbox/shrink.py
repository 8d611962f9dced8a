"""The smallest failing case of a visible test: its drawn sizes are made smaller for as long as it still fails.

A size is a number in the shapes that the test draws; all equal ones shrink together, so that what belongs together stays
so. A candidate counts only if the reference passes the shrunk test (else the test itself cannot be made that small).
"""

from __future__ import annotations

import torch

from sandbox.compare import Mismatch, show
from sandbox.contract import Text
from sandbox.draws import Rng
from sandbox.guard import bounded
from sandbox.modules import HiddenTest, reference_of
from sandbox.packages import Package
from sandbox.student import Session, Student

MAX_TRIES = 16
SMALL = (1, 2, 3, 5)


class Watching(Rng):
    """Knows for each tensor how many answers the student had given when it was drawn."""

    def __init__(self, session: Session, seed: int, name: str, sizes: dict[int, int]) -> None:
        super().__init__(seed, name, sizes)
        self.session = session
        self.answers: list[int] = []

    def _keep(self, tensor: torch.Tensor) -> torch.Tensor:
        self.answers.append(self.session.answers)
        return super()._keep(tensor)

    def last_inputs(self) -> list[torch.Tensor]:
        """What was drawn for the last question: in a loop over sizes, what came before has passed."""
        return [tensor for tensor, answers in zip(self.drawn, self.answers, strict=True) if answers == self.answers[-1]]


def smallest(package: Package, test: HiddenTest, session: Session, seed: int) -> tuple[Mismatch, Text] | None:
    """The mismatch of the smallest case found, and its inputs in words; None when nothing smaller fails."""
    sizes: dict[int, int] = {}
    found, tries = None, 0
    for size in sorted(_drawn(package, test, seed), reverse=True):
        for smaller in (small for small in SMALL if small < size):
            tries += 1
            if tries > MAX_TRIES or session.stopped is not None:
                return found
            failure = _failure(package, test, Watching(session, seed, test.name, {**sizes, size: smaller}))
            if failure is not None:
                sizes[size], found = smaller, failure
                break
    return found


def _drawn(package: Package, test: HiddenTest, seed: int) -> set[int]:
    """The sizes that the test draws, larger than one."""
    rng, reference = Rng(seed, test.name), reference_of(package)
    try:
        test.run(reference, reference, rng)
    except Exception:
        return set()
    return {size for tensor in rng.drawn for size in tensor.shape if size > 1}


def _failure(package: Package, test: HiddenTest, rng: Watching) -> tuple[Mismatch, Text] | None:
    reference = reference_of(package)
    try:
        test.run(reference, reference, Rng(rng.seed, rng.name, rng.sizes))
    except Exception:
        return None
    try:
        with bounded(rng.session):
            test.run(Student(rng.session), reference, rng)
    except Mismatch as mismatch:
        if "nan" in mismatch.detail.en.partition("actual: ")[0]:  # too small for the reference: it has no answer there
            return None
        inputs = "; ".join(show(tensor) for tensor in rng.last_inputs()[:4])
        return mismatch, Text(f"가장 작은 실패 입력: {inputs}", f"smallest input that fails: {inputs}")
    except Exception:  # fails in another way there: not the same mistake made smaller
        return None
    return None
