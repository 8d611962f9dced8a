"""Package + source -> Report.

The stages of one judgement: read the source, load it in the jail, run the visible tests, then the hidden ones, look for a
known mistake where some failed, report. Each stage may end it early with a verdict.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import platform
import time
from collections.abc import Callable, Iterator
from typing import Self, TypeVar

import torch

from sandbox import messages
from sandbox.contract import Limits, Report, Source, TestResult, Text, Verdict
from sandbox.jail import JailMissing
from sandbox.modules import tests_of
from sandbox.packages import Package
from sandbox.pool import TMP_MB, Child, Pool, ZygoteLost
from sandbox.sandboxes import open_pool
from sandbox.student import Session
from sandbox.trial import Invalid, Judgement, check_file, judge_in
from sandbox.wire import Channel

log = logging.getLogger(__name__)

T = TypeVar("T")

FILE_MB = 32
TRIES = 2  # a zygote that is lost before any student code ran is replaced once


class Judge:
    """Judges one submission after another with one warm zygote. Made in the worker's main thread."""

    def __init__(self) -> None:
        torch.set_num_threads(1)
        self.zygote: Pool | None = None

    def run(self, package: Package, source: Source, seed: int | None = None,
            on_progress: Callable[[float], None] = lambda share: None) -> Report:
        """The report on one submission; `on_progress` hears the share of tests that have run.

        Raises jail.JailMissing where no jail can be built. Every other fault of ours is a report with JUDGE_ERROR.
        """
        seed = seed_of(package, source) if seed is None else seed
        try:
            check_file(source)
        except Invalid as error:
            return _refusal(package, seed, error.message)
        for _ in range(TRIES):
            try:
                return self._judge(package, source, seed, on_progress)
            except (ZygoteLost, OSError):
                log.exception("the jail failed while judging %s", package.slug)
                self.close()
            except JailMissing:
                raise
            except Exception:  # a test of the package is broken: the next try would only break again
                log.exception("a test of %s is broken", package.slug)
                break
        return _judge_error(package, seed)

    def _judge(self, package: Package, source: Source, seed: int, on_progress: Callable[[float], None]) -> Report:
        with self.confined(package.limits) as (child, session):
            judgement = Judgement(package, source, seed, session)
            judge_in(judgement, on_progress)
            child.kill()
            return report_of(judgement, child.peak_mb())

    @contextlib.contextmanager
    def confined(self, limits: Limits, tmp_mb: int = TMP_MB, file_mb: int = FILE_MB) -> Iterator[tuple[Child, Session]]:
        """A fresh process under `limits` and the conversation with it. Raises ZygoteLost, OSError or JailMissing: see `retrying`."""
        zygote = self._ready_zygote()
        child = zygote.acquire(tmp_mb)
        try:
            child.confine(limits)
            session = open_session(child, limits, file_mb)
            zygote.prepare_spare()
            yield child, session
        finally:
            child.close()

    def retrying(self, work: Callable[[], T]) -> T:
        """What `work` returns. Where the jail fails under it, it is tried once more with a new zygote; then ZygoteLost or OSError."""
        for left in reversed(range(TRIES)):
            try:
                return work()
            except (ZygoteLost, OSError):
                self.close()
                if not left:
                    raise
                log.exception("the jail failed; trying again with another zygote")
        raise AssertionError("the last try returns or raises")

    def _ready_zygote(self) -> Pool:
        if self.zygote is not None and self.zygote.worn:
            self.close()
        if self.zygote is None:
            self.zygote = open_pool()
        return self.zygote

    def warm_up(self) -> None:
        """Starts the zygote now, so that the first submission need not wait. Raises jail.JailMissing."""
        self._ready_zygote()

    def close(self) -> None:
        """Ends the zygote."""
        if self.zygote is not None:
            self.zygote.close()
            self.zygote = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def seed_of(package: Package, source: Source) -> int:
    """The seed of a submission's hidden inputs: the same file and package always get the same verdict.

    The package's hash is a secret that the student does not have: the source alone would let them foresee the inputs.
    """
    return int.from_bytes(hashlib.sha256(package.hash.encode() + source.data).digest()[:6], "little")


def open_session(child: Child, limits: Limits, file_mb: int = FILE_MB) -> Session:
    """The conversation with a confined child, past its "start". Raises ZygoteLost when the child fails by itself."""
    channel = Channel(child.sock)
    child.sock.settimeout(30)
    options = {"seconds": limits.seconds, "processes": limits.processes, "file_mb": file_mb, "threads": 1,
               "data_mb": child.data_limit_mb(limits)}
    try:
        channel.send(["start", options])
        answer = channel.receive(time.monotonic() + 30)
    except (OSError, EOFError) as error:
        raise ZygoteLost("the jail ended before the submission was loaded") from error
    if answer != ["ok", None, False]:
        raise ZygoteLost("the jail did not lock its doors")
    return Session(channel, limits, child.cause_of_death)


def report_of(judgement: Judgement, peak_mb: float) -> Report:
    """The report: points added up, one verdict on the whole, one sentence."""
    package, session = judgement.package, judgement.session
    tests = tuple(judgement.results[test.name] for test in tests_of(package) if test.name in judgement.results)
    score = sum(test.points for test in tests)
    verdict = judgement.end or overall(tests)
    message = judgement.message or messages.verdict_text(verdict, package.limits)
    return Report(
        slug=package.slug, verdict=verdict, score=score, max_score=package.max_score, seconds=round(session.seconds, 4),
        peak_memory_mb=round(peak_mb, 1), tests=tests, message=message, stdout=session.stdout,
        judged_source=judgement.judged_source, mistake=judgement.mistake, error=judgement.error, **origin(package, judgement.seed))


def overall(tests: tuple[TestResult, ...]) -> Verdict:
    """Accepted when all passed, partial when some did, else the first failure's verdict."""
    failures = [test.verdict for test in tests if test.verdict is not Verdict.ACCEPTED]
    if not failures:
        return Verdict.ACCEPTED
    return Verdict.PARTIAL if len(failures) < len(tests) else failures[0]


def origin(package: Package, seed: int) -> dict:
    """What it takes to judge the same again."""
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    return {"seed": seed, "device": package.device, "versions": versions, "package_hash": package.hash,
            "limits": package.limits}


def _refusal(package: Package, seed: int, message: Text) -> Report:
    return Report(slug=package.slug, verdict=Verdict.INVALID, score=0.0, max_score=package.max_score, message=message,
                  **origin(package, seed))


def _judge_error(package: Package, seed: int) -> Report:
    """What went wrong is in the log, for us: its text may hold hidden inputs."""
    return Report(slug=package.slug, verdict=Verdict.JUDGE_ERROR, score=0.0, max_score=package.max_score,
                  message=messages.verdict_text(Verdict.JUDGE_ERROR, package.limits), **origin(package, seed))
