"""python -m sandbox new SLUG: a package that already judges, to be edited."""

from __future__ import annotations

import re
from pathlib import Path

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

FILES = {
    "exercise.yaml": """\
slug: {slug}
title: {{ko: "두 배로 만들기", en: "Twice as much"}}
topic: tensor          # a slug of fixtures/courses/topics.yaml
kind: tensor           # tensor, data, model or text
position: 900          # where it stands in the list
wanted: [double]       # names that a submission must define
limits: {{seconds: 10, memory_mb: 512}}
device: cpu
""",
    "statement.ko.md": """\
텐서 `x`의 모든 값을 두 배로 만들어 돌려주는 함수 `double(x)`를 작성하세요. `x`는 바꾸지 않습니다.

### 예

`double(torch.tensor([1., 2.]))`의 결과는 `tensor([2., 4.])`입니다.
""",
    "statement.en.md": """\
Write `double(x)`, which returns twice every value of the tensor `x`. Do not change `x`.

### Example

`double(torch.tensor([1., 2.]))` gives `tensor([2., 4.])`.
""",
    "starter.py": """\
import torch


def double(x):
    raise NotImplementedError("여기에 작성하세요 (write your code here)")
""",
    "reference.py": """\
def double(x):
    return x * 2
""",
    "tests.py": """\
import torch

from sandbox.checks import assert_close, hint, points, title, visible


@points(20)
@visible
@title(ko="예제", en="Example")
@hint(ko="모든 값에 2를 곱하세요.", en="Multiply every value by 2.")
def test_example(student, reference, rng):
    x = torch.tensor([1.0, 2.0])
    assert_close(student.double(x), reference.double(x))


@points(20)
@title(ko="여러 크기", en="Several sizes")
@hint(ko="모양은 그대로여야 합니다.", en="The shape stays.")
def test_sizes(student, reference, rng):
    for shape in ((1,), (3, 4), (2, 3, 5)):
        x = rng.normal(*shape)
        assert_close(student.double(x), reference.double(x))


@points(20)
@title(ko="음수", en="Negative values")
@hint(ko="음수도 두 배가 됩니다.", en="Negative values are doubled too.")
def test_negative(student, reference, rng):
    x = -rng.uniform(10, low=0.5, high=3.0)
    assert_close(student.double(x), reference.double(x))


@points(20)
@title(ko="정수", en="Integers")
@hint(ko="자료형(dtype)은 그대로여야 합니다.", en="The dtype stays.")
def test_integers(student, reference, rng):
    x = rng.integers(-9, 10, 6)
    assert_close(student.double(x), reference.double(x))


@points(20)
@title(ko="빈 텐서", en="An empty tensor")
@hint(ko="값이 없어도 됩니다.", en="There may be no values.")
def test_empty(student, reference, rng):
    x = rng.normal(0)
    assert_close(student.double(x), reference.double(x))
""",
    "submissions/accepted/plus.py": "def double(x):\n    return x + x\n",
    "submissions/accepted/torch_mul.py": "import torch\n\n\ndef double(x):\n    return torch.mul(x, 2)\n",
    "submissions/wrong_answer/squared.py": (
        '"""ko: 두 배가 아니라 제곱을 했습니다. 2를 곱하세요.\nen: The values were squared instead of doubled. Multiply by 2.\n"""\n\n\n'
        "def double(x):\n    return x**2\n"),
    "submissions/wrong_answer/unchanged.py": (
        '"""ko: 값을 그대로 돌려주었습니다. 2를 곱하세요.\nen: The values came back unchanged. Multiply by 2.\n"""\n\n\n'
        "def double(x):\n    return x.clone()\n"),
    "submissions/wrong_answer/absolute.py": (
        '"""ko: 절댓값을 두 배로 만들었습니다. 부호는 그대로 두세요.\nen: The absolute values were doubled. Keep the sign.\n"""\n\n\n'
        "def double(x):\n    return x.abs() * 2\n"),
}


def create(slug: str, root: Path) -> Path:
    """Writes the package `slug` below `root` and returns its folder.

    Raises ValueError for a name that is no slug, FileExistsError when there is such a package.
    """
    if not SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no slug: lower-case letters, digits and hyphens")
    folder = root / slug
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(slug=slug) if name.endswith(".yaml") else text, encoding="utf-8")
    return folder
