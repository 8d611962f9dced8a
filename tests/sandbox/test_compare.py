"""What counts as equal, and what is said where it is not."""

import math

import numpy as np
import pytest
import torch

from sandbox.checks import assert_close, assert_equal, assert_raises, assert_shape, require
from sandbox.compare import Mismatch, compare, show, tolerances
from sandbox.student import StudentError
from sandbox.wire import DTYPES, Handle, Refused

t = torch.tensor
inf, nan = math.inf, math.nan

# name: (actual, expected, a word of the reason in English, and in Korean)
DIFFERENT = {
    "nothing": (None, t([1.0]), "return", "return"),
    "list for a tensor": ([1.0], t([1.0]), "torch.Tensor is needed", "torch.Tensor"),
    "array for a tensor": (np.ones(1, np.float32), t([1.0]), "torch.Tensor is needed", "torch.Tensor"),
    "tensor for a list": (t([1.0]), [1.0], "list is needed", "list"),
    "tuple for a list": ((1,), [1], "list is needed", "list"),
    "tensor for a float": (t(1.0), 1.0, "float is needed", "float"),
    "bool for a float": (True, 1.0, "float is needed", "float"),
    "bool for an int": (True, 1, "int is needed", "int"),
    "int for a bool": (1, True, "bool is needed", "bool"),
    "float for an int": (1.0, 1, "int is needed", "int"),
    "text for a float": ("1.0", 1.0, "float is needed", "float"),
    "object": (Handle(1, "Evil"), t([1.0]), "torch.Tensor is needed", "torch.Tensor"),
    "shape": (t([[1.0]]), t([1.0]), "shape", "모양"),
    "scalar shape": (t([1.0]), t(1.0), "shape", "모양"),
    "dtype": (t([1.0]).double(), t([1.0]), "dtype", "자료형"),
    "int dtype": (t([1]).int(), t([1]), "dtype", "자료형"),
    "bool dtype": (t([True]), t([1]), "dtype", "자료형"),
    "NaN": (t([nan, 1.0]), t([1.0, 1.0]), "NaN", "NaN"),
    "NaN scalar": (nan, 1.0, "NaN", "NaN"),
    "NaN expected": (t([1.0]), t([nan]), "differ", "다릅니다"),
    "value": (t([1.0, 2.0]), t([1.0, 2.1]), "differ", "다릅니다"),
    "sign of infinity": (t([-inf]), t([inf]), "differ", "다릅니다"),
    "infinity for a number": (t([inf]), t([1e30]), "differ", "다릅니다"),
    "ints": (t([1, 2]), t([1, 3]), "differ", "다릅니다"),
    "large ints": (t([2**53]), t([2**53 + 1]), "differ", "다릅니다"),
    "bools": (t([True]), t([False]), "differ", "다릅니다"),
    "half zeros": (torch.zeros(4).half(), torch.ones(4).half(), "differ", "다릅니다"),
    "bfloat16 zeros": (torch.zeros(4).bfloat16(), torch.ones(4).bfloat16(), "differ", "다릅니다"),
    "half, a tenth off": (t([1.1]).half(), t([1.0]).half(), "differ", "다릅니다"),
    "one in ten thousand": (t([9999.0]), t([10000.0]), "differ", "다릅니다"),
    "count": ([1], [1, 2], "number of returned items", "개수"),
    "keys": ({"a": 1, "b": 2}, {"a": 1}, "keys", "키"),
    "value in a dict": ({"a": 2}, {"a": 1}, "differs", "다릅니다"),
    "nested": ([(t([1.0]), 2)], [(t([1.0]), 3)], "differs", "다릅니다"),
    "text": ("가", "나", "differs", "다릅니다"),
    "huge int for a float": (2**2000, 1.0, "", ""),
    "array": (np.ones(2), np.zeros(2), "differ", "다릅니다"),
    "array's dtype": (np.ones(2), np.ones(2, np.float32), "dtype", "자료형"),
    "refused": (Refused("sparse"), t([1.0]), "sparse", "희소"),
    "refused within": ([Refused("subclass", "Evil")], [t([1.0])], "subclass", "상속"),
    "refused for unknown reasons": (Refused("evil text"), 1, "not accepted", "받을 수 없는"),
    "complex": (t([1 + 1j]), t([1 - 1j]), "differ", "다릅니다"),
    "dtypes": (torch.float32, torch.float64, "differs", "다릅니다"),
    "sets": ({1}, {1, 2}, "differs", "다릅니다"),
}


@pytest.mark.parametrize(("actual", "expected", "english", "korean"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_is_said_in_words(actual, expected, english, korean):
    with pytest.raises(Mismatch) as caught:
        compare(actual, expected)
    assert english in caught.value.reason.en
    assert korean in caught.value.reason.ko


EQUAL = {
    "exact": (t([1.0, -2.0]), t([1.0, -2.0])),
    "rounding": (t([0.1 + 0.2]), t([0.3])),
    "a sum in another order": (torch.arange(1000.0).flip(0).cumsum(0)[-1], torch.arange(1000.0).sum()),
    "NaN where NaN is expected": (t([nan, 1.0]), t([nan, 1.0])),
    "infinities": (t([inf, -inf]), t([inf, -inf])),
    "empty": (torch.zeros(0, 3), torch.zeros(0, 3)),
    "int for a float": (1, 1.0),
    "float": (0.1 + 0.2, 0.3),
    "float computed in float32": (float(t(0.1)), 0.1),
    "nested": ({"a": [t([1.0]), (1, "x", None)]}, {"a": [t([1.0]), (1, "x", None)]}),
    "keys in another order": ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
    "not contiguous": (torch.ones(2, 3).t(), torch.ones(3, 2)),
    "half": (t([1.001]).half(), t([1.0]).half()),
    "reference gives torch.Size": ((2, 3), torch.zeros(2, 3).shape),
    "reference gives a named tuple": ((t([2.0]), t([1])), t([[1.0, 2.0]]).max(dim=1)),
    "reference gives numpy numbers": ((1.5, 2), (np.float64(1.5), np.int64(2))),
    "reference needs a gradient": (t([1.0]), t([1.0], requires_grad=True)),
    "complex": (t([1 + 1j]), t([1 + 1j])),
    "array": (np.arange(3), np.arange(3)),
    "none": (None, None),
}


@pytest.mark.parametrize(("actual", "expected"), EQUAL.values(), ids=EQUAL)
def test_what_is_equal_passes(actual, expected):
    compare(actual, expected)


@pytest.mark.parametrize(("actual", "expected"), [
    (t([44], dtype=torch.uint8), t([300])), (t([False, True]), t([0, 5])), (t([1 + 5j]), t([1.0])), (t([1.9]), t([1])),
], ids=["uint8 wraps", "bool flattens", "imaginary part", "fraction"])
def test_without_the_dtype_the_values_still_count(actual, expected):
    with pytest.raises(Mismatch):
        compare(actual, expected, check_dtype=False)


@pytest.mark.parametrize(("actual", "expected"), [
    (t([1.0], dtype=torch.float64), t([1.0])), (t([3], dtype=torch.int32), t([3])), (t([3.0]), t([3])),
])
def test_without_the_dtype_another_dtype_passes(actual, expected):
    compare(actual, expected, check_dtype=False)
    with pytest.raises(Mismatch):
        compare(actual, expected)


def test_given_tolerances_win():
    compare(t([1.0]), t([1.4]), rtol=0, atol=0.5)
    with pytest.raises(Mismatch):
        compare(t([1.0]), t([1.4]), rtol=0, atol=0.3)
    with pytest.raises(Mismatch):
        assert_equal(t([1.0]), t([1.0000001]))
    assert_close(t([1.0]), t([1.0000001]))


@pytest.mark.parametrize("dtype", [dtype for dtype in DTYPES.values() if dtype.is_floating_point])
def test_tolerances_follow_the_dtype_and_stay_small(dtype):
    rtol, atol = tolerances(torch.ones(3, dtype=dtype))
    assert torch.finfo(dtype).eps <= rtol < 0.1
    assert 0 < atol < 0.1


def test_integers_have_no_tolerance():
    assert tolerances(t([1, 2])) == (0.0, 0.0)


def test_reason_holds_nothing_of_the_students():
    """The reason is shown for hidden tests; values, shapes and names made from the input belong into the detail."""
    spies = [t([7341.0]), t([7341]), torch.zeros(7341), 7341, 7341.0, "7341", [7341], {"7341": 1}, Refused("7341", "7341"),
             Handle(7341, "7341"), {7341}, b"7341", 7341j, np.array([7341]), np.zeros(7341)]
    for expected in (t([1.0]), 1.0, 1, "x", [1.0], (1,), {"a": 1}, np.ones(1), True, None, {1}):
        for spy in spies:
            with pytest.raises(Mismatch) as caught:
                compare(spy, expected)
            assert "7341" not in caught.value.reason.ko + caught.value.reason.en


def test_detail_shows_expected_and_actual():
    with pytest.raises(Mismatch) as caught:
        compare(t([1.0, 5.0]), t([1.0, 2.0]))
    assert "5.0" in caught.value.detail.en
    assert "[1.0, 2.0]" in caught.value.detail.ko


@pytest.mark.parametrize("value", [
    torch.zeros(100, 100), torch.zeros(100_000), list(range(100_000)), "x" * 100_000, {n: n for n in range(10_000)},
    [torch.zeros(10_000)] * 100, torch.zeros(50, dtype=torch.bool), torch.zeros(50, dtype=torch.complex64),
    torch.zeros(50, dtype=torch.bfloat16), t([nan, inf]), [[[[[[]]]]]],
], ids=lambda value: type(value).__name__)
def test_what_is_shown_is_short(value):
    assert len(show(value)) < 2000


@pytest.mark.parametrize(("actual", "word"), [
    (t([1.0, 2.0]), None), (t([1.0]), "모양"), ([1.0, 2.0], ""), (None, ""), (Refused("sparse"), "희소"),
])
def test_assert_shape(actual, word):
    if word is None:
        assert_shape(actual, (2,))
        return
    with pytest.raises(Mismatch) as caught:
        assert_shape(actual, (2,))
    assert word in caught.value.reason.ko
    assert "Refused" not in caught.value.detail.en


def test_assert_raises():
    def student(name):
        raise StudentError(name, "text", 1)

    assert_raises(IndexError, lambda: student("IndexError"))
    with pytest.raises(Mismatch, match="IndexError was expected; nothing"):
        assert_raises(IndexError, lambda: None)
    with pytest.raises(Mismatch, match="other than IndexError") as caught:
        assert_raises(IndexError, lambda: student("KeyError"))
    assert "KeyError" in caught.value.detail.ko
    assert "KeyError" not in caught.value.reason.ko


def test_require():
    require(1, "가", "a")
    with pytest.raises(Mismatch) as caught:
        require([], "나쁩니다.", "bad")
    assert (caught.value.reason.ko, caught.value.reason.en) == ("나쁩니다.", "bad")
