"""What a competition of programs is, beside what a competition of predictions is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from competitions.predictions.competition import PredictionsCompetition, data_files
from sandbox.contract import Limits

ENTRY = "sample_submission.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCompetition(PredictionsCompetition):
    """`limits` are those of training and predicting together."""

    limits: Limits
    device: str = "cpu"

    @property
    def judged_by(self) -> tuple[str, ...]:
        return (*super(CodeCompetition, self).judged_by, ENTRY)

    @property
    def config(self) -> dict[str, Any]:
        return {"device": self.device, "seconds": self.limits.seconds, "memory_mb": self.limits.memory_mb}

    def data(self, part: str) -> dict[str, Path]:
        """The files of "train" or "test" by the names that they have in the jail."""
        return {name: self.folder / name for name in data_files(self.folder, part)}
