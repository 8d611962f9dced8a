"""One warm judge for all of these tests, and the small exercise "shift" that most of them use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sandbox.contract import Report, Source
from sandbox.jail import JailMissing
from sandbox.judge import Judge
from sandbox.packages import Package
from sandbox.pool import ZygoteLost
from tests.sandbox.building import SHIFT_SUBMISSIONS, package_of


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """A judge with a warm zygote. Where no jail can be built, what needs it is skipped with a notice."""
    with Judge() as one:
        try:
            one.warm_up()
        except (JailMissing, ZygoteLost, OSError) as error:
            pytest.skip(f"no jail on this machine: {error}")
        yield one


@pytest.fixture(scope="session")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """`shift(x, by=1.0)` is x + by: one visible and two hidden tests, 30 + 30 + 40 points, two known mistakes."""
    return package_of(tmp_path_factory.mktemp("packages"), submissions=SHIFT_SUBMISSIONS)


@pytest.fixture
def run(judge: Judge, shift: Package) -> Callable[[Source], Report]:
    """run(source) -> the report of a submission to "shift"."""
    return lambda given: judge.run(shift, given)
