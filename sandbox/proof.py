"""Proves a package by its own submissions, its starter, its reference and small changes of it.

Accepted ones get full marks over SEEDS seeds; each wrong one gets its folder's verdict and is told its sentence; the starter
fails; the reference needs less than a fifth of the time; the hidden tests kill at least KILLED of the mutants.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sandbox.contract import Report, Source, Verdict
from sandbox.judge import Judge
from sandbox.modules import tests_of
from sandbox.mutants import mutants_of
from sandbox.packages import Example, Package

REQUIRED = {Verdict.ACCEPTED: 2, Verdict.WRONG_ANSWER: 3}
TESTS = 5
TOTAL_POINTS = 100
SEEDS = 20
KILLED = 0.95
MUTANT_SECONDS = 2.0  # a mutant that loops for ever is as dead as one that is wrong


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a package claims; `problem` is what is wrong with it, or ""."""

    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All that was tried with one package."""

    package: Package
    claims: tuple[Claim, ...]
    seconds: float  # of the reference, median over the seeds
    mutants: int  # those that change behaviour
    survivors: tuple[str, ...]

    @property
    def problems(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.problem]


def verify(chosen: Iterable[Package], quick: bool = False) -> Iterator[Proof]:
    """The proof of each package, one after the other; `quick`: with one seed and no mutants. Raises jail.JailMissing."""
    with Judge() as judge:
        for package in chosen:
            yield prove(judge, package, range(1 if quick else SEEDS), hunting=not quick)


def prove(judge: Judge, package: Package, seeds: range, hunting: bool) -> Proof:
    """Tries everything that `package` claims."""
    claims = [Claim(package.slug, shape_problem(package))]
    claims += [Claim(f"{package.slug}/{example.verdict}/{example.path.name}", example_problem(judge, package, example, seeds))
               for example in package.examples]
    source = (package.path / "reference.py").read_bytes()
    reports = [judge.run(package, Source("reference.py", source), seed) for seed in seeds]
    seconds = statistics.median(report.seconds for report in reports)
    claims.append(Claim(f"{package.slug}/reference.py", reference_problem(package, reports, seconds)))
    claims.append(Claim(f"{package.slug}/starter.py", starter_problem(judge, package)))
    mutants, survivors = hunt(judge, package) if hunting else (0, [])
    claims.append(Claim(f"{package.slug} mutants", mutant_problem(mutants, survivors)))
    return Proof(package, tuple(claims), seconds, mutants, tuple(survivors))


def shape_problem(package: Package) -> str:
    """What the package lacks, or ""."""
    counts = {verdict: sum(example.verdict == verdict for example in package.examples) for verdict in REQUIRED}
    short = [f"{counts[verdict]} of {least} {verdict}" for verdict, least in REQUIRED.items() if counts[verdict] < least]
    if short:
        return "too few submissions: " + ", ".join(short)
    tests = tests_of(package)
    if len(tests) < TESTS or not any(test.visible for test in tests):
        return f"{len(tests)} tests: {TESTS} are needed, one of them visible"
    bare = [test.name for test in tests if not (test.title.ko and test.title.en and test.hint.ko and test.hint.en)]
    if bare:
        return f"no title or hint in both languages: {', '.join(bare)}"
    return "" if package.max_score == TOTAL_POINTS else f"the points add up to {package.max_score:g}, not {TOTAL_POINTS}"


def example_problem(judge: Judge, package: Package, example: Example, seeds: range) -> str:
    """What is wrong with a shipped submission, or "". A wrong one may earn some points: `partial` is wrong too."""
    source = Source(example.path.name, example.path.read_bytes())
    if example.verdict == Verdict.ACCEPTED:
        reports = (judge.run(package, source, seed) for seed in seeds)
        return next((f"seed {report.seed}: {told(report)}" for report in reports if report.verdict != Verdict.ACCEPTED), "")
    report = judge.run(package, source)
    if report.verdict not in (example.verdict, Verdict.PARTIAL):
        return told(report)
    if not (example.sentence.ko and example.sentence.en):
        return "has no docstring with ko: and en:"
    if example.verdict == Verdict.WRONG_ANSWER and report.message != example.sentence:
        return f"is recognised as {report.mistake or 'nothing'}"
    return ""


def told(report: Report) -> str:
    """A report in one line, with its first failures."""
    failures = [f"{test.name}: {test.message.en}" for test in report.tests if test.verdict != Verdict.ACCEPTED]
    return f"is {report.verdict}: {report.message.en} {failures[:2]}"


def reference_problem(package: Package, reports: list[Report], seconds: float) -> str:
    """What is wrong with the reference, or ""."""
    for report in reports:
        if report.verdict is not Verdict.ACCEPTED:
            return f"seed {report.seed}: {told(report)}"
    limit = package.limits.seconds / 5
    return f"takes {seconds:.2f} s, more than a fifth of the limit" if seconds > limit else ""


def starter_problem(judge: Judge, package: Package) -> str:
    """The starter must fail, by itself and not by a fault of ours."""
    report = judge.run(package, Source("starter.py", package.starter.encode()))
    return told(report) if report.verdict in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR) else ""


def hunt(judge: Judge, package: Package) -> tuple[int, list[str]]:
    """How many mutants change behaviour, as far as exercise.yaml knows, and which of them get full marks."""
    quick = replace(package, limits=replace(package.limits, seconds=min(MUTANT_SECONDS, package.limits.seconds)))
    mutants = mutants_of((package.path / "reference.py").read_text(encoding="utf-8"))
    mutants = [mutant for mutant in mutants if mutant.name not in package.equivalent]
    return len(mutants), [mutant.name for mutant in mutants if _survives(judge, quick, mutant.source)]


def _survives(judge: Judge, package: Package, source: str) -> bool:
    return judge.run(package, Source("mutant.py", source.encode())).verdict is Verdict.ACCEPTED


def mutant_problem(mutants: int, survivors: list[str]) -> str:
    """"" when enough mutants were killed."""
    killed = mutants - len(survivors)
    return "" if killed >= KILLED * mutants else f"{killed} of {mutants} killed; alive: {'; '.join(survivors)}"


def report(proofs: Iterable[Proof]) -> Iterator[str]:
    """The proofs as the lines of a Markdown table."""
    yield "| exercise | tests | accepted | wrong | other | mutants killed | reference | limit | problems |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for proof in proofs:
        package, kinds = proof.package, [example.verdict for example in proof.package.examples]
        accepted, wrong = kinds.count(Verdict.ACCEPTED), kinds.count(Verdict.WRONG_ANSWER)
        alive = f" (alive: {', '.join(f'`{name}`' for name in proof.survivors)})" if proof.survivors else ""
        yield (f"| {package.slug} | {len(tests_of(package))} | {accepted} | {wrong} | {len(kinds) - accepted - wrong} "
               f"| {proof.mutants - len(proof.survivors)}/{proof.mutants}{alive} | {proof.seconds * 1000:.0f} ms "
               f"| {package.limits.seconds:g} s | {'; '.join(f'{c.name} {c.problem}' for c in proof.problems) or 'none'} |")
