"""Own numbers: the same at every reload and on every Python, others for a neighbour, marked by one's own."""

import time

import pytest

from quizzes.kinds import RefusedError, parametrised
from quizzes.variants import draw_variant, fill

from .conftest import SECRET, WHY
from .entries import body_of

BODY = body_of("parametrised")
SHAPE = BODY | {"answer": "shape", "key": "[n, k]", "mistakes": []}


@pytest.mark.parametrize("raw", ["abc", "(3, 4)", "12 개", "9" * 61])
def test_refuses_what_is_no_number(raw):
    with pytest.raises(RefusedError):
        parametrised.parse(BODY, raw)


@pytest.mark.parametrize("raw", ["x", "abc", "(-1, 2)", "(1.5, 2)", "(3; 4)", "(3, 4) 개", "9" * 13, "٣, ٤"])
def test_refuses_what_is_no_shape(raw):
    with pytest.raises(RefusedError):
        parametrised.parse(SHAPE, raw)


@pytest.mark.parametrize(
    ("raw", "shape"),
    [
        ("(3, 4)", [3, 4]),
        ("3, 4", [3, 4]),
        ("[3,4]", [3, 4]),
        ("torch.Size([3, 4])", [3, 4]),
        ("3 x 4", [3, 4]),
        ("3×4", [3, 4]),
        ("（３，４）", [3, 4]),
        ("(3,)", [3]),
        ("3", [3]),
        ("()", []),
        ("torch.Size([])", []),
    ],
)
def test_reads_a_shape(raw, shape):
    assert parametrised.parse(SHAPE, raw)["shape"] == shape


REFUSED = [
    ({"parameters": {}}, "parameters"),
    ({"parameters": {"2n": {"range": [1, 2]}}}, "parameters"),
    ({"parameters": {"n": {"range": [5, 1]}}}, "parameters.n"),
    ({"parameters": {"n": {"range": [1, 2.5]}}}, "parameters.n"),
    ({"parameters": {"n": {"range": [1, 9], "step": 0}}}, "parameters.n"),
    ({"parameters": {"n": {"range": [1, 10**400]}}}, "parameters.n"),
    ({"parameters": {"n": {"choices": []}}}, "parameters.n"),
    ({"parameters": {"n": {"choices": [[1]]}}}, "parameters.n"),
    ({"parameters": {"n": {"uniform": [0, 1]}}}, "parameters.n"),
    ({"parameters": {"n": {"list": {"range": [1, 2]}, "length": 10**9}}}, "parameters.n"),
    ({"parameters": {"n": {"list": {"list": {"range": [1, 2]}, "length": 2}, "length": 2}}}, "parameters.n"),
    ({"where": "k < n"}, "where"),
    ({"where": ["n < 0"]}, "let"),
    ({"where": ["n == 16"]}, "let"),
    ({"let": {"n": "1"}}, "let"),
    ({"let": {"out": "nothing + 1"}}, "let"),
    ({"key": "out / 0"}, "key"),
    ({"key": "[1, 2]"}, "key"),
    ({"key": "out", "answer": "shape"}, "key"),
    ({"answer": "text"}, "answer"),
    ({"stem_ko": "{{unknown}}"}, "stem_ko"),
    ({"explanation_en": "{{n:>99999999}}"}, "explanation_en"),
    ({"explanation_en": "{{n:.99f}} {{n!r}} {{n:s}}"}, "explanation_en"),
    ({"mistakes": [BODY["mistakes"][0] | {"value": "oops"}]}, "mistakes.0.value"),
    ({"mistakes": [{"why_ko": "까닭", "why_en": "reason"}]}, "mistakes.0.value"),
    ({"mistakes": [BODY["mistakes"][0] | {"value": ["n"]}]}, "mistakes.0.value"),
    ({"unit_ko": "개"}, "unit_ko"),
    ({"tolerance": {"absolute": -1}}, "tolerance.absolute"),
]


@pytest.mark.parametrize(("changes", "field"), REFUSED)
def test_a_file_is_refused(changes, field):
    assert field in [problem.field for problem in parametrised.validate(BODY | changes)]


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "9**9**9**9"},
        {"let": {f"a{place}": "sum([a*b for a in range(100) for b in range(100)])" for place in range(20)}},
        {"where": ["sum([a for a in range(1500)]) < 0"] * 20},
        {"let": {"out": "[[[n for a in range(90)] for b in range(90)] for c in range(90)]"}},
    ],
)
def test_a_hostile_file_is_refused_at_once(changes):
    started = time.process_time()
    assert parametrised.validate(BODY | changes)
    assert time.process_time() - started < 1


def test_conditions_that_hold_too_seldom_are_named():
    (problem,) = parametrised.validate(BODY | {"where": ["n <= 20"]})
    assert problem.field == "where"
    assert "draws only" in problem.message


def test_the_numbers_of_a_seed_are_these_for_ever():
    """They are stored nowhere: an answer is marked by drawing them again, after years and on another Python."""
    body = {
        "parameters": {
            "n": {"range": [16, 64]},
            "step": {"range": [0, 20], "step": 4},
            "k": {"choices": [3, 5, 7]},
            "x": {"uniform": [-1, 1], "digits": 2},
            "v": {"list": {"range": [1, 9]}, "length": 3},
        }
    }
    assert draw_variant(body, 1).parameters == {"n": 22, "step": 20, "k": 7, "x": -0.49, "v": [5, 5, 6]}
    assert draw_variant(body, 2**32 - 1).parameters == draw_variant(body, 2**32 - 1).parameters


def test_both_ends_of_a_range_are_drawn_and_nothing_beyond():
    body = {"parameters": {"n": {"range": [3, 6]}, "s": {"range": [0, 7], "step": 3}}}
    drawn = [draw_variant(body, seed).parameters for seed in range(200)]
    assert {each["n"] for each in drawn} == {3, 4, 5, 6}
    assert {each["s"] for each in drawn} == {0, 3, 6}


def test_neighbours_have_numbers_of_their_own():
    stems = {parametrised.present(BODY, seed, "ko").stem for seed in range(30)}
    assert len(stems) > 20
    assert parametrised.present(BODY, 5, "ko") == parametrised.present(BODY, 5, "ko")


def test_a_neighbours_answer_is_wrong():
    one, other = parametrised.solve(BODY, 1), parametrised.solve(BODY, 2)
    assert one != other
    assert parametrised.mark(BODY, parametrised.parse(BODY, one), 1).correct
    assert not parametrised.mark(BODY, parametrised.parse(BODY, other), 1).correct


def test_the_misconception_is_that_of_ones_own_numbers():
    names = draw_variant(BODY, 3).names
    value = parametrised.parse(BODY, str(names["n"] - names["k"]))
    explained = parametrised.explain(BODY, value, 3, "en")
    assert explained.why == f"{WHY} {names['n']} reason"
    assert explained.misconception == f"{WHY} {{{{n}}}} reason"
    assert explained.explanation == f"{SECRET} {names['n']} - {names['k']} + 1 = {names['out']}"


def test_a_mistake_that_is_right_for_these_numbers_is_left_out():
    body = BODY | {"mistakes": [BODY["mistakes"][0] | {"value": "out"}]}
    value = parametrised.parse(body, parametrised.solve(body, 0))
    assert parametrised.mark(body, value, 0).correct
    assert parametrised.explain(body, value, 0, "en").why == ""


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{n}} and {{ n }}", "3 and 3"),
        (r"$\frac{{{n}}}{2}$", r"$\frac{3}{2}$"),
        ("{{x:.2f}} {{x}}", "0.30 0.3"),
        ("{{v}} {{w:.1f}}", "[1, 2, 3] [0.5, 1.0]"),
        ("{{big:,}} {{n:+d}}", "1,234,567 +3"),
        ("{{zero}} {{two}} {{word}}", "0.0 2.0 same"),
        ("{n} {{1}} $x_{n}$", "{n} {{1}} $x_{n}$"),
    ],
)
def test_texts_are_filled(text, filled):
    names = {
        "n": 3,
        "x": 0.1 + 0.2,
        "v": [1, 2, 3],
        "w": [0.5, 1],
        "big": 1234567,
        "zero": -0.0,
        "two": 2.0,
        "word": "same",
    }
    assert fill(text, names) == filled


def test_the_check_gets_the_parameters_of_fifty_seeds_and_not_what_let_computes():
    trial = parametrised.trial(BODY, "answer = n - k + 1")
    assert len(trial.cases) == 50
    assert all(set(case) == {"n", "k"} for case in trial.cases.values())
    assert parametrised.agrees(BODY, int(parametrised.solve(BODY, 4)), "", 4)
    assert not parametrised.agrees(BODY, int(parametrised.solve(BODY, 4)) + 1, "", 4)
    assert not parametrised.agrees(BODY, None, "", 4)
