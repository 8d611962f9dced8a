"""What competitions of functions and of programs cost beyond the students' own time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from competitions.code.folder import load_folder as load_code
from competitions.functions.judging import sandbox_task, seed_of
from competitions.functions.problems import read_problems
from manage import ROOT
from sandbox.contract import Limits, Source
from sandbox.functions import judge_completion
from sandbox.judge import Judge
from sandbox.runs import Job, train_and_predict

FOLDERS = ROOT / "fixtures" / "competitions"
TURNS = 5
IDLE = "def train(folder, seed):\n    return 0\n\n\ndef predict(model, folder):\n    return 0\n"


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted). Nothing was asked of these: they say what a class may expect."""
    with Judge() as judge:
        judge.warm_up()
        whole, own = zip(*completions(judge), strict=True)
        rate = len(whole) / sum(whole)
        yield "a completion judged, median of 29 tasks", f"{1000 * statistics.median(whole):.0f} ms, {rate:.0f}/s", "-"
        yield "of it in the student's process, median", f"{1000 * statistics.median(own):.0f} ms", "-"
        yield f"a program that trains nothing, data sent, median of {TURNS}", f"{1000 * idle(judge):.0f} ms", "-"


def completions(judge: Judge) -> Iterator[tuple[float, float]]:
    """Seconds of each shipped task's solution: from end to end, and in the student's process."""
    for task in read_problems(FOLDERS / "ai-pair-programmer-code"):
        started = time.perf_counter()
        judged = judge_completion(judge, sandbox_task(task), task.solution, Limits(), seed_of(task, task.solution))
        assert judged.passed
        yield time.perf_counter() - started, judged.seconds


def idle(judge: Judge) -> float:
    """Seconds of the house prices with a program that does nothing: what the files and the jail cost."""
    competition = load_code(FOLDERS / "house-price-code")
    taken = []
    for _ in range(TURNS):
        started = time.perf_counter()
        job = Job(competition.data("train"), competition.data("test"), competition.limits, 1)
        assert train_and_predict(judge, Source("idle.py", IDLE.encode()), job).predictions == 0
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
