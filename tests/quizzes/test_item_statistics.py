"""The figures of item analysis against numpy and pandas, over many samples, and what they refuse to say."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.item_statistics import (
    FEW,
    Flag,
    Response,
    correlation,
    describe,
    describe_options,
    fisher_interval,
    reliability,
    seconds_per_answer,
)

QUICK = settings(max_examples=60, deadline=None)


@st.composite
def point_rows(draw, values=(0.0, 1.0)):
    """Rows of points: people times items."""
    people, items = draw(st.integers(3, 40)), draw(st.integers(2, 12))
    row = st.lists(st.sampled_from(values), min_size=items, max_size=items)
    return draw(st.lists(row, min_size=people, max_size=people))


@QUICK
@given(point_rows(values=(0.0, 0.25, 0.5, 1.0)))
def test_discrimination_is_pandas_correlation_with_the_rest(rows):
    frame = pd.DataFrame(rows)
    for column in frame:
        rest = frame.drop(columns=column).mean(axis=1)
        found = describe([Response(credit, other) for credit, other in zip(frame[column], rest, strict=True)])
        wanted = frame[column].corr(rest) if frame[column].nunique() > 1 and rest.nunique() > 1 else math.nan
        assert found.difficulty == pytest.approx(frame[column].mean())
        if math.isnan(wanted):
            assert found.discrimination is None
        else:
            assert found.discrimination == pytest.approx(wanted, abs=1e-9)
            assert -1 <= found.discrimination <= 1


@QUICK
@given(point_rows())
def test_kr20_is_the_formula_of_kuder_and_richardson(rows):
    data = np.array(rows)
    found = reliability(rows)
    spread = data.sum(axis=1).var()
    assert (found.people, found.items, found.name) == (*data.shape, "KR-20")
    if spread < 1e-12:
        assert found.value is None
    else:
        p = data.mean(axis=0)
        k = data.shape[1]
        assert found.value == pytest.approx(k / (k - 1) * (1 - (p * (1 - p)).sum() / spread))


@QUICK
@given(point_rows(values=(0.0, 1.0, 2.0, 4.0)))
def test_alpha_is_that_of_the_covariance_matrix(rows):
    covariance = np.cov(np.array(rows), rowvar=False)
    found = reliability(rows)
    if covariance.sum() < 1e-12:
        assert found.value is None
    else:
        k = len(rows[0])
        wanted = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
        assert found.value == pytest.approx(wanted, abs=1e-9)


def test_the_textbook_example_of_a_perfect_scale():
    rows = [[1.0] * level + [0.0] * (4 - level) for level in range(5)]
    assert reliability(rows).value == pytest.approx(0.8)


@pytest.mark.parametrize("rows", [[], [[1.0]], [[1.0, 0.0]], [[1.0], [0.0]], [[1.0, 0.0], [0.0, 1.0]]])
def test_no_reliability_of_one_person_one_item_or_equal_sums(rows):
    assert reliability(rows).value is None


def test_points_of_different_weight_are_not_called_kr20():
    assert reliability([[2.0, 4.0], [0.0, 4.0], [2.0, 0.0]]).name == "α"
    assert reliability([[2.0, 2.0], [0.0, 2.0], [2.0, 0.0]]).name == "KR-20"


@QUICK
@given(st.floats(-0.999, 0.999), st.integers(4, 500))
def test_the_interval_is_fishers(r, people):
    low, high = fisher_interval(r, people)
    assert low < r < high
    width = 1.959963984540054 / np.sqrt(people - 3)
    assert low == pytest.approx(np.tanh(np.arctanh(r) - width), abs=1e-6)
    assert high == pytest.approx(np.tanh(np.arctanh(r) + width), abs=1e-6)


@pytest.mark.parametrize(
    ("left", "right"), [([], []), ([1, 0], [0, 1]), ([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [5, 5, 5])]
)
def test_no_correlation_of_too_few_or_of_what_does_not_vary(left, right):
    assert correlation(left, right) is None


def sample(count, chosen_by):
    """`count` people from the weakest to the strongest; chosen_by(place) is the option taken, b is right."""
    return [
        Response(float(chosen_by(place) == "b"), place / count, frozenset(chosen_by(place)))
        for place in range(count)
    ]


OPTIONS = {"a": False, "b": True, "c": False}


def flags(count, chosen_by):
    return {one.id: one.flag for one in describe_options(sample(count, chosen_by), OPTIONS)}


def test_options_are_counted_and_compared_between_the_thirds():
    found = describe_options(sample(30, lambda place: "a" if place < 10 else "b"), OPTIONS)
    assert [(one.id, one.count, one.weak, one.strong) for one in found] == [
        ("a", 10, 1.0, 0.0),
        ("b", 20, 0.0, 1.0),
        ("c", 0, 0.0, 0.0),
    ]


def test_a_wrong_choice_that_nobody_takes_and_one_that_the_strong_take_are_flagged():
    assert flags(30, lambda place: "a" if place < 10 else "b") == {"a": None, "b": None, "c": Flag.UNUSED}
    assert flags(30, lambda place: "a" if place > 24 else "b") == {
        "a": Flag.STRONG,
        "b": None,
        "c": Flag.UNUSED,
    }
    assert flags(30, lambda place: "a" if place > 28 else "b")["a"] is None  # one person more is chance


@pytest.mark.parametrize(("right_from", "flag"), [(15, []), (None, [Flag.NEGATIVE])])
def test_a_question_that_the_weak_answer_better_is_flagged(right_from, flag):
    chosen = (
        (lambda place: "b" if place >= 15 else "a")
        if right_from
        else (lambda place: "b" if place < 15 else "a")
    )
    assert describe(sample(30, chosen)).flags == flag


def test_hardly_any_discrimination_is_flagged_as_low():
    people = sample(40, lambda place: "ab"[place % 2])  # r = 0.04
    assert 0 < describe(people).discrimination < 0.1
    assert describe(people).flags == [Flag.LOW]


def test_with_few_people_nothing_is_flagged():
    few = sample(FEW - 1, lambda place: "b" if place < 9 else "a")
    assert describe(few).discrimination < 0
    assert describe(few).has_few
    assert describe(few).flags == []
    assert {one.flag for one in describe_options(few, OPTIONS)} == {None}
    assert {one.strong for one in describe_options(few, OPTIONS)} == {None}


def test_no_thirds_where_all_are_equal():
    equals = [Response(1.0, 0.5, frozenset("b"))] * 30
    assert [(one.weak, one.flag) for one in describe_options(equals, OPTIONS)] == [
        (None, Flag.UNUSED),
        (None, None),
        (None, Flag.UNUSED),
    ]


def test_nobody_at_all():
    nothing = describe([])
    assert (nothing.people, nothing.difficulty, nothing.discrimination, nothing.seconds) == (
        0,
        None,
        None,
        None,
    )
    assert [one.share for one in describe_options([], OPTIONS)] == [0, 0, 0]


def test_the_time_of_an_answer_runs_from_the_one_before():
    began = dt.datetime(2026, 3, 17, 9, tzinfo=dt.UTC)

    def after(seconds):
        return began + dt.timedelta(seconds=seconds)

    saved = {3: after(90), 1: after(20), 2: after(20.2), 4: after(2000), 5: after(2030)}
    assert seconds_per_answer(began, saved) == {1: 20, 3: pytest.approx(69.8), 5: 30}
    assert seconds_per_answer(began, {1: after(-5)}) == {}  # the clock went back
    assert describe([Response(1, 1, seconds=each) for each in (30, 10, None, 20)]).seconds == 20
