import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from config.doctor import Finding, examine

SIGNS = {"ok": "✓", "warning": "!", "broken": "✕"}


class Command(BaseCommand):
    help = "Looks at everything the site needs and says what is missing and what to do. Exit code 1: something is broken."
    # A broken database must be reported by us, not by Django's own checks.
    requires_system_checks: list = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON list for machines")

    def handle(self, *args: object, **options: object) -> None:
        findings = examine()
        if options["json"]:
            rows = [{**asdict(finding), "state": finding.state} for finding in findings]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for finding in findings:
                self.show(finding)
        if any(finding.state == "broken" for finding in findings):
            sys.exit(1)

    def show(self, finding: Finding) -> None:
        style = {"ok": self.style.SUCCESS, "warning": self.style.WARNING, "broken": self.style.ERROR}[
            finding.state
        ]
        self.stdout.write(f"{style(SIGNS[finding.state])} {finding.name:<18} {finding.message}")
        if finding.remedy and not finding.ok:
            self.stdout.write(f"  {'':<18} → {finding.remedy}")
