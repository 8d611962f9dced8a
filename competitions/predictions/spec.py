"""What competition.yaml says of a competition of predictions, beside what every kind says."""

from __future__ import annotations

from pathlib import Path

from competitions import metrics
from competitions.folders import COMMON_FIELDS, Problem, Reader, open_spec, read_common
from competitions.predictions.competition import PredictionsCompetition
from competitions.predictions.tables import SOLUTION

KIND = "predictions"
VALUES = ("number", "integer", "text")
FIELDS = COMMON_FIELDS | {"id", "target", "values"}


def read_spec(folder: Path, problems: list[Problem]) -> PredictionsCompetition | None:
    """What `folder`/competition.yaml describes; None, and `problems` longer, where it is no competition."""
    reader = open_spec(folder, problems)
    if reader is None:
        return None
    before = len(problems)
    reader.refuse_unknown(FIELDS)
    competition = PredictionsCompetition(
        **read_common(reader, folder, KIND, metrics.names(), (SOLUTION,)),
        id_column=reader.text("id"),
        target_column=reader.text("target"),
        values=_read_values(reader),  # type: ignore[arg-type]
    )
    if competition.id_column and competition.id_column == competition.target_column:
        reader.complain(
            "target",
            "'id'와 'target'은 다른 열이어야 합니다.",
            '"id" and "target" must be different columns.',
        )
    return competition if len(problems) == before else None


def _read_values(reader: Reader) -> str:
    metric = reader.get("metric")
    kind = metrics.find(metric).values if metric in metrics.names() else "number"
    if reader.get("values") is None:
        return "number" if kind == "number" else "text"
    value = reader.choice("values", VALUES)
    if value and (value == "number") != (kind == "number"):
        reader.complain("values", f"{metric}에는 쓸 수 없습니다.", f"It does not suit {metric}.")
    return value
