"""`manage.py simulate_class`: is the readiness forecast honest? Touches no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes.readiness import plot, simulation


class Command(BaseCommand):
    help = "Forecasts the exam of simulated students whose ability is known, and reports error and coverage."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--students", type=int, default=300)
        parser.add_argument(
            "--answers", type=int, default=60, help="that each student has given before the exam"
        )
        parser.add_argument("--guess", type=float, default=0.0, help="chance to be right without knowing")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--plot", type=Path, help="write the calibration plot to this .svg file")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 2 <= options["students"] <= 5000 or not 1 <= options["answers"] <= simulation.QUESTIONS:
            raise CommandError(f"students: 2 to 5000; answers: 1 to {simulation.QUESTIONS}")
        if not 0 <= options["guess"] < 1:
            raise CommandError("guess: from 0 to below 1")
        outcomes = simulation.simulate(
            options["students"], options["answers"], options["seed"], options["guess"]
        )
        found = simulation.calibrate(outcomes, options["answers"])
        if options["plot"]:
            options["plot"].write_text(plot.draw(outcomes, found), encoding="utf-8")
        self.stdout.write(json.dumps(asdict(found)) if options["json"] else describe(found))


def describe(found: simulation.Calibration) -> str:
    """The report for people."""
    lines = [
        f"{found.students} students, {found.answers} answers each before the exam",
        f"error of the forecast: {found.mean_error:.1f} points of 100 on average "
        f"(root mean square {found.rms_error:.1f}, bias {found.bias:+.1f})",
        f"80 % interval: {found.mean_width:.1f} points wide on average",
    ]
    for nominal, share in found.coverage.items():
        lines.append(f"the {nominal:.0%} interval held {share:.1%} of the scores")
    return "\n".join(lines)
