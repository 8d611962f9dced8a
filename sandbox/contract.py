"""The types that cross the judge's border: frozen, and the same in memory, in the database and in JSON.

Nothing here imports torch, so the web process may read a stored Report.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What became of a submission, or of one test of it."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    INVALID = "invalid"  # it cannot be judged at all: not UTF-8, a syntax error, a missing name
    JUDGE_ERROR = "judge_error"  # our fault: never a 0, never a pass, retried

    @property
    def is_final(self) -> bool:
        """Whether the verdict speaks of the student's work; a fault of ours does not."""
        return self is not Verdict.JUDGE_ERROR


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in the site's two languages."""

    ko: str = ""
    en: str = ""

    def pick(self, language: str) -> str:
        """The sentence in `language` ("ko" or "en"), or in the other one where it is missing."""
        first, second = (self.en, self.ko) if language.startswith("en") else (self.ko, self.en)
        return first or second

    def __bool__(self) -> bool:
        return bool(self.ko or self.en)


NO_TEXT = Text()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as the student sent it. `data` is not trusted to be text of any kind."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use, over all its tests together."""

    seconds: float = 10.0
    memory_mb: int = 512
    output_kb: int = 64  # of what it prints
    processes: int = 32
    gpu_memory_mb: int = 2048  # on a GPU: beyond the context that every process has


@dataclass(frozen=True, slots=True)
class TestResult:
    """One hidden or visible test. `points` of `max_points` were earned.

    `ran` is False for those behind the one that ended the program: their verdict is that of the end.
    """

    __test__ = False  # pytest would take the class for a test

    name: str
    title: Text
    verdict: Verdict
    points: float
    max_points: float
    message: Text = NO_TEXT
    visible: bool = False
    seconds: float = 0.0
    ran: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """All that the judge says about one submission.

    `judged_source` is the Python text that ran (a notebook's wanted cells); `stdout` what it printed while it was
    loaded and in visible tests; `mistake` the known mistake it matched, `error` the class of the
    first exception of its own. `seed`, `device`, `versions`, `package_hash` and
    `limits` are what it takes to judge the same again.
    """

    slug: str
    verdict: Verdict
    score: float
    max_score: float
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    tests: tuple[TestResult, ...] = ()
    message: Text = NO_TEXT
    stdout: str = ""
    judged_source: str = ""
    mistake: str = ""
    error: str = ""
    seed: int = 0
    device: str = "cpu"
    versions: dict[str, str] = field(default_factory=dict)
    package_hash: str = ""
    limits: Limits = Limits()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON; texts as {"ko", "en"}."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """The report that `to_dict` wrote. Raises KeyError, TypeError or ValueError on anything else."""
        tests = tuple(
            TestResult(**{**test, "verdict": Verdict(test["verdict"]), "title": Text(**test["title"]),
                          "message": Text(**test["message"])})
            for test in data["tests"]
        )
        fields = {**data, "verdict": Verdict(data["verdict"]), "message": Text(**data["message"]),
                  "tests": tests, "limits": Limits(**data["limits"])}
        return cls(**fields)
