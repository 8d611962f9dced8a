"""python -m sandbox judge | verify | replay | new | doctor: the judge without the site and without a database."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from sandbox import packages
from sandbox.contract import Report, Source, Verdict
from sandbox.scaffold import create

MAX_FILE_BYTES = 64 << 20


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; the exit code is 0 when judging worked, whatever the verdicts."""
    options = parser().parse_args(arguments)
    try:
        return options.run(options)
    except packages.PackageError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m sandbox", description="Judge exercises in the jail.")
    commands = top.add_subparsers(required=True, metavar="judge | verify | replay | new | doctor")
    judge = commands.add_parser("judge", help="judge files, one JSON object per file and line")
    judge.add_argument("slug")
    judge.add_argument("files", nargs="+", metavar="FILE", type=Path)
    shape = judge.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON object per line (the default)")
    shape.add_argument("--verbose", action="store_true", help="for people")
    shape.add_argument("--report", action="store_true", help="the whole report as JSON, for replay")
    judge.add_argument("--device", choices=packages.DEVICES, help="instead of the package's own")
    judge.add_argument("--seed", type=int, default=None, help="instead of the one derived from the file")
    judge.set_defaults(run=run_judge)
    verify = commands.add_parser("verify", help="prove every shipped submission against its folder's verdict")
    verify.add_argument("slugs", nargs="*", metavar="SLUG")
    verify.add_argument("--report", action="store_true", help="a Markdown table instead of a line for each claim")
    verify.add_argument("--quick", action="store_true", help="one seed instead of twenty, and no mutants")
    verify.set_defaults(run=run_verify)
    replay = commands.add_parser("replay", help="judge again as a report says, and compare")
    replay.add_argument("report", metavar="REPORT", type=Path)
    replay.add_argument("file", metavar="FILE", type=Path)
    replay.set_defaults(run=run_replay)
    new = commands.add_parser("new", help="a new exercise to be edited")
    new.add_argument("slug")
    new.set_defaults(run=run_new)
    doctor = commands.add_parser("doctor", help="say what the judge lacks on this machine")
    doctor.add_argument("--json", action="store_true")
    doctor.add_argument("--device", choices=packages.DEVICES, default="cpu", help="what a worker here is for")
    doctor.set_defaults(run=run_doctor)
    for command in (judge, verify, replay, new):
        command.add_argument("--packages", type=Path, default=packages.ROOT, help="the folder of the packages")
    for command in (judge, doctor):
        command.add_argument("--lang", choices=("ko", "en"), default="ko")
    return top


def run_judge(options: argparse.Namespace) -> int:
    """Judges the files. Exit code 1 when the judge failed on one, 2 when a file cannot be read or there is no jail."""
    package = packages.find(options.slug, options.packages)
    package = replace(package, device=options.device or package.device)
    try:
        sources = [read_source(path) for path in options.files]
    except OSError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    from sandbox.jail import JailMissing
    from sandbox.judge import Judge  # imports torch: whoever mistypes a name need not wait for it

    failed = False
    try:
        with Judge() as judge:
            for path, source in zip(options.files, sources, strict=True):
                report = judge.run(package, source, options.seed)
                failed |= report.verdict is Verdict.JUDGE_ERROR
                show = whole if options.report else verbose if options.verbose else line
                print(show(str(path), report, options.lang), flush=True)
    except JailMissing as error:
        return no_jail(error)
    return 1 if failed else 0


def no_jail(error: Exception) -> int:
    """Says that nothing can be judged here, and where to look."""
    print(f"sandbox: {error}. Run: python -m sandbox doctor", file=sys.stderr)
    return 2


def read_source(path: Path) -> Source:
    """The file, cut just past the size that no submission may have."""
    with path.open("rb") as file:
        return Source(path.name, file.read(MAX_FILE_BYTES))


def line(file: str, report: Report, language: str) -> str:
    """The report as one JSON object."""
    tests = [{"name": test.name, "verdict": test.verdict, "points": test.points, "max_points": test.max_points,
              "message": test.message.pick(language)} for test in report.tests]
    return json.dumps({"file": file, "verdict": report.verdict, "score": report.score, "max_score": report.max_score,
                       "seconds": report.seconds, "peak_memory_mb": report.peak_memory_mb, "tests": tests,
                       "message": report.message.pick(language)}, ensure_ascii=False)


def whole(file: str, report: Report, language: str) -> str:
    """Everything that the judge knows, in both languages."""
    return json.dumps({"file": file, **report.to_dict()}, ensure_ascii=False)


def verbose(file: str, report: Report, language: str) -> str:
    """The report for people."""
    lines = [f"{file}: {report.verdict}  {report.score:g}/{report.max_score:g}  {report.seconds * 1000:.0f} ms  "
             f"{report.peak_memory_mb:.0f} MB", f"  {report.message.pick(language)}"]
    for test in report.tests:
        mark = "+" if test.verdict is Verdict.ACCEPTED else "-"
        text = test.message.pick(language).replace("\n", "\n        ")
        lines.append(f"  {mark} {test.points:g}/{test.max_points:g}  {test.title.pick(language) or test.name}: {text}")
    return "\n".join([*lines, *(["  stdout:", report.stdout] if report.stdout else [])])


def run_verify(options: argparse.Namespace) -> int:
    """Proves the packages; exit code 1 when one is not what its folders say."""
    from sandbox.jail import JailMissing
    from sandbox.proof import report, verify

    if options.slugs:
        chosen = [packages.find(slug, options.packages) for slug in options.slugs]
    else:
        chosen = packages.list_packages(options.packages)
    proofs = []
    try:
        for proof in verify(chosen, options.quick):
            proofs.append(proof)
            for claim in proof.claims if not options.report else ():
                print(f"FAIL {claim.name}: {claim.problem}" if claim.problem else f"ok   {claim.name}", flush=True)
    except JailMissing as error:
        return no_jail(error)
    problems = sum(len(proof.problems) for proof in proofs)
    print("\n".join(report(proofs)) if options.report else f"{len(proofs)} packages, {problems} problems")
    return 1 if problems else 0


def run_replay(options: argparse.Namespace) -> int:
    """Judges FILE as REPORT (of `judge --report`) was judged; exit code 1 when something but the time differs."""
    try:
        data = json.loads(options.report.read_text(encoding="utf-8"))
        data.pop("file", None)
        before = Report.from_dict(data)
        source = read_source(options.file)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    package = packages.find(before.slug, options.packages)
    if package.hash != before.package_hash:
        print(f"sandbox: the package {package.slug} has changed since that report", file=sys.stderr)
        return 2
    from sandbox.jail import JailMissing
    from sandbox.judge import Judge

    try:
        with Judge() as judge:
            after = judge.run(replace(package, limits=before.limits, device=before.device), source, before.seed)
    except JailMissing as error:
        return no_jail(error)
    differences = [f"{name}: {old!r} -> {new!r}" for name, old, new in differing(before, after)]
    print("\n".join(differences) if differences else f"the same: {after.verdict}  {after.score:g}/{after.max_score:g}")
    return 1 if differences else 0


def differing(before: Report, after: Report) -> list[tuple[str, object, object]]:
    """The fields of two reports that differ, times and memory left out."""
    def comparable(report: Report) -> dict:
        tests = tuple(replace(test, seconds=0.0) for test in report.tests)
        return replace(report, seconds=0.0, peak_memory_mb=0.0, tests=tests).to_dict()

    old, new = comparable(before), comparable(after)
    return [(name, old[name], new[name]) for name in old if json.dumps(old[name]) != json.dumps(new[name])]


def run_new(options: argparse.Namespace) -> int:
    """Writes a package that already judges; exit code 2 when the name is taken or no slug."""
    try:
        folder = create(options.slug, options.packages)
    except (OSError, ValueError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    print(f"{folder}\nEdit it, then: python -m sandbox verify {options.slug}, and: python manage.py load_content")
    return 0


def run_doctor(options: argparse.Namespace) -> int:
    """Lists what the judge needs; exit code 1 when something is missing."""
    from sandbox.doctor import check

    findings = check(options.device)
    for finding in findings:
        if options.json:
            row = {"name": finding.name, "ok": finding.ok, "message": finding.message.pick(options.lang),
                   "remedy": finding.remedy.pick(options.lang)}
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(f"{'ok  ' if finding.ok else 'MISS'} {finding.name}: {finding.message.pick(options.lang)}")
            if not finding.ok:
                print(f"     -> {finding.remedy.pick(options.lang)}")
    return 0 if all(finding.ok for finding in findings) else 1


if __name__ == "__main__":
    sys.exit(main())
