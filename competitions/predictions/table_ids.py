"""The ids of a folder's tables: each there once, the same in test, solution and sample, none of them in train.

Read row by row, for the web process checks what an instructor uploads: what is remembered is bounded by MOST_ROWS, and of a
train.csv, which may be longer, eight bytes a row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

from competitions.folders import Problem
from competitions.predictions.competition import SAMPLE, TEST, TRAIN, PredictionsCompetition
from competitions.predictions.files import MAX_BYTES
from competitions.predictions.messages import shown
from competitions.predictions.tables import SOLUTION, read_columns
from sandbox.contract import Text

MOST_ROWS = 500_000  # held-out ones
BUCKETS = 256
PIECE = 1 << 20


def check_size(competition: PredictionsCompetition) -> list[Problem]:
    """Whether sample and solution are small enough to be read; what is wrong here is said before anything is."""
    problems = []
    if (competition.folder / SAMPLE).stat().st_size > MAX_BYTES:
        limit = MAX_BYTES >> 20
        text = Text(
            f"{limit} MB보다 큽니다. 학생은 이만한 파일을 제출할 수 없습니다.",
            f"It is larger than {limit} MB: no student could submit it.",
        )
        problems.append(Problem(SAMPLE, text))
    for name in (SOLUTION, SAMPLE):
        path = competition.folder / name
        if path.is_file() and _lines(path) > MOST_ROWS + 1:
            problems.append(_too_many(name))
    return problems


def check_ids(competition: PredictionsCompetition) -> list[Problem]:
    """Everything that is wrong with the ids of train, test, solution and sample, where these are CSV."""
    folder, column = competition.folder, competition.id_column
    places: dict[str, int] = {}
    rows = 0
    for name in _ids(folder / TEST, column):
        rows += 1
        if rows > MOST_ROWS:
            return [_too_many(TEST)]
        places.setdefault(name, len(places))
    problems = _check_train(folder / TRAIN, column, places)
    problems += _check_once(TEST, rows, rows == len(places) and "" not in places)
    for name in (SOLUTION, SAMPLE):
        if (folder / name).is_file():
            problems += _check_same(folder / name, column, places)
    return problems


def _ids(path: Path, column: str) -> Iterator[str]:
    return (name for (name,) in read_columns(path, (column,)))


def _check_train(path: Path, column: str, held_out: dict[str, int]) -> list[Problem]:
    # Hashes of 64 bits: two of a million ids have the same once in forty million folders.
    buckets = [array("q") for _ in range(BUCKETS)]
    shared: set[str] = set()
    rows, is_whole = 0, True
    for name in _ids(path, column):
        rows += 1
        number = hash(name)
        buckets[number % BUCKETS].append(number)
        is_whole = is_whole and bool(name)
        if name in held_out:
            shared.add(name)
    problems = _check_once(path.name, rows, is_whole and all(len(set(some)) == len(some) for some in buckets))
    if shared:
        text = Text(
            f"{TEST}의 id가 들어 있습니다: {_some(shared)}", f"It holds ids of {TEST}: {_some(shared)}"
        )
        problems.append(Problem(path.name, text))
    return problems


def _check_same(path: Path, column: str, held_out: dict[str, int]) -> list[Problem]:
    """The table has the ids of test.csv, each once."""
    seen, odd = bytearray(len(held_out)), set()
    rows = 0
    for name in _ids(path, column):
        rows += 1
        place = held_out.get(name)
        if place is None:
            odd.add(name)
        else:
            seen[place] = 1
    problems = _check_once(path.name, rows, rows == sum(seen) + len(odd) and "" not in odd)
    odd |= {name for name, place in held_out.items() if not seen[place]}
    if odd:
        text = Text(
            f"{TEST}와 다른 id {len(odd)}개: {_some(odd)}",
            f"{len(odd)} ids differ from those of {TEST}: {_some(odd)}",
        )
        problems.append(Problem(path.name, text))
    return problems


def _check_once(name: str, rows: int, is_sound: bool) -> list[Problem]:
    problems = []
    if not is_sound:
        problems.append(Problem(name, Text("id가 비었거나 겹칩니다.", "An id is empty or there twice.")))
    if not rows:
        problems.append(Problem(name, Text("데이터 행이 없습니다.", "There is no row of data.")))
    return problems


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(PIECE), b""))


def _too_many(name: str) -> Problem:
    text = Text(f"{MOST_ROWS:,}행을 넘습니다.", f"It has more than {MOST_ROWS:,} rows.")
    return Problem(name, text)


def _some(ids: set[str]) -> str:
    return ", ".join(shown(name) for name in sorted(ids)[:5]) + (", …" if len(ids) > 5 else "")
