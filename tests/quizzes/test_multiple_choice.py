"""Several right choices: what is refused, and how much each answer earns."""

import pytest

from quizzes.kinds import RefusedError, multiple_choice

from .conftest import WHY
from .entries import body_of

BODY = body_of("multiple_choice")


@pytest.mark.parametrize("raw", ["e", "a\ne", "A", "a,c", "a c", "<b>"])
def test_refuses(raw):
    with pytest.raises(RefusedError):
        multiple_choice.parse(BODY, raw)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"keys": []}, "keys"),
        ({"keys": ["a", "b", "c", "d"]}, "keys"),
        ({"keys": ["a", "a"]}, "keys"),
        ({"keys": ["a", "z"]}, "keys"),
        ({"keys": "a"}, "keys"),
        ({"choices": BODY["choices"][:2]}, "choices"),
        ({"keys": ["a"]}, "choices.2.why_ko"),
    ],
)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in multiple_choice.validate(BODY | changes)]


@pytest.mark.parametrize(
    ("raw", "fraction"),
    [
        ("a\nc", 1),
        ("c\na", 1),
        ("\nc\r\na\n", 1),
        ("a", 0.5),
        ("a\nc\nb", 0.5),
        ("a\nb", 0),
        ("b", 0),
        ("b\nd", 0),
        ("a\nb\nc\nd", 0),
    ],
)
def test_credit(raw, fraction):
    assert multiple_choice.mark(BODY, multiple_choice.parse(BODY, raw), 0).fraction == fraction


def test_the_misconception_of_a_wrong_one_is_said():
    explained = multiple_choice.explain(BODY, {"choices": ["a", "d"]}, 0, "en")
    assert explained.why == f"{WHY} reason d"
    assert {each.id for each in explained.options if each.is_right} == {"a", "c"}


@pytest.mark.parametrize(
    ("one", "other"), [("1/2", "0.5"), ("`[2, 3]`", "`[2,3]`"), ("ReLU", "relu"), ("10", "１０")]
)
def test_two_choices_that_mean_the_same_are_refused(one, other):
    choices = [
        choice | {"text_ko": text, "text_en": text}
        for choice, text in zip(BODY["choices"], (one, other, "x", "y"), strict=True)
    ]
    messages = [problem.message for problem in multiple_choice.validate(BODY | {"choices": choices})]
    assert messages == ["a and b read the same (ko)", "a and b read the same (en)"]


@pytest.mark.parametrize(
    ("one", "other"), [("`torch.tensor`", "`torch.Tensor`"), ("1.0", "1.01"), ("-1", "1"), ("a > b", "a < b")]
)
def test_two_choices_that_only_look_alike_are_not(one, other):
    choices = [
        choice | {"text_ko": text, "text_en": text}
        for choice, text in zip(BODY["choices"], (one, other, "x", "y"), strict=True)
    ]
    assert multiple_choice.validate(BODY | {"choices": choices}) == []
