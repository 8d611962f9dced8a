"""One question of every kind, as it stands in a file. SECRET and WHY must never reach a page before marking."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from .conftest import SECRET, WHY, choice_entry, number_entry

OUTER = ("slug", "kind", "difficulty", "pages", "check")


def entry_of(kind: str, slug: str = "", **fields: Any) -> dict[str, Any]:
    """A question of `kind`; `fields` replace its own."""
    slug = slug or f"one-{kind.replace('_', '-')}"
    if kind == "single_choice":
        return choice_entry(slug, **fields)
    if kind == "numeric":
        return number_entry(slug, **fields)
    outer = {
        "slug": slug,
        "kind": kind,
        "difficulty": 2,
        "stem_ko": f"{slug} 문제입니다.",
        "stem_en": f"This is {slug}.",
        "explanation_ko": f"{SECRET} 해설 {slug}",
        "explanation_en": f"{SECRET} explanation {slug}",
    }
    return outer | deepcopy(FIELDS[kind]) | fields  # a test may change what it was given


def body_of(kind: str, **fields: Any) -> dict[str, Any]:
    """The same without what belongs to the file."""
    return {name: value for name, value in entry_of(kind, **fields).items() if name not in OUTER}


def why(word: str) -> dict[str, str]:
    return {"why_ko": f"{WHY} 까닭 {word}", "why_en": f"{WHY} reason {word}"}


def texts(name: str, text: str) -> dict[str, str]:
    return {f"{name}_ko": f"{text} 글", f"{name}_en": f"{text} text"}


FIELDS: dict[str, dict[str, Any]] = {
    "multiple_choice": {
        "choices": [
            {"id": each, **texts("text", f"choice {each}")} | ({} if each in "ac" else why(each))
            for each in "abcd"
        ],
        "keys": ["a", "c"],
    },
    "true_false": {"key": True, **why("false")},
    "short_text": {
        "answers": ["드롭아웃", "Dropout", "drop-out layer"],
        "mistakes": [{"text": "배치 정규화", **why("norm")}],
    },
    "ordering": {
        "items": [
            {"id": each, **texts("text", f"step {word}")}
            for each, word in zip("abcd", ("load", "split", "fit", "test"), strict=True)
        ],
        "mistakes": [{"order": ["a", "c", "b", "d"], **why("leak")}],
    },
    "matching": {
        "pairs": [
            {"id": each, **texts("left", f"task {each}"), **texts("right", f"loss {each}")} for each in "abc"
        ],
        "distractors": [{"id": "d", **texts("text", "loss nobody needs")}],
        "mistakes": [{"left": "a", "right": "d", **why("extra")}],
    },
    "fill_in_code": {
        "code": "x = torch.zeros({{1}}, 3)\ny = x.{{2}}(dim=1)\n",
        "blanks": [
            {"answers": ["4"], "mistakes": [{"text": "3", **why("rows")}]},
            {"answers": ["sum", "mean"]},
        ],
    },
    "predict_output": {
        "code": "for i in range(2):\n    print(i, 'x')\n",
        "output": "0 x\n1 x\n",
        "mistakes": [{"output": "1 x\n2 x", **why("range")}],
    },
    "parametrised": {
        "parameters": {"n": {"range": [16, 64]}, "k": {"choices": [3, 5, 7]}},
        "where": ["k < n"],
        "let": {"out": "n - k + 1"},
        "stem_ko": "한 변이 {{n}}이고 커널이 {{k}}이면 출력은 얼마입니까?",
        "stem_en": "With a side of {{n}} and a kernel of {{k}}, what is the output?",
        "key": "out",
        "mistakes": [
            {"value": "n - k", "why_ko": f"{WHY} {{{{n}}}} 까닭", "why_en": f"{WHY} {{{{n}}}} reason"}
        ],
        "explanation_ko": f"{SECRET} {{{{n}}}} - {{{{k}}}} + 1 = {{{{out}}}} 입니다",
        "explanation_en": f"{SECRET} {{{{n}}}} - {{{{k}}}} + 1 = {{{{out}}}}",
    },
}
KINDS = ("single_choice", "numeric", *FIELDS)
