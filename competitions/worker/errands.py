"""What a worker does beside judging: see models/errands.py."""

from __future__ import annotations

import logging

from competitions import kinds, versions
from competitions.actions import errands
from competitions.folders import FolderError, Problem
from competitions.models import CompetitionVersion, SeedRun
from competitions.worker.scoring import judge
from competitions.worker.workplace import workplace
from sandbox.contract import Text, Verdict

logger = logging.getLogger(__name__)

OUR_FAULT = Text("확인하다가 문제가 생겼습니다.", "Something went wrong while it was checked.")


def prove_version(key: int) -> bool:
    """Runs what an uploaded folder can prove of itself, and puts it to use when nothing is wrong."""
    version = CompetitionVersion.objects.filter(pk=key).first()
    if version is None or not workplace().can_judge(version.kind, version.device):
        return False  # it waits for a worker that can
    claimed = errands.claim(CompetitionVersion, key)
    if claimed is None:
        return False
    try:
        problems = kinds.prove_folder(versions.path_of(claimed), lambda: workplace().judge)
    except FolderError as error:
        problems = error.problems
    except Exception:
        logger.exception("version %s could not be proved", key)
        problems = [Problem("", OUR_FAULT)]
    if not errands.finish(claimed, problems=versions.as_json(problems)):
        return False
    if not problems:
        versions.use(CompetitionVersion.objects.get(pk=key))
    return True


def run_seed(key: int) -> bool:
    """Judges a submission once more with the run's seed; nothing of the submission changes."""
    run = SeedRun.objects.select_related("submission__challenge").filter(pk=key).first()
    if run is None or not workplace().can_judge(run.submission.challenge.kind, run.wanted_device):
        return False  # it waits for a worker that can
    claimed = errands.claim(SeedRun, key)
    if claimed is None:
        return False
    outcome = judge(claimed.submission, workplace(), claimed.seed)
    report = outcome.report
    if report.verdict is Verdict.JUDGE_ERROR:
        return False  # our fault: the sweep finds it when the lease is over, and tries again
    return errands.finish(
        claimed,
        verdict=report.verdict.value,
        score=outcome.score,
        private_score=outcome.private_score,
        message_ko=report.message.ko,
        message_en=report.message.en,
    )
