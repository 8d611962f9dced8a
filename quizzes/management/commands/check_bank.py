"""manage.py check_bank: the linter and the proofs of the question bank. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from quizzes import bank, proving
from quizzes.files import ContentError, QuestionFile
from quizzes.management import shipped

NO_JAIL = 2


class Command(BaseCommand):
    help = (
        "Checks the question bank: what its linter refuses, and every key against its listing, run in the jail. "
        "Exit code 1 when there is a problem, 2 when no jail can be built."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the totals and problems as JSON")
        shipped.add_options(parser)

    def handle(self, *args: object, **options: Any) -> None:
        try:
            questions = shipped.questions(options)
        except ContentError as error:
            totals, jail_error = proving.Totals(problems=error.problems), ""
        else:
            totals, jail_error = check(questions)
        self.report(totals, jail_error, as_json=options["json"])
        if jail_error:
            sys.exit(NO_JAIL)
        if totals.problems:
            sys.exit(1)

    def report(self, totals: proving.Totals, jail_error: str, *, as_json: bool) -> None:
        if jail_error:
            self.stderr.write(f"No jail can be built, so no key was proved: {jail_error}")
        if as_json:
            self.stdout.write(json.dumps(asdict(totals), ensure_ascii=False, indent=2))
            return
        for problem in totals.problems:
            self.stdout.write(problem)
        by_kind = ", ".join(f"{count} {kind}" for kind, count in totals.kinds.items())
        self.stdout.write(
            f"{totals.questions} questions in {len(totals.topics)} topics ({by_kind}), {totals.checked} of them with a "
            f"check; {len(totals.problems)} problems"
        )


def check(questions: list[QuestionFile]) -> tuple[proving.Totals, str]:
    """The totals with all problems, and why no jail could be built, else ""."""
    from sandbox.jail import JailMissing
    from sandbox.pool import ZygoteLost

    totals = proving.count(questions)
    totals.problems = bank.lint(questions) + proving.solve_all(questions)
    try:
        totals.problems += proving.prove(questions, run)
    except (JailMissing, ZygoteLost) as error:
        return totals, str(error)
    return totals, ""


def run(trials: list[tuple[str, list[dict[str, Any]]]]) -> Iterator[proving.Ran]:
    """Runs listings in the jail. Raises JailMissing where none can be built."""
    from sandbox import Listing, evaluate

    for outcome in evaluate([Listing(source, cases) for source, cases in trials]):
        yield outcome.answers, outcome.output, outcome.error
