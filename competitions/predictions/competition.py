"""What a competition of predictions is, whatever folder it came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from competitions import metrics
from sandbox.contract import Text

CellKind = Literal["number", "integer", "text"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a folder: the file it is in, and the sentence that says it."""

    where: str
    message: Text


class FolderError(Exception):
    """A folder that cannot be used. `problems` says all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.where}: {problem.message.en}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Split:
    """How the held-out rows are parted: by `column` of solution.csv if set, else `public` of 1.0 by `seed`."""

    public: float = 0.5
    seed: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A score to beat, as measured by whoever made the data."""

    title: Text
    score: float


@dataclass(frozen=True, slots=True)
class Competition:
    """One competition as its folder describes it. `metric` names a file of competitions/metrics.

    `files` are what a student may download: never the solution. `values` is what a cell of the target column
    holds. `daily_quota` is the number of tries per day, None for no limit.
    """

    folder: Path
    slug: str
    title: Text
    statement: Text
    metric: str
    id_column: str
    target_column: str
    values: CellKind
    daily_quota: int | None
    files: tuple[str, ...]
    source: Text
    split: Split
    baselines: tuple[Baseline, ...] = ()
    kind: str = "predictions"

    @property
    def higher_is_better(self) -> bool:
        return metrics.find(self.metric).higher_is_better

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The names that a submission's header must hold: the metric's roles, in this competition's words."""
        names = {"id": self.id_column, "target": self.target_column}
        return tuple(names[role] for role in metrics.find(self.metric).required_columns)

    def path(self, name: str) -> Path:
        """Where the downloadable file `name` lies. Raises KeyError for any other name, the solution's above
        all.
        """
        if name not in self.files:
            raise KeyError(name)
        return self.folder / name
