"""Gaps in a listing, compared as Python reads them."""

import pytest

from quizzes.kinds import RefusedError, fill_in_code

from .conftest import WHY
from .entries import body_of, why

BODY = body_of("fill_in_code")


@pytest.mark.parametrize("raw", ["4\nsum\nmore", "x" * 201])
def test_refuses(raw):
    with pytest.raises(RefusedError):
        fill_in_code.parse(BODY, raw)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "x = {{1}}"}, "code"),
        ({"code": "{{2}} {{1}}"}, "code"),
        ({"code": "{{1}} {{1}}"}, "code"),
        ({"code": ""}, "code"),
        ({"blanks": []}, "blanks"),
        ({"blanks": [{"answers": [4]}, {"answers": ["sum"]}]}, "blanks.0.answers"),
        (
            {"blanks": [{"answers": ["4"], "mistakes": [{"text": " 4 ", **why("x")}]}, {"answers": ["s"]}]},
            "blanks.0.mistakes.0.text",
        ),
    ],
)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in fill_in_code.validate(BODY | changes)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x.view(-1, 4)", "x.view( -1,4 )", True),
        ("'cuda'", '"cuda"', True),
        ("‘cuda’", "'cuda'", True),
        ("1e-3", "0.001", True),
        ("（4）", "(4)", True),
        ("dim = 1", "dim=1", True),
        ("x.sum(", "x . sum (", True),
        ("4  # four", "4", True),
        ("x.view", "x.View", False),
        ("'a b'", "'ab'", False),
        ("1", "1.0", False),
        ("not x", "notx", False),
        ("x ** 2", "x * * 2", False),
        ("f'{a}'", "f'{b}'", False),
    ],
)
def test_tokens(one, other, same):
    assert (fill_in_code.tokens(one) == fill_in_code.tokens(other)) is same


@pytest.mark.parametrize(
    ("raw", "fraction"), [("4\nsum", 1), (" 4 \n mean ", 1), ("4\n", 0.5), ("\nsum", 0.5), ("sum\n4", 0)]
)
def test_credit(raw, fraction):
    assert fill_in_code.mark(BODY, fill_in_code.parse(BODY, raw), 0).fraction == fraction


def test_a_known_mistake_is_explained_at_its_gap():
    explained = fill_in_code.explain(BODY, fill_in_code.parse(BODY, "3\nsum"), 0, "en")
    assert [part.why for part in explained.parts] == [f"{WHY} reason rows", ""]
    assert explained.code == "x = torch.zeros(4, 3)\ny = x.sum(dim=1)\n"
