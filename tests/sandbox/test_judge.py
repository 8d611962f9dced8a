"""Package + source -> Report: every verdict by a small source, and what the student is told."""

import dataclasses

import pytest

from sandbox.contract import Verdict
from tests.sandbox.building import GOOD, source, why

# name: (bytes, file name, what the message must say in English and in Korean)
REFUSED = {
    "empty": (b"", "a.py", "empty", "비어"),
    "blank": (b" \n\t\n", "a.py", "empty", "비어"),
    "not UTF-8": ("# 한글\n".encode("cp949") + GOOD.encode(), "a.py", "UTF-8", "UTF-8"),
    "Windows-1252": ("# naïve “quotes”\n".encode("cp1252") + GOOD.encode(), "a.py", "UTF-8", "UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "a.py", "UTF-8", "UTF-8"),
    "NUL": (GOOD.encode() + b"\0", "a.py", "NUL", "NUL"),
    "no suffix": (GOOD.encode(), "answer", ".py", ".py"),
    "wrong suffix": (GOOD.encode(), "answer.txt", ".ipynb", ".ipynb"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "a.png", ".py", ".py"),
    "2 MB": (b"#" * (2 << 20), "a.py", "too large", "너무 큽니다"),
    "syntax error": (b"def shift(x, by=1.0):\n    return (x\n", "a.py", "line 2", "2번째 줄"),
    "indentation": (b"def shift(x):\nreturn x\n", "a.py", "line 2", "2번째 줄"),
    "tabs and spaces": (b"def shift(x):\n\tif x:\n        return x\n", "a.py", "line 3", "3번째 줄"),
    "Python 2": (b"print 'hello'\n", "a.py", "line 1", "1번째 줄"),
    "missing name": (b"def shfit(x, by=1.0):\n    return x + by\n", "a.py", "shift", "shift"),
    "only nested": (b"def main():\n    def shift(x, by=1.0):\n        return x\n", "a.py", "shift", "shift"),
    "deleted": (GOOD.encode() + b"del shift\n", "a.py", "shift", "shift"),
}


@pytest.mark.parametrize(("data", "name", "english", "korean"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_judged_is_refused_in_words(run, data, name, english, korean):
    report = run(source(data, name))
    assert report.verdict is Verdict.INVALID, why(report)
    assert (report.score, report.max_score, report.tests) == (0, 100, ())
    assert english in report.message.en
    assert korean in report.message.ko


BODY = "def shift(x, by=1.0):\n    "

FAILING = {
    "wrong": (BODY + "return x * 1000", "wrong_answer"),
    "nothing returned": (BODY + "x + by", "wrong_answer"),
    "raise": (BODY + "raise ValueError(x)", "runtime_error"),
    "raise at load": ("raise ValueError('no')", "runtime_error"),
    "import of what is not there": ("import torchtext\n" + GOOD, "runtime_error"),
    "not callable": ("shift = 5", "runtime_error"),
    "other arguments": ("def shift(x):\n    return x.nosuch", "runtime_error"),
    "exit() in a call": ("import sys\n" + BODY + "sys.exit(0)", "runtime_error"),
    "exit() at load": ("import sys\n" + GOOD + "sys.exit(0)\n", "runtime_error"),
    "os._exit at load": ("import os\n" + GOOD + "os._exit(0)\n", "runtime_error"),
    "os._exit in a call": ("import os\n" + BODY + "os._exit(0)", "runtime_error"),
    "segfault": ("import ctypes\n" + BODY + "ctypes.string_at(0)", "runtime_error"),
    "abort": ("import os\n" + BODY + "os.abort()", "runtime_error"),
    "a thread that kills all": ("import ctypes, threading\n" + BODY + "threading.Thread(target=ctypes.string_at, args=(0,)).start()\n"
                                "    while True: pass", "runtime_error"),
    "endless recursion": (BODY + "return shift(x, by)", "runtime_error"),
    "KeyboardInterrupt": (BODY + "raise KeyboardInterrupt", "runtime_error"),
    "input()": (BODY + "return input()", "runtime_error"),
    "unprintable exception": ("class Odd(Exception):\n    def __str__(self): raise self\n" + BODY + "raise Odd", "runtime_error"),
    "1 GB": ("import torch\n" + BODY + "return torch.ones(1 << 28)", "memory_limit"),
    "1 GB at load": ("data = bytearray(1 << 30)\n" + GOOD, "memory_limit"),
    "a list that grows": ("data = []\nwhile True: data.append(bytearray(1 << 20))\n", "memory_limit"),
    "prints without end": (BODY + "while True: print('x' * 100)", "output_limit"),
    "prints without end at load": ("while True: print('x')", "output_limit"),
    "one large print": ("print('x' * 100_000)\n" + GOOD, "output_limit"),
    "stderr too": ("import sys\nwhile True: sys.stderr.write('x' * 1000)", "output_limit"),
}


@pytest.mark.parametrize(("text", "verdict"), FAILING.values(), ids=FAILING)
def test_failures_get_their_verdict(run, text, verdict):
    report = run(source(text))
    assert report.verdict == verdict, why(report)
    assert report.score == 0
    assert all(test.points == 0 for test in report.tests)
    assert report.message.ko
    assert report.message.en


@pytest.mark.parametrize("text", [
    BODY + "while True: pass",
    "import time\n" + BODY + "time.sleep(1000)",
    "while True: pass",
    "import time\n" + BODY + "\n    try: time.sleep(1000)\n    finally: time.sleep(1000)",
    "import signal\nfor n in (2, 15, 24): signal.signal(n, signal.SIG_IGN)\n" + BODY + "while True: pass",
], ids=["loop", "sleep", "loop at load", "finally", "signals ignored"])
def test_time_limit(judge, shift, text):
    quick = dataclasses.replace(shift, limits=dataclasses.replace(shift.limits, seconds=0.4))
    report = judge.run(quick, source(text))
    assert report.verdict is Verdict.TIME_LIMIT, why(report)
    assert "0.4" in report.message.ko
    assert 0.4 <= report.seconds < 20  # it wants 1000 s


def test_points_earned_before_the_time_ran_out_are_kept(judge, shift):
    quick = dataclasses.replace(shift, limits=dataclasses.replace(shift.limits, seconds=0.4))
    report = judge.run(quick, source(BODY + "return x + by if by == 1 else shift(x, 2)\n".replace("shift(x, 2)", "[0 for _ in iter(int, 1)]")))
    assert report.verdict is Verdict.TIME_LIMIT
    assert [test.verdict for test in report.tests] == ["accepted", "accepted", "time_limit"]
    assert report.score == 60


ACCEPTED = {
    "plain": GOOD,
    "lambda": "shift = lambda x, by=1.0: x + by",
    "a class's method": "class T:\n    def go(self, x, by=1.0): return x + by\nshift = T().go",
    "BOM": "\ufeff" + GOOD,
    "CRLF": GOOD.replace("\n", "\r\n"),
    "old Macintosh": GOOD.replace("\n", "\r"),
    "Korean": "# 한글 주석\ndef 더하기(x, by=1.0):\n    '''값을 더합니다'''\n    return x + by\nshift = 더하기",
    "a coding line that lies": "# -*- coding: euc-kr -*-\n# 한글\n" + GOOD,
    "main guard": GOOD + "if __name__ == '__main__':\n    raise SystemExit(input())\n",
    "a thousand names before it": "from torch import *\nfrom numpy import *\n" + GOOD,
    "threads left over": "import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()\n" + GOOD,
    "print": "print('hello')\n" + BODY + "print(x)\n    return x + by",
    "sys.stdout.write": "import sys\nsys.stdout.write('hello'); sys.stdout.flush()\n" + GOOD,
    "dataclass and typing": "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass C:\n    by: float\n"
                            "def shift(x: Unknown, by=1.0):\n    return x + C(by).by",
    "super and inspect": "import inspect\nclass A:\n    def f(self, x): return x\nclass B(A):\n    def f(self, x): return super().f(x)\n"
                         "def shift(x, by=1.0):\n    assert 'shift' in inspect.getsource(shift)\n    return B().f(x) + by",
    "temporary file": "import tempfile\ndef shift(x, by=1.0):\n    with tempfile.TemporaryFile() as f: f.write(b'x')\n    return x + by",
    "autograd on the way": "def shift(x, by=1.0):\n    x.requires_grad_(True)\n    return x + by",
    "a parameter": "import torch\ndef shift(x, by=1.0):\n    return torch.nn.Parameter(x + by)",
    "a view": "import torch\ndef shift(x, by=1.0):\n    return torch.stack([x + by, x]).t()[:, 0]",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_honest_files_are_accepted(run, text):
    report = run(source(text))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    assert report.score == report.max_score == 100
    assert [test.verdict for test in report.tests] == ["accepted"] * 3
    assert report.seconds > 0


def test_partial(run):
    report = run(source(BODY + "return x + 1.0"))
    assert report.verdict is Verdict.PARTIAL
    assert report.score == 60
    assert {test.name: test.verdict for test in report.tests} == {
        "test_example": "accepted", "test_sizes": "accepted", "test_by": "wrong_answer"}


@pytest.mark.parametrize(("text", "error"), [
    (GOOD, ""),
    ("def shift(x, by=1.0):\n    return x.nothing\n", "AttributeError"),
    ("import nothing_of_that_name\n", "ModuleNotFoundError"),
    ("def shift(x:\n", "SyntaxError"),
    ("class Mine(ValueError): pass\nraise Mine('x')\n", "ValueError"),
])
def test_the_first_exception_is_named(run, text, error):
    assert run(source(text)).error == error
