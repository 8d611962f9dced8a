"""A known mistake is recognised by what the submission computes, not by how it is written."""

import pytest

from sandbox.contract import Verdict
from tests.sandbox.building import SHIFT_SUBMISSIONS, package_of, source, why

BODY = "def shift(x, by=1.0):\n    "
MORE = {
    **SHIFT_SUBMISSIONS,
    "wrong_answer/ignored.py": '"""ko: by를 쓰지 않았습니다.\nen: by is not used."""\n\ndef shift(x, by=1.0):\n    return x + 1.0\n',
    "wrong_answer/silent.py": "def shift(x, by=1.0):\n    return x * 3\n",
    "wrong_answer/broken.py": '"""ko: 없음\nen: none"""\nraise ValueError("a mistake that cannot be loaded")\n',
    "wrong_answer/none.py": '"""ko: return이 없습니다.\nen: There is no return."""\n\ndef shift(x, by=1.0):\n    x + by\n',
    "runtime_error/raises.py": '"""ko: 오류\nen: raises"""\n\ndef shift(x, by=1.0):\n    return x.nosuch\n',
}

FOUND = {
    "the same text": ("return x - by", "minus"),
    "written otherwise": ("import torch\n    return torch.stack([one - by for one in x])", "minus"),
    "the other way round": ("return -(by - x)", "minus"),
    "another mistake": ("return x + by + by", "doubled"),
    "one that fails in few tests": ("return x + 1", "ignored"),
    "nothing returned": ("pass", "none"),
    "none of them": ("return x * 100", ""),
    "a mistake without a sentence": ("return x * 3", ""),
    "an exception": ("return x.nosuch", ""),
    "right": ("return x + by", ""),
    "a shape": ("return (x - by)[None]", ""),
    "one case only": ("return x - by if len(x) == 3 else x * 100", ""),
}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return package_of(tmp_path_factory.mktemp("packages"), submissions=MORE)


@pytest.mark.parametrize(("body", "name"), FOUND.values(), ids=FOUND)
def test_the_mistake_that_explains_it_is_told(judge, package, body, name):
    report = judge.run(package, source(BODY + body))
    assert report.mistake == name, why(report)
    if name:
        sentence = next(example.sentence for example in package.examples if example.name == name)
        assert report.message == sentence
    assert report.verdict is not Verdict.JUDGE_ERROR


def test_looking_for_it_prints_nothing_and_costs_no_verdict(judge, package):
    """Mistakes are looked for by asking the submission again, with hidden inputs."""
    report = judge.run(package, source("calls = []\n" + BODY + "calls.append(1)\n    if len(calls) > 4:\n        print('spy', x)\n"
                                       "        import os\n        os._exit(1)\n    return x * 100"))
    assert report.verdict is Verdict.WRONG_ANSWER, why(report)
    assert report.stdout == ""
