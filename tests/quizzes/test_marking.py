"""Corrected keys, for every kind: the new answer is right, what a student reads before marking is the same."""

import pytest

from quizzes import kinds, marking
from quizzes.kinds import RefusedError
from quizzes.marking import Change

from .entries import KINDS, body_of

# kind -> (raw answer that becomes right, an answer that was right and then is not)
OTHER = {
    "single_choice": ("c", "b"),
    "numeric": ("16", "918273645"),
    "multiple_choice": ("b\nc", "a\nc"),
    "true_false": ("false", "true"),
    "short_text": ("정규화", "dropout"),
    "matching": (None, None),
    "ordering": (None, None),
    "fill_in_code": ("5\nstd", "4\nsum"),
    "predict_output": ("0 y", "0 x\n1 x"),
    "parametrised": ("out + 1", None),
}
SEEDS = range(5)


def answers_of(kind, body):
    """(raw that becomes right, raw that was right), with letters of the page where a kind has such."""
    new, old = OTHER[kind]
    if new is None:
        letters = kinds.find(kind).solve(body, 0).split("\n")
        new, old = "\n".join([letters[1], letters[0], *letters[2:]]), "\n".join(letters)
    return new, old


def mark(kind, body, raw, seed=0):
    return marking.mark(kind, body, kinds.find(kind).parse(body, raw), seed)


def given(kind, body, raw, seed):
    """What a student of this seed answers who gives `raw`, which for parametrised questions is an expression."""
    return raw if kind != "parametrised" else kinds.find(kind).solve(kinds.find(kind).rekey(body, raw), seed)


def test_every_kind_is_here():
    assert set(OTHER) == set(KINDS) == set(kinds.names())


@pytest.mark.parametrize("kind", KINDS)
def test_another_key_takes_the_old_ones_place(kind):
    body = body_of(kind)
    new, _old = answers_of(kind, body)
    corrected = marking.correct(kind, body, Change("key", (new,)))
    for seed in SEEDS:
        was_right = kinds.find(kind).solve(body, seed)
        assert not mark(kind, body, given(kind, body, new, seed), seed).correct
        assert mark(kind, corrected, given(kind, body, new, seed), seed).correct
        assert not mark(kind, corrected, was_right, seed).correct


@pytest.mark.parametrize("kind", KINDS)
def test_an_accepted_answer_counts_beside_the_key(kind):
    body = body_of(kind)
    new, _old = answers_of(kind, body)
    corrected = marking.correct(kind, body, Change("accept", (new,)))
    for seed in SEEDS:
        assert mark(kind, corrected, given(kind, body, new, seed), seed).correct
        assert mark(kind, corrected, kinds.find(kind).solve(body, seed), seed).correct
        assert marking.mark(kind, corrected, None, seed).fraction == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", ["key", "accept", "void"])
def test_what_is_read_before_marking_stays_the_same(kind, rule):
    body = body_of(kind)
    corrected = marking.correct(kind, body, Change(rule, (answers_of(kind, body)[0],)))
    for seed in SEEDS:
        for language in ("ko", "en"):
            assert kinds.find(kind).present(corrected, seed, language) == kinds.find(kind).present(
                body, seed, language
            )


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_was_stored_means_the_same_by_the_new_key(kind):
    body = body_of(kind)
    new, old = answers_of(kind, body)
    corrected = marking.correct(kind, body, Change("key", (new,)))
    for raw in filter(None, (old, new if kind != "parametrised" else "7")):
        value = kinds.find(kind).parse(body, raw)
        assert value == kinds.find(kind).parse(corrected, raw)
        assert marking.explain(kind, corrected, value, 0, "ko").yours


@pytest.mark.parametrize("kind", KINDS)
def test_void_gives_everybody_full_marks(kind):
    corrected = marking.correct(kind, body_of(kind), Change("void"))
    assert marking.mark(kind, corrected, None, 3).correct
    assert marking.explain(kind, corrected, None, 3, "en").right


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", ["key", "accept"])
def test_the_old_key_again_and_no_answer_are_refused(kind, rule):
    body = body_of(kind)
    same = str(body["key"]) if kind == "parametrised" else kinds.find(kind).solve(body, 0)
    if (rule, kind) not in {("key", "short_text"), ("key", "fill_in_code"), ("key", "predict_output")}:
        with pytest.raises(RefusedError, match="changes nothing"):
            marking.correct(kind, body, Change(rule, (same,)))
    for empty in ((), ("",)):
        with pytest.raises(RefusedError, match="right answer"):
            marking.correct(kind, body, Change(rule, empty))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("single_choice", Change("key", ("c", "d"))),
        ("single_choice", Change("key", ("z",))),
        ("single_choice", Change("accept", ("c", "z"))),
        ("single_choice", Change("tolerance", (), {"absolute": 1.0})),
        ("numeric", Change("key", ("many",))),
        ("numeric", Change("tolerance")),
        ("numeric", Change("tolerance", (), {"absolute": -1.0})),
        ("numeric", Change("tolerance", (), {"relative": float("nan")})),
        ("matching", Change("key", ("a\n\nb",))),
        ("ordering", Change("key", ("a\nb\n\nc",))),
        ("parametrised", Change("key", ("nobody",))),
        ("parametrised", Change("key", ("__import__('os')",))),
        ("void", Change("void")),
    ],
)
def test_what_cannot_be_a_key_is_refused(kind, change):
    if kind == "void":
        kind, body = "numeric", body_of("numeric") | {marking.VOID: True}
    else:
        body = body_of(kind)
    with pytest.raises(RefusedError):
        marking.correct(kind, body, change)


@pytest.mark.parametrize("kind", marking.WITH_TOLERANCE)
def test_a_wider_tolerance_takes_near_answers(kind):
    body = body_of(kind)
    corrected = marking.correct(kind, body, Change("tolerance", (), {"absolute": 2.0}))
    right = float(kinds.find(kind).solve(body, 0))
    assert not mark(kind, body, repr(right + 1.5)).correct
    assert mark(kind, corrected, repr(right + 1.5)).correct
    assert not mark(kind, corrected, repr(right + 2.5)).correct


def test_several_choices_can_count_one_after_the_other_or_together():
    body = body_of("single_choice")
    once = marking.correct("single_choice", body, Change("accept", ("a", "b", "c")))
    assert once[marking.ACCEPTED] == ["a", "c"]  # b is the key
    twice = marking.correct("single_choice", once, Change("accept", ("d",)))
    assert [mark("single_choice", twice, raw).correct for raw in "abcd"] == [True] * 4
    replaced = marking.correct("single_choice", twice, Change("key", ("a",)))
    assert [mark("single_choice", replaced, raw).correct for raw in "abcd"] == [True, False, False, False]


def test_who_gave_an_accepted_answer_reads_it_as_right():
    body = marking.correct("single_choice", body_of("single_choice"), Change("accept", ("c",)))
    by_choice = {
        raw: {
            o.id
            for o in marking.explain("single_choice", body, {"choice": raw}, 0, "en").options
            if o.is_right
        }
        for raw in "abcd"
    }
    assert by_choice == {"a": {"b"}, "b": {"b"}, "c": {"c"}, "d": {"b"}}


def test_a_blank_that_is_left_open_keeps_its_key():
    body = marking.correct("fill_in_code", body_of("fill_in_code"), Change("accept", ("5\n",)))
    assert [mark("fill_in_code", body, raw).fraction for raw in ("5\nmean", "4\nsum", "5\nstd")] == [
        1,
        1,
        0.5,
    ]


def test_a_right_answer_is_no_misconception_any_more():
    body = body_of("numeric") | {"mistakes": [{"value": 16, "why_ko": "까닭", "why_en": "reason"}]}
    corrected = marking.correct("numeric", body, Change("key", ("16",)))
    assert marking.explain("numeric", corrected, {"text": "16", "number": 16}, 0, "en").why == ""
    choice = marking.correct("single_choice", body_of("single_choice"), Change("key", ("c",)))
    assert marking.explain("single_choice", choice, {"choice": "c"}, 0, "en").why == ""


def test_the_explanation_can_be_mended_with_the_key_but_not_alone():
    texts = {"explanation_ko": "새 해설", "explanation_en": "new explanation", "stem_en": "another question"}
    body = body_of("numeric")
    corrected = marking.correct("numeric", body, Change("key", ("16",), texts=texts))
    assert corrected["explanation_en"] == "new explanation"
    assert corrected["stem_en"] == body["stem_en"]
    with pytest.raises(RefusedError, match="changes nothing"):
        marking.correct("numeric", body, Change("key", ("918273645",), texts=texts))
