"""Steps in order: partly placed ones are kept, and pairs earn."""

import pytest

from quizzes.kinds import RefusedError, ordering

from .conftest import WHY
from .entries import body_of

BODY = body_of("ordering")
LETTERS = dict(zip("abcd", ordering.solve(BODY, 0).split("\n"), strict=True))


def raw_of(order):
    """The answer as the page sends it, from the file's ids; "-" is an open place."""
    return "\n".join(LETTERS.get(each, "") for each in order)


@pytest.mark.parametrize(
    "raw", ["e", "z\n\n\n", raw_of("aabc"), raw_of("a--a"), raw_of("abcd") + "\na", "a,b,c,d"]
)
def test_refuses(raw):
    with pytest.raises(RefusedError):
        ordering.parse(BODY, raw)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": BODY["items"][:2]}, "items"),
        ({"items": [BODY["items"][1], BODY["items"][0], BODY["items"][2]]}, "items.0.id"),
        ({"items": [*BODY["items"][:3], BODY["items"][0] | {"id": "d"}]}, "items"),
        ({"mistakes": [BODY["mistakes"][0] | {"order": ["a", "b"]}]}, "mistakes.0.order"),
        ({"mistakes": [BODY["mistakes"][0] | {"order": list("abcd")}]}, "mistakes.0.order"),
    ],
)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in ordering.validate(BODY | changes)]


@pytest.mark.parametrize(
    ("order", "fraction"),
    [
        ("abcd", 1),
        ("abdc", 2 * 5 / 6 - 1),
        ("bacd", 2 * 5 / 6 - 1),
        ("badc", 2 * 4 / 6 - 1),
        ("dabc", 0),
        ("dcba", 0),
        ("abc-", 0),  # three of six pairs
        ("a---", 0),
    ],
)
def test_credit(order, fraction):
    value = ordering.parse(BODY, raw_of(order))
    assert ordering.mark(BODY, value, 0).fraction == pytest.approx(fraction)


def test_a_partly_placed_order_is_kept_as_it_is():
    value = ordering.parse(BODY, raw_of("-b--"))
    assert value["order"] == [None, "b", None, None]
    assert ordering.show(value) == raw_of("-b--")


def test_a_known_wrong_order_is_explained():
    explained = ordering.explain(BODY, ordering.parse(BODY, raw_of("acbd")), 0, "en")
    assert explained.why == f"{WHY} reason leak"
    assert [part.is_right for part in explained.parts] == [True, False, False, True]
