"""The trusted stand-in for the student's module: each call crosses the wire, values and handles come back.

    student.standardize(x)         a function of the module: its value
    student.FashionCNN(10)         an object that stays in the jail: a Remote
    remote(x)  remote.step(0.5)  len(remote)  remote[3]  list(remote)  remote.get("patience")
"""

from __future__ import annotations

import builtins
import contextlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from sandbox.contract import NO_TEXT, Limits, Text, Verdict
from sandbox.wire import Channel, EncodeError, Handle, WireError

MAX_ITEMS = 100_000
MAX_LINE = 100_000
MAX_LINES = 5
# Class names are shown in hidden tests too, where a name of the student's making could carry a hidden input out.
ERROR_NAMES = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
ERROR_NAMES |= {"OutOfMemoryError", "LinAlgError"}
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class StudentError(Exception):
    """Student code raised. `type_name` is a class of Python's or torch's; `text` is the student's own, for them alone.

    `lines` are line numbers of their source, the innermost last.
    """

    def __init__(self, type_name: str, text: str, lines: tuple[int, ...] = ()) -> None:
        super().__init__(type_name)
        self.type_name, self.text, self.lines = type_name, text, lines

    @property
    def line(self) -> int:
        """Where it was raised, or 0."""
        return self.lines[-1] if self.lines else 0


class InputChanged(Exception):
    """A call altered one of its arguments.

    This is the jail's own word: whoever patches the check away is believed, and has gained nothing but a bad habit.
    """


class Stopped(Exception):
    """The student's process is over: `verdict` and, where more is known, `message` say why."""

    def __init__(self, verdict: Verdict, message: Text = NO_TEXT) -> None:
        super().__init__(verdict)
        self.verdict, self.message = verdict, message


class Session:
    """One submission's conversation with its jail, under one clock and one bound on what is printed.

    `find_cause` is asked when the process is gone: a death may have been the memory limit's work.
    """

    def __init__(self, channel: Channel, limits: Limits, find_cause: Callable[[], tuple[Verdict, Text]]) -> None:
        self.channel = channel
        self.limits = limits
        self.find_cause = find_cause
        self.left = limits.seconds  # of the student's own time: what the reference needs is not counted
        self.printed: list[str] = []
        self.printed_size = 0
        self.show_output = True  # off in hidden tests: what is printed there could carry their inputs
        self.is_native = False  # on for tests that know nothing of the jail: Python's own exceptions, arguments may change
        self.stopped: Stopped | None = None
        self.answers = 0

    def request(self, operation: str, *arguments: Any) -> Any:
        """The answer's value.

        Raises StudentError or InputChanged; Stopped when time, memory or the bound on output are used up; EncodeError when
        an argument cannot travel, which is the test's fault.
        """
        if self.stopped is not None:
            raise self.stopped
        started = time.monotonic()
        try:
            return self._answer([operation, *arguments], started + self.left)
        except EncodeError:
            raise
        except StudentError as error:
            if self.is_native:
                raise native(error) from error
            raise
        except TimeoutError:
            self.stopped = Stopped(Verdict.TIME_LIMIT)
        except (EOFError, ConnectionError):
            self.stopped = Stopped(*self.find_cause())
        except WireError:
            self.stopped = Stopped(Verdict.RUNTIME_ERROR)
        finally:
            self.left -= time.monotonic() - started
            self.answers += 1
        raise self.stopped

    def _answer(self, request: list, deadline: float) -> Any:
        self.channel.sock.settimeout(max(0.001, deadline - time.monotonic()))
        self.channel.send(request)
        while True:
            answer = self.channel.receive(deadline)
            if type(answer) is not list or not answer or type(answer[0]) is not str:
                raise WireError("not an answer")
            word, *fields = answer
            if word == "ok" and len(fields) == 2 and type(fields[1]) is bool:
                if fields[1]:
                    raise InputChanged
                return fields[0]
            if word == "error":
                raise _student_error(fields)
            if word != "out" or len(fields) != 1 or type(fields[0]) is not str:
                raise WireError("not an answer")
            self._take_output(fields[0])

    def stop(self, verdict: Verdict) -> NoReturn:
        """Ends the session: every further request raises Stopped with this verdict."""
        self.stopped = Stopped(verdict)
        raise self.stopped

    def _take_output(self, text: str) -> None:
        self.printed_size += len(text.encode("utf-8", "replace"))
        if self.show_output:
            self.printed.append(clean(text).encode(errors="replace").decode())
        if self.printed_size > self.limits.output_kb * 1024:
            self.stop(Verdict.OUTPUT_LIMIT)

    @contextlib.contextmanager
    def hidden(self, is_hidden: bool) -> Iterator[None]:
        """Within a hidden test nothing that is printed is kept."""
        before, self.show_output = self.show_output, not is_hidden
        try:
            yield
        finally:
            self.show_output = before

    @property
    def seconds(self) -> float:
        """How long the student's process has been at work."""
        return self.limits.seconds - self.left

    @property
    def stdout(self) -> str:
        """What was printed where it may be shown, cut to the limit."""
        return "".join(self.printed).encode()[: self.limits.output_kb * 1024].decode(errors="ignore")


def clean(text: str) -> str:
    """Student text without control characters: no database takes NUL, and no terminal should obey the rest."""
    return CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _student_error(fields: list) -> StudentError:
    kinds = (str, str, list)
    if len(fields) != 3 or any(type(field) is not kind for field, kind in zip(fields, kinds, strict=True)):
        raise WireError("not an error")
    name, text, lines = fields
    own = tuple(line for line in lines[:MAX_LINES] if type(line) is int and 0 < line <= MAX_LINE)
    return StudentError(name if name in ERROR_NAMES else "Exception", clean(text[:2000]), own)


def native(error: StudentError) -> Exception:
    """The exception of Python's own that student code raised, as far as the name and the text tell."""
    kind = getattr(builtins, error.type_name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        with contextlib.suppress(TypeError):  # UnicodeDecodeError and the like want more than a text
            return kind(error.text)
    return RuntimeError(error.text)


class Remote:
    """Something in the jail: the student's function or class by its name, or an object by its handle.

    Attributes are remote too; `get` fetches a value.
    """

    def __init__(self, session: Session, handle: int | str | None, names: tuple[str, ...] = ()) -> None:
        self._session = session
        self._handle = handle
        self._names = names

    @property
    def _target(self) -> list:
        return [self._handle, list(self._names)]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        arguments = [outgoing(value) for value in args]
        named = {name: outgoing(value) for name, value in kwargs.items()}
        return self._ask("apply" if self._session.is_native else "call", arguments, named)

    def __getattr__(self, name: str) -> Remote:
        if name.startswith("__"):
            raise AttributeError(name)
        return Remote(self._session, self._handle, (*self._names, name))

    def get(self, name: str) -> Any:
        """The value of attribute `name` (dots allowed)."""
        return Remote(self._session, self._handle, (*self._names, *name.split(".")))._ask("get")

    def __len__(self) -> int:
        length = self._ask("length")
        if type(length) is not int or length < 0:
            raise StudentError("TypeError", "len()")
        return length

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", outgoing(key))

    def __iter__(self) -> Iterator[Any]:
        answer = self._ask("iterate", MAX_ITEMS)
        if type(answer) is not tuple or len(answer) != 2 or type(answer[0]) is not list:
            raise Stopped(Verdict.RUNTIME_ERROR)
        if answer[1]:
            raise StudentError("RuntimeError", f"more than {MAX_ITEMS} items")
        return iter(answer[0])

    def ask_model(self, operation: str, *arguments: Any) -> Any:
        """One of the operations of inside/models.py."""
        return self._ask("model", operation, self._target, *arguments, targeted=False)

    def _ask(self, operation: str, *arguments: Any, targeted: bool = True) -> Any:
        sent = (self._target, *arguments) if targeted else arguments
        return incoming(self._session.request(operation, *sent), self._session)

    def __repr__(self) -> str:
        return f"<student's {'.'.join(self._names) or 'object'}>"


class Student(Remote):
    """The student's module. `student.name` is remote; `given` is the package's given.py in the jail."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, None)
        self.given = Remote(session, "given")

    def seed(self, number: int) -> None:
        """Seeds the random generators of the student's process."""
        self._ask("seed", number, targeted=False)


def outgoing(value: Any) -> Any:
    """`value` with every Remote in it as the handle it stands for."""
    if isinstance(value, Remote):
        if not isinstance(value._handle, int) or value._names:
            raise TypeError("only objects can be passed, not names of the student's module")
        return Handle(value._handle)
    if type(value) in (list, tuple):
        return type(value)(outgoing(item) for item in value)
    if type(value) is dict:
        return {key: outgoing(item) for key, item in value.items()}
    return value


def incoming(value: Any, session: Session) -> Any:
    """`value` with every handle in it as a Remote."""
    if isinstance(value, Handle):
        return Remote(session, value.id)
    if type(value) in (list, tuple):
        return type(value)(incoming(item, session) for item in value)
    if type(value) is dict:
        return {key: incoming(item, session) for key, item in value.items()}
    return value
