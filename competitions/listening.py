"""Tells the other apps what became of an exercise submission, without importing them."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from competitions.models import Submission
from courses.judged import JudgedExercise, JudgedTest
from sandbox.contract import Report, TestResult, Verdict

logger = logging.getLogger(__name__)


def tell(submission: Submission, report: Report) -> None:
    """Calls every listener of the settings. Called with the transaction of the verdict open: what a listener writes
    is there with the verdict or not at all. A fault of a listener is logged, and the verdict stands."""
    if not submission.challenge.is_exercise:
        return
    judged = _describe(submission, report)
    for dotted in settings.JUDGED_LISTENERS:
        try:
            with transaction.atomic():
                import_string(dotted)(judged)
        except Exception:
            logger.exception("submission %s: %s failed", submission.pk, dotted)


def _describe(submission: Submission, report: Report) -> JudgedExercise:
    challenge = submission.challenge
    return JudgedExercise(
        submission_id=submission.pk,
        user_id=submission.user_id,
        round_id=submission.round_id,
        slug=challenge.slug,
        title_ko=challenge.title_ko,
        title_en=challenge.title_en,
        topic_id=challenge.topic_id,
        url=challenge.get_absolute_url(),
        # A test behind the one that ended the program says nothing about what it tests.
        tests=tuple(_describe_test(test) for test in report.tests if test.ran),
    )


def _describe_test(test: TestResult) -> JudgedTest:
    return JudgedTest(
        name=test.name,
        passed=test.verdict is Verdict.ACCEPTED,
        visible=test.visible,
        title_ko=test.title.ko,
        title_en=test.title.en,
        hint_ko=test.message.ko,
        hint_en=test.message.en,
    )
