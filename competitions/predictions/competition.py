"""What a competition of predictions is, beside what every competition is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from competitions import metrics
from competitions.folders import Competition

CellKind = Literal["number", "integer", "text"]
TABLES = ("train.csv", "test.csv", "solution.csv", "sample_submission.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionsCompetition(Competition):
    """`values` is what a cell of the target column holds."""

    id_column: str
    target_column: str
    values: CellKind

    @property
    def judged_by(self) -> tuple[str, ...]:
        return TABLES

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The names that a submission's header must hold: the metric's roles, in this competition's words."""
        names = {"id": self.id_column, "target": self.target_column}
        return tuple(names[role] for role in metrics.find(self.metric).required_columns)
