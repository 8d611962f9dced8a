"""What competition.yaml says of a competition of predictions, beside what every kind says."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from competitions import metrics
from competitions.folders import COMMON_FIELDS, METRIC_FILE, Problem, Reader, open_spec, read_common
from competitions.folders.own_metric import SUITABLE, read_metric
from competitions.metrics import Metric
from competitions.predictions.competition import SUFFIXES, CellKind, PredictionsCompetition

KIND = "predictions"
FIELDS = COMMON_FIELDS | {"id", "target", "values", "classes"}
HIDDEN = tuple(f"solution{suffix}" for suffix in SUFFIXES)
# What a cell of the target may hold, the usual first, by what the metric takes.
CELLS: dict[str, tuple[CellKind, ...]] = {
    "number": ("number",),
    "label": ("text", "integer"),
    "rating": ("integer",),
    "probability": ("text", "integer"),
    "ranking": ("text",),
}


def suitable_metrics() -> list[str]:
    """The metrics that compare predictions with the truth, and the folder's own."""
    return [name for name in metrics.names() if _sample_of(name).values in SUITABLE] + [METRIC_FILE]


def _sample_of(name: str) -> Metric:
    return metrics.find(name.replace("@k", "@1"))


def read_spec(folder: Path, problems: list[Problem]) -> PredictionsCompetition | None:
    """What `folder`/competition.yaml describes; None, and `problems` longer, where it is no competition."""
    reader = open_spec(folder, problems)
    if reader is None:
        return None
    before = len(problems)
    reader.refuse_unknown(FIELDS)
    competition = PredictionsCompetition(**read_fields(reader, folder, KIND, HIDDEN))
    return competition if len(problems) == before else None


def read_fields(reader: Reader, folder: Path, kind: str, hidden: Collection[str]) -> dict[str, Any]:
    """The fields by the names of `PredictionsCompetition`'s, for every kind that is scored by predictions."""
    common = read_common(reader, folder, kind, suitable_metrics(), hidden)
    names = {"id_column": reader.text("id"), "target_column": reader.text("target")}
    if names["id_column"] and names["id_column"] == names["target_column"]:
        reader.complain(
            "target",
            "'id'와 'target'은 다른 열이어야 합니다.",
            '"id" and "target" must be different columns.',
        )
    return {**common, **names, **_read_cells(reader, folder, common["metric"])}


def _read_cells(reader: Reader, folder: Path, metric: str) -> dict[str, Any]:
    """`values` and `classes`."""
    if not metric:  # said already
        return {"values": "number"}
    takes = (read_metric(folder / METRIC_FILE) if metric == METRIC_FILE else metrics.find(metric)).values
    classes = _read_classes(reader, takes)
    allowed = CELLS[takes]
    if takes == "probability":
        allowed = ("text",) if classes else ("integer",)
    value = reader.choice("values", ("number", "integer", "text"), allowed[0])
    if value and value not in allowed:
        reader.complain("values", f"{metric}에는 쓸 수 없습니다.", f"It does not suit {metric}.")
    return {"values": value, "classes": classes}


def _read_classes(reader: Reader, takes: str) -> tuple[str, ...]:
    value = reader.get("classes")
    if value is None:
        return ()
    names = [str(name).strip() for name in value] if isinstance(value, list) else []
    if takes != "probability" or len(names) < 2 or len(set(names)) < len(names) or not all(names):
        reader.complain(
            "classes",
            "확률을 재는 지표에서, 서로 다른 클래스 이름 두 개 이상의 목록이어야 합니다.",
            "It must be a list of two or more different names of classes, for a metric of probabilities.",
        )
        return ()
    return tuple(names)
