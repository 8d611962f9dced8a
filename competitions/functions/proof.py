"""The tasks prove themselves in the jail: each solution passes its test, each wrong one and an empty body fail it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from competitions.folders import Problem
from competitions.functions.folder import load_folder
from competitions.functions.judging import sandbox_task, seed_of
from competitions.functions.problems import read_problems
from sandbox.contract import Text
from sandbox.functions import Judged, judge_completion
from sandbox.judge import Judge

EMPTY = "    pass\n"


def prove_folder(path: Path, judge: Judge) -> Iterator[Problem]:
    """What is wrong with the tasks of a folder that `check_folder` found nothing wrong with."""
    competition = load_folder(path)
    for task in read_problems(competition.folder):
        def run(completion: str, task=task) -> Judged | None:
            try:
                return judge_completion(judge, sandbox_task(task), completion, competition.limits, seed_of(task, completion))
            except Exception as error:  # the test itself is broken, or passes what cannot travel
                problems.append(Problem(task.where, Text(f"테스트를 실행할 수 없습니다: {error!r}", f"Its test cannot be run: {error!r}")))
                return None

        problems: list[Problem] = []
        solved = run(task.solution)
        if solved and not solved.passed:
            problems.append(Problem(task.where, Text(f"정답이 통과하지 못합니다: {solved.message.ko}", f"Its solution fails: {solved.message.en}")))
        for number, wrong in enumerate((*task.wrong, EMPTY), 1):
            judged = run(wrong) if solved else None
            if judged and judged.passed:
                which = "pass" if wrong is EMPTY else f"wrong {number}"
                problems.append(Problem(task.where, Text(f"틀린 답({which})이 통과합니다.", f"A wrong answer ({which}) passes.")))
        yield from problems
