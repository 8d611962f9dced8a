"""A student's file of answers -> {question id: text}, or what is wrong with which question.

CSV with the columns id and answer, or JSON: {"q01": "..."}, {"q01": {"answer": "..."}} or [{"id": "q01", "answer": "..."}].
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from competitions.answers.competition import AnswersCompetition
from competitions.arrays import recognise
from competitions.predictions.checked import MAX_SHOWN, FileError, RefusedError
from competitions.predictions.csv import records, refuse_other_formats
from competitions.predictions.messages import say, shown
from sandbox.contract import Text

MAX_BYTES = 2 * 1024 * 1024
LONGEST = 4000  # characters of one answer: a page. A judge is paid by the word.
COLUMNS = ("id", "answer")


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """`errors` are the first few of `count`; `answers` are complete if there are none."""

    errors: tuple[FileError, ...] = ()
    count: int = 0
    answers: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_valid(self) -> bool:
        return not self.count


def check(data: bytes, competition: AnswersCompetition) -> CheckedAnswers:
    """Read a student's file. Never raises because of what is in it."""
    try:
        return _collect(_entries(data, len(competition.questions())), list(competition.questions()))
    except RefusedError as refused:
        return CheckedAnswers((refused.error,), 1)


def _entries(data: bytes, expected: int) -> Iterator[tuple[int | None, str, Any]]:
    """(row of the CSV, id, answer) of each entry. Raises RefusedError where nothing of the file can be used."""
    if len(data) > MAX_BYTES:
        raise RefusedError(say("too_large", limit=MAX_BYTES // 1024**2, columns=", ".join(COLUMNS)))
    if (found := recognise(data)) != "other":
        raise RefusedError(say(found) if found not in ("npy", "safetensors") else _NOT_TEXT)
    refuse_other_formats(data)
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _json(text) if text[:1] in (b"{", b"[") else _csv(data, expected)


_NOT_TEXT = Text(
    "글이 아니라 배열 파일입니다. CSV나 JSON으로 저장하세요.",
    "This is an array, not text. Save as CSV or JSON.",
)


def _json(data: bytes) -> Iterator[tuple[int | None, str, Any]]:
    try:
        # Pairs, not a dict: an id that is there twice must be said, not lost.
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_Pairs)
    except UnicodeDecodeError:
        raise RefusedError(say("not_utf8", row=1)) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise RefusedError(
            Text(f"{line}행: JSON으로 읽을 수 없습니다.", f"Line {line}: this cannot be read as JSON.")
        ) from None
    if isinstance(found, _Pairs):
        return ((None, name, _answer(value)) for name, value in found.pairs)
    rows = [each.get("id") if isinstance(each, _Pairs) else None for each in found]
    return ((None, str(name or ""), _answer(each)) for name, each in zip(rows, found, strict=True))


class _Pairs:
    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs

    def get(self, name: str) -> Any:
        return dict(self.pairs).get(name)


def _answer(value: Any) -> Any:
    return value.get("answer") if isinstance(value, _Pairs) else value


def _csv(data: bytes, expected: int) -> Iterator[tuple[int | None, str, Any]]:
    rows = records(data, expected)
    row, header = next(rows, (1, []))
    header = [name.strip() for name in header]
    if not header:
        raise RefusedError(say("empty"))
    for column in COLUMNS:
        if column not in header:
            listed = ", ".join(map(shown, header[:8]))
            raise RefusedError(say("missing_column", column=column, found=listed), row, column)
        if header.count(column) > 1:
            raise RefusedError(say("repeated_column", column=column), row, column)
    places = [header.index(column) for column in COLUMNS]
    for number, cells in rows:
        name, answer = (cells[place] if place < len(cells) else "" for place in places)
        yield number, name.strip(), answer


def _collect(entries: Iterator[tuple[int | None, str, Any]], names: list[str]) -> CheckedAnswers:
    known, errors = set(names), []
    answers: dict[str, str] = {}
    for row, name, value in entries:
        place = Text(f"{row}행: ", f"Row {row}: ") if row else Text("", "")
        said = _complaint(name, value, known, answers)
        if said:
            errors.append(FileError(row, "", Text(place.ko + said.ko, place.en + said.en)))
        else:
            answers[name] = value.strip()
    missing = [name for name in names if name not in answers]
    if missing and not errors:
        listed = ", ".join(missing[:8]) + (", …" if len(missing) > 8 else "")
        text = Text(
            f"답이 없는 문제: {listed} (모두 {len(missing)}개). 모르는 문제는 빈 답으로 두세요.",
            f"No answer for: {listed} ({len(missing)} in all). Leave an empty answer where you know none.",
        )
        errors.append(FileError(None, "id", text))
    if not errors and not any(answers.values()):
        errors.append(FileError(None, "answer", Text("모든 답이 비어 있습니다.", "All answers are empty.")))
    return CheckedAnswers(tuple(errors[:MAX_SHOWN]), len(errors), {} if errors else answers)


def _complaint(name: str, value: Any, known: set[str], answers: dict[str, str]) -> Text | None:
    name = shown(name)
    if name not in known:
        return Text(f"'{name}'은(는) 문제의 id가 아닙니다.", f'"{name}" is no id of a question.')
    if name in answers:
        return Text(f"'{name}'의 답이 두 번 있습니다.", f'"{name}" is answered twice.')
    if not isinstance(value, str):
        return Text(f"'{name}'의 답이 글자가 아닙니다.", f'The answer of "{name}" is not text.')
    if len(value) > LONGEST:
        return Text(
            f"'{name}'의 답이 {len(value):,}자입니다. {LONGEST:,}자까지 쓸 수 있습니다.",
            f'The answer of "{name}" has {len(value):,} characters; at most {LONGEST:,} are taken.',
        )
    return None
