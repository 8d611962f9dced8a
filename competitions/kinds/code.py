"""A competition whose entries are programs, a script or a notebook: they train in the jail and predict held-out rows."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from competitions import fingerprints
from competitions.code.competition import ENTRY
from competitions.code.folder import check_folder, load_folder
from competitions.folders import Problem
from competitions.kinds import competition_of
from competitions.kinds.exercise import MAX_BYTES, SUFFIXES, check
from competitions.kinds.outcome import Outcome
from sandbox.contract import Report, Source, Text

__all__ = [
    "MAX_BYTES",
    "NEEDS_JAIL",
    "SUFFIXES",
    "check",
    "check_folder",
    "judge",
    "load_folder",
    "prove_folder",
    "sample_fingerprint",
]

NEEDS_JAIL = True


def prove_folder(path: Path, judge=None) -> list[Problem]:
    """The metric on the truth, and the sample program in the jail: it must train, predict and be scored."""
    from competitions.code.running import run_entry
    from competitions.predictions.proof import prove
    from sandbox.jail import JailMissing
    from sandbox.judge import Judge

    competition = load_folder(path)
    problems = prove(competition)
    try:
        with nullcontext(judge) if judge else Judge() as judge:
            run, scores = run_entry(
                judge, Source(ENTRY, (competition.folder / ENTRY).read_bytes()), competition, 0
            )
    except JailMissing as missing:
        return [
            *problems,
            Problem(
                ENTRY,
                Text(
                    f"격리 환경이 없어 실행해 보지 못했습니다: {missing}",
                    f"It could not be run, there is no jail: {missing}",
                ),
            ),
        ]
    if scores is None:
        problems.append(Problem(ENTRY, run.message))
    return problems


def sample_fingerprint(challenge) -> str:
    """That of the sample program, which everybody may hand in to try."""
    return fingerprint_of((challenge.path / ENTRY).read_text(encoding="utf-8"))


def fingerprint_of(text: str) -> str:
    """One for all programs that differ in spaces and empty lines only. Not of the predictions: two honest programs without
    any randomness, such as the median, predict the same."""
    return fingerprints.of_values(words for line in text.splitlines() if (words := " ".join(line.split())))


def judge(challenge, source: Source, tools) -> Outcome:
    """Trains and predicts in the jail with the judge's seed, then scores outside."""
    from competitions.code.running import run_entry, seed_of

    competition = competition_of(challenge)
    seed = seed_of(challenge.content_hash, source.data) if tools.seed is None else tools.seed
    with tools.ticking(competition.limits.seconds):
        run, scores = run_entry(tools.judge, source, competition, seed, tools.report_progress)
    message = run.message
    if scores:
        message = Text(
            f"{run.seconds:.1f}초 동안 학습하고 예측했습니다. 채점했습니다.",
            f"It trained and predicted in {run.seconds:.1f} s. Scored.",
        )
    report = Report(
        slug=challenge.slug,
        verdict=run.verdict,
        score=scores.public if scores else 0.0,
        max_score=challenge.max_score or 0.0,
        seconds=run.seconds,
        peak_memory_mb=run.peak_memory_mb,
        message=message,
        stdout=run.stdout,
        judged_source=run.judged_source,
        error=run.error,
        seed=seed,
        device=competition.device,
        package_hash=challenge.content_hash,
        limits=competition.limits,
    )
    if scores is None:
        return Outcome(report)
    fingerprint = fingerprint_of(run.judged_source)
    return Outcome(report, scores.public, scores.private, fingerprint, scores.resampled, scores.private_resampled)
