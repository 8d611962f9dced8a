"""The smallest failing case: what a visible test shows of a failure that only large inputs bring about."""

from __future__ import annotations

import pytest

from sandbox.contract import Verdict
from sandbox.packages import find
from tests.sandbox.building import one_test, package_of, result, source

VISIBLE = "@points(100)\n@visible\n@hint(ko='힌트', en='a pointer')"
TWO_DRAWS = "a, b = rng.normal(12, 7), rng.normal(7, 12)\nassert_close(student.shift(a @ b), reference.shift(a @ b))\n"
ONE_DRAW = "x = rng.normal(40, 9)\nassert_close(student.shift(x), reference.shift(x))\n"


def message(judge, tmp_path, tests, body):
    report = judge.run(package_of(tmp_path, tests=tests), source(f"def shift(x, by=1.0):\n    {body}\n"))
    assert report.verdict is Verdict.WRONG_ANSWER, report
    return result(report, "test_it").message


@pytest.mark.parametrize(("body", "shape"), [
    ("return x - by", "Tensor[1, 1]"),
    ("return x + by if x.numel() < 3 else x", "Tensor[1, 3]"),
    ("return x + by if x.shape[0] < 40 else x", "Tensor[40, 1]"),
])
def test_the_smallest_input_that_fails_is_shown(judge, tmp_path, body, shape):
    text = message(judge, tmp_path, one_test(ONE_DRAW, VISIBLE), body)
    assert f"smallest input that fails: {shape} " in text.en
    assert f"가장 작은 실패 입력: {shape} " in text.ko
    assert "Hint: a pointer" in text.en


def test_sizes_that_belong_together_shrink_together(judge, tmp_path):
    text = message(judge, tmp_path, one_test(TWO_DRAWS, VISIBLE), "return x")
    assert "Tensor[1, 1] [" in text.en
    assert text.en.count("Tensor[1, 1]") >= 2


def test_a_size_that_the_test_needs_stays(judge, tmp_path):
    body = "x = rng.normal(6, 4)\nassert x.shape[1] == 4\nassert_close(student.shift(x), reference.shift(x))\n"
    assert "smallest input that fails: Tensor[1, 4] " in message(judge, tmp_path, one_test(body, VISIBLE), "return x").en


def test_a_hidden_test_shows_its_hint_only(judge, tmp_path):
    text = message(judge, tmp_path, one_test(ONE_DRAW, VISIBLE.replace("@visible\n", "")), "return x")
    assert text.en == "The values differ.\nHint: a pointer"


def test_what_fails_on_large_inputs_only_stays_large(judge, tmp_path):
    text = message(judge, tmp_path, one_test(ONE_DRAW, VISIBLE), "return x if x.numel() > 100 else x + by")
    assert "smallest input that fails: Tensor[40, 3] " in text.en


def test_of_a_loop_only_the_turn_that_fails_is_shown(judge, tmp_path):
    body = "for rows in (2, 9):\n    x = rng.normal(rows, 4)\n    assert_close(student.shift(x), reference.shift(x))\n"
    text = message(judge, tmp_path, one_test(body, VISIBLE), "return x if x.shape[0] > x.shape[1] else x + by").en
    shown = text.partition("smallest input that fails: ")[2].partition("\n")[0]
    assert shown.startswith("Tensor[5, 1] ")
    assert ";" not in shown


def test_a_case_in_which_the_reference_has_no_answer_is_none(judge, tmp_path):
    body = "x = rng.normal(8, 2)\nassert_close(student.shift(x), reference.shift(x))\n"
    package = package_of(tmp_path, tests=one_test(body, VISIBLE), reference="def shift(x, by=1.0):\n    return x.std(0)\n")
    report = judge.run(package, source("def shift(x, by=1.0):\n    return x.mean(0)\n"))
    assert "smallest input that fails: Tensor[2, 1] " in result(report, "test_it").message.en


@pytest.mark.parametrize(("slug", "mistake", "test"), [
    ("tensor-standardize", "per_row", "test_sizes"), ("softmax-stable", "wrong_dimension", "test_sizes"),
    ("attention", "softmax_over_queries", "test_batch")])
def test_shipped_packages_show_it(judge, slug, mistake, test):
    package = find(slug)
    file = package.path / "submissions" / "wrong_answer" / f"{mistake}.py"
    text = result(judge.run(package, source(file.read_bytes())), test).message
    assert "smallest input that fails: Tensor[" in text.en
    assert "가장 작은 실패 입력: Tensor[" in text.ko
