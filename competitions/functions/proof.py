"""The tasks prove themselves in the jail: each solution passes its test, each wrong one and an empty body fail it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from competitions.folders import Problem
from competitions.functions.competition import FunctionsCompetition, HiddenTask
from competitions.functions.judging import sandbox_task, seed_of
from competitions.functions.problems import read_problems
from sandbox.contract import Text
from sandbox.functions import Judged, judge_completion
from sandbox.judge import Judge

EMPTY = "    pass\n"


def prove(competition: FunctionsCompetition, judge: Judge) -> Iterator[Problem]:
    """What is wrong with the tasks of a folder that `check_folder` found nothing wrong with."""
    for task in read_problems(competition.folder):

        def run(body: str, task: HiddenTask = task) -> Judged:
            return judge_completion(judge, sandbox_task(task), body, competition.limits, seed_of(task, body))

        try:
            yield from _prove(task, run)
        except Exception as error:  # the test itself is broken, or passes what cannot travel
            yield Problem(
                task.where,
                Text(f"테스트를 실행할 수 없습니다: {error!r}", f"Its test cannot be run: {error!r}"),
            )


def _prove(task: HiddenTask, run: Callable[[str], Judged]) -> Iterator[Problem]:
    solved = run(task.solution)
    if not solved.passed:
        yield Problem(
            task.where,
            Text(
                f"정답이 통과하지 못합니다: {solved.message.ko}", f"Its solution fails: {solved.message.en}"
            ),
        )
        return
    for number, wrong in enumerate((*task.wrong, EMPTY), 1):
        if run(wrong).passed:
            which = "pass" if wrong is EMPTY else f"wrong {number}"
            yield Problem(
                task.where, Text(f"틀린 답({which})이 통과합니다.", f"A wrong answer ({which}) passes.")
            )
