"""What hidden tests are written with. A package's tests.py imports from here and nowhere else of the judge.

    @points(2)
    @hint(ko="열마다 평균이 0이어야 합니다.", en="Each column must have mean 0.")
    def test_each_column_has_mean_zero(student, reference, rng):
        x = rng.normal(64, 8)
        assert_close(student.standardize(x), reference.standardize(x))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from sandbox.compare import Mismatch, compare, expect_kind, expected_actual
from sandbox.contract import Text
from sandbox.diagnostics import (
    assert_drop_rate,
    assert_gradient_reaches_all,
    assert_modes,
    assert_padding_ignored,
    assert_parameter_count,
    assert_rows_independent,
    assert_running_statistics,
    assert_same_spread,
    give_weights,
    trainable_of,
    weights_of,
)
from sandbox.loaders import assert_in_order, assert_reproducible, assert_shuffled
from sandbox.student import InputChanged, Stopped, StudentError
from sandbox.training import assert_only_trains, assert_overfits, assert_same_path, sgd_step
from sandbox.transplant import assert_same_model, assert_same_parameters

__all__ = [
    "assert_close", "assert_drop_rate", "assert_equal", "assert_gradient_reaches_all", "assert_in_order",
    "assert_modes", "assert_only_trains", "assert_overfits", "assert_padding_ignored", "assert_parameter_count",
    "assert_raises", "assert_reproducible", "assert_rows_independent", "assert_running_statistics",
    "assert_same_model", "assert_same_parameters", "assert_same_path", "assert_same_spread", "assert_shape",
    "assert_shuffled", "error_of", "give_weights", "hint", "points", "require", "sgd_step", "title", "trainable_of",
    "visible", "weights_of",
]

Test = Callable[..., None]


def points(number: float) -> Callable[[Test], Test]:
    """What the test is worth. Those of a package add up to 100."""
    return _mark("points", float(number))


def hint(ko: str, en: str) -> Callable[[Test], Test]:
    """What a failure says: a pointer, never the hidden input or the answer."""
    return _mark("hint", Text(ko, en))


def title(ko: str, en: str) -> Callable[[Test], Test]:
    """The test's name for people."""
    return _mark("title", Text(ko, en))


def visible(test: Test) -> Test:
    """Marks an example: its expected and actual values are shown. Visible tests run before hidden ones."""
    return _mark("visible", True)(test)


def _mark(name: str, value: Any) -> Callable[[Test], Test]:
    def mark(test: Test) -> Test:
        setattr(test, name, value)
        return test

    return mark


def assert_close(actual: Any, expected: Any, rtol: float | None = None, atol: float | None = None,
                 check_dtype: bool = True) -> None:
    """Fails unless `actual` equals `expected` in type, shape, dtype and, within tolerance, in values; both may be nested.

    Without `rtol` and `atol` the tolerance follows from the dtype, see compare.tolerances.
    """
    compare(actual, expected, rtol, atol, check_dtype)


def assert_equal(actual: Any, expected: Any) -> None:
    """Fails unless `actual` is exactly `expected`: type, shape, dtype and every value."""
    compare(actual, expected, 0.0, 0.0)


def assert_shape(actual: Any, shape: tuple[int, ...]) -> None:
    """Fails unless `actual` is a tensor of `shape`."""
    expect_kind(actual, torch.Tensor, "torch.Tensor")
    if tuple(actual.shape) != tuple(shape):
        raise Mismatch(Text("모양(shape)이 다릅니다.", "The shape differs."),
                       expected_actual(tuple(shape), tuple(actual.shape)))


def require(condition: Any, ko: str, en: str) -> None:
    """Fails with this sentence unless `condition` holds. The sentence must not contain values of the student's."""
    if not condition:
        raise Mismatch(Text(ko, en))


def error_of(call: Callable[[], Any]) -> str | None:
    """The name of the exception that student code raises when `call` calls it; None when it raises none.

    Compared with the reference's own, a wrong exception can be recognised as a known mistake, which assert_raises cannot.
    """
    try:
        call()
    except StudentError as error:
        return error.type_name
    except (Mismatch, InputChanged, Stopped):
        raise
    except Exception as error:  # the reference's
        return type(error).__name__
    return None


def assert_raises(kind: type[Exception], call: Callable[[], Any]) -> None:
    """Fails unless student code, called by `call`, raises `kind`, or a class of its own made from `kind`."""
    try:
        call()
    except StudentError as error:
        if error.type_name != kind.__name__:
            raise Mismatch(Text(f"{kind.__name__}가 아닌 다른 예외가 났습니다.",
                                f"An exception other than {kind.__name__} was raised."),
                           Text(f"난 예외: {error.type_name}", f"raised: {error.type_name}")) from error
        return
    raise Mismatch(Text(f"{kind.__name__}가 나야 하는데 나지 않았습니다.", f"{kind.__name__} was expected; nothing was raised."))
