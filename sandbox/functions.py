"""One completion of a function, judged by a hidden `check(candidate)`: the form of HumanEval's tasks.

    prompt + completion   run in the jail
    test                  runs here, in the trusted worker: each call of `candidate` crosses the wire

The test is the instructor's and knows nothing of the jail: an exception of the student's is raised here as Python's own
class, a value comes back as plain data, a tensor or an array, and any other object as a stand-in whose calls, items and
length travel too. No method of the student's objects (an `__eq__` that always agrees) runs here. What a call does to its
arguments stays in the jail: a test must look at what is returned.
"""

from __future__ import annotations

import functools
import random
import types
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy
import torch

from sandbox import messages
from sandbox.contract import NO_TEXT, Limits, Text, Verdict
from sandbox.guard import bounded
from sandbox.judge import Judge
from sandbox.pool import ZygoteLost
from sandbox.prompts import closed
from sandbox.student import Session, Stopped, Student, StudentError
from sandbox.trial import Invalid, Program, error_verdict, execute_in, seed_inside, text_of_error
from sandbox.wire import EncodeError

FILE = "completion.py"
WRONG = Text("숨은 테스트를 통과하지 못했습니다.", "The hidden test fails.")


@dataclass(frozen=True, slots=True)
class Task:
    """What a completion is judged by. `prompt` ends where the completion begins; `test` defines `check(candidate)` and may
    use what the prompt defines.
    """

    name: str
    prompt: str
    entry_point: str
    test: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one completion. `message` tells no hidden input; `error` is the class of the exception it raised."""

    verdict: Verdict
    message: Text = NO_TEXT
    error: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.ACCEPTED


def judge_completion(judge: Judge, task: Task, completion: str, limits: Limits, seed: int) -> Judged:
    """Runs the hidden test on `prompt + completion`, in a process of its own.

    The same seed gives the same random inputs. Raises JailMissing, ZygoteLost or OSError where the jail fails, and whatever
    a broken test raises before it has called the candidate.
    """
    return judge.retrying(lambda: _judge(judge, task, completion, (limits, seed)))


def _judge(judge: Judge, task: Task, completion: str, terms: tuple[Limits, int]) -> Judged:
    limits, seed = terms
    source = task.prompt + completion
    with judge.confined(limits) as (_child, session):
        try:
            with session.hidden(True):
                execute_in(session, Program(source, FILE, [task.entry_point]), seed)
                judged = _check(task, session, source, seed)
        except Invalid as error:
            judged = Judged(Verdict.INVALID, error.message, error.type_name)
        except StudentError as error:
            judged = Judged(error_verdict(error), text_of_error(source, error, is_hidden=True), error.type_name)
        except Stopped as error:
            judged = Judged(error.verdict, error.message or messages.verdict_text(error.verdict, limits))
        return replace(judged, seconds=round(session.seconds, 4))


def _check(task: Task, session: Session, source: str, seed: int) -> Judged:
    """Calls `check`. What it raises is the completion's failure: `check_competition` has seen it pass with the solution."""
    space = _names_of(task)
    candidate = getattr(Student(session), task.entry_point)
    space[task.entry_point] = candidate
    _seed_tests(seed)
    session.is_native = True
    failure: BaseException | None = None
    try:
        with bounded(session):
            space["check"](candidate)
    except (ZygoteLost, EncodeError):  # the jail's fault, or the test's
        raise
    except Exception as error:
        failure = error
    finally:
        session.is_native = False
    if session.stopped is not None:  # also where the test caught it
        raise session.stopped
    return Judged(Verdict.ACCEPTED, messages.PASSED) if failure is None else _failure(failure, source)


def _failure(failure: BaseException, source: str) -> Judged:
    for error in _chain(failure):
        if isinstance(error, StudentError):
            return Judged(error_verdict(error), text_of_error(source, error, is_hidden=True), error.type_name)
        if isinstance(error, ZygoteLost):
            raise error
    return Judged(Verdict.WRONG_ANSWER, WRONG)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and what it was raised from or during, the outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _seed_tests(seed: int) -> None:
    """Seeds this process's generators, for tests that draw inputs: not as the student's own are, see trial.seed_inside."""
    number = seed_inside(seed ^ 0x7E57)
    random.seed(number)
    numpy.random.seed(number)
    torch.manual_seed(number)


@functools.lru_cache(maxsize=512)
def _codes(task: Task) -> tuple[types.CodeType, types.CodeType]:
    return (compile(closed(task.prompt), f"{task.name} prompt", "exec", dont_inherit=True),
            compile(task.test, f"{task.name} test", "exec", dont_inherit=True))


def _names_of(task: Task) -> dict:
    """What the prompt and the test define. Both are the instructor's."""
    space: dict = {"__name__": "hidden_test"}
    for code in _codes(task):
        exec(code, space)
    return space
