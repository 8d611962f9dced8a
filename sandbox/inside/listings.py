"""Runs one listing for each of its cases, in a namespace of its own that has torch, nn, F, np and math."""

from __future__ import annotations

import math
import random
import types
from typing import Any

import numpy
import torch

MOST_ERRORS = 3  # a listing that is wrong once is mostly wrong for all of its cases
TEXT = 300


def run(code: types.CodeType, cases: list) -> list:
    """For each case ["ok", answer] or ["error", text]; ends early after MOST_ERRORS errors."""
    results: list[list] = []
    errors = 0
    for names in cases:
        try:
            results.append(["ok", answer_of(code, names)])
        except Exception as error:
            results.append(["error", f"{type(error).__name__}: {error}"[:TEXT]])
            errors += 1
        if errors == MOST_ERRORS:
            break
    return results


def answer_of(code: types.CodeType, names: dict) -> Any:
    """What the listing leaves in `answer`, as plain data; None when it sets none."""
    torch.manual_seed(0)
    numpy.random.seed(0)
    random.seed(0)
    space = {"__name__": "__main__", "torch": torch, "nn": torch.nn, "F": torch.nn.functional, "np": numpy,
             "math": math, **names}
    exec(code, space)
    return plain(space.get("answer"))


def plain(value: Any) -> Any:
    """Tensors, arrays and their scalars as numbers and lists. Raises TypeError for what is no data."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (torch.Tensor, numpy.ndarray, numpy.generic)):
        return value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"answer is of type {type(value).__name__}, which is no number, text, list or dict")
