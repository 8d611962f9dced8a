"""The bank proves itself: every key against what its listing computes. Plain Python; the jail is handed in.

`run` takes (source, [variables, ...]) for each trial and gives (answers, printed, error) for each, as sandbox.evaluate does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import kinds
from .expressions import ExpressionError
from .files import QuestionFile

Ran = tuple[Sequence[Any], str, str]
Runner = Callable[[list[tuple[str, list[dict[str, Any]]]]], Iterable[Ran]]


@dataclass(slots=True)
class Totals:
    """What a bank holds; `problems` is a sentence each."""

    questions: int = 0
    parametrised: int = 0
    checked: int = 0
    topics: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def count(questions: Sequence[QuestionFile]) -> Totals:
    """The totals of a bank, its problems still unknown."""
    by_kind = Counter(question.kind for question in questions)
    return Totals(
        questions=len(questions),
        parametrised=by_kind["parametrised"],
        checked=sum(trial_of(question) is not None for question in questions),
        topics=dict(sorted(Counter(question.topic for question in questions).items())),
        kinds=dict(sorted(by_kind.items())),
    )


def trial_of(question: QuestionFile) -> kinds.Trial | None:
    return kinds.find(question.kind).trial(question.body, question.check)


def solve_all(questions: Sequence[QuestionFile]) -> list[str]:
    """Whether the right answer, typed as a student would, is marked as right."""
    return [
        f"{place_of(question)}: the right answer is not marked as right"
        for question in questions
        if not _is_solved(question)
    ]


def _is_solved(question: QuestionFile) -> bool:
    kind, body = kinds.find(question.kind), question.body
    try:
        return kind.mark(body, kind.parse(body, kind.solve(body, 0)), 0).correct
    except (kinds.RefusedError, ExpressionError):
        return False


def prove(questions: Sequence[QuestionFile], run: Runner) -> list[str]:
    """Every key that its listing does not confirm, a sentence each."""
    trials = [(question, trial) for question in questions if (trial := trial_of(question)) is not None]
    results = run([(trial.source, list(trial.cases.values())) for _, trial in trials])
    problems = []
    for (question, trial), ran in zip(trials, results, strict=True):
        if problem := _disagreement(question, trial, ran):
            problems.append(f"{place_of(question)}: {problem}")
    return problems


def _disagreement(question: QuestionFile, trial: kinds.Trial, ran: Ran) -> str:
    answers, printed, error = ran
    if error:
        return f"the check does not run: {error}"
    kind = kinds.find(question.kind)
    for (seed, variables), answer in zip(trial.cases.items(), answers, strict=True):
        if not kind.agrees(question.body, answer, printed, seed):
            found = f"prints {printed[:200]!r}" if answer is None else f"gives {str(answer)[:200]}"
            case = f" with {variables}" if variables else ""
            return f"the check {found}, the key is {kind.solve(question.body, seed)!r}{case}"
    return ""


def place_of(question: QuestionFile) -> str:
    return f"{question.path}:{question.line}: {question.slug}"
