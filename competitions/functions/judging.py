"""Completions -> how many of each task pass. For the worker: it runs students' code in the jail."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from competitions.functions.competition import FunctionsCompetition, HiddenTask
from competitions.functions.folder import is_public
from competitions.standings.resampling import Resampled, resample, seed_from
from sandbox.contract import Text, Verdict
from sandbox.functions import Judged, Task, judge_completion
from sandbox.judge import Judge

NO_TIME = Text(
    "제출 전체의 제한 시간이 지나 실행하지 않았습니다.",
    "Not run: the time limit of the whole entry had passed.",
)


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One task's samples. `failure` is what became of the first that failed."""

    task: HiddenTask
    total: int
    passed: int
    failure: Judged | None
    seconds: float
    public: bool | None


def judge_samples(
    judge: Judge,
    tasks: list[HiddenTask],
    samples: dict[str, list[str]],
    competition: FunctionsCompetition,
    on_progress: Callable[[float], None] = lambda share: None,
) -> list[TaskResult]:
    """Every sample of every task, in the order of the tasks.

    When `total_seconds` are over, what has not run yet has failed. A sample that is there twice runs once: the seed comes
    from the task and the completion, so it would only do the same again.
    """
    deadline = time.monotonic() + competition.total_seconds
    results = []
    for place, (task, part) in enumerate(zip(tasks, is_public(tasks, competition), strict=True), 1):
        known: dict[str, Judged] = {}
        for completion in samples[task.task_id]:
            if completion in known:
                continue
            if time.monotonic() >= deadline:
                known[completion] = Judged(Verdict.TIME_LIMIT, NO_TIME)
            else:
                known[completion] = judge_completion(
                    judge, sandbox_task(task), completion, competition.limits, seed_of(task, completion)
                )
        judged = [known[completion] for completion in samples[task.task_id]]
        failure = next((each for each in judged if not each.passed), None)
        passed = sum(each.passed for each in judged)
        results.append(
            TaskResult(task, len(judged), passed, failure, sum(each.seconds for each in judged), part)
        )
        on_progress(place / len(tasks))
    return results


def sandbox_task(task: HiddenTask) -> Task:
    """What the sandbox needs of it."""
    return Task(task.task_id, task.prompt, task.entry_point, task.test)


def seed_of(task: HiddenTask, completion: str) -> int:
    """The hidden inputs' seed: the same completion always meets the same, and the test, which nobody else has, keeps them unforeseen."""
    return int.from_bytes(hashlib.sha256(f"{task.test}\0{completion}".encode()).digest()[:6], "little")


def score(results: list[TaskResult], competition: FunctionsCompetition, public: bool) -> tuple[float, Resampled | None]:
    """pass@k over the public or the private tasks, and the same on other draws of them."""
    chosen = [result for result in results if result.public is public]
    total, passed = (np.array([getattr(result, name) for result in chosen]) for name in ("total", "passed"))
    seed = seed_from(competition.slug.encode(), *(result.task.test.encode() for result in chosen))
    return competition.measure.score(total, passed), resample(competition.measure, total, passed, seed)
