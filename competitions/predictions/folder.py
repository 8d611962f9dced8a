"""The folder of a competition of predictions.

    house-price-prediction/
        competition.yaml        slug, title_ko, title_en, kind, metric, id, target, daily_quota, files, ...
        statement.ko.md         what students read, Markdown with $formulae$
        statement.en.md
        train.csv               id, features, target
        test.csv                id, features
        solution.csv            id, target [, Usage]: never handed out, never opened by the web process
        sample_submission.csv   id, target: every id once, any valid value

Images and tokens come as arrays: train, test and solution may be .npz, .safetensors or .npy, see array_data.py.

`load_folder` reads the description only; `check_folder` compares all of the files and is run before a folder
is taken in.
"""

from __future__ import annotations

import csv
from pathlib import Path

from competitions.folders import FolderError, Problem
from competitions.predictions.array_data import check_arrays, layouts_in
from competitions.predictions.cells import BadCellError, check_value, read_cell
from competitions.predictions.competition import (
    PARTS,
    SAMPLE,
    TEST,
    TRAIN,
    PredictionsCompetition,
    data_files,
)
from competitions.predictions.files import check
from competitions.predictions.messages import shown
from competitions.predictions.spec import read_spec
from competitions.predictions.table_ids import check_ids, check_size
from competitions.predictions.tables import (
    SOLUTION,
    Solution,
    ids_of,
    read_columns,
    read_header,
    read_solution,
)
from sandbox.contract import Text


def load_folder(path: Path | str) -> PredictionsCompetition:
    """The competition in the folder `path`. Raises FolderError, with every problem found, where it cannot be
    one.
    """
    problems: list[Problem] = []
    folder = Path(path).resolve()
    competition = read_spec(folder, problems)
    problems += [
        Problem(name, _text("파일이 없습니다.", "The file is missing.")) for name in missing_files(folder)
    ]
    if problems or competition is None:
        raise FolderError(problems)
    return competition


def missing_files(folder: Path) -> list[str]:
    """What the folder lacks. Train and test are both tables or both arrays."""
    parts = {part: data_files(folder, part) for part in PARTS}
    missing = [f"{part}.csv" for part, found in parts.items() if not found]
    if parts["train"] and parts["test"] and (parts["train"] == [TRAIN]) != (parts["test"] == [TEST]):
        missing.append(TEST if parts["train"] == [TRAIN] else TRAIN)
    return missing + ([] if (folder / SAMPLE).is_file() else [SAMPLE])


def is_table(competition: PredictionsCompetition) -> bool:
    """Whether its data are CSV, not arrays."""
    return (competition.folder / TRAIN).is_file()


def check_folder(path: Path | str) -> list[Problem]:
    """Everything that is inconsistent in the folder; an empty list means that it can be loaded and scored."""
    try:
        competition = load_folder(path)
    except FolderError as error:
        return error.problems
    return check_files(competition)


def check_files(competition: PredictionsCompetition) -> list[Problem]:
    """Everything that is inconsistent between the files of a competition that could be loaded."""
    problems = check_size(competition)
    if problems:
        return problems
    tables = (_check_headers, check_ids, _check_train)
    arrays = (_check_array_ids, _check_arrays)
    for compare in (
        *(tables if is_table(competition) else arrays),
        _check_leaks,
        _check_sample,
        _check_solution,
    ):
        try:
            problems += compare(competition)
        except FolderError as error:
            problems += error.problems
        except (UnicodeDecodeError, csv.Error) as error:
            problems.append(
                Problem(
                    "", _text(f"CSV를 UTF-8로 읽을 수 없습니다: {error}", f"A CSV cannot be read: {error}")
                )
            )
    return list(dict.fromkeys(problems))


def _text(korean: str, english: str) -> Text:
    return Text(korean, english)


def _tables(competition: PredictionsCompetition) -> list[str]:
    return [name for name in (TRAIN, TEST, SOLUTION, SAMPLE) if (competition.folder / name).is_file()]


def _check_array_ids(competition: PredictionsCompetition) -> list[Problem]:
    """The sample's ids are there once, and a solution in CSV has the same."""
    names = ids_of(competition).names
    problems = []
    if len(set(names)) != len(names) or not all(names):
        problems.append(Problem(SAMPLE, _text("id가 비었거나 겹칩니다.", "An id is empty or there twice.")))
    return problems


def _check_arrays(competition: PredictionsCompetition) -> list[Problem]:
    return check_arrays(competition, len(ids_of(competition).names))


def _check_headers(competition: PredictionsCompetition) -> list[Problem]:
    """test.csv is train.csv without the target, and no name is there twice."""
    headers = {name: read_header(competition.folder / name) for name in _tables(competition)}
    problems = []
    for name, header in headers.items():
        for column in sorted({column for column in header if header.count(column) > 1}):
            problems.append(
                Problem(name, _text(f"'{column}' 열이 두 번 이상 있습니다.", f'"{column}" is there twice.'))
            )
    expected = set(headers[TRAIN]) - {competition.target_column}
    for column in sorted(expected ^ (set(headers[TEST]) - {competition.target_column})):
        lacking = TEST if column in expected else TRAIN
        problems.append(
            Problem(
                lacking,
                _text(
                    f"다른 쪽에는 있는 '{column}' 열이 없습니다.",
                    f'It lacks the column "{column}" that the other table has.',
                ),
            )
        )
    return problems


def _check_train(competition: PredictionsCompetition) -> list[Problem]:
    """Every training row has a target that can be read."""
    path = competition.folder / TRAIN
    for row_id, value in read_columns(path, (competition.id_column, competition.target_column)):
        try:
            read_cell(value, competition.values)
        except BadCellError:
            return [
                Problem(
                    TRAIN,
                    _text(
                        f"id {shown(row_id)}의 목표값 '{shown(value)}'을(를) 읽을 수 없습니다.",
                        f'The target "{shown(value)}" of id {shown(row_id)} cannot be read.',
                    ),
                )
            ]
    return []


def _check_leaks(competition: PredictionsCompetition) -> list[Problem]:
    """No file that is handed out, beside train and sample, has a column named as the target."""
    train = data_files(competition.folder, "train")
    return [
        Problem(
            name,
            _text("내려받는 파일에 목표 열이 있습니다.", "A file to download has the target as a column."),
        )
        for name in competition.files
        if name not in (*train, SAMPLE) and competition.target_column in _columns(competition.folder / name)
    ]


def _columns(path: Path) -> list[str]:
    """The names of a file's columns or arrays."""
    if path.suffix == ".csv":
        return read_header(path)
    return list(layouts_in(path)) if path.suffix in (".npz", ".safetensors") else []


def _check_sample(competition: PredictionsCompetition) -> list[Problem]:
    """The sample is a valid submission by the very check that students meet."""
    found = check((competition.folder / SAMPLE).read_bytes(), competition)
    return [Problem(SAMPLE, error.message) for error in found.errors]


def _check_solution(competition: PredictionsCompetition) -> list[Problem]:
    """Both parts have rows, and the sample does not give the answers away."""
    solution, problems = read_solution(competition), []
    for is_public, korean, english in ((True, "공개", "public"), (False, "비공개", "private")):
        if is_public not in solution.public:
            problems.append(
                Problem(SOLUTION, _text(f"{korean} 점수에 쓸 행이 없습니다.", f"No row is {english}."))
            )
    sample = check((competition.folder / SAMPLE).read_bytes(), competition)
    problems += _check_truth(competition, solution)
    if sample.is_valid and list(sample.values) == list(solution.values) and len(set(solution.values)) > 1:
        problems.append(Problem(SAMPLE, _text("정답이 그대로 들어 있습니다.", "It holds the true answers.")))
    return problems


def _check_truth(competition: PredictionsCompetition, solution: Solution) -> list[Problem]:
    """The metric can take every true value."""
    allowed: set[float | str] = set(competition.classes) or {0.0, 1.0}
    for value in dict.fromkeys(solution.values):
        is_class = competition.measure.values != "probability" or value in allowed
        try:
            if competition.measure.values == "number":
                check_value(value, competition.measure)
        except BadCellError:
            is_class = False
        if not is_class:
            named = shown(str(value))
            text = _text(f"지표가 잴 수 없는 값입니다: {named}", f"The metric cannot take the value {named}.")
            return [Problem("solution", text)]
    return []
