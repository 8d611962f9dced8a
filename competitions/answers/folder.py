"""The folder of a competition of answers.

    ai-pair-programmer/
        competition.yaml        kind: answers, metric: answer_correctness, ...; no fields of its own
        statement.ko.md, statement.en.md
        questions.json          {"q01": {"question": "...", ...}}: handed out; the site's clients read it
        train.json              {"t01": {"question": "...", "ground_truth": "..."}}: examples with their references
        solution.json           {"q01": {"ground_truth": "..." or {"ko": "...", "en": "..."}, "Usage": "Public"}}: hidden
        sample_submission.csv   id,answer

A reference in two languages is compared in the language of the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from competitions.answers.competition import (
    QUESTIONS,
    SAMPLE,
    SOLUTION,
    TRAIN,
    AnswersCompetition,
    read_json,
    references,
)
from competitions.answers.submission import check
from competitions.folders import COMMON_FIELDS, FolderError, Problem, open_spec, read_common
from competitions.predictions.split import public_rows
from sandbox.contract import Text

KIND = "answers"
METRICS = ("answer_correctness",)


def load_folder(path: Path | str) -> AnswersCompetition:
    """The competition in the folder `path`. Raises FolderError, with every problem found, where it cannot be one."""
    problems: list[Problem] = []
    folder = Path(path).resolve()
    reader = open_spec(folder, problems)
    if reader is None:
        raise FolderError(problems)
    reader.refuse_unknown(COMMON_FIELDS)
    competition = AnswersCompetition(**read_common(reader, folder, KIND, METRICS, (SOLUTION,)))
    for name in (QUESTIONS, SOLUTION, SAMPLE):
        if not (folder / name).is_file():
            problems.append(Problem(name, Text("파일이 없습니다.", "The file is missing.")))
    if competition.split.is_stratified:
        reader.complain("split", "글로 된 답은 층으로 나눌 수 없습니다.", "Answers in words have no strata.")
    if QUESTIONS not in competition.files:
        reader.complain("files", f"{QUESTIONS}이 있어야 합니다.", f"{QUESTIONS} must be among them.")
    if problems:
        raise FolderError(problems)
    return competition


def check_folder(path: Path | str) -> list[Problem]:
    """Everything that is inconsistent in the folder; an empty list means that it can be loaded and scored."""
    try:
        competition = load_folder(path)
    except FolderError as error:
        return error.problems
    problems = []
    for name in (QUESTIONS, TRAIN, SOLUTION):
        if (competition.folder / name).is_file():
            problems += _check_file(competition, name)
    return problems or _check_ids(competition) + _check_sample(competition)


def _check_file(competition: AnswersCompetition, name: str) -> list[Problem]:
    """A file can be read, and each entry has what its file must have and nothing that gives answers away."""
    try:
        entries = read_json(competition.folder / name)
        if name == SOLUTION:
            references(competition)
    except (ValueError, KeyError, TypeError, OSError, AttributeError, RecursionError) as error:
        said = f"{type(error).__name__}: {error}"[:200]
        return [Problem(name, Text(f"읽을 수 없습니다: {said}", f"It cannot be read: {said}"))]
    if not entries:
        return [Problem(name, Text("비어 있습니다.", "It is empty."))]
    return [problem for key, entry in entries.items() for problem in _check_entry(name, key, entry)]


def _check_entry(name: str, key: str, entry: Any) -> list[Problem]:
    if not isinstance(entry, dict):
        return [Problem(name, Text(f"{key}: 객체여야 합니다.", f"{key}: it must be an object."))]
    question = entry.get("question")
    if name != SOLUTION and not (isinstance(question, str) and question.strip()):
        return [Problem(name, Text(f"{key}: question이 없습니다.", f"{key}: there is no question."))]
    if name == QUESTIONS and entry.keys() & {"ground_truth", "answer"}:
        return [Problem(name, Text(f"{key}: 정답이 들어 있습니다.", f"{key}: it holds the answer."))]
    return []


def _check_ids(competition: AnswersCompetition) -> list[Problem]:
    """The same questions in questions and solution, no example among them, and both parts of the split have some."""
    asked, solved = set(competition.questions()), references(competition)
    problems = []
    if odd := asked ^ solved.keys():
        listed = ", ".join(sorted(odd)[:8])
        text = Text(
            f"{QUESTIONS}와 다른 id: {listed}", f"Ids that differ from those of {QUESTIONS}: {listed}"
        )
        problems.append(Problem(SOLUTION, text))
    if (competition.folder / TRAIN).is_file() and (
        shared := asked & read_json(competition.folder / TRAIN).keys()
    ):
        listed = ", ".join(sorted(shared)[:8])
        problems.append(
            Problem(TRAIN, Text(f"문제의 id가 있습니다: {listed}", f"It holds ids of questions: {listed}"))
        )
    try:
        parts = split_of(competition, solved)
    except KeyError as missing:
        text = Text(
            f"{missing}: Public, Private, Ignored만 쓸 수 있습니다.",
            f"{missing}: only Public, Private, Ignored.",
        )
        return [*problems, Problem(SOLUTION, text)]
    for is_public, korean, english in ((True, "공개", "public"), (False, "비공개", "private")):
        if is_public not in parts.values():
            text = Text(f"{korean} 점수에 쓸 문제가 없습니다.", f"No question is {english}.")
            problems.append(Problem(SOLUTION, text))
    return problems


def split_of(competition: AnswersCompetition, solved: dict) -> dict[str, bool | None]:
    """Id -> True for public, False for private, None for neither."""
    names = list(competition.questions())
    usage = [solved[name].usage for name in names] if competition.split.column else None
    return dict(zip(names, public_rows(names, competition.split, usage=usage), strict=True))


def _check_sample(competition: AnswersCompetition) -> list[Problem]:
    """The sample is a valid submission by the very check that students meet, and gives nothing away."""
    found = check((competition.folder / SAMPLE).read_bytes(), competition)
    problems = [Problem(SAMPLE, error.message) for error in found.errors]
    given = set(found.answers.values())
    if any(given & set(each.texts.values()) for each in references(competition).values()):
        problems.append(Problem(SAMPLE, Text("정답이 그대로 들어 있습니다.", "It holds a reference.")))
    return problems
