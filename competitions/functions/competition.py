"""What a competition of functions is, beside what every competition is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from competitions.folders import Competition
from sandbox.contract import Limits

TASKS, SAMPLE = "tasks.jsonl", "sample_submission.jsonl"
PROBLEMS, PROBLEM_FOLDER = "problems.jsonl", "problems"


@dataclass(frozen=True, slots=True)
class HiddenTask:
    """One task with what is hidden of it. `wrong` are bodies that must fail; `usage` a word of the split's column.

    `where` is the file and, in a JSONL, the line that it was read from.
    """

    task_id: str
    prompt: str
    entry_point: str
    solution: str
    test: str
    wrong: tuple[str, ...] = ()
    usage: str = ""
    where: str = ""

    @property
    def public(self) -> dict[str, str]:
        """What students get of it: a line of tasks.jsonl."""
        return {"task_id": self.task_id, "prompt": self.prompt, "entry_point": self.entry_point}


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionsCompetition(Competition):
    """`limits` are those of one completion; `total_seconds` of all of an entry together."""

    max_samples: int
    limits: Limits
    total_seconds: float

    @property
    def k(self) -> int:
        """That of pass@k: each task needs as many samples."""
        return int(self.metric.partition("@")[2])

    @property
    def judged_by(self) -> tuple[str, ...]:
        hidden = sorted(path.name for path in (self.folder / PROBLEM_FOLDER).glob("*.py"))
        names = (
            [PROBLEMS]
            if (self.folder / PROBLEMS).is_file()
            else [f"{PROBLEM_FOLDER}/{name}" for name in hidden]
        )
        return (TASKS, SAMPLE, *names)

    @property
    def config(self) -> dict[str, Any]:
        return {
            "k": self.k,
            "max_samples": self.max_samples,
            "seconds": self.limits.seconds,
            "memory_mb": self.limits.memory_mb,
        }
