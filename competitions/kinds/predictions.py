"""A competition whose entries are files of predictions: CSV, .npy, .safetensors."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from competitions import fingerprints
from competitions.folders import Problem
from competitions.kinds import competition_of
from competitions.kinds.outcome import Outcome
from competitions.predictions import files
from competitions.predictions.folder import check_folder, load_folder
from competitions.predictions.tables import SAMPLE
from competitions.sentences import listed
from sandbox.contract import Report, Source, Text, Verdict

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

MAX_BYTES = files.MAX_BYTES
SUFFIXES = (".csv", ".npy", ".safetensors")
NEEDS_JAIL = False

SCORED = Text(ko="채점했습니다.", en="Scored.")


def prove_folder(path: Path) -> list[Problem]:
    from competitions.predictions.proof import prove  # NumPy and scikit-learn

    return prove(load_folder(path))


def check(challenge, source: Source) -> Text | None:
    """The first few wrong rows. The name does not matter: what counts is what is in the file."""
    checked = files.check(source.data, competition_of(challenge))
    return None if checked.is_valid else _sentences(checked)


def _sentences(checked) -> Text:
    return listed([error.message for error in checked.errors], checked.count)


def sample_fingerprint(challenge) -> str:
    """That of the sample submission, which everybody may hand in to try."""
    return _fingerprint_of_sample(challenge.path, challenge.content_hash)


@lru_cache(maxsize=32)
def _fingerprint_of_sample(path: Path, _content_hash: str) -> str:
    """Read once per process and version: the hash changes when the files do."""
    checked = files.check((path / SAMPLE).read_bytes(), load_folder(path))
    return fingerprints.of_values(checked.values) if checked.is_valid else ""


def judge(challenge, source: Source, tools) -> Outcome:
    """Compares with the held-out truth. The file is checked again: the worker trusts no other process."""
    from competitions.predictions.score import score  # scikit-learn: 140 MB that only a worker pays

    competition = competition_of(challenge)
    checked = files.check(source.data, competition)
    if not checked.is_valid:
        return Outcome(_report(challenge, Verdict.INVALID, 0.0, _sentences(checked)))
    scores = score(source.data, competition)
    report = _report(challenge, Verdict.ACCEPTED, scores.public, SCORED)
    fingerprint = fingerprints.of_values(checked.values)
    return Outcome(
        report, scores.public, scores.private, fingerprint, scores.resampled, scores.private_resampled
    )


def _report(challenge, verdict: Verdict, score: float, message: Text) -> Report:
    return Report(
        slug=challenge.slug,
        verdict=verdict,
        score=score,
        max_score=challenge.max_score or 0.0,
        message=message,
        package_hash=challenge.content_hash,
    )
