"""Every sentence of the judge's own is there in both languages, and the Korean one is Korean."""

import importlib
import re

import pytest

from sandbox import messages
from sandbox.contract import Limits, Text, Verdict

HANGUL = re.compile("[가-힣]")
PLACE = re.compile(r"\{\w*\}")


def _constants():
    for module in ("messages", "compare", "transplant", "checks", "student", "judge", "doctor"):
        for name, value in vars(importlib.import_module(f"sandbox.{module}")).items():
            values = value.items() if isinstance(value, dict) and not name.startswith("__") else [("", value)]
            yield from ((f"{module}.{name}{key}", text) for key, text in values if isinstance(text, Text) and text)


CONSTANTS = dict(_constants())
BUILT = {
    **{f"verdict {verdict}": messages.verdict_text(verdict, Limits(2.5, 300, 16)) for verdict in Verdict},
    "missing": messages.missing_names(["FashionCNN"]),
    "syntax": messages.syntax_error(7, "invalid syntax"),
    "raised": messages.raised("ValueError", "text", [(3, "f(x)"), (7, "raise ValueError")]),
    "raised nowhere": messages.raised("ValueError", "", []),
}


@pytest.mark.parametrize("text", [*CONSTANTS.values(), *BUILT.values()], ids=[*CONSTANTS, *BUILT])
def test_both_languages(text):
    assert HANGUL.search(text.ko), text
    assert text.en, text
    assert not HANGUL.search(text.en), text
    assert sorted(PLACE.findall(text.ko)) == sorted(PLACE.findall(text.en))


def test_there_are_constants_to_look_at():
    assert len(CONSTANTS) >= 15


@pytest.mark.parametrize(("verdict", "figure"), [
    (Verdict.TIME_LIMIT, "2.5"), (Verdict.MEMORY_LIMIT, "300"), (Verdict.OUTPUT_LIMIT, "16"),
])
def test_a_limit_is_named(verdict, figure):
    text = messages.verdict_text(verdict, Limits(2.5, 300, 16))
    assert figure in text.ko
    assert figure in text.en


def test_what_was_raised_names_class_line_and_text():
    for shown in (messages.raised("ValueError", "odd", [(7, "x = 1")]), messages.syntax_error(7, "odd")):
        assert "7" in shown.ko
        assert "7" in shown.en
        assert "odd" in shown.ko
        assert "odd" in shown.en
    assert "ValueError" in messages.raised("ValueError", "", []).ko
    assert "FashionCNN" in messages.missing_names(["FashionCNN"]).ko
