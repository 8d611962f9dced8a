"""What a competition of any kind is, whatever folder it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import yaml

from competitions import metrics
from competitions.folders.own_metric import METRIC_FILE, read_metric
from competitions.metrics import Metric
from sandbox.contract import Text

SPEC = "competition.yaml"
STATEMENTS = {"ko": "statement.ko.md", "en": "statement.en.md"}
TEXTS = (".md", ".ipynb")  # to read, never to judge by
UNJUDGED = {"title_ko", "title_en", "source_ko", "source_en", "daily_quota", "baselines"}


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
    """How the held-out rows are parted: by `column` of the solution if set, else `public` of 1.0 by `seed`.

    `is_stratified`: the same share of each class, or of each tenth of the numbers, is public.
    """

    public: float = 0.5
    seed: int = 0
    column: str = ""
    is_stratified: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """A score to beat, as measured by whoever made the data. `private_score` puts it on the final board, too."""

    title: Text
    score: float
    private_score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Competition:
    """What every kind has. A kind adds its own by inheriting.

    `metric` names one of competitions/metrics, or is "metric.py" for the folder's own. `files` are what a student may download: never a hidden one.
    `daily_quota` is the number of tries per day, None for no limit. `ladder`: public scores are said by the Ladder rule.
    """

    folder: Path
    slug: str
    kind: str
    title: Text
    statement: Text
    metric: str
    daily_quota: int | None
    files: tuple[str, ...]
    source: Text
    split: Split
    baselines: tuple[Baseline, ...] = ()
    ladder: bool = False

    @property
    def measure(self) -> Metric:
        """The metric itself."""
        if self.metric == METRIC_FILE:
            return read_metric(self.folder / METRIC_FILE)
        return metrics.find(self.metric)

    @property
    def higher_is_better(self) -> bool:
        return self.measure.higher_is_better

    @property
    def judged_by(self) -> tuple[str, ...]:
        """The files that a score depends on, relative to the folder; beside competition.yaml and `files`."""
        return ()

    @property
    def config(self) -> dict[str, Any]:
        """What the kind wants in `Challenge.config`, such as its device: JSON, seen by students."""
        return {}

    def path(self, name: str) -> Path:
        """Where the downloadable file `name` lies. Raises KeyError for any other name, the solution's above
        all.
        """
        if name not in self.files:
            raise KeyError(name)
        return self.folder / name


def content_hash(competition: Competition) -> str:
    """SHA-256 over everything that a score depends on, hidden files included; 64 hex digits. A mended word in a statement, a
    title or a notebook changes no score: it leaves the hash, and no submission has to be judged again."""
    own = [METRIC_FILE] if competition.metric == METRIC_FILE else []
    data = {name for name in competition.files if not name.endswith(TEXTS)}
    total = sha256()
    for name in sorted({SPEC, *competition.judged_by, *data, *own}):
        total.update(f"{name} {_digest(competition.folder / name)}\n".encode())
    return total.hexdigest()


def _digest(path: Path) -> str:
    if path.name == SPEC:
        return sha256(_judging_part(path.read_bytes())).hexdigest()
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _judging_part(spec: bytes) -> bytes:
    """competition.yaml without comments and the fields that no score depends on."""
    fields = yaml.safe_load(spec)
    judging = {name: value for name, value in fields.items() if name not in UNJUDGED}
    return json.dumps(judging, sort_keys=True, default=str).encode()
