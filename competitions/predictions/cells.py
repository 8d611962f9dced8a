"""One cell of text -> its value, by the same rules for the solution and for a student's predictions."""

from __future__ import annotations

import math

from competitions.metrics import Metric
from competitions.predictions.competition import CellKind

# Squares of it are still far from overflow, so a metric of a checked file is always finite.
LARGEST = 1e100
LARGEST_INTEGER = 2.0**53  # beyond it a float no longer tells neighbours apart
# float() takes time quadratic in the digits; no number that a program writes is longer.
LONGEST_NUMBER = 400
# What the probabilities of one row may be off 1 together: float16 softmax outputs of many classes are.
SUM_TOLERANCE = 1e-2
_MISSING = {"nan", "na", "n/a", "null", "none", "<na>", "nat"}


class BadCellError(Exception):
    """A cell without a usable value. `key` names the message; `details` are what it says beside the row."""

    def __init__(self, key: str, **details: str) -> None:
        super().__init__(key)
        self.key = key
        self.details = details


def check_value(value: float | str, measure: Metric) -> None:
    """Raises BadCellError for a value that the metric cannot take."""
    if isinstance(value, str):
        if measure.values == "ranking":
            _check_ranking(value.split(), measure.most_labels)
        return
    low, high = measure.bounds
    if not low <= value <= high:
        if low == 0 and math.isinf(high):
            raise BadCellError("negative")
        raise BadCellError("out_of_bounds", low=f"{low:g}", high=f"{high:g}")


def _check_ranking(labels: list[str], most: int) -> None:
    if len(labels) > most:
        raise BadCellError("too_many_labels", count=str(len(labels)), most=str(most))
    if len(set(labels)) < len(labels):
        raise BadCellError("repeated_label")


def check_row(values: list[float], measure: Metric) -> None:
    """Raises BadCellError for probabilities of one row that do not sum to 1."""
    if measure.values == "probability" and abs(math.fsum(values) - 1) > SUM_TOLERANCE:
        raise BadCellError("sum", sum=f"{math.fsum(values):.4g}")


def read_cell(text: str, kind: CellKind) -> float | str:
    """A finite float for "number" and "integer", the bare text for "text". Raises BadCellError."""
    text = text.strip()
    if not text:
        raise BadCellError("empty_value")
    if "\n" in text or "\r" in text:
        raise BadCellError("open_quote")
    if kind == "text":
        return text
    number = _parse_number(text)
    if kind == "integer" and not (number.is_integer() and abs(number) <= LARGEST_INTEGER):
        raise BadCellError("not_integer")
    return number


def _parse_number(text: str) -> float:
    """A finite number as programs write it: ASCII digits, no thousands separators, currency or underscore."""
    if text.lower().lstrip("+-") in _MISSING:
        raise BadCellError("nan")
    if len(text) > LONGEST_NUMBER or not text.isascii() or "_" in text:
        raise BadCellError("not_number")
    try:
        number = float(text)
    except ValueError:
        raise _why_not(text) from None
    if math.isinf(number) and "inf" not in text.lower():
        raise BadCellError("huge")
    return read_number(number)


def read_number(number: float) -> float:
    """`number`, if it is finite and not too large to be squared. Raises BadCellError."""
    if math.isnan(number):
        raise BadCellError("nan")
    if math.isinf(number):
        raise BadCellError("infinite")
    if abs(number) > LARGEST:
        raise BadCellError("huge")
    return float(number)


def _why_not(text: str) -> BadCellError:
    """The complaint about `text` that is no number. Thousands separators, the usual reason, are named."""
    plain = text.replace(",", "")
    if "," in text and plain.lstrip("+-").replace(".", "", 1).isdigit():
        return BadCellError("thousands", plain=plain)
    return BadCellError("not_number")
