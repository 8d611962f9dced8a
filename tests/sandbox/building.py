"""Builds what the tests of the judge need: exercise packages on disk, and notebooks as Colab writes them."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from sandbox.contract import Report, Source
from sandbox.packages import Package, load_package

CHECKS = "import torch\nfrom torch import nn\nfrom sandbox.checks import *\n"

SHIFT_REFERENCE = """
def shift(x, by=1.0):
    return x + by
"""

# One visible test and two hidden ones, each of which another mistake fails.
SHIFT_TESTS = """
@points(30)
@visible
@title(ko="예제", en="Example")
@hint(ko="모든 값에 by를 더하세요.", en="Add by to every value.")
def test_example(student, reference, rng):
    x = torch.tensor([1.0, 2.0, 3.0])
    assert_close(student.shift(x), reference.shift(x))


@points(30)
@title(ko="여러 크기", en="Several sizes")
@hint(ko="크기가 달라도 같습니다.", en="The size does not matter.")
def test_sizes(student, reference, rng):
    for size in (1, 7, 50):
        x = rng.normal(size)
        assert_close(student.shift(x), reference.shift(x))


@points(40)
@title(ko="다른 by", en="Another by")
@hint(ko="인수로 받은 by를 쓰세요.", en="Use the by that is passed in.")
def test_by(student, reference, rng):
    x = rng.normal(9)
    for by in (2.5, -4.0):
        assert_close(student.shift(x, by=by), reference.shift(x, by=by))
"""

SHIFT_SUBMISSIONS = {
    "accepted/plain.py": "def shift(x, by=1.0):\n    return by + x\n",
    "wrong_answer/minus.py": '"""ko: 더하지 않고 뺐습니다.\nen: by was subtracted, not added."""\n\n'
                             "def shift(x, by=1.0):\n    return x - by\n",
    "wrong_answer/doubled.py": '"""ko: by를 두 번 더했습니다.\nen: by was added twice."""\n\n'
                               "def shift(x, by=1.0):\n    return x + 2 * by\n",
}

GOOD = "def shift(x, by=1.0):\n    return x + by\n"


def write_package(root: Path, slug: str = "shift", *, tests: str = SHIFT_TESTS, reference: str = SHIFT_REFERENCE,
                  wanted: str = "[shift]", more: str = "limits: {seconds: 20, memory_mb: 256, output_kb: 8}",
                  submissions: dict[str, str] | None = None, given: str = "") -> Path:
    """An exercise package in `root`/`slug`; `more` are further lines of exercise.yaml. Returns its folder."""
    files = {
        "exercise.yaml": f"slug: {slug}\ntitle: {{ko: 더하기, en: Shift}}\ntopic: tensor\nkind: tensor\n"
                         f"wanted: {wanted}\n{more}\n",
        "statement.ko.md": "문제\n", "statement.en.md": "The task\n", "starter.py": "def shift(x, by=1.0):\n    ...\n",
        "reference.py": textwrap.dedent(reference), "tests.py": CHECKS + textwrap.dedent(tests),
        **({"given.py": given} if given else {}),
        **{f"submissions/{name}": text for name, text in (submissions or {}).items()},
    }
    for name, text in files.items():
        path = root / slug / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root / slug


def package_of(root: Path, slug: str = "shift", **parts: Any) -> Package:
    """The package that `write_package` writes, loaded."""
    return load_package(write_package(root, slug, **parts))


def one_test(body: str, marks: str = "@points(100)") -> str:
    """A tests.py with one test of this body."""
    return f"{marks}\ndef test_it(student, reference, rng):\n{textwrap.indent(textwrap.dedent(body), '    ')}"


def source(text: str | bytes, name: str = "answer.py") -> Source:
    """A file as a student sends it."""
    return Source(name, text if isinstance(text, bytes) else text.encode("utf-8"))


def cell(text: str, kind: str = "code") -> dict[str, Any]:
    """One notebook cell, nbformat 4, without the id that Colab leaves out too."""
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text, **extra}


def notebook(*cells: str | dict[str, Any], name: str = "answer.ipynb") -> Source:
    """A notebook of these cells, as Colab downloads it."""
    content = {"nbformat": 4, "nbformat_minor": 0, "metadata": {"colab": {"provenance": []}},
               "cells": [one if isinstance(one, dict) else cell(one) for one in cells]}
    return Source(name, json.dumps(content, ensure_ascii=False).encode("utf-8"))


def result(report: Report, name: str) -> Any:
    """The report's result of the test `name`."""
    return next(test for test in report.tests if test.name == name)


def why(report: Report) -> str:
    """A report in one line, for a failing assertion."""
    tests = [(test.name, str(test.verdict), test.message.en) for test in report.tests if test.verdict != "accepted"]
    return f"{report.verdict}: {report.message.en} {tests} {report.judged_source!r}"
