"""Package + source -> Report.

The stages of one judgement: read the source, load it in the jail, run the visible tests, then the hidden ones, look for a
known mistake where some failed, report. Each stage may end it early with a verdict.
"""

from __future__ import annotations

import hashlib
import logging
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import torch

from sandbox import messages, mistakes
from sandbox.compare import Mismatch
from sandbox.contract import NO_TEXT, Limits, Report, Source, TestResult, Text, Verdict
from sandbox.draws import Rng
from sandbox.jail import JailMissing
from sandbox.modules import HiddenTest, Local, reference_of, tests_of
from sandbox.packages import Package
from sandbox.pool import Child, Zygote, ZygoteLost
from sandbox.student import InputChanged, Session, Stopped, Student, StudentError
from sandbox.wire import Channel, EncodeError

log = logging.getLogger(__name__)

MAX_SOURCE_MB = {".py": 1, ".ipynb": 10}
FILE_MB = 32
TRIES = 2  # a zygote that is lost before any student code ran is replaced once
MEMORY_WORDS = ("can't allocate memory", "not enough memory", "std::bad_alloc", "out of memory")


class Invalid(Exception):
    """The submission cannot be judged, and why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(slots=True)
class Judgement:
    """One submission on its way through the stages."""

    package: Package
    source: Source
    seed: int
    session: Session
    results: dict[str, TestResult] = field(default_factory=dict)
    judged_source: str = ""
    mistake: str = ""
    message: Text = NO_TEXT
    end: Verdict | None = None  # a verdict on the whole, from before or beyond the tests

    def stop(self, verdict: Verdict, message: Text = NO_TEXT) -> None:
        """Ends the judgement with this verdict."""
        self.end, self.message = verdict, message


class Judge:
    """Judges one submission after another with one warm zygote. Made in the worker's main thread."""

    def __init__(self) -> None:
        torch.set_num_threads(1)
        self.zygote: Zygote | None = None

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
        zygote = self._ready_zygote()
        child = zygote.acquire()
        try:
            child.confine(package.limits)
            session = open_session(child, package.limits)
            zygote.prepare_spare()
            judgement = Judgement(package, source, seed, session)
            judge_in(judgement, on_progress)
            child.kill()
            return report_of(judgement, child.peak_mb())
        finally:
            child.close()

    def _ready_zygote(self) -> Zygote:
        if self.zygote is not None and self.zygote.worn:
            self.close()
        if self.zygote is None:
            self.zygote = Zygote()
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


def seed_inside(seed: int) -> int:
    """The seed of the student's own random numbers, from which the hidden inputs' cannot be found."""
    return int.from_bytes(hashlib.sha256(f"inside {seed}".encode()).digest()[:4], "little")


def check_file(source: Source) -> None:
    """Raises Invalid when the file is not even a text of the right kind and size. Nothing is parsed here."""
    suffix = "." + source.name.rpartition(".")[2].lower()
    if suffix not in MAX_SOURCE_MB:
        raise Invalid(messages.WRONG_SUFFIX)
    most = MAX_SOURCE_MB[suffix]
    if len(source.data) > most << 20:
        raise Invalid(Text(messages.TOO_LARGE.ko.format(mb=most), messages.TOO_LARGE.en.format(mb=most)))
    if not source.data.strip():
        raise Invalid(messages.EMPTY)
    try:
        source.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(messages.NOT_UTF8) from error
    if b"\0" in source.data:
        raise Invalid(messages.NUL_BYTES)


def open_session(child: Child, limits: Limits) -> Session:
    """The conversation with a confined child, past its "start". Raises ZygoteLost when the child fails by itself."""
    channel = Channel(child.sock)
    child.sock.settimeout(30)
    options = {"seconds": limits.seconds, "processes": limits.processes, "file_mb": FILE_MB, "threads": 1,
               "data_mb": child.data_limit_mb(limits)}
    try:
        channel.send(["start", options])
        answer = channel.receive(time.monotonic() + 30)
    except (OSError, EOFError) as error:
        raise ZygoteLost("the jail ended before the submission was loaded") from error
    if answer != ["ok", None, False]:
        raise ZygoteLost("the jail did not lock its doors")
    return Session(channel, limits, child.cause_of_death)


def judge_in(judgement: Judgement, on_progress: Callable[[float], None]) -> None:
    """Loads and tests the submission; what comes of it is left in `judgement`."""
    try:
        load(judgement)
    except Invalid as error:
        return judgement.stop(Verdict.INVALID, error.message)
    except StudentError as error:
        return judgement.stop(_error_verdict(error), messages.raised(error.type_name, error.line, error.text))
    except Stopped as error:
        return judgement.stop(error.verdict, error.message)
    tests = tests_of(judgement.package)
    for number, test in enumerate(sorted(tests, key=lambda test: not test.visible)):  # visible ones first
        judgement.results[test.name] = run_test(judgement, test)
        on_progress((number + 1) / len(tests))
    stopped = judgement.session.stopped
    if stopped is not None:
        return judgement.stop(stopped.verdict, stopped.message)
    found = mistakes.find(judgement.package, judgement.session, judgement.seed, judgement.results)
    if found is not None:
        judgement.mistake, judgement.message = found.name, found.sentence
    return None


def load(judgement: Judgement) -> None:
    """Reads and executes the student's source in the jail. Raises Invalid, StudentError or Stopped."""
    session, wanted = judgement.session, list(judgement.package.wanted)
    name = "notebook.py" if is_notebook(judgement.source) else "submission.py"
    judgement.judged_source = _source_text(judgement)
    try:
        session.request("seed", seed_inside(judgement.seed))
        missing = session.request("load", judgement.judged_source, name, wanted)
    except StudentError as error:
        if error.type_name in ("SyntaxError", "IndentationError", "TabError"):
            raise Invalid(messages.syntax_error(error.line, error.text)) from error
        raise
    except InputChanged:  # nothing was given that could change: a forged answer
        missing = wanted
    if missing != []:
        names = {name for name in missing if type(name) is str} if type(missing) is list else set()
        raise Invalid(messages.missing_names([name for name in wanted if name in names] or wanted))


def is_notebook(source: Source) -> bool:
    """Whether the file is a notebook, by its name."""
    return source.name.lower().endswith(".ipynb")


def _source_text(judgement: Judgement) -> str:
    source = judgement.source
    if not is_notebook(source):
        return source.data.decode("utf-8-sig")
    try:
        text = judgement.session.request("notebook", source.data, list(judgement.package.wanted))
    except StudentError as error:
        raise Invalid(messages.NOTEBOOK_PROBLEMS.get(error.text, messages.BROKEN_NOTEBOOK)) from error
    if type(text) is not str:
        raise Invalid(messages.BROKEN_NOTEBOOK)
    return text


def run_test(judgement: Judgement, test: HiddenTest) -> TestResult:
    """Runs one test. A fault of the test's own raises; a fault of the student's is a result."""
    session = judgement.session
    if session.stopped is not None:
        return _result(test, session.stopped.verdict, messages.NOT_RUN)
    started = session.seconds
    try:
        with session.hidden(not test.visible):
            test.run(Student(session), Local(reference_of(judgement.package)), Rng(judgement.seed, test.name))
        return _result(test, Verdict.ACCEPTED, messages.PASSED, session.seconds - started)
    except Mismatch as error:
        verdict, message = Verdict.WRONG_ANSWER, _mismatch_text(test, error)
    except InputChanged:
        verdict, message = Verdict.WRONG_ANSWER, messages.INPUT_CHANGED
    except StudentError as error:
        verdict, message = _error_verdict(error), _error_text(test, error)
    except Stopped as error:
        verdict, message = error.verdict, error.message or messages.verdict_text(error.verdict, session.limits)
    except (ZygoteLost, EncodeError):
        raise
    except Exception:  # the test stumbled over what came back: the student's fault if the reference gets through
        if not passes_with_reference(judgement.package, test, judgement.seed):
            raise
        verdict, message = Verdict.WRONG_ANSWER, messages.UNUSABLE
    return _result(test, verdict, message, session.seconds - started)


def passes_with_reference(package: Package, test: HiddenTest, seed: int) -> bool:
    """Whether the test accepts the reference in the student's place."""
    reference = Local(reference_of(package))
    try:
        test.run(reference, reference, Rng(seed, test.name))
    except Exception:
        return False
    return True


def _result(test: HiddenTest, verdict: Verdict, message: Text, seconds: float = 0.0) -> TestResult:
    points = test.points if verdict is Verdict.ACCEPTED else 0.0
    return TestResult(test.name, test.title, verdict, points, test.points, message, test.visible, round(seconds, 4))


def _mismatch_text(test: HiddenTest, error: Mismatch) -> Text:
    """Reason, hint and, for a visible test only, what was expected and what came."""
    parts = [error.reason, test.hint, error.detail if test.visible else NO_TEXT]
    return Text("\n".join(part.ko for part in parts if part.ko), "\n".join(part.en for part in parts if part.en))


def _error_text(test: HiddenTest, error: StudentError) -> Text:
    """An exception's text may hold the input it was raised for: it is shown for visible tests only."""
    return messages.raised(error.type_name, error.line, error.text if test.visible else "")


def _error_verdict(error: StudentError) -> Verdict:
    text = error.text.lower()
    out_of_memory = error.type_name in ("MemoryError", "OutOfMemoryError") or any(word in text for word in MEMORY_WORDS)
    return Verdict.MEMORY_LIMIT if out_of_memory else Verdict.RUNTIME_ERROR


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
        judged_source=judgement.judged_source, mistake=judgement.mistake, **origin(package, judgement.seed))


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
