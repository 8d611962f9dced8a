"""What a listing prints."""

import pytest

from quizzes.kinds import RefusedError, predict_output

from .conftest import WHY
from .entries import body_of, why

BODY = body_of("predict_output")


def test_refuses_more_than_a_listing_prints():
    with pytest.raises(RefusedError):
        predict_output.parse(BODY, "x" * 2001)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"output": 3}, "output"),
        ({"output": " \n"}, "output"),
        ({"mistakes": [{"output": "0 x \n1 x", **why("x")}]}, "mistakes.0.output"),
    ],
)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in predict_output.validate(BODY | changes)]


@pytest.mark.parametrize(
    ("typed", "correct"),
    [
        ("0 x\n1 x", True),
        ("0 x\r\n1 x\r\n", True),
        ("\n0 x  \n1 x\t\n\n", True),
        ("0  x\n1 x", False),
        ("0 x 1 x", False),
        ("0 x\n\n1 x", False),
        (" 0 x\n1 x", False),
        ("0 X\n1 X", False),
    ],
)
def test_marks(typed, correct):
    assert predict_output.mark(BODY, predict_output.parse(BODY, typed), 0).correct is correct


def test_a_known_mistake_is_explained():
    assert WHY in predict_output.explain(BODY, predict_output.parse(BODY, "1 x\n2 x"), 0, "ko").why
