"""A student's JSONL -> the completions of each task, or what is wrong with which line.

    {"task_id": "masked_mean", "completion": "    return x.mean(1)\\n"}

Time and memory are bounded by the file: lines are read one at a time, and only known tasks are remembered.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from competitions.functions.competition import FunctionsCompetition
from competitions.predictions.messages import shown
from competitions.sentences import listed
from sandbox.contract import Text

MAX_COMPLETION = 50_000  # characters
MAX_SHOWN = 5
SPARE_LINES = (
    1000  # blank or wrong ones; a file with more is another file, and reading on would only cost time
)
OTHER_FORMATS = {
    b"PK\x03\x04": "ZIP",
    b"\x1f\x8b": "gzip",
    b"\x80": "pickle",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(slots=True)
class Entry:
    """`samples`: task id -> its completions, for every task of the competition, if there are no `errors`."""

    samples: dict[str, list[str]] = field(default_factory=dict)
    errors: list[Text] = field(default_factory=list)

    @property
    def message(self) -> Text | None:
        """The first few errors; None where there is none."""
        return listed(self.errors[:MAX_SHOWN], len(self.errors)) if self.errors else None


def read_entry(data: bytes, task_ids: Sequence[str], competition: FunctionsCompetition) -> Entry:
    """What a student's file holds. Never raises because of what is in it."""
    entry = Entry({task_id: [] for task_id in task_ids})
    whole = _refuse_whole(data)
    if whole:
        entry.errors.append(whole)
        return entry
    most = 2 * len(entry.samples) * competition.max_samples + SPARE_LINES
    for number, line in enumerate(io.BytesIO(data.removeprefix(b"\xef\xbb\xbf")), 1):
        if number > most:
            entry.errors.append(Text(f"{most:,}줄이 넘습니다.", f"There are more than {most:,} lines."))
            break
        if line.strip():
            error = _add(entry.samples, line, competition)
            if error:
                entry.errors.append(Text(f"{number}번째 줄: {error.ko}", f"Line {number}: {error.en}"))
    entry.errors += _count(entry.samples, competition)
    return entry


def _refuse_whole(data: bytes) -> Text | None:
    if not data.strip():
        return Text("파일이 비어 있습니다.", "The file is empty.")
    for magic, name in OTHER_FORMATS.items():
        if data.startswith(magic):
            return Text(
                f"JSONL이 아니라 {name} 파일입니다. 한 줄에 JSON 객체 하나를 UTF-8로 쓰세요.",
                f"This is {name} and not JSONL. Write one JSON object a line, in UTF-8.",
            )
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return Text(
            "JSON 배열입니다. JSONL은 대괄호와 쉼표 없이 한 줄에 객체 하나를 씁니다.",
            "This is a JSON array. JSONL has one object a line, without brackets and commas around them.",
        )
    return None


def _add(samples: dict[str, list[str]], line: bytes, competition: FunctionsCompetition) -> Text | None:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Text("UTF-8 글자가 아닙니다.", "This is not UTF-8 text.")
    except (ValueError, RecursionError) as error:
        column = getattr(error, "colno", 1)
        return Text(
            f"JSON이 아닙니다({column}번째 글자 부근).", f"This is not JSON (near character {column})."
        )
    if (
        not isinstance(row, dict)
        or not isinstance(row.get("task_id"), str)
        or not isinstance(row.get("completion"), str)
    ):
        return Text(
            '글자인 "task_id"와 "completion"이 있는 객체여야 합니다.',
            'It must be an object with the texts "task_id" and "completion".',
        )
    task_id, completion = row["task_id"], row["completion"]
    if task_id not in samples:
        return Text(
            f"task_id '{shown(task_id)}'은(는) 없는 과제입니다.", f'There is no task "{shown(task_id)}".'
        )
    if len(samples[task_id]) >= competition.max_samples:
        return Text(
            f"'{shown(task_id)}'의 답이 {competition.max_samples}개를 넘습니다.",
            f'There are more than {competition.max_samples} samples of "{shown(task_id)}".',
        )
    if len(completion) > MAX_COMPLETION:
        return Text(
            f"completion이 {MAX_COMPLETION:,}자를 넘습니다.",
            f"The completion is longer than {MAX_COMPLETION:,} characters.",
        )
    if "\0" in completion or not _is_text(completion):
        return Text(
            "completion에 쓸 수 없는 글자가 있습니다.",
            "The completion holds characters that no source may have.",
        )
    samples[task_id].append(completion)
    return None


def _is_text(text: str) -> bool:
    """Whether it has no half of a surrogate pair, which JSON can spell and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _count(samples: dict[str, list[str]], competition: FunctionsCompetition) -> list[Text]:
    missing = [task_id for task_id, completions in samples.items() if not completions]
    few = [task_id for task_id, completions in samples.items() if 0 < len(completions) < competition.k]
    errors = []
    if missing:
        errors.append(
            Text(
                f"답이 없는 과제: {_listed(missing)} (모두 {len(missing)}개)",
                f"No completion for: {_listed(missing)} ({len(missing)} in all).",
            )
        )
    if few:
        errors.append(
            Text(
                f"pass@{competition.k}에는 과제마다 답이 {competition.k}개 이상 있어야 합니다: {_listed(few)}",
                f"pass@{competition.k} needs at least {competition.k} samples of each task: {_listed(few)}",
            )
        )
    return errors


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(map(shown, names[:8])) + (", …" if len(names) > 8 else "")
