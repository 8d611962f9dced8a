"""A competition whose entries are functions, a JSONL of completions: hidden unit tests judge them in the jail."""

from __future__ import annotations

from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path

from competitions import fingerprints
from competitions.conf import MEGABYTE
from competitions.folders import Problem
from competitions.functions.competition import SAMPLE, TASKS
from competitions.functions.entries import Entry, read_entry
from competitions.functions.folder import check_folder, load_folder, task_ids
from competitions.functions.problems import read_problems
from competitions.kinds import competition_of
from competitions.kinds.outcome import Outcome
from sandbox.contract import Report, Source, TestResult, Text, Verdict

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

MAX_BYTES = 10 * MEGABYTE
SUFFIXES = (".jsonl", ".json")
NEEDS_JAIL = True
RUNS_FOLDERS_CODE = True


def check(challenge, source: Source) -> Text | None:
    """The first few wrong lines. What is in a completion is the jail's business."""
    competition = competition_of(challenge)
    return read_entry(source.data, task_ids(competition), competition).message


def prove_folder(path: Path, judge=None) -> list[Problem]:
    """In the jail: each task's solution passes, its wrong solutions and an empty body fail."""
    from competitions.functions.proof import prove
    from sandbox.jail import JailMissing
    from sandbox.judge import Judge

    try:
        with nullcontext(judge) if judge else Judge() as judge:
            return list(prove(load_folder(path), judge))
    except JailMissing as missing:
        return [
            Problem(
                TASKS,
                Text(
                    f"격리 환경이 없어 과제를 실행해 보지 못했습니다: {missing}",
                    f"The tasks could not be run, there is no jail: {missing}",
                ),
            )
        ]


def sample_fingerprint(challenge) -> str:
    """That of the sample submission, which everybody may hand in to try."""
    return _fingerprint_of_sample(challenge.path, challenge.content_hash)


@lru_cache(maxsize=32)
def _fingerprint_of_sample(path: Path, _content_hash: str) -> str:
    competition = load_folder(path)
    entry = read_entry((path / SAMPLE).read_bytes(), task_ids(competition), competition)
    return fingerprint_of(entry)


def fingerprint_of(entry: Entry) -> str:
    """One for all ways to write the same completions."""
    return fingerprints.of_values(
        body for bodies in entry.samples.values() for body in (str(len(bodies)), *bodies)
    )


def judge(challenge, source: Source, tools) -> Outcome:
    """Runs every completion. The report names the public tasks only: the private ones count at the end."""
    from competitions.functions import judging

    competition = competition_of(challenge)
    tasks = read_problems(competition.folder)
    entry = read_entry(source.data, [task.task_id for task in tasks], competition)
    if entry.message:
        return Outcome(_report(challenge, Verdict.INVALID, 0.0, entry.message))
    results = judging.judge_samples(tools.judge, tasks, entry.samples, competition, tools.report_progress)
    (public, resampled), (private, others) = (judging.score(results, competition, part) for part in (True, False))
    shown = [result for result in results if result.public]
    passed = sum(result.passed > 0 for result in shown)
    message = Text(
        f"채점했습니다. 공개 과제 {len(shown)}개 중 {passed}개를 통과했습니다.",
        f"Scored. {passed} of {len(shown)} public tasks pass.",
    )
    report = _report(challenge, Verdict.ACCEPTED, public, message, tuple(map(_test_result, shown)))
    return Outcome(report, public, private, fingerprint_of(entry), resampled, others)


def _test_result(result) -> TestResult:
    failure = result.failure
    verdict = failure.verdict if failure else Verdict.ACCEPTED
    message = failure.message if failure else Text()
    if result.total > 1 and failure:
        prefix = Text(
            f"{result.total}개 중 {result.passed}개 통과. 첫 실패: ",
            f"{result.passed} of {result.total} pass. The first failure: ",
        )
        message = Text(prefix.ko + message.ko, prefix.en + message.en)
    name = result.task.task_id
    return TestResult(
        name,
        Text(name, name),
        verdict,
        float(result.passed),
        float(result.total),
        message,
        False,
        round(result.seconds, 3),
    )


def _report(
    challenge, verdict: Verdict, score: float, message: Text, tests: tuple[TestResult, ...] = ()
) -> Report:
    return Report(
        slug=challenge.slug,
        verdict=verdict,
        score=score,
        max_score=challenge.max_score or 0.0,
        seconds=sum(test.seconds for test in tests),
        tests=tests,
        message=message,
        package_hash=challenge.content_hash,
    )
