"""Completions judged by a hidden check: what passes, what fails and how, and what a hostile one gains."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sandbox.contract import Limits, Verdict
from sandbox.functions import Task, judge_completion
from sandbox.prompts import closed, entry_point_of

LIMITS = Limits(seconds=20, memory_mb=256, output_kb=8)  # far more than needed: machines may be busy
HUMAN_EVAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "human-eval" / "HumanEval.jsonl.gz"
SECRET = 48151623

PROMPT = 'def add(a, b):\n    """The sum."""\n'
TEST = f"""
def check(candidate):
    assert candidate(b=2, a={SECRET}) == {SECRET + 2}
    assert candidate(1, 2) == 3
"""
ADD = Task("add", PROMPT, "add", TEST)


def verdict_of(judge, completion: str, task: Task = ADD, limits: Limits = LIMITS):
    return judge_completion(judge, task, completion, limits, 1)


@pytest.mark.parametrize(
    ("completion", "verdict"),
    [
        ("    return a + b\n", "accepted"),
        ("    return a - b\n", "wrong_answer"),
        ("    pass\n", "wrong_answer"),
        ("\ndef add(a, b):\n    return b + a\n", "accepted"),  # the whole function again
        ("    return a +\n", "invalid"),
        ("    raise ValueError(a)\n", "runtime_error"),
        ("    while True:\n        pass\n", "time_limit"),
        ("    return len(bytearray(1 << 30)) and a + b\n", "memory_limit"),
        ("    print('x' * 100_000)\n    return a + b\n", "output_limit"),
        ("    import os\n    os._exit(0)\n", "runtime_error"),
        ("    raise SystemExit(0)\n", "runtime_error"),
        ("    return open('/etc/passwd').read()\n", "runtime_error"),
        ("\nimport socket\nsocket.create_connection(('127.0.0.1', 80))\n", "runtime_error"),
        ("    pass\ndel add\n", "invalid"),
    ],
)
def test_a_completion_gets_its_verdict(judge, completion, verdict):
    limits = LIMITS if verdict != "time_limit" else Limits(seconds=0.3)
    assert verdict_of(judge, completion, limits=limits).verdict == verdict


# Each answers the check with something that agrees with everything it is compared with.
EQUAL_TO_ALL = {
    "an object with __eq__": "class Same:\n    def __eq__(self, other):\n        return True\n    def __ne__(self, other):\n        return False\n",
    "an int with __eq__": "class Same(int):\n    def __eq__(self, other):\n        return True\n    __hash__ = int.__hash__\n",
    "a list with __eq__": "class Same(list):\n    def __eq__(self, other):\n        return True\n",
    "unittest's ANY": "from unittest.mock import ANY\nSame = lambda: ANY\n",
}


@pytest.mark.parametrize("name", EQUAL_TO_ALL)
def test_an_object_that_equals_everything_gains_nothing(judge, name):
    forged = f"    return Same()\n\n{EQUAL_TO_ALL[name]}"
    assert verdict_of(judge, forged).verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize(
    "forged",
    [
        "    raise AssertionError\n",
        "    import sys\n    sys.modules.pop('submission')\n    return None\n",
        "    import gc\n    [o.send(['ok', True, False]) for o in gc.get_objects() if type(o).__name__ == 'Channel']\n    return 0\n",
        "    import gc\n    [o.send(['error', 'AssertionError', '', []]) for o in gc.get_objects() if type(o).__name__ == 'Channel']\n    return 0\n",
    ],
)
def test_answers_out_of_turn_do_not_pass(judge, forged):
    assert not verdict_of(judge, forged).passed


def test_hidden_inputs_are_in_no_message(judge):
    for completion in ("    raise ValueError(str(a))\n", "    print(a)\n    return 0\n", "    assert False, a\n",
                       "    raise type(str(a), (Exception,), {})(a)\n"):
        judged = verdict_of(judge, completion)
        assert not judged.passed
        assert str(SECRET) not in repr(judged)


RAISES = Task("positive", 'def positive(x):\n    """x, or ValueError."""\n', "positive", """
def check(candidate):
    assert candidate(2) == 2
    try:
        candidate(-1)
    except ValueError:
        return
    assert False
""")


@pytest.mark.parametrize(
    ("completion", "verdict"),
    [
        ("    if x < 0:\n        raise ValueError('no')\n    return x\n", "accepted"),
        ("    if x < 0:\n        raise KeyError('no')\n    return x\n", "runtime_error"),
        ("    return x\n", "wrong_answer"),
        ("    class Mine(ValueError):\n        pass\n    if x < 0:\n        raise Mine()\n    return x\n", "accepted"),
    ],
)
def test_a_check_may_expect_an_exception(judge, completion, verdict):
    assert verdict_of(judge, completion, RAISES).verdict == verdict


def test_a_check_that_catches_everything_does_not_hide_the_end_of_the_process(judge):
    lenient = Task("lenient", PROMPT, "add", "def check(candidate):\n    try:\n        candidate(1, 2)\n    except Exception:\n        pass\n")
    assert verdict_of(judge, "    return 3\n", lenient).passed
    assert verdict_of(judge, "    import os\n    os._exit(1)\n", lenient).verdict is Verdict.RUNTIME_ERROR
    assert verdict_of(judge, "    while True:\n        pass\n", lenient, Limits(seconds=0.3)).verdict is Verdict.TIME_LIMIT


def test_classes_and_what_they_return_stay_in_the_jail_and_work(judge):
    task = Task("counter", "class Counter:\n    def __init__(self, start):\n", "Counter", """
def check(candidate):
    counter = candidate(3)
    assert counter.step() == 4 and counter.step() == 5
    assert list(candidate(0).upto(3)) == [0, 1, 2]
""")
    good = "        self.n = start\n    def step(self):\n        self.n += 1\n        return self.n\n    def upto(self, n):\n        yield from range(n)\n"
    assert verdict_of(judge, good, task).passed
    assert not verdict_of(judge, good.replace("+= 1", "+= 2"), task).passed


def test_the_check_may_use_what_the_prompt_defines_and_it_is_the_prompts_own(judge):
    prompt = 'def double(x):\n    return 2 * x\n\n\ndef halve(x):\n    """Undo double."""\n'
    task = Task("halve", prompt, "halve", "def check(candidate):\n    assert double(candidate(10)) == 10\n")
    assert verdict_of(judge, "    return x / 2\n", task).passed
    forged = "    return x\n\ndef double(x):\n    return x\n"
    assert not verdict_of(judge, forged, task).passed


def test_the_check_may_call_the_function_by_its_name_too(judge):
    task = Task("add", PROMPT, "add", "def check(candidate):\n    assert add(1, 2) == 3\n")
    assert verdict_of(judge, "    return a + b\n", task).passed
    assert not verdict_of(judge, "    return a - b\n", task).passed


DRAWN = "import torch\n\n\ndef same(x):\n    \"\"\"x\"\"\"\n"


def test_a_student_cannot_draw_the_hidden_inputs_again(judge):
    """The jail's generator is seeded too, but not as the check's."""
    task = Task("same", DRAWN, "same", "def check(candidate):\n    x = torch.rand(3)\n    assert candidate(x).equal(x)\n")
    assert verdict_of(judge, "    return x.clone()\n", task).passed
    assert not verdict_of(judge, "    return torch.rand(3)\n", task).passed


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ('def f(x):\n    """doc"""\n', "f"),
        ("def f(x):\n", "f"),
        ("class A:\n    def __init__(self):\n", "A"),
        ("def g():\n    return 1\n\n\ndef f(x):\n    # a word\n", "f"),
        ("x = 1\n", ""),
        ("def (\n", ""),
    ],
)
def test_prompts_are_closed_and_their_last_name_found(prompt, name):
    assert entry_point_of(prompt) == name
    if name:
        compile(closed(prompt), "prompt", "exec")


@pytest.mark.skipif(not HUMAN_EVAL.is_file(), reason="HumanEval is not here")
def test_the_canonical_solutions_of_human_eval_pass_and_empty_bodies_fail(judge):
    """All 164: there is no task among them whose values the wire cannot carry."""
    rows = [json.loads(line) for line in gzip.decompress(HUMAN_EVAL.read_bytes()).splitlines()]
    assert len(rows) == 164
    tasks = [Task(row["task_id"], row["prompt"], row["entry_point"], row["test"]) for row in rows]
    solved = [judge_completion(judge, task, row["canonical_solution"], Limits(seconds=10), 0) for task, row in zip(tasks, rows, strict=True)]
    assert [task.name for task, judged in zip(tasks, solved, strict=True) if not judged.passed] == []
    empty = [judge_completion(judge, task, "    return None\n", Limits(seconds=10), 0) for task in tasks[::8]]
    assert [judged.passed for judged in empty] == [False] * len(empty)
