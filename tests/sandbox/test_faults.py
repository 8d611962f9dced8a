"""A fault of ours is judge_error or judged again: never a pass, never the student's 0."""

import contextlib

import psutil
import pytest

from sandbox import jail, pool
from sandbox.contract import Verdict
from sandbox.jail import JailMissing
from sandbox.judge import Judge
from sandbox.pool import ZygoteLost
from tests.sandbox.building import GOOD, one_test, package_of, source, why

BROKEN_TESTS = {
    "raises": one_test("student.shift(torch.ones(3))\nraise KeyError('ours')"),
    "raises before it asks": one_test("1 / 0"),
    "does not load": one_test("pass") + "\n1 / 0\n",
    "reference lacks the name": one_test("assert_close(student.shift(torch.ones(3)), reference.shfit(torch.ones(3)))"),
    "hands over what cannot travel": one_test("student.shift(object())"),
    "hands over what only the reference takes": one_test(
        "from fractions import Fraction\nassert_equal(student.shift(Fraction(1)), reference.shift(Fraction(1)))"),
}


@pytest.mark.parametrize("tests", BROKEN_TESTS.values(), ids=BROKEN_TESTS)
def test_a_broken_package_is_our_fault(judge, tmp_path, tests, run):
    report = judge.run(package_of(tmp_path, tests=tests), source(GOOD))
    assert report.verdict is Verdict.JUDGE_ERROR, why(report)
    assert not report.verdict.is_final
    assert report.score == 0
    assert "채점기" in report.message.ko
    assert run(source(GOOD)).verdict is Verdict.ACCEPTED


def test_a_zygote_killed_unseen_is_replaced(judge, run):
    """Killed a moment ago: the worker has not noticed when it asks for the next child."""
    assert run(source(GOOD)).verdict is Verdict.ACCEPTED
    judge.zygote.process.kill()
    assert run(source(GOOD)).verdict is Verdict.ACCEPTED


def _kill(zygote):
    """Kills the zygote with all that is in its jail, as a machine without memory would."""
    family = [*psutil.Process(zygote.process.pid).children(recursive=True), psutil.Process(zygote.process.pid)]
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=10)


def test_a_zygote_killed_during_a_submission_is_judged_again(judge, shift):
    kills = []

    def kill_once(share):
        if not kills:
            kills.append(share)
            _kill(judge.zygote)

    report = judge.run(shift, source(GOOD), on_progress=kill_once)
    assert kills
    assert report.verdict is Verdict.ACCEPTED, why(report)


def test_a_zygote_killed_every_time_is_a_judge_error(judge, shift):
    report = judge.run(shift, source(GOOD), on_progress=lambda share: _kill(judge.zygote))
    assert report.verdict is Verdict.JUDGE_ERROR, why(report)
    assert report.score == 0


def test_a_zygote_that_cannot_come_back_is_a_judge_error(shift, monkeypatch):
    def refuse(*_):
        raise ZygoteLost("no process can be started")

    monkeypatch.setattr(pool.Zygote, "__init__", refuse)
    with Judge() as judge:
        report = judge.run(shift, source(GOOD))
    assert report.verdict is Verdict.JUDGE_ERROR
    assert report.tests == ()
    assert report.score == 0


RANDOM = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(2))\n"


def test_a_worn_zygote_is_replaced_and_nobody_notices(judge, run, monkeypatch):
    judge.warm_up()
    first = judge.zygote
    monkeypatch.setattr(pool, "SUBMISSIONS_PER_ZYGOTE", first.prepared + 2)
    zygotes, printed = [], set()
    for _ in range(4):
        report = run(source(RANDOM + GOOD))
        assert report.verdict is Verdict.ACCEPTED
        zygotes.append(judge.zygote)
        printed.add(report.stdout)
    assert zygotes[0] is first
    assert zygotes[-1] is not first
    assert first.process.returncode is not None
    assert len(printed) == 1  # what a submission draws at load does not depend on its zygote


def test_without_bubblewrap_nothing_is_run(shift, monkeypatch, tmp_path):
    marker = tmp_path / "ran"
    monkeypatch.setenv("PATH", str(tmp_path))
    with Judge() as judge, pytest.raises(JailMissing, match="bubblewrap"):
        judge.run(shift, source(f"open({str(marker)!r}, 'w')\n" + GOOD))
    assert not marker.exists()


def test_without_libseccomp_nothing_is_run(shift, monkeypatch):
    def missing(*_):
        raise RuntimeError("Unable to find libseccomp")

    monkeypatch.setattr(jail.seccomp, "program", missing)
    with Judge() as judge, pytest.raises(JailMissing, match="libseccomp"):
        judge.run(shift, source(GOOD))


def test_a_file_name_that_is_no_text_does_no_harm(run):
    report = run(source(GOOD, "한\udcff글\n.py"))
    assert report.verdict is Verdict.ACCEPTED, why(report)
