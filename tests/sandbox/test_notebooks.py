"""Colab notebooks as they come: what counts is taken, whatever else they hold does no harm."""

import json
import time

import pytest

from sandbox.contract import Verdict
from tests.sandbox.building import GOOD, cell, notebook, package_of, source, why

USES_TORCH = "def shift(x, by=1.0):\n    return torch.add(x, by)\n"

# name: the code cells of a notebook whose author solved the exercise
HONEST = {
    "one cell": [GOOD],
    "!pip": ["!pip install -q torch torchvision\n" + GOOD],
    "%pip": ["%pip install torchinfo", GOOD],
    "pip by sys": ["import sys\n!{sys.executable} -m pip install x", GOOD],
    "%matplotlib": ["%matplotlib inline\nimport torch\nimport matplotlib.pyplot as plt\n", USES_TORCH, "plt.plot([1])"],
    "%%time": ["import torch", "%%time\n" + USES_TORCH],
    "%%capture": ["%%capture out\nimport torch\n!pip install x\n", USES_TORCH],
    "%%writefile": ["%%writefile helper.py\ndef shift(x, by=1.0):\n    return None\n", GOOD],
    "%%writefile after it": [GOOD, "%%writefile answer.py\ndef shift(x, by=1.0):\n    return None\n"],
    "%%bash": [GOOD, "%%bash\nls -la\nrm -rf /content/sample_data\n"],
    "%%html": ["%%html\n<style>td { color: red }</style>", GOOD],
    "%load_ext": ["%load_ext autoreload\n%autoreload 2\nimport torch\n", USES_TORCH],
    "drive.mount with the imports": ["from google.colab import drive\ndrive.mount('/content/drive')\nimport torch\n", USES_TORCH],
    "drive.mount and cd": ["from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive\n", GOOD],
    "files = !ls": ["files = !ls\nimport torch\n", USES_TORCH],
    "!wget": ["!wget -q https://example.com/data.zip && unzip -o data.zip\n", GOOD],
    "? help": ["import torch\ntorch.add?\n", USES_TORCH],
    "if on Colab": ["import os\nIN_COLAB = 'COLAB_GPU' in os.environ\nif IN_COLAB:\n    !pip install x\nimport torch\n", USES_TORCH],
    "last definition wins": ["def shift(x, by=1.0):\n    return None", "def shift(x, by=1.0):\n    pass", GOOD],
    "syntax error elsewhere": ["def broken(:\n    pass", GOOD, "print 'old'"],
    "unfinished cell": [GOOD, "def later(x):\n    "],
    "sys.exit()": ["import sys\n", GOOD, "sys.exit()"],
    "input()": ["name = input('이름: ')", GOOD],
    "os._exit and kill": ["import os", GOOD, "os.kill(os.getpid(), 9)"],
    "endless training": [GOOD, "epoch = 0\nwhile True:\n    epoch += 1\n"],
    "training on missing data": ["import pandas as pd\ntrain = pd.read_csv('/content/drive/MyDrive/train.csv')", GOOD, "train.describe()"],
    "if __name__": [GOOD + "\nif __name__ == '__main__':\n    shift(input())\n"],
    "failing asserts elsewhere": [GOOD, "assert shift(1) == 5\n", "raise RuntimeError('no')"],
    "helper function": ["def plus(a, b):\n    return a + b\n", "def shift(x, by=1.0):\n    return plus(x, by)\n"],
    "helper after it": ["def shift(x, by=1.0):\n    return plus(x, by)\n", "def plus(a, b):\n    return a + b\n"],
    "helper of a helper": ["def two(a, b):\n    return a + b\n", "def one(a, b):\n    return two(a, b)\n",
                           "def shift(x, by=1.0):\n    return one(x, by)\n"],
    "constant": ["SIGN = 1\n", "def shift(x, by=1.0):\n    return x + SIGN * by\n"],
    "constant in two steps": ["SIGN = -1", "SIGN = SIGN + 2", "def shift(x, by=1.0):\n    return x + SIGN * by\n"],
    "constant by +=": ["SIGN = -1", "SIGN += 2", "def shift(x, by=1.0):\n    return x + SIGN * by\n"],
    "constants by tuple": ["SIGN, OTHER = 1, 2", "def shift(x, by=1.0):\n    return x + SIGN * by\n"],
    "constant, annotated": ["SIGN: int = 1", "def shift(x, by=1.0):\n    return x + SIGN * by\n"],
    "global config": ["CFG = {'sign': 0}\nCFG['sign'] = 1\n", "def shift(x, by=1.0):\n    return x + CFG['sign'] * by\n"],
    "config updated": ["CFG = {}\nCFG.update(sign=1)\n", "def shift(x, by=1.0):\n    return x + CFG['sign'] * by\n"],
    "config class": ["from dataclasses import dataclass\n@dataclass\nclass Config:\n    sign: int = 1\ncfg = Config()\n",
                     "def shift(x, by=1.0):\n    return x + cfg.sign * by\n"],
    "table filled by a loop": ["SIGNS = []\nfor n in range(3):\n    SIGNS.append(n)\n", "def shift(x, by=1.0):\n    return x + SIGNS[1] * by\n"],
    "device": ["import torch\nif torch.cuda.is_available():\n    device = 'cuda'\nelse:\n    device = 'cpu'\n",
               "def shift(x, by=1.0):\n    return x.to(device) + by\n"],
    "imports repeated": ["import torch", "device = torch.device('cpu')", "import torch\ndef shift(x, by=1.0):\n    return (x + by).to(device)\n"],
    "two parts of one package": ["import xml.dom.minidom\nimport xml.etree.ElementTree\n",
                                 "def shift(x, by=1.0):\n    assert xml.dom.minidom and xml.etree.ElementTree\n    return x + by\n"],
    "default argument": ["BY = 1.0", "def shift(x, by=BY):\n    return x + by\n"],
    "decorator": ["import functools\ndef loud(f):\n    @functools.wraps(f)\n    def g(*a, **k):\n        return f(*a, **k)\n    return g\n",
                  "@loud\ndef shift(x, by=1.0):\n    return x + by\n"],
    "torch.no_grad()": ["import torch\n@torch.no_grad()\n" + USES_TORCH],
    "classes over cells": ["class Base:\n    def go(self, x, by):\n        return x + by\n", "class Mine(Base):\n    pass\n",
                           "def shift(x, by=1.0):\n    return Mine().go(x, by)\n"],
    "method attached later": ["class Mine:\n    pass\n", "def go(self, x, by):\n    return x + by\nMine.go = go\n",
                              "def shift(x, by=1.0):\n    return Mine().go(x, by)\n"],
    "star import": ["from torch import *\n", "def shift(x, by=1.0):\n    return add(x, by)\n"],
    "try import": ["try:\n    import nosuch as np\nexcept ImportError:\n    import numpy as np\n",
                   "def shift(x, by=1.0):\n    return x + by * float(np.float64(1))\n"],
    "try import or None": ["try:\n    import nosuch\nexcept ImportError:\n    nosuch = None\n",
                           "def shift(x, by=1.0):\n    return x + by if nosuch is None else None\n"],
    "try import or own": ["try:\n    from nosuch import plus\nexcept ImportError:\n    def plus(a, b):\n        return a + b\n",
                          "def shift(x, by=1.0):\n    return plus(x, by)\n"],
    "try import or pip": ["try:\n    import numpy as np\nexcept ImportError:\n    !pip install numpy\n    import numpy as np\n",
                          "def shift(x, by=1.0):\n    return x + by * float(np.float64(1))\n"],
    "several imports on a line": ["import math, torch; data = torch.load('/content/data.pt')\n", USES_TORCH],
    "import as": ["import torch as pytorch\n", "def shift(x, by=1.0):\n    return pytorch.add(x, by)\n"],
    "future annotations": ["from __future__ import annotations\nimport torch\n", "def shift(x: Unknown | None, by=1.0):\n    return x + by\n"],
    "own sum": ["def sum(a, b):\n    return a + b\n", "def shift(x, by=1.0):\n    return sum(x, by)\n"],
    "local names like the notebook's": ["import torch\nx = torch.load('/content/x.pt')\ny = input()\nmodel = nosuch()\n",
                                        "def shift(x, by=1.0):\n    y = x + by\n    model = y\n    return model\n"],
    "loop variables like the notebook's": ["for loss in iter(int, 1):\n    pass\n",
                                           "def shift(x, by=1.0):\n    return [loss + by for loss in [x]][0]\n"],
    "attribute like a name": ["add = nosuch\n", "import torch\ndef shift(x, by=1.0):\n    return x.add(by)\n"],
    "lambda": ["shift = lambda x, by=1.0: x + by\n"],
    "defined within if": ["if True:\n    def shift(x, by=1.0):\n        return x + by\n"],
    "assigned name": ["def solution(x, by=1.0):\n    return x + by\n", "shift = solution"],
    "Korean": ["# 풀이\n부호 = 1\ndef 더하기(값, 만큼):\n    '''값을 더합니다.'''\n    return 값 + 부호 * 만큼\n",
               "def shift(x, by=1.0):\n    return 더하기(x, by)  # 답\n"],
    "nested functions": ["def shift(x, by=1.0):\n    def inner():\n        nonlocal x\n        x = x + by\n        return x\n    return inner()\n"],
    "multi-line string": ["TEXT = '''\n!pip install\n%matplotlib inline\n'''\ndef shift(x, by=1.0):\n    assert 'pip' in TEXT\n    return x + by\n"],
    "odd line ends": ["# a\u2028b\x0cc\x85d\n" + GOOD, "NOTE = 'a\u2028b'\n"],
    "odd line ends in it": ["def shift(x, by=1.0):\n    note = 'a\u2028b\x0cc'\n    return x + by\n"],
    "CRLF": [GOOD.replace("\n", "\r\n")],
    "indented cell": ["    def shift(x, by=1.0):\n        return x + by\n"],
    "tabs": ["def shift(x, by=1.0):\n\treturn x + by\n"],
    "async and await": ["import asyncio\nawait asyncio.sleep(100000)\n", GOOD],
    "form fields": ["#@title 설정 { run: 'auto' }\nsign = 1 #@param {type:'integer'}\n", "def shift(x, by=1.0):\n    return x + sign * by\n"],
    "huge cell": ["DATA = [" + "1, " * 60_000 + "]\n", GOOD],
    "many cells": [*(f"v{n} = {n}" for n in range(500)), GOOD],
    "empty cells": ["", "   \n", GOOD, ""],
    "match statement": ["def shift(x, by=1.0):\n    match by:\n        case _:\n            return x + by\n"],
    "walrus": ["if (SIGN := 1) > 0:\n    pass\n", "def shift(x, by=1.0):\n    return x + SIGN * by\n"],
    "print at the end": [GOOD, "import torch\nprint(shift(torch.ones(3)))\nshift(torch.ones(2))"],
}


@pytest.mark.parametrize("cells", HONEST.values(), ids=HONEST)
def test_honest_notebooks_are_accepted(run, cells):
    report = run(notebook(*cells))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    assert report.stdout == ""


WRONG = "def shift(x, by=1.0):\n    return x - 100\n"


@pytest.mark.parametrize(("cells", "accepted"), [
    (["# submit\n" + GOOD, WRONG], True),
    (["#| submit\n" + GOOD, WRONG], True),
    (["#submit\n" + GOOD, WRONG], True),
    (["import torch\n# submit\n\n" + USES_TORCH, WRONG], True),
    (["# submit\n" + WRONG, GOOD], False),
    (["# submit\n" + WRONG, "# submit\n" + GOOD], True),
    (["# resubmit later\n" + WRONG, GOOD], True),
    (["SIGN = 1", "# submit\ndef shift(x, by=1.0):\n    return x + SIGN * by", "def shift(x): pass"], True),
    ([GOOD, "print('# submit')", WRONG], False),
], ids=["plain", "quarto", "no space", "within", "marked wrong", "two marked", "another word", "needs others", "in a string"])
def test_a_marked_cell_wins(run, cells, accepted):
    report = run(notebook(*cells))
    assert (report.verdict is Verdict.ACCEPTED) == accepted, why(report)


def test_what_was_judged_is_shown(run):
    report = run(notebook("!pip install x\nimport torch\n", "secret = input()", "SIGN = 1  # the sign\n",
                          "def shift(x, by=1.0):\n    # add it\n    return torch.add(x, SIGN * by)\n"))
    for kept in ("import torch", "SIGN = 1", "# add it", "def shift"):
        assert kept in report.judged_source
    for left_out in ("pip", "input", "get_ipython"):
        assert left_out not in report.judged_source


def test_the_line_of_an_error_is_one_of_what_was_judged(run):
    report = run(notebook("x = 1\n" * 30, "import torch\n\n\ndef shift(x, by=1.0):\n    return torch.nosuch\n"))
    line = next(n for n, text in enumerate(report.judged_source.splitlines(), 1) if "nosuch" in text)
    assert f"line {line}" in report.tests[0].message.en


REFUSED = {
    "empty file": (b"", "empty", "비어"),
    "broken JSON": (b'{"cells": [', "broken", "깨졌습니다"),
    "not JSON": (b"def shift(x): pass", "broken", "깨졌습니다"),
    "JSON list": (b"[1, 2]", "broken", "깨졌습니다"),
    "JSON number": (b"5", "broken", "깨졌습니다"),
    "JSON null": (b"null", "broken", "깨졌습니다"),
    "JSON object": (b'{"a": 1}', "broken", "깨졌습니다"),
    "cells is a number": (b'{"cells": 5, "nbformat": 4, "nbformat_minor": 0, "metadata": {}}', "broken", "깨졌습니다"),
    "cells of numbers": (b'{"cells": [1, 2], "nbformat": 4, "nbformat_minor": 0, "metadata": {}}', "broken", "깨졌습니다"),
    "deep": (b"[" * 100_000, "broken", "깨졌습니다"),
    "HTML page": (b"<!DOCTYPE html><html></html>", "broken", "깨졌습니다"),
    "not UTF-8": ('{"cells": "한"}'.encode("cp949"), "UTF-8", "UTF-8"),
    "11 MB": (b" " * (11 << 20) + b"{}", "too large", "너무 큽니다"),
    "no cells": (notebook().data, "no code", "코드 셀이 없습니다"),
    "markdown only": (notebook(cell("# 제목", "markdown")).data, "no code", "코드 셀이 없습니다"),
    "empty cells only": (notebook("", " \n").data, "no code", "코드 셀이 없습니다"),
    "only magics": (notebook("!ls", "%matplotlib inline").data, "shift", "shift"),
    "another function": (notebook("def shfit(x):\n    return x\n").data, "shift", "shift"),
    "raw cell": (notebook(cell(GOOD, "raw"), "y = 1").data, "shift", "shift"),
    "only inside %%writefile": (notebook("%%writefile a.py\n" + GOOD).data, "shift", "shift"),
    "syntax error in it": (notebook("def shift(x, by=1.0):\n    return (x\n").data, "shift", "shift"),
}


@pytest.mark.parametrize(("data", "english", "korean"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_notebook_is_refused_in_words(run, data, english, korean):
    report = run(source(data, "answer.ipynb"))
    assert report.verdict is Verdict.INVALID, why(report)
    assert english in report.message.en
    assert korean in report.message.ko
    assert report.stdout == ""


def _as(change):
    content = json.loads(notebook(GOOD).data)
    change(content)
    return json.dumps(content, ensure_ascii=False).encode()


def _version_3(content):
    content.update(nbformat=3, nbformat_minor=0, worksheets=[{"metadata": {}, "cells": [
        {"cell_type": "code", "language": "python", "collapsed": False, "metadata": {}, "outputs": [], "input": GOOD}]}])
    del content["cells"]


FORMATS = {
    "BOM": b"\xef\xbb\xbf" + notebook(GOOD).data,
    "nbformat 3": _as(_version_3),
    "4.5 with ids": _as(lambda c: (c.update(nbformat_minor=5), c["cells"][0].update(id="a1b2"))),
    "4.5 without ids": _as(lambda c: c.update(nbformat_minor=5)),
    "a later minor": _as(lambda c: c.update(nbformat_minor=99)),
    "source as a list": _as(lambda c: c["cells"][0].update(source=GOOD.splitlines(keepends=True))),
    "no outputs": _as(lambda c: [c["cells"][0].pop(key) for key in ("outputs", "execution_count", "metadata")]),
    "no metadata": _as(lambda c: c.pop("metadata")),
    "no version": _as(lambda c: [c.pop(key) for key in ("nbformat", "nbformat_minor")]),
    "widgets and pictures": _as(lambda c: (c["metadata"].update(widgets={"x": {"state": {}}}), c["cells"][0].update(
        outputs=[{"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 100_000}}]))),
    "broken output": _as(lambda c: c["cells"][0].update(outputs=[{"output_type": "odd"}])),
    "capital suffix": notebook(GOOD).data,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_notebook_is_read(run, name):
    report = run(source(FORMATS[name], "답안 (1).IPYNB" if name == "capital suffix" else "answer.ipynb"))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    assert report.stdout == ""


def test_thousands_of_magic_lines_are_quick(run):
    started = time.monotonic()
    report = run(notebook("!echo hello\n" * 3_000 + GOOD))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    assert time.monotonic() - started < 20  # IPython's transformer alone needs a minute for them


@pytest.mark.parametrize("cells", [
    [*(f"v{n} = {n}" for n in range(3_000)), GOOD],
    ["x = '" + "a" * 300_000 + "'\n" + GOOD],
], ids=["3,000 cells", "a cell of 300,000 characters"])
def test_nothing_is_cut_off_silently(run, cells):
    report = run(notebook(*cells))
    said = "cell" in report.message.en and "셀" in report.message.ko
    assert report.verdict is Verdict.ACCEPTED or (report.verdict is Verdict.INVALID and said), why(report)


def test_a_class_and_its_parts_are_taken(judge, tmp_path):
    """A model over several cells, as the exercises about models get it."""
    package = package_of(
        tmp_path, slug="tiny-net", wanted="[Net]",
        reference="from torch import nn\nclass Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
                  "        self.fc = nn.Linear(n, 2)\n    def forward(self, x):\n        return self.fc(x).relu()\n",
        tests="@points(100)\ndef test_it(student, reference, rng):\n"
              "    assert_same_model(student.Net(3), reference.Net(3), rng.normal(4, 3), rng=rng, training=True)\n")
    report = judge.run(package, notebook(
        "!pip install torch\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nfrom torch.utils.data import DataLoader\n",
        "train = DataLoader(nosuch, batch_size=2)\n",
        "OUT = 2\n", "class Block(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.fc = nn.Linear(n, OUT)\n"
        "    def forward(self, x):\n        return F.relu(self.fc(x))\n",
        "class Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.block = Block(n)\n"
        "    def forward(self, x):\n        x = self.block(x)\n        return x\n",
        "model = Net(3)\nmodel.to('cuda')\nfor x, y in train:\n    loss = model(x)\n"))
    assert report.verdict is Verdict.ACCEPTED, why(report)
    assert "DataLoader(nosuch" not in report.judged_source


