"""Comparison of what a student returned with what the reference returned: type, shape, dtype, NaN, values, in that order.

A `Mismatch` has two texts. `reason` is for hidden tests: it holds nothing the student's code could have chosen, since a
number or a shape made from a hidden input would carry it out. `detail` is for visible ones: expected and actual.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from sandbox.contract import NO_TEXT, Text
from sandbox.student import Remote
from sandbox.wire import Refused

REDUCTION = 256  # additions behind one number, where a test does not say
SHOWN_VALUES = 24
HALF = (torch.float16, torch.bfloat16)


class Mismatch(AssertionError):
    """A check that failed. `says_all`: the reason needs no hint of the test's, as when nothing was returned."""

    def __init__(self, reason: Text, detail: Text = NO_TEXT, says_all: bool = False) -> None:
        super().__init__(reason.en)
        self.reason, self.detail, self.says_all = reason, detail, says_all


def tolerances(expected: torch.Tensor, reduction: int = REDUCTION) -> tuple[float, float]:
    """(rtol, atol) within which two right ways of computing `expected` agree.

    Rounding errors of a sum of n terms grow like sqrt(n) * eps (Higham, Accuracy and Stability of Numerical Algorithms,
    ch. 4); 8 of them leave room for a few steps one after another. Half precision is summed up in float32 and rounded
    at each step only: 8 eps. The absolute part is that of the largest value.
    """
    if not expected.dtype.is_floating_point and not expected.dtype.is_complex:
        return 0.0, 0.0
    eps = torch.finfo(expected.dtype).eps
    rtol = 8 * eps if expected.dtype in HALF else 8 * eps * math.sqrt(max(1, reduction))
    finite = expected[torch.isfinite(expected)].abs()
    return rtol, rtol * (float(finite.detach().max()) if finite.numel() else 1.0)


def compare(actual: Any, expected: Any, rtol: float | None = None, atol: float | None = None,
            check_dtype: bool = True) -> None:
    """Raises Mismatch unless `actual` equals `expected` within tolerance; both may be nested."""
    expected = travelled(expected)
    if isinstance(actual, Refused):
        raise _refused(actual)
    if isinstance(expected, torch.Tensor):
        _compare_tensors(actual, expected, (rtol, atol), check_dtype)
    elif isinstance(expected, np.ndarray):
        expect_kind(actual, np.ndarray, "numpy.ndarray")
        _compare_tensors(torch.from_numpy(actual.copy()), torch.from_numpy(expected.copy()), (rtol, atol), check_dtype)
    elif isinstance(expected, (list, tuple)):
        _compare_sequences(actual, expected, (rtol, atol), check_dtype)
    elif isinstance(expected, dict):
        expect_kind(actual, dict, "dict")
        if actual.keys() != expected.keys():
            raise Mismatch(Text("딕셔너리의 키가 다릅니다.", "The keys of the dict differ."),
                           expected_actual(sorted(map(str, expected)), sorted(map(str, actual))))
        for key, value in expected.items():
            compare(actual[key], value, rtol, atol, check_dtype)
    else:
        _compare_scalars(actual, expected, rtol, atol)


def travelled(value: Any) -> Any:
    """What the wire would make of a reference's value: named tuples and torch.Size plain tuples, numpy scalars numbers."""
    if isinstance(value, tuple):
        return tuple(value)
    if isinstance(value, np.generic):
        return value.item()
    return set(value) if isinstance(value, frozenset) else value


def _compare_sequences(actual: Any, expected: Any, tolerance: tuple, check_dtype: bool) -> None:
    expect_kind(actual, type(expected), type(expected).__name__)
    if len(actual) != len(expected):
        raise Mismatch(Text("돌려준 값의 개수가 다릅니다.", "The number of returned items differs."),
                       expected_actual(len(expected), len(actual)))
    for mine, other in zip(actual, expected, strict=True):
        compare(mine, other, tolerance[0], tolerance[1], check_dtype)


def _compare_scalars(actual: Any, expected: Any, rtol: float | None, atol: float | None) -> None:
    if type(expected) is float:
        expect_kind(actual, (float, int), "float")
        if isinstance(actual, bool):
            raise _kind_mismatch(actual, "float")
        # An int may be too large for a float: inf is wrong too.
        number = math.inf if isinstance(actual, int) and abs(actual) > 1e308 else float(actual)
        values = torch.tensor(number, dtype=torch.float64), torch.tensor(expected, dtype=torch.float64)
        default_r, default_a = tolerances(values[1].float())  # it may well have been computed in float32
        _compare_values(*values, default_r if rtol is None else rtol, default_a if atol is None else atol)
        return
    if type(actual) is not type(expected):
        raise _kind_mismatch(actual, type(expected).__name__)
    if actual != expected:
        raise Mismatch(Text("값이 다릅니다.", "The value differs."), expected_actual(expected, actual))


def _compare_tensors(actual: Any, expected: torch.Tensor, tolerance: tuple, check_dtype: bool) -> None:
    expect_kind(actual, torch.Tensor, "torch.Tensor")
    if actual.shape != expected.shape:
        raise Mismatch(Text("모양(shape)이 다릅니다.", "The shape differs."),
                       expected_actual(tuple(expected.shape), tuple(actual.shape)))
    if check_dtype and actual.dtype != expected.dtype:
        raise Mismatch(Text("자료형(dtype)이 다릅니다.", "The dtype differs."),
                       expected_actual(expected.dtype, actual.dtype))
    rtol, atol = (given if given is not None else default
                  for given, default in zip(tolerance, tolerances(expected), strict=True))
    wide = torch.promote_types(torch.promote_types(actual.dtype, expected.dtype), torch.int64)
    if wide.is_floating_point or wide.is_complex:
        wide = torch.complex128 if wide.is_complex else torch.float64
    _compare_values(actual.to(wide), expected.to(wide), rtol, atol)


def _compare_values(actual: torch.Tensor, expected: torch.Tensor, rtol: float, atol: float) -> None:
    missing = torch.isnan(actual) & ~torch.isnan(expected)
    if missing.any():
        raise Mismatch(Text("결과에 NaN이 있습니다.", "The result contains NaN."), expected_actual(expected, actual))
    if not torch.isclose(actual, expected, rtol=rtol, atol=atol, equal_nan=True).all():
        raise Mismatch(Text("값이 다릅니다.", "The values differ."), expected_actual(expected, actual))


def expect_kind(actual: Any, kind: Any, name: str) -> None:
    """Raises Mismatch unless `actual` is a `kind`, which people call `name`."""
    if isinstance(actual, Refused):
        raise _refused(actual)
    if not isinstance(actual, kind):
        raise _kind_mismatch(actual, name)


def _kind_mismatch(actual: Any, name: str) -> Mismatch:
    if actual is None:
        return Mismatch(Text(f"아무것도 돌려주지 않았습니다(None). {name}이(가) 필요합니다. return을 확인하세요.",
                             f"Nothing was returned (None); {name} is needed. Look for a missing return."), says_all=True)
    other = "object" if isinstance(actual, Remote) else type(actual).__name__
    return Mismatch(Text(f"{name}이(가) 필요한데 다른 종류의 값이 나왔습니다.",
                         f"{name} is needed; a value of another kind came back."),
                    Text(f"나온 값의 종류: {other}", f"kind of the value: {other}"))


REFUSALS = {
    "subclass": Text("Tensor를 상속한 다른 클래스의 값은 받지 않습니다. 보통 torch.Tensor를 돌려주세요.",
                     "A subclass of Tensor is not accepted; return a plain torch.Tensor."),
    "sparse": Text("희소(sparse) 텐서는 받지 않습니다. to_dense()로 바꾸세요.",
                   "A sparse tensor is not accepted; use to_dense()."),
    "nested": Text("길이가 다른 텐서를 묶은 nested 텐서는 받지 않습니다. 채워서(padding) 보통 텐서로 돌려주세요.",
                   "A nested tensor is not accepted; pad it to a plain one."),
    "meta": Text("값이 없는 meta 텐서는 받지 않습니다.", "A meta tensor, which has no values, is not accepted."),
    "dtype": Text("받을 수 없는 자료형(dtype)입니다.", "This dtype is not accepted."),
    "too_large": Text("돌려준 값이 너무 큽니다.", "The returned value is too large."),
    "big_int": Text("돌려준 정수가 너무 큽니다.", "The returned integer is too large."),
}


def _refused(value: Refused) -> Mismatch:
    return Mismatch(REFUSALS.get(value.reason, Text("받을 수 없는 값입니다.", "The value is not accepted.")), says_all=True)


def expected_actual(expected: Any, actual: Any) -> Text:
    """Both values, for visible tests."""
    wanted, got = show(expected), show(actual)
    return Text(f"기대한 값: {wanted}\n나온 값: {got}", f"expected: {wanted}\nactual: {got}")


def show(value: Any) -> str:
    """A value short enough to read: a tensor's shape and first values."""
    if isinstance(value, torch.Tensor) and value.numel() > SHOWN_VALUES:
        first = ", ".join(f"{number:.4g}" for number in value.reshape(-1)[:SHOWN_VALUES].tolist())
        return f"Tensor{list(value.shape)} [{first}, ...]"
    if isinstance(value, torch.Tensor):
        return f"Tensor{list(value.shape)} {_rounded(value.tolist())}"
    return repr(_rounded(value))[:400]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if type(value) in (list, tuple):
        return type(value)(_rounded(item) for item in value)
    return value
