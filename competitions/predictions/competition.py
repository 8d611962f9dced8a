"""What a competition of predictions is, beside what every competition is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from competitions.folders import Competition

CellKind = Literal["number", "integer", "text"]
PARTS = ("train", "test", "solution")
SUFFIXES = (".csv", ".npz", ".safetensors", ".npy")
TRAIN, TEST = "train.csv", "test.csv"
SAMPLE = "sample_submission.csv"


def data_files(folder: Path, part: str) -> list[str]:
    """The files that hold `part`: train.csv, train.npz, train.safetensors, or train.npy with train_<name>.npy."""
    for suffix in SUFFIXES:
        if (folder / f"{part}{suffix}").is_file():
            found = [f"{part}{suffix}"]
            break
    else:
        found = []
    if not found or found[0].endswith(".npy"):
        found += sorted(path.name for path in folder.glob(f"{part}_*.npy"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionsCompetition(Competition):
    """`values` is what a cell of the target column holds, in the solution and, but for probabilities, in a
    submission. `classes` (for metrics of probabilities) are the columns of a submission, in this order; without them
    its target column is the probability of class 1 of the classes 0 and 1.
    """

    id_column: str
    target_column: str
    values: CellKind
    classes: tuple[str, ...] = ()

    @property
    def judged_by(self) -> tuple[str, ...]:
        return (SAMPLE, *(name for part in PARTS for name in data_files(self.folder, part)))

    @property
    def predicted_columns(self) -> tuple[str, ...]:
        """The columns that a submission must hold beside the id."""
        return self.classes or (self.target_column,)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The names that a submission's header must hold."""
        return (self.id_column, *self.predicted_columns)

    @property
    def cells(self) -> CellKind:
        """What a cell of a submission holds."""
        return "number" if self.measure.values == "probability" else self.values
