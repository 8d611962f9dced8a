"""What a report tells, what it keeps to itself, and that the same file gets the same one again."""

import dataclasses

import pytest

from sandbox.contract import Limits, Report, Verdict
from tests.sandbox.building import GOOD, one_test, package_of, result, source, why

BODY = "def shift(x, by=1.0):\n    "


def test_a_visible_test_shows_expected_and_actual_a_hidden_one_its_hint_only(run):
    report = run(source(BODY + "return x + 271.0"))
    shown = result(report, "test_example").message
    assert "[2.0, 3.0, 4.0]" in shown.en
    assert "272.0" in shown.en
    assert "272.0" in shown.ko
    assert "by를 더하세요" in shown.ko
    hidden = result(report, "test_sizes").message
    assert "The size does not matter." in hidden.en
    assert "크기가 달라도 같습니다." in hidden.ko
    assert "27" not in hidden.en + hidden.ko


# What a student who has read the judge's source can do: the channel is on the stack of every call.
FIND_CHANNEL = """
import sys

def CHANNEL():
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "channel"):
        frame = frame.f_back
    return frame.f_locals["self"].channel

SPY = "s" + "py%s"  # the line that raised is shown: it must not hold the word itself

"""

SPIES = {
    "printed": "print(SPY % x.tolist())\n    return x - 100",
    "raised": "if len(x) != 3: raise ValueError(SPY % x.tolist())\n    return x - 100",
    "returned": "return x.double() * 1e9",
    "as an attribute": "x.spy = x.tolist()\n    return x - 100",
    "class name": "if len(x) != 3: raise type(SPY % x.tolist(), (Exception,), {'__module__': 'torch'})\n    return x - 100",
    "type name": "return type(SPY % x.tolist(), (), {})()",
    "forged error": "CHANNEL().send(['error', SPY % x.tolist(), SPY, [10**9]])",
    "forged line": "CHANNEL().send(['error', 'ValueError', '', [int(x[0]) * 10**6, int(x[0])]])",
    "forged output": "CHANNEL().send(['out', SPY % x.tolist()])\n    return x - 100",
    "keys": "return {SPY % x.tolist(): 1}",
}


@pytest.mark.parametrize("body", SPIES.values(), ids=SPIES)
def test_hidden_inputs_stay_out_of_the_report(judge, tmp_path, body):
    package = package_of(tmp_path, tests=one_test(
        "x = torch.tensor([7341.5, 9182.25])\nassert_close(student.shift(x), reference.shift(x))\n"))
    report = judge.run(package, source(FIND_CHANNEL + BODY + body))
    assert report.verdict is not Verdict.ACCEPTED
    text = str({**report.to_dict(), "judged_source": ""})
    for leak in ("7341", "9182", "spy"):
        assert leak not in text, text


def test_output_of_visible_tests_is_kept_of_hidden_ones_not(run):
    report = run(source("print('loading')\n" + BODY + "print('size', len(x))\n    return x + by"))
    assert report.stdout == "loading\nsize 3\n"


def test_output_is_cut_at_the_limit(run, shift):
    report = run(source("print('가' * 100_000)\n" + GOOD))
    assert report.verdict is Verdict.OUTPUT_LIMIT
    assert len(report.stdout.encode()) <= shift.limits.output_kb * 1024
    assert "8 KB" in report.message.ko


def test_an_exceptions_own_text_is_shown_in_visible_tests_only(run):
    report = run(source("TEXT = 'the shape ' + 'is odd'\n" + BODY + "raise ValueError(TEXT)"))
    shown, hidden = result(report, "test_example").message, result(report, "test_sizes").message
    assert "ValueError" in shown.en
    assert "line 3" in shown.en
    assert "the shape is odd" in shown.en
    assert "3번째 줄" in shown.ko
    assert "ValueError" in hidden.en
    assert "the shape is odd" not in hidden.en + hidden.ko


@pytest.mark.parametrize(("text", "line"), [
    ("x = 1\n\nraise ValueError('a')\n", 3),
    ("\r\n\r\nraise ValueError('a')\r\n", 3),
    ("def f():\n    return g()\ndef g():\n    return 1 / 0\nf()\n", 4),
    ("import torch\ntorch.ones(2) @ torch.ones(3)\n", 2),
    ("import json\n\n\njson.loads('{')\n", 4),
])
def test_the_line_is_the_students_own_last_one(run, text, line):
    report = run(source(text))
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert f"line {line}" in report.message.en
    assert f"{line}번째 줄" in report.message.ko


@pytest.mark.parametrize(("text", "english", "korean"), [
    ("import sys\n" + BODY + "sys.exit(1)", "exit()", "exit()"),
    ("import os\n" + BODY + "os._exit(1)", "exit()", "exit()"),
    ("import ctypes\n" + BODY + "ctypes.string_at(0)", "SIGSEGV", "SIGSEGV"),
])
def test_a_program_that_ends_says_how(run, text, english, korean):
    report = run(source(text))
    message = result(report, "test_example").message
    assert english in message.en, message
    assert korean in message.ko, message


def test_a_syntax_error_is_told_once(run):
    message = run(source(b"x = (1\n", "mine.py")).message
    assert message.en.count("line 1") == 1
    assert "never closed" in message.en


WRONG_VALUES = {
    "NaN": ("return x + float('nan')", "NaN", "NaN"),
    "None": ("pass", "return", "return"),
    "dtype": ("return (x + by).double()", "dtype", "자료형"),
    "shape": ("return (x + by)[None]", "shape", "모양"),
    "numpy": ("return (x + by).numpy()", "torch.Tensor is needed", "torch.Tensor"),
    "list": ("return (x + by).tolist()", "torch.Tensor is needed", "torch.Tensor"),
    "float": ("return 1.0", "torch.Tensor is needed", "torch.Tensor"),
    "object": ("return object()", "torch.Tensor is needed", "torch.Tensor"),
    "subclass": ("import torch\n    class Mine(torch.Tensor): pass\n    return (x + by).as_subclass(Mine)", "subclass", "상속"),
    "sparse": ("return (x + by).to_sparse()", "sparse", "희소"),
    "nested": ("import torch\n    return torch.nested.nested_tensor([x, x[:1]])", "nested", "nested"),
    "meta": ("return (x + by).to('meta')", "meta", "meta"),
    "quantized": ("import torch\n    return torch.quantize_per_tensor(x, 0.1, 0, torch.qint8)", "dtype", "자료형"),
    "expanded": ("return x.expand(10**9, len(x))", "too large", "너무 큽니다"),
    "300 MB": ("import torch\n    return torch.zeros(300 << 18)", "too large", "너무 큽니다"),
    "input changed": ("x += by\n    return x", "input was changed", "바꾸었습니다"),
    "input resized": ("x.unsqueeze_(0)\n    return x[0] + by", "input was changed", "바꾸었습니다"),
    "equal to everything": ("import torch\n    class Mine:\n        def __eq__(self, other): return True\n"
                            "        __torch_function__ = classmethod(lambda *a, **k: torch.tensor(True))\n    return Mine()",
                            "torch.Tensor is needed", "torch.Tensor"),
}


@pytest.mark.parametrize(("body", "english", "korean"), WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_a_wrong_kind_of_value_is_said_in_words(judge, shift, body, english, korean):
    roomy = dataclasses.replace(shift, limits=dataclasses.replace(shift.limits, memory_mb=1024))
    report = judge.run(roomy, source(BODY + body))
    assert report.verdict is Verdict.WRONG_ANSWER, why(report)
    message = result(report, "test_example").message
    assert english in message.en, message
    assert korean in message.ko, message


def test_a_known_mistake_is_told_by_its_sentence(run):
    report = run(source(BODY + "return x - by"))
    assert (report.verdict, report.mistake) == (Verdict.WRONG_ANSWER, "minus")
    assert (report.message.ko, report.message.en) == ("더하지 않고 뺐습니다.", "by was subtracted, not added.")


# --- the same again, and independence ----------------------------------------------------------------------------

def _without_figures(report: Report) -> dict:
    """A report without what differs from run to run: seconds and memory."""
    data = report.to_dict()
    return {**data, "seconds": 0, "peak_memory_mb": 0, "tests": [{**test, "seconds": 0} for test in data["tests"]]}


@pytest.mark.parametrize("text", [
    GOOD, BODY + "return x - by", BODY + "raise ValueError('no')", "def f(:", "import os\nos._exit(1)",
    "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(2))\n" + GOOD,
], ids=["accepted", "mistake", "raises", "syntax", "exit", "random"])
def test_the_same_file_gets_the_same_report(run, text):
    assert _without_figures(run(source(text))) == _without_figures(run(source(text)))


def test_a_report_says_what_it_takes_to_judge_again(judge, shift):
    report = judge.run(shift, source(GOOD), seed=77)
    assert report.seed == 77
    assert report.package_hash == shift.hash
    assert report.limits == shift.limits == Limits(20, 256, 8)
    assert {"python", "torch"} <= report.versions.keys()
    assert report.device == "cpu"
    assert report.slug == "shift"
    assert report.judged_source == GOOD


def test_another_seed_other_inputs(judge, tmp_path):
    package = package_of(tmp_path, tests=one_test("student.shift(rng.normal(3))", marks="@points(100)\n@visible"))
    text = source(BODY + "print(x.tolist())")
    outputs = [judge.run(package, text, seed=seed).stdout for seed in (1, 2, 1)]
    assert outputs[0] == outputs[2] != outputs[1]


TRACES = {
    "a file": ("open('/tmp/mine', 'w').write('x')", "import os\nassert not os.path.exists('/tmp/mine')\n"),
    "a module's attribute": ("import torch\ntorch.mine = 1", "import torch\nassert not hasattr(torch, 'mine')\n"),
    "builtins": ("import builtins\nbuiltins.len = lambda x: 3", "assert len([1]) == 1\n"),
    "environment": ("import os\nos.environ['MINE'] = '1'", "import os\nassert 'MINE' not in os.environ\n"),
    "threads": ("import torch\ntorch.set_default_dtype(torch.float64)", "import torch\nassert torch.ones(1).dtype is torch.float32\n"),
    "death": ("import os\nos._exit(9)", ""),
    "shared memory": ("from multiprocessing import shared_memory as s\nm = s.SharedMemory('mine', True, 10)",
                      "import os\nassert not os.path.exists('/dev/shm/mine')\n"),
}


@pytest.mark.parametrize(("first", "second"), TRACES.values(), ids=TRACES)
def test_the_next_submission_sees_nothing_of_the_one_before(run, first, second):
    run(source(first + "\n" + GOOD))
    report = run(source(second + GOOD))
    assert report.verdict is Verdict.ACCEPTED, why(report)


def test_progress_is_told(judge, shift):
    heard = []
    judge.run(shift, source(GOOD), on_progress=heard.append)
    assert heard == sorted(heard)
    assert len(heard) == 3
    assert heard[-1] == 1.0
