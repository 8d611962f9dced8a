"""A typed word: what counts as the same, and what is only near."""

import unicodedata

import pytest

from quizzes.kinds import RefusedError, short_text

from .conftest import WHY
from .entries import body_of, why

BODY = body_of("short_text")


@pytest.mark.parametrize("raw", ["---", "'", ". . .", "가" * 101])
def test_refuses(raw):
    with pytest.raises(RefusedError):
        short_text.parse(BODY, raw)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answers": []}, "answers"),
        ({"answers": ["ok", 3]}, "answers.1"),
        ({"answers": ["ok", "-"]}, "answers.1"),
        ({"mistakes": [{"text": "드롭 아웃", **why("x")}]}, "mistakes.0.text"),
        ({"mistakes": [{"text": "다른 말"}]}, "mistakes.0.why_ko"),
    ],
)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in short_text.validate(BODY | changes)]


@pytest.mark.parametrize(
    ("typed", "correct"),
    [
        ("드롭아웃", True),
        (unicodedata.normalize("NFD", "드롭아웃"), True),
        ("드롭 아웃", True),
        ("ＤＲＯＰＯＵＴ", True),
        ("drop-out", True),
        ("“Drop Out”", True),
        ("Dropout.", True),
        ("dropout layer", True),
        ("드랍아웃", False),
        ("droput", False),
        ("과적합", False),
        ("드롭아웃 아님", False),
    ],
)
def test_marks(typed, correct):
    assert short_text.mark(BODY, short_text.parse(BODY, typed), 0).correct is correct


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("드랍아웃", "드롭아웃"),  # one jamo
        ("드롭아옷", "드롭아웃"),
        ("droput", "Dropout"),
        ("rdopout", "Dropout"),  # two letters that changed places are one slip
        ("과적합", ""),
        ("배치정규화", ""),  # a mistake that the file knows is no misspelling
        ("드롭아웃", ""),  # it is right
    ],
)
def test_a_near_miss_is_offered_after_marking_and_not_accepted(typed, near):
    value = short_text.parse(BODY, typed)
    explained = short_text.explain(BODY, value, 0, "ko")
    assert explained.near == near
    assert not (near and short_text.mark(BODY, value, 0).correct)


@pytest.mark.parametrize("typed", ["RNN", "DNN", "CN"])
def test_a_short_abbreviation_has_no_near_one(typed):
    assert short_text.nearest(typed, ["CNN"]) == ""


def test_a_known_mistake_is_explained():
    assert WHY in short_text.explain(BODY, {"text": "배치정규화"}, 0, "ko").why
