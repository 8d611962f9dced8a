"""What belongs to what."""

import pytest

from quizzes.kinds import RefusedError, matching

from .conftest import WHY
from .entries import body_of

BODY = body_of("matching")
OPTIONS = {option.text: option.id for option in matching.present(BODY, 0, "en").options}
RIGHT = {each: OPTIONS[f"loss {each} text"] for each in "abc"} | {"d": OPTIONS["loss nobody needs text"]}


def raw_of(rights):
    """The answer as the page sends it: for each left in order the file's id of a right, "-" where it is open."""
    return "\n".join(RIGHT.get(each, "") for each in rights)


@pytest.mark.parametrize("raw", ["e", "a\nb\nc\nd", "a b c"])
def test_refuses(raw):
    with pytest.raises(RefusedError):
        matching.parse(BODY, raw)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pairs": BODY["pairs"][:2]}, "pairs"),
        ({"distractors": [BODY["distractors"][0] | {"id": "a"}]}, "distractors.0.id"),
        ({"distractors": [BODY["distractors"][0] | {"text_ko": "loss a 글"}]}, "pairs"),
        ({"mistakes": [BODY["mistakes"][0] | {"right": "a"}]}, "mistakes.0.right"),
        ({"mistakes": [BODY["mistakes"][0] | {"right": "x"}]}, "mistakes.0.left"),
    ],
)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in matching.validate(BODY | changes)]


@pytest.mark.parametrize(
    ("rights", "right"), [("abc", 3), ("ab-", 2), ("acb", 1), ("aaa", 1), ("d--", 0), ("bca", 0)]
)
def test_credit(rights, right):
    assert matching.mark(BODY, matching.parse(BODY, raw_of(rights)), 0).fraction == pytest.approx(right / 3)


def test_a_known_wrong_pair_is_explained():
    explained = matching.explain(BODY, matching.parse(BODY, raw_of("db-")), 0, "en")
    assert [part.why for part in explained.parts] == [f"{WHY} reason extra", "", ""]
    assert [part.is_right for part in explained.parts] == [False, True, False]
