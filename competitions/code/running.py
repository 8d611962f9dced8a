"""An entry -> its run in the jail and its scores. For the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from competitions.code.competition import CodeCompetition
from competitions.code.returned import UnusableError, to_file
from competitions.predictions.score import Scores, score
from sandbox.contract import Source, Verdict
from sandbox.judge import Judge
from sandbox.runs import Job, Run, train_and_predict


def run_entry(
    judge: Judge,
    source: Source,
    competition: CodeCompetition,
    seed: int,
    on_progress: Callable[[float], None] = lambda share: None,
) -> tuple[Run, Scores | None]:
    """Trains, predicts and scores; no scores where the verdict is not accepted."""
    job = Job(competition.data("train"), competition.data("test"), competition.limits, seed)
    run = train_and_predict(judge, source, job, on_progress)
    if run.verdict is not Verdict.ACCEPTED:
        return run, None
    try:
        return run, score(to_file(run.predictions, competition), competition)
    except UnusableError as error:
        # Not "invalid": the program ran and has seen the held-out rows, so another look must cost a try.
        run.stop(Verdict.WRONG_ANSWER, error.message)
        return run, None


def seed_of(content_hash: str, data: bytes) -> int:
    """The same file gets the same seed, which nobody can foresee: the hash covers the solution."""
    return int.from_bytes(hashlib.sha256(content_hash.encode() + data).digest()[:6], "little")
