"""One submission on its way through the stages: read, load in the jail, visible tests, hidden tests, known mistakes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sandbox import messages, mistakes, shrink
from sandbox.compare import Mismatch
from sandbox.contract import NO_TEXT, Source, TestResult, Text, Verdict
from sandbox.draws import Rng
from sandbox.guard import bounded
from sandbox.modules import HiddenTest, reference_of, tests_of
from sandbox.packages import Package
from sandbox.pool import ZygoteLost
from sandbox.student import InputChanged, Session, Stopped, Student, StudentError
from sandbox.wire import EncodeError

MAX_SOURCE_MB = {".py": 1, ".ipynb": 10}
MEMORY_WORDS = ("can't allocate memory", "not enough memory", "std::bad_alloc", "out of memory")


class Invalid(Exception):
    """The submission cannot be judged, and why; `type_name` where an exception says so."""

    def __init__(self, message: Text, type_name: str = "") -> None:
        super().__init__(message.en)
        self.message, self.type_name = message, type_name


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
    error: str = ""  # the class of the first exception
    message: Text = NO_TEXT
    end: Verdict | None = None  # a verdict on the whole, from before or beyond the tests

    def stop(self, verdict: Verdict, message: Text = NO_TEXT) -> None:
        """Ends the judgement with this verdict."""
        self.end, self.message = verdict, message


def seed_inside(seed: int) -> int:
    """The seed of the student's own random numbers, from which the hidden inputs' cannot be found."""
    return int.from_bytes(hashlib.sha256(f"inside {seed}".encode()).digest()[:4], "little")


def judge_in(judgement: Judgement, on_progress: Callable[[float], None]) -> None:
    """Loads and tests the submission; what comes of it is left in `judgement`."""
    try:
        load(judgement)
    except Invalid as error:
        judgement.error = error.type_name
        return judgement.stop(Verdict.INVALID, error.message)
    except StudentError as error:
        return judgement.stop(error_verdict(error), error_text(judgement, error, is_hidden=False))
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
    package, session = judgement.package, judgement.session
    judgement.judged_source = source_text(session, judgement.source, package.wanted)
    if package.given:
        session.request("give", package.given)
    name = "notebook.py" if is_notebook(judgement.source) else "submission.py"
    execute_in(session, Program(judgement.judged_source, name, package.wanted), judgement.seed)


@dataclass(frozen=True, slots=True)
class Program:
    """Python text to be executed under a file's name, and the names it must define."""

    text: str
    name: str
    wanted: Sequence[str]


def execute_in(session: Session, program: Program, seed: int) -> None:
    """Executes a program in the jail. Raises Invalid, StudentError or Stopped."""
    wanted = list(program.wanted)
    try:
        session.request("seed", seed_inside(seed))
        missing = session.request("load", program.text, program.name, wanted)
    except StudentError as error:
        if error.type_name in ("SyntaxError", "IndentationError", "TabError"):
            raise Invalid(messages.syntax_error(error.line, error.text), error.type_name) from error
        raise
    except InputChanged:  # nothing was given that could change: a forged answer
        missing = wanted
    if missing != []:
        names = {name for name in missing if type(name) is str} if type(missing) is list else set()
        raise Invalid(messages.missing_names([name for name in wanted if name in names] or wanted))


def is_notebook(source: Source) -> bool:
    """Whether the file is a notebook, by its name."""
    return source.name.lower().endswith(".ipynb")


def source_text(session: Session, source: Source, wanted: Sequence[str]) -> str:
    """The Python text of a file: what the `wanted` names need of a notebook. Raises Invalid or Stopped."""
    if not is_notebook(source):
        return source.data.decode("utf-8-sig")
    try:
        text = session.request("notebook", source.data, list(wanted))
    except StudentError as error:
        raise Invalid(messages.NOTEBOOK_PROBLEMS.get(error.text, messages.BROKEN_NOTEBOOK)) from error
    if type(text) is not str:
        raise Invalid(messages.BROKEN_NOTEBOOK)
    return text


def run_test(judgement: Judgement, test: HiddenTest) -> TestResult:
    """Runs one test. A fault of the test's own raises; a fault of the student's is a result."""
    session = judgement.session
    if session.stopped is not None:
        return replace(_result(test, session.stopped.verdict, messages.NOT_RUN), ran=False)
    started = session.seconds
    try:
        with session.hidden(not test.visible), bounded(session):
            test.run(Student(session), reference_of(judgement.package), Rng(judgement.seed, test.name))
        return _result(test, Verdict.ACCEPTED, messages.PASSED, session.seconds - started)
    except Mismatch as error:
        verdict, message = Verdict.WRONG_ANSWER, mismatch_text(judgement, test, error)
    except InputChanged:
        verdict, message = Verdict.WRONG_ANSWER, messages.INPUT_CHANGED
    except StudentError as error:
        verdict, message = error_verdict(error), error_text(judgement, error, is_hidden=not test.visible)
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
    reference = reference_of(package)
    try:
        test.run(reference, reference, Rng(seed, test.name))
    except Exception:
        return False
    return True


def _result(test: HiddenTest, verdict: Verdict, message: Text, seconds: float = 0.0) -> TestResult:
    points = test.points if verdict is Verdict.ACCEPTED else 0.0
    return TestResult(test.name, test.title, verdict, points, test.points, message, test.visible, round(seconds, 4))


def mismatch_text(judgement: Judgement, test: HiddenTest, error: Mismatch) -> Text:
    """Reason; for a visible test the smallest case that fails, expected and actual; the hint, unless the reason says all."""
    inputs = NO_TEXT
    if test.visible:
        smaller = shrink.smallest(judgement.package, test, judgement.session, judgement.seed)
        error, inputs = smaller or (error, NO_TEXT)
    hint = messages.hint(test.hint) if test.hint and not error.says_all else NO_TEXT
    parts = [error.reason, inputs, error.detail if test.visible else NO_TEXT, hint]
    return Text("\n".join(part.ko for part in parts if part.ko), "\n".join(part.en for part in parts if part.en))


def error_text(judgement: Judgement, error: StudentError, is_hidden: bool) -> Text:
    """What was raised; its class is noted."""
    judgement.error = judgement.error or error.type_name
    return text_of_error(judgement.judged_source, error, is_hidden)


def text_of_error(source: str, error: StudentError, is_hidden: bool) -> Text:
    """What was raised, and the student's own lines of `source` on the way there.

    An exception's text may hold the input it was raised for, and the way through the lines too: a hidden test shows the
    class and the last line only.
    """
    listing = source.split("\n")
    lines = [(line, listing[line - 1].strip()) for line in error.lines if line <= len(listing)]
    shown = lines[-1:] if is_hidden else lines
    note = messages.explained(error.text)
    said = messages.raised(error.type_name, "" if is_hidden or note else error.text, shown)
    return Text(f"{said.ko}\n{note.ko}", f"{said.en}\n{note.en}") if note else said


def error_verdict(error: StudentError) -> Verdict:
    """Runtime error, or memory limit where the error says that no memory was left."""
    text = error.text.lower()
    out_of_memory = error.type_name in ("MemoryError", "OutOfMemoryError") or any(word in text for word in MEMORY_WORDS)
    return Verdict.MEMORY_LIMIT if out_of_memory else Verdict.RUNTIME_ERROR
