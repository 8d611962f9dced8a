"""Recognises a known mistake: where a submission fails, the package's wrong solutions take the reference's place.

A test that fails against the reference but passes against a wrong solution says that the student's code computes what
that wrong solution computes; its sentence then says more than any difference of numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.contract import TestResult, Verdict
from sandbox.draws import Rng
from sandbox.guard import bounded
from sandbox.modules import HiddenTest, mistake_of, reference_of, tests_of
from sandbox.packages import Example, Package
from sandbox.pool import ZygoteLost
from sandbox.student import Session, Student
from sandbox.wire import EncodeError

MAX_TESTS = 4  # enough to tell mistakes apart; more would make every failure slow


def find(package: Package, session: Session, seed: int, results: Mapping[str, TestResult]) -> Example | None:
    """The known mistake that explains most of the failed tests, and at least half of them; None where there is none."""
    failed = [test for test in tests_of(package) if results[test.name].verdict is Verdict.WRONG_ANSWER][:MAX_TESTS]
    if not failed:
        return None
    best, most = None, 0
    for example in package.examples:
        if example.verdict == Verdict.WRONG_ANSWER and example.sentence:
            explained = sum(_explains(package, example, test, (session, seed)) for test in failed)
            if explained > most:
                best, most = example, explained
    return best if 2 * most >= len(failed) else None


def _explains(package: Package, example: Example, test: HiddenTest, run: tuple[Session, int]) -> bool:
    session, seed = run
    try:
        mistake = mistake_of(package, example.path)
    except Exception:  # a mistake that cannot even be loaded has no values to compare
        return False
    if _passes(test, mistake, reference_of(package), seed):
        return False  # this test does not tell the mistake from the solution
    with session.hidden(True), bounded(session):
        return session.stopped is None and _passes(test, Student(session), mistake, seed)


def _passes(test: HiddenTest, student: object, reference: object, seed: int) -> bool:
    try:
        test.run(student, reference, Rng(seed, test.name))
    except (ZygoteLost, EncodeError):
        raise
    except Exception:
        return False
    return True
