"""True or false."""

import pytest

from quizzes.kinds import RefusedError, true_false

from .conftest import WHY
from .entries import body_of

BODY = body_of("true_false")


@pytest.mark.parametrize("raw", ["True", "yes", "1", "참", "true\nfalse"])
def test_refuses(raw):
    with pytest.raises(RefusedError):
        true_false.parse(BODY, raw)


@pytest.mark.parametrize(
    ("changes", "field"), [({"key": "true"}, "key"), ({"key": 1}, "key"), ({"why_ko": ""}, "why_ko")]
)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in true_false.validate(BODY | changes)]


@pytest.mark.parametrize(
    ("key", "raw", "correct"),
    [(True, "true", True), (True, "false", False), (False, "false", True), (False, "true", False)],
)
def test_marks(key, raw, correct):
    body = BODY | {"key": key}
    value = true_false.parse(body, raw)
    assert true_false.mark(body, value, 0).correct is correct
    assert bool(true_false.explain(body, value, 0, "en").why) is not correct


def test_the_words_are_the_readers():
    assert [each.text for each in true_false.present(BODY, 0, "ko").options] == ["참", "거짓"]
    assert true_false.explain(BODY, {"choice": "false"}, 0, "ko").yours == "거짓"
    assert WHY in true_false.explain(BODY, {"choice": "false"}, 0, "ko").why
