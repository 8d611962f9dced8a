"""An instructor's own metric: the file metric.py in the folder, named by `metric: metric.py`.

    TITLE_KO, TITLE_EN = "...", "..."       what pages print
    HIGHER_IS_BETTER = False
    RANGE = (0, 200)                        of its scores; None for an open end, but the best one must be a number
    VALUES = "number"                       what a prediction is, see competitions/metrics
    BOUNDS = (0, None)                      optional: between which a number must lie

    def compute(truth, prediction):         two arrays of the same N rows -> float
        ...

The file is trusted, but the web process never runs it: the declarations are literals and are read from the source.
It runs where it computes a score, that is in a worker or a command.
"""

from __future__ import annotations

import ast
import math
import runpy
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from competitions.metrics import Metric, Values
from sandbox.contract import Text

if TYPE_CHECKING:
    from numpy import ndarray

METRIC_FILE = "metric.py"
MAX_BYTES = 256 * 1024
SUITABLE = [values for values in get_args(Values) if values not in ("answer", "count")]


class BadMetricError(Exception):
    """`message` says what metric.py lacks."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(english)
        self.message = Text(korean, english)


def read_metric(path: Path) -> Metric:
    """What `path` declares; nothing of it is run yet. Raises BadMetricError."""
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise BadMetricError("파일이 없거나 읽을 수 없습니다.", "It is missing or cannot be read.") from error


@lru_cache(maxsize=32)
def _read(path: Path, modified: int, size: int) -> Metric:
    names, has_compute = _declarations(path, size)
    direction = names.get("HIGHER_IS_BETTER")
    values: Any = names.get("VALUES")
    if type(direction) is not bool:
        raise BadMetricError(
            "HIGHER_IS_BETTER = True 또는 False로 방향을 밝히세요.",
            "It must declare its direction: HIGHER_IS_BETTER = True or False.",
        )
    if values not in SUITABLE:
        listed = ", ".join(SUITABLE)
        raise BadMetricError(
            f"VALUES는 다음 중 하나여야 합니다: {listed}", f"VALUES must be one of: {listed}"
        )
    if not has_compute:
        raise BadMetricError(
            "compute(truth, prediction) 함수가 없습니다.", "There is no function compute(truth, prediction)."
        )
    limits = _interval(names, "RANGE")
    if not math.isfinite(limits[1] if direction else limits[0]):
        raise BadMetricError(
            "RANGE에서 가장 좋은 쪽의 끝은 숫자여야 합니다.",
            "The better end of RANGE must be a number: the score of a perfect prediction.",
        )
    return Metric(
        name=METRIC_FILE,
        title=Text(_text(names, "TITLE_KO"), _text(names, "TITLE_EN")),
        higher_is_better=direction,
        range=limits,
        values=values,
        compute=partial(_compute, path, modified),
        required_columns=("id", "classes" if values == "probability" else "target"),
        bounds=_interval(names, "BOUNDS") if "BOUNDS" in names else _usual_bounds(values),
    )


def _declarations(path: Path, size: int) -> tuple[dict[str, Any], bool]:
    """The literals that the file assigns at its top level, and whether it has a `compute` of two parameters."""
    if size > MAX_BYTES:
        raise BadMetricError("파일이 너무 큽니다.", "The file is too large.")
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise BadMetricError(
            f"{line}행: 파이썬으로 읽을 수 없습니다.", f"Line {line} cannot be read as Python."
        ) from error
    names: dict[str, Any] = {}
    has_compute = False
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "compute":
            has_compute = len(node.args.posonlyargs + node.args.args) == 2
        if isinstance(node, ast.Assign):
            _take(node, names)
    return names, has_compute


def _take(node: ast.Assign, names: dict[str, Any]) -> None:
    try:
        value = ast.literal_eval(node.value)
    except (ValueError, TypeError):
        return  # it computes something: no declaration
    for target in node.targets:
        if isinstance(target, ast.Name):
            names[target.id] = value
        elif isinstance(target, ast.Tuple) and isinstance(value, tuple):
            pairs = zip(target.elts, value, strict=False)
            names |= {each.id: item for each, item in pairs if isinstance(each, ast.Name)}


def _text(names: dict[str, Any], name: str) -> str:
    value = names.get(name)
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise BadMetricError(f"{name} = '...'이 없습니다.", f"It must declare {name} = '...'.")


def _interval(names: dict[str, Any], name: str) -> tuple[float, float]:
    value = names.get(name)
    if isinstance(value, tuple | list) and len(value) == 2:
        low, high = (
            math.inf * sign if end is None else end for end, sign in zip(value, (-1, 1), strict=True)
        )
        if all(type(end) in (int, float) for end in (low, high)) and low < high:
            return float(low), float(high)
    raise BadMetricError(
        f"{name} = (가장 작은 값, 가장 큰 값)이어야 합니다. 끝이 없으면 None입니다.",
        f"It must declare {name} = (lowest, highest), with None for an open end.",
    )


def _usual_bounds(values: str) -> tuple[float, float]:
    return (0.0, 1.0) if values == "probability" else (-math.inf, math.inf)


def _compute(path: Path, modified: int, truth: ndarray, prediction: ndarray) -> float:
    return _run(path, modified)(truth, prediction)


@lru_cache(maxsize=8)
def _run(path: Path, _modified: int) -> Any:
    return runpy.run_path(str(path))["compute"]
