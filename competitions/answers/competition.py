"""What a competition of answers is, beside what every competition is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from competitions.folders import Competition

QUESTIONS, TRAIN, SOLUTION, SAMPLE = (
    "questions.json",
    "train.json",
    "solution.json",
    "sample_submission.csv",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The truth of one question: its text by language, and the split's word if the competition has a column for it."""

    texts: dict[str, str]
    usage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersCompetition(Competition):
    @property
    def judged_by(self) -> tuple[str, ...]:
        return (QUESTIONS, SOLUTION, SAMPLE)

    def questions(self) -> dict[str, dict[str, Any]]:
        """Id -> {"question": text, ...} in the order of the file: what students see."""
        return read_json(self.folder / QUESTIONS)


def read_json(path: Path) -> dict[str, Any]:
    """The object in `path`, read once per version of the file. Raises ValueError or OSError."""
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, _modified: int, _size: int) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(data, dict):
        raise ValueError("it must be an object of ids")
    return data


def references(competition: AnswersCompetition) -> dict[str, Reference]:
    """The solution, by id. For the worker, and for whoever checks the folder. Raises ValueError, KeyError or OSError."""
    column = competition.split.column
    found = {}
    for name, row in read_json(competition.folder / SOLUTION).items():
        texts = row["ground_truth"]
        if isinstance(texts, str):
            texts = {"": texts}
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts.values()):
            raise ValueError(f"{name}: ground_truth must be text, or text by language")
        found[name] = Reference(texts, str(row[column]) if column else "")
    return found
