"""What every kind promises: the right answer is right, an open one is none, and nothing of the key is shown."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import kinds

from .conftest import SECRET, WHY
from .entries import KINDS, body_of

SEEDS = range(12)


def test_the_folder_holds_these_kinds():
    assert sorted(KINDS) == kinds.names()


def test_what_cannot_mark_is_no_kind():
    for name in ("base", "choices", "numbers", "shuffled"):
        with pytest.raises(KeyError):
            kinds.find(name)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("field", ["stem_ko", "stem_en", "explanation_ko", "explanation_en"])
def test_a_text_in_both_languages_is_asked_for(name, field):
    assert field in [each.field for each in kinds.find(name).validate(body_of(name, **{field: ""}))]


@pytest.mark.parametrize("name", KINDS)
def test_a_field_that_nobody_knows_is_a_problem(name):
    assert "colour" in [each.field for each in kinds.find(name).validate(body_of(name, colour="red"))]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("junk", [None, 3, "x", [], [3], [{"id": []}], {"a": 1}, [["a"]], [None, None, None]])
def test_junk_in_any_field_is_a_problem_and_no_crash(name, junk):
    kind, whole = kinds.find(name), body_of(name)
    for field in kind.FIELDS:
        kind.validate(whole | {field: junk})
    assert kind.validate(dict.fromkeys(whole, junk))


@pytest.mark.parametrize("name", KINDS)
def test_the_right_answer_is_right_for_every_seed(name):
    kind, body = kinds.find(name), body_of(name)
    assert kind.validate(body) == []
    for seed in SEEDS:
        value = kind.parse(body, kind.solve(body, seed))
        assert kind.mark(body, value, seed) == kinds.Marked(1.0)
        assert json.loads(json.dumps(value)) == value
        assert kind.parse(body, kind.show(value)) == value
        assert kind.explain(body, value, seed, "ko").yours


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("raw", ["", "   ", "\n\n", "\r\n"])
def test_an_open_field_is_no_answer(name, raw):
    kind, body = kinds.find(name), body_of(name)
    assert kind.parse(body, raw) is None
    assert kind.mark(body, None, 0) == kinds.Marked(0.0)
    explained = kind.explain(body, None, 0, "en")
    assert (explained.yours, explained.why) == ("", "")
    assert explained.right


@pytest.mark.parametrize("name", KINDS)
def test_what_is_shown_tells_nothing(name):
    kind, body = kinds.find(name), body_of(name)
    shown = [str(kind.present(body, seed, language)) for seed in SEEDS for language in ("ko", "en")]
    assert not [text for text in shown if SECRET in text or WHY in text or "is_right" in text]


@pytest.mark.parametrize("name", ["ordering", "matching"])
def test_letters_of_the_page_do_not_follow_the_file(name):
    """Were the file's ids sent, a, b, c, d would be the key."""
    kind, body = kinds.find(name), body_of(name)
    assert kind.solve(body, 0).split("\n") != list("abcd")[: len(kind.solve(body, 0).split("\n"))]
    orders = {tuple(option.id for option in kind.present(body, seed, "ko").options) for seed in range(40)}
    assert len(orders) > 5


@pytest.mark.parametrize("name", KINDS)
@given(raw=st.text(max_size=40) | st.lists(st.sampled_from(list("abcdef1 ,()")), max_size=8).map("\n".join))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_or_refused(name, raw):
    kind, body = kinds.find(name), body_of(name)
    try:
        value = kind.parse(body, raw)
    except kinds.RefusedError:
        return
    assert 0 <= kind.mark(body, value, 7).fraction <= 1
    kind.explain(body, value, 7, "ko")
