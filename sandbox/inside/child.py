"""Serves one submission from inside the jail: loads the student's source, then answers the judge's calls.

Nothing here keeps a secret and nothing it says is believed: a student's code runs in the same process and may say
anything on the same descriptor. The judge takes values from here, and judges them outside.

Requests and answers are lists on the wire:

    ["start", {limits}]                                    first, still trusted: locks the last doors
    ["notebook", bytes, wanted]                            -> value: the source that counts, see notebooks.py
    ["load", source, file name, wanted]                    -> value: which of the wanted names are missing
    ["call", target, args, kwargs] ["get", target] ["length", target] ["item", target, key]
    ["iterate", target, most] ["seed", number] ["model", operation, target, ...]
    ["give", source]                                       executes the package's given.py
    ["evaluate", source, [{name: value}, ...]]             -> value: see listings.py
    ["file", path, bytes]                                  appends to a file below /tmp
    ["hold", target, args]                                 -> a handle of whatever the call returns
    ["apply", target, args, kwargs]                        -> the value; nobody looks whether the arguments change
    a target is [handle id, null for the student's module or "given", [name, ...]]

    ["ok", value, changed]    `changed`: a tensor given as an argument was altered
    ["error", type, text, lines]   `lines`: the numbers of the student's own lines in the traceback, the innermost last
    ["out", text]             what was printed, ahead of the answer
"""

from __future__ import annotations

import builtins
import io
import linecache
import pathlib
import random
import socket
import sys
import time
import types
from typing import Any

import numpy
import torch

from sandbox.inside import confine, listings, models, notebooks, workers
from sandbox.wire import Channel, Encoder, Handle, WireError

MODULE = "submission"
GIVEN = "given"
MAX_HANDLES = 20_000
MAX_TEXT = 2_000
MAX_LINES = 5
SENT_AT_ONCE = 4_096


class Output(io.TextIOBase):
    """Stands for stdout and stderr: sends what is printed to the judge, which cuts it off."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.pending: list[str] = []
        self.size = 0

    encoding = "utf-8"

    @property
    def buffer(self) -> io.BufferedIOBase:
        """For code that writes bytes."""
        return _Bytes(self)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        text = str(text)
        self.pending.append(text)
        self.size += len(text)
        if self.size >= SENT_AT_ONCE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self.pending:
            text, self.pending, self.size = "".join(self.pending), [], 0
            for start in range(0, len(text), 1 << 20):
                self.channel.send(["out", text[start:start + (1 << 20)].encode("utf-8", "replace").decode()])


class _Bytes(io.BytesIO):
    def __init__(self, output: Output) -> None:
        super().__init__()
        self.output = output

    def write(self, data: Any) -> int:
        self.output.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


class Child:
    """The student's module, the objects that stayed here, and the loop that answers the judge."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.output = Output(channel)
        self.module = types.ModuleType(MODULE)
        self.given = types.ModuleType(GIVEN)
        self.objects: list[Any] = []
        self.handles: dict[int, Handle] = {}
        channel.keep = self.keep

    def keep(self, value: Any) -> Handle:
        """A handle for an object that stays; the same object gets the same handle."""
        handle = self.handles.get(id(value))
        if handle is None:
            if len(self.objects) >= MAX_HANDLES:
                raise WireError("too many objects")
            handle = self.handles[id(value)] = Handle(len(self.objects), type(value).__name__[:100])
            self.objects.append(value)
        return handle

    def run(self) -> None:
        """Answers requests until the judge hangs up."""
        while True:
            try:
                request = self.channel.receive()
            except EOFError:
                return
            answer = self.answer(request)
            self.output.flush()
            self.send(answer)

    def send(self, answer: list) -> None:
        try:
            self.channel.send(answer)
        except OSError:
            raise  # the judge hung up
        except Exception as error:  # raised before the first byte left: hostile objects raise what they like
            self.channel.send(["error", "ValueError", f"the value cannot be returned: {type_name(error)}", []])

    def answer(self, request: list) -> list:
        operation, *arguments = request
        try:
            return ["ok", *getattr(self, f"do_{operation}")(*arguments)]
        except BaseException as error:  # SystemExit and KeyboardInterrupt of student code too
            return describe(error)

    def do_give(self, source: str) -> tuple:
        exec(compiled(source, "given.py"), self.given.__dict__)
        return None, False

    def do_evaluate(self, source: str, cases: list) -> tuple:
        """What a question's listing leaves in `answer`, case by case."""
        return listings.run(compiled(source, "check"), cases), False

    def do_notebook(self, data: bytes, wanted: list) -> tuple:
        """The source that a notebook's wanted names need; nothing of it has run yet."""
        return notebooks.extract(data, wanted), False

    def do_load(self, source: str, name: str, wanted: list) -> tuple:
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        sys.modules[MODULE] = self.module
        self.module.__file__ = name
        exec(compiled(source, name), self.module.__dict__)
        return [key for key in wanted if key not in self.module.__dict__], False

    def do_call(self, target: list, args: list, kwargs: dict) -> tuple:
        given = self.resolve_all([*args, *kwargs.values()])
        before = [fingerprint(value) for value in given]
        count = len(args)
        result = self.find(target)(*given[:count], **dict(zip(kwargs, given[count:], strict=True)))
        return result, before != [fingerprint(value) for value in given]

    def do_file(self, path: str, data: bytes) -> tuple:
        """What a training submission reads. Before its source is loaded this is ours; later it gives nothing away."""
        file = pathlib.Path("/tmp", path)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as stream:
            stream.write(data)
        return None, False

    def do_hold(self, target: list, args: list) -> tuple:
        return self.keep(self.find(target)(*self.resolve(args))), False

    def do_apply(self, target: list, args: list, kwargs: dict) -> tuple:
        return self.find(target)(*self.resolve(args), **self.resolve(kwargs)), False

    def do_get(self, target: list) -> tuple:
        return self.find(target), False

    def do_length(self, target: list) -> tuple:
        return len(self.find(target)), False

    def do_item(self, target: list, key: Any) -> tuple:
        return self.find(target)[self.resolve(key)], False

    def do_iterate(self, target: list, most: int) -> tuple:
        """The items, and whether there are more than `most`. Copied one by one: a loader may reuse its buffers."""
        items: list[Any] = []
        for item in self.find(target):
            if len(items) == most:
                return (items, True), False
            items.append(copied(item))
        return (items, False), False

    def do_seed(self, number: int) -> tuple:
        torch.manual_seed(number)
        numpy.random.seed(number % (1 << 32))
        random.seed(number)
        return None, False

    def do_model(self, operation: str, target: list, *arguments: Any) -> tuple:
        return models.OPERATIONS[operation](self.find(target), *arguments), False

    def find(self, target: list) -> Any:
        """The object that `target` names. Raises AttributeError or IndexError when there is none."""
        number, names = target
        value = self.module if number is None else self.given if number == GIVEN else self.objects[number]
        for name in names:
            value = getattr(value, name)
        return value

    def resolve(self, value: Any) -> Any:
        """`value` with the handles in it replaced by the objects they stand for."""
        if isinstance(value, Handle):
            return self.objects[value.id]
        if type(value) in (list, tuple):
            return type(value)(self.resolve(item) for item in value)
        if type(value) is dict:
            return {key: self.resolve(item) for key, item in value.items()}
        return value

    def resolve_all(self, values: list) -> list:
        return [self.resolve(value) for value in values]


def fingerprint(value: Any) -> Any:
    """What tells whether an argument was altered: its bytes, for tensors, arrays, frames, and lists of such."""
    if isinstance(value, (torch.Tensor, numpy.ndarray)) or type(value).__name__ == "DataFrame":
        encoder = Encoder(keep=lambda other: Handle(0, ""))
        return repr(encoder.tree(value)), b"".join(encoder.buffers)
    if type(value) in (list, tuple):
        return [fingerprint(item) for item in value]
    if type(value) is dict:
        return [(key, fingerprint(item)) for key, item in value.items()]
    return None


def copied(value: Any) -> Any:
    """A batch whose tensors nobody will write to any more."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone() if type(value) is torch.Tensor else value
    if type(value) in (list, tuple):
        return type(value)(copied(item) for item in value)
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return value


def compiled(source: str, name: str) -> types.CodeType:
    """The source as code. What the parser cannot hold in memory is a syntax error too, not a memory limit."""
    try:
        return compile(source, name, "exec", dont_inherit=True)
    except (MemoryError, RecursionError) as error:
        raise SyntaxError("too deeply nested") from error


def describe(error: BaseException) -> list:
    """The error as the judge may show it: type, text, and the lines of the student's own file."""
    lines, trace = [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == MODULE:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        return ["error", type_name(error), str(error.msg)[:MAX_TEXT], [error.lineno or 0]]
    try:
        text = str(error)[:MAX_TEXT].encode("utf-8", "replace").decode()
    except BaseException:  # a hostile __str__
        text = ""
    return ["error", type_name(error), text, lines[-MAX_LINES:]]


def type_name(error: BaseException) -> str:
    """The nearest class that is Python's own, or torch's for lack of memory."""
    for kind in type(error).__mro__:
        if getattr(builtins, kind.__name__, None) is kind or kind is torch.OutOfMemoryError:
            return kind.__name__
    return "Exception"


def serve(sock: socket.socket, filter_program: bytes) -> None:
    """Waits for the judge's "start", locks the last doors, and serves. Returns when the judge hangs up."""
    channel = Channel(sock)
    operation, options = channel.receive()
    assert operation == "start"
    torch.set_num_threads(options["threads"])
    child = Child(channel)
    # A fork's clock starts at nothing; a process that has imported torch by itself has used seconds of it already.
    confine.limit(options["seconds"] + time.process_time(), options["processes"], options["file_mb"], options["data_mb"])
    confine.drop_capabilities()
    confine.install_filter(filter_program)
    workers.refuse()
    sys.stdin = io.StringIO("")
    sys.stdout = sys.stderr = child.output
    child.send(["ok", None, False])
    child.run()
