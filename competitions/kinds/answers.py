"""A competition whose entries are answers in words: CSV or JSON, question id -> text."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from competitions import fingerprints
from competitions.answers.competition import SAMPLE, references
from competitions.answers.folder import check_folder, load_folder
from competitions.answers.score import score
from competitions.answers.submission import MAX_BYTES
from competitions.answers.submission import check as check_file
from competitions.judges import Judge, JudgeError
from competitions.judges.http import Endpoint
from competitions.judges.offline import OfflineJudge
from competitions.judges.remote import RemoteJudge
from competitions.judges.store import Store
from competitions.kinds import competition_of
from competitions.kinds.outcome import Outcome, our_fault
from competitions.sentences import listed
from sandbox.contract import Report, Source, Text, Verdict

__all__ = [
    "MAX_BYTES",
    "NEEDS_JAIL",
    "SUFFIXES",
    "check",
    "check_folder",
    "judge",
    "judge_for",
    "load_folder",
    "sample_fingerprint",
]

SUFFIXES = (".csv", ".json")
NEEDS_JAIL = False


def check(challenge, source: Source) -> Text | None:
    """The first few things that are wrong. The name does not matter: what counts is what is in the file."""
    checked = check_file(source.data, competition_of(challenge))
    return None if checked.is_valid else _sentences(checked)


def _sentences(checked) -> Text:
    return listed([error.message for error in checked.errors], checked.count)


def sample_fingerprint(challenge) -> str:
    """That of the sample submission, which everybody may hand in to try."""
    return _fingerprint_of_sample(challenge.path, challenge.content_hash)


@lru_cache(maxsize=32)
def _fingerprint_of_sample(path: Path, _content_hash: str) -> str:
    return _fingerprint(check_file((path / SAMPLE).read_bytes(), load_folder(path)).answers)


def _fingerprint(answers: dict[str, str]) -> str:
    return fingerprints.of_values(part for pair in sorted(answers.items()) for part in pair)


def judge_for(competition) -> Judge:
    """The language model that the settings name, else the built-in judge with the references as its corpus."""
    if settings.JUDGE_ADDRESS:
        endpoint = Endpoint(
            address=settings.JUDGE_ADDRESS,
            model=settings.JUDGE_MODEL,
            embedding_model=settings.JUDGE_EMBEDDING_MODEL,
            key=settings.JUDGE_KEY,
        )
        store = Store(Path(settings.MEDIA_ROOT) / "judge", settings.JUDGE_CALLS_PER_DAY)
        return RemoteJudge(endpoint, store, settings.SECRET_KEY.encode())
    return OfflineJudge(text for each in references(competition).values() for text in each.texts.values())


def judge(challenge, source: Source, tools) -> Outcome:
    """Compares each answer with its reference. The file is checked again: the worker trusts no other process."""
    competition = competition_of(challenge)
    checked = check_file(source.data, competition)
    if not checked.is_valid:
        return Outcome(_report(challenge, Verdict.INVALID, 0.0, _sentences(checked)))
    chosen = judge_for(competition)
    try:
        scores = score(checked.answers, competition, chosen, tools.report_progress)
    except JudgeError as error:
        return our_fault(challenge.slug, error.message, str(error))
    # Which judge it was stands beside the score: two judges' scores cannot be compared.
    said = Text(f"채점했습니다. 채점: {chosen.title.ko}", f"Scored by the {chosen.title.en}.")
    report = _report(challenge, Verdict.ACCEPTED, scores.public, said)
    fingerprint = _fingerprint(checked.answers)
    return Outcome(report, scores.public, scores.private, fingerprint, scores.resampled, scores.private_resampled)


def _report(challenge, verdict: Verdict, score: float, message: Text) -> Report:
    return Report(
        slug=challenge.slug,
        verdict=verdict,
        score=score,
        max_score=challenge.max_score or 0.0,
        message=message,
        package_hash=challenge.content_hash,
    )
