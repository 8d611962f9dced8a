"""One right choice: what a file must have, what the browser sees, how it is marked."""

import pytest

from quizzes import kinds
from quizzes.kinds import RefusedError, single_choice

from .conftest import choice_entry

OUTER = ("slug", "kind", "difficulty")


def body_of(**changes):
    return {name: value for name, value in choice_entry("q", **changes).items() if name not in OUTER}


def without_text(field: str, place: int):
    body = body_of()
    body["choices"][place] = body["choices"][place] | {field: ""}
    return body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (body_of() | {"key": "e"}, "key"),
        (body_of() | {"choices": body_of()["choices"][:1]}, "choices"),
        (body_of() | {"choices": "a, b"}, "choices"),
        (body_of() | {"choices": ["a", "b"]}, "choices"),
        (without_text("why_ko", 0), "choices.0.why_ko"),
        (without_text("text_en", 1), "choices.1.text_en"),
        (body_of() | {"stem_ko": " "}, "stem_ko"),
        (body_of() | {"explanation_en": ""}, "explanation_en"),
        (body_of() | {"shuffle": "no"}, "shuffle"),
        (body_of() | {"hint": "x"}, "hint"),
        (body_of(key="b") | {"key": "a"}, "choices.0.why_ko"),
    ],
)
def test_refuses_a_body(body, field):
    assert field in [problem.field for problem in single_choice.validate(body)]


def test_refuses_choices_that_read_the_same_or_have_other_ids():
    body = body_of()
    body["choices"][2]["text_ko"] = body["choices"][0]["text_ko"]
    body["choices"][3]["id"] = "z"
    problems = single_choice.validate(body)
    assert {problem.field for problem in problems} == {"choices", "choices.3.id"}


def test_accepts_a_whole_body():
    assert single_choice.validate(body_of()) == []


@pytest.mark.parametrize("raw", ["e", "A", "b ", "보기", "b\x00"])
def test_refuses_what_is_no_choice(raw):
    with pytest.raises(RefusedError):
        single_choice.parse(body_of(), raw)


def test_marks_the_key_only():
    body = body_of(key="c")
    marks = {
        letter: single_choice.mark(body, single_choice.parse(body, letter), 0).correct for letter in "abcd"
    }
    assert marks == {"a": False, "b": False, "c": True, "d": False}
    assert not single_choice.mark(body, single_choice.parse(body, ""), 0).correct


def test_the_order_belongs_to_the_seed():
    body = body_of()

    def order(seed):
        return [option.id for option in single_choice.present(body, seed, "ko").options]

    assert all(order(seed) == order(seed) for seed in range(20))
    assert len({tuple(order(seed)) for seed in range(50)}) > 10
    assert all(sorted(order(seed)) == list("abcd") for seed in range(20))
    firsts = [order(seed)[0] for seed in range(400)]
    assert all(60 < firsts.count(letter) < 140 for letter in "abcd")


def test_choices_with_an_order_of_their_own_are_not_shuffled():
    body = body_of() | {"shuffle": False}
    for seed in range(10):
        assert [option.id for option in single_choice.present(body, seed, "ko").options] == list("abcd")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_presented_holds_no_secret(language):
    shown = str(single_choice.present(body_of(), 3, language))
    assert "SECRET" not in shown
    assert "key" not in shown


def test_explains_in_the_order_that_was_shown():
    body = body_of(key="b")
    explained = single_choice.explain(body, {"choice": "d"}, 7, "ko")
    shown = [option.id for option in single_choice.present(body, 7, "ko").options]
    assert [option.id for option in explained.options] == shown
    assert explained.yours == "q 보기 d"
    assert explained.right == "q 보기 b"
    assert explained.why.endswith("까닭 d")
    assert [option.id for option in explained.options if option.is_right] == ["b"]
    assert [option.id for option in explained.options if option.is_chosen] == ["d"]


def test_a_missing_translation_falls_back():
    body = body_of() | {"stem_en": ""}
    assert single_choice.present(body, 0, "en").stem == body["stem_ko"]


def test_every_file_of_the_folder_is_a_kind():
    assert {"single_choice", "numeric"} <= set(kinds.names())
    for name in kinds.names():
        for function in ("validate", "present", "parse", "show", "mark", "explain"):
            assert callable(getattr(kinds.find(name), function))
    with pytest.raises(KeyError):
        kinds.find("base")
