"""The number field: what people type, and what is no number."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizzes.kinds import RefusedError, numeric

from .conftest import number_entry

BODY = number_entry("n", 0.75, tolerance={"absolute": 0.001})
OUTER = ("slug", "kind", "difficulty")


def body_of(**changes):
    return {
        name: value
        for name, value in number_entry("n", **({"key": 195} | changes)).items()
        if name not in OUTER
    }


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "열둘",
        "1,23",
        "12,34,567",
        "0,5",
        "1.2.3",
        "--1",
        "1e",
        "e5",
        "1/2/3",
        "/2",
        "3/0",
        "3/0.0",
        "1e999",
        "1/1e-999",
        "nan",
        "inf",
        "Infinity",
        "0x10",
        "1_000",
        "1 2",
        "10²",
        "1½",
        "½",
        "٣",
        ".",
        "-",
        "1+1",
        "__import__('os')",
        "9" * 61,
    ],
)
def test_refuses(typed):
    with pytest.raises(RefusedError):
        numeric.parse(BODY, typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        ("-3.5", -3.5),
        ("+7", 7),
        (".5", 0.5),
        ("5.", 5),
        ("1,234", 1234),
        ("1,234,567.5", 1234567.5),
        ("1e-3", 0.001),
        ("1E+3", 1000),
        ("2×10^-3", 0.002),
        ("2x10^3", 2000),
        ("3/4", 0.75),
        ("-1 / 8", -0.125),
        ("1,000/4", 250),
        ("１２３", 123),
        ("０．７５", 0.75),
        ("１，２３４", 1234),
        ("−5", -5),
        ("3⁄4", 0.75),
        ("3÷4", 0.75),
        ("  42  ", 42),
        ("- 5", -5),
        ("000", 0),
    ],
)
def test_reads(typed, number):
    value = numeric.parse(BODY, typed)
    assert value == {"text": typed.strip(), "number": pytest.approx(number)}


def test_an_empty_field_is_no_answer():
    assert numeric.parse(BODY, "") is None
    assert numeric.parse(BODY, "   ") is None
    assert not numeric.mark(BODY, None, 0).correct


@pytest.mark.parametrize("typed", ["195개", "195 개", "195 Parameters", "195parameters"])
def test_the_unit_may_be_typed(typed):
    body = body_of(key=195, unit_ko="개", unit_en="parameters")
    assert numeric.mark(body, numeric.parse(body, typed), 0).correct


@pytest.mark.parametrize(
    ("body", "typed", "correct"),
    [
        (body_of(key=195), "195", True),
        (body_of(key=195), "195.0001", False),
        (body_of(key=0.3), "3/10", True),
        (body_of(key=0), "0", True),
        (body_of(key=0), "0.0000001", False),
        (body_of(key=2.3026, tolerance={"absolute": 0.01}), "2.30", True),
        (body_of(key=2.3026, tolerance={"absolute": 0.01}), "2.31", True),
        (body_of(key=2.3026, tolerance={"absolute": 0.01}), "2.32", False),
        (body_of(key=-200, tolerance={"relative": 0.01}), "-202", True),
        (body_of(key=-200, tolerance={"relative": 0.01}), "-203", False),
        (body_of(key=100, tolerance={"relative": 0.01, "absolute": 5}), "105", True),
    ],
)
def test_marks_within_the_tolerance(body, typed, correct):
    assert numeric.mark(body, numeric.parse(body, typed), 0).correct is correct


@given(st.text(max_size=30))
@example("1" * 30)
@example("𝟏𝟐")
def test_any_text_is_a_finite_number_or_refused_or_empty(text):
    try:
        value = numeric.parse(BODY, text)
    except RefusedError:
        return
    assert value is None or math.isfinite(value["number"])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_as_python_writes_it_comes_back(number):
    assert numeric.read_number(repr(number)) == number


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_thousands_with_commas_and_full_width_digits_come_back(number):
    text = f"{number:,}"
    assert numeric.read_number(text) == number
    wide = text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789,-"})
    assert numeric.read_number(wide) == number


@given(st.integers(-999, 999), st.integers(1, 999))
def test_fractions_come_back(over, under):
    assert numeric.read_number(f"{over}/{under}") == pytest.approx(over / under)


def test_explains_the_mistake_whose_number_it_is():
    body = body_of(key=195, unit_ko="개", unit_en="parameters") | {
        "mistakes": [{"value": 176, "why_ko": "편향을 빠뜨렸습니다.", "why_en": "The biases are missing."}]
    }
    explained = numeric.explain(body, numeric.parse(body, "176"), 0, "ko")
    assert (explained.yours, explained.right, explained.why) == ("176", "195 개", "편향을 빠뜨렸습니다.")
    assert numeric.explain(body, numeric.parse(body, "195"), 0, "ko").why == ""
    assert numeric.explain(body, numeric.parse(body, "170"), 0, "ko").why == ""
    assert numeric.explain(body, None, 0, "en").yours == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "195"}, "key"),
        ({"key": True}, "key"),
        ({"key": float("nan")}, "key"),
        ({"tolerance": 0.1}, "tolerance"),
        ({"tolerance": {"absolut": 0.1}}, "tolerance.absolut"),
        ({"tolerance": {"absolute": -1}}, "tolerance.absolute"),
        ({"unit_ko": "개"}, "unit_ko"),
        ({"stem_en": ""}, "stem_en"),
        ({"explanation_ko": None}, "explanation_ko"),
        ({"mistakes": "none"}, "mistakes"),
        ({"mistakes": [{"value": 176, "why_ko": "편향"}]}, "mistakes.0.why_en"),
        ({"mistakes": [{"value": 195, "why_ko": "가", "why_en": "b"}]}, "mistakes.0.value"),
        ({"tollerance": {}}, "tollerance"),
    ],
)
def test_refuses_a_body(changes, field):
    assert field in [problem.field for problem in numeric.validate(body_of() | changes)]


def test_accepts_a_whole_body():
    assert numeric.validate(body_of(key=195)) == []
