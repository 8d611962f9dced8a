"""Fields of competition.yaml, one at a time: all that is wrong is found at once, a sentence each."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from competitions.folders.competition import SPEC, STATEMENTS, Problem
from sandbox.contract import Text

MAX_SPEC_BYTES = 64 * 1024
LANGUAGES = tuple(STATEMENTS)


class Reader:
    """Takes fields out of the mapping; what is wrong with one is noted and an empty value given in its place."""

    def __init__(
        self, data: dict[str, Any], problems: list[Problem], lines: dict[str, int] | None = None
    ) -> None:
        self._data = data
        self._problems = problems
        self._lines = lines or {}

    def get(self, field: str, default: Any = None) -> Any:
        """The field as YAML gave it; `default` where it is missing."""
        return self._data.get(field, default)

    def note(self, where: str, korean: str, english: str) -> None:
        self._problems.append(Problem(where, Text(korean, english)))

    def complain(self, field: str, korean: str, english: str) -> None:
        """Notes what is wrong with a field, at its line where it has one."""
        where = f"{SPEC}:{self._lines[field]}" if field in self._lines else SPEC
        self.note(where, f"{field}: {korean}", f"{field}: {english}")

    def refuse_unknown(self, known: set[str]) -> None:
        for name in self._data.keys() - known:
            self.complain(
                str(name),
                "모르는 항목입니다. 철자를 확인하세요.",
                "There is no such field; check the spelling.",
            )

    def text(self, field: str) -> str:
        value = self._data.get(field)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.complain(field, "비어 있지 않은 글자여야 합니다.", "It must be text and not empty.")
        return ""

    def texts(self, field: str) -> Text:
        return Text(**{language: self.text(f"{field}_{language}") for language in LANGUAGES})

    def choice(self, field: str, allowed: Collection[str], default: str = "") -> str:
        value = self._data.get(field, default)
        if isinstance(value, str) and value in allowed:
            return value
        names = ", ".join(allowed)
        self.complain(field, f"다음 중 하나여야 합니다: {names}", f"It must be one of: {names}")
        return ""

    def within(self, mapping: dict[str, Any]) -> Reader:
        """A reader of a mapping that stands in a field; what is wrong with it is noted in the same list."""
        return Reader(mapping, self._problems)


def open_spec(folder: Path, problems: list[Problem]) -> Reader | None:
    """A reader of `folder`/competition.yaml; None, and `problems` longer, where it cannot be read."""
    data = _load(folder / SPEC, problems)
    if data is None:
        return None
    lines = (folder / SPEC).read_text(encoding="utf-8", errors="replace").splitlines()
    return Reader(data, problems, {line.partition(":")[0]: number for number, line in enumerate(lines, 1)})


def _load(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            data = yaml.safe_load(file.read(MAX_SPEC_BYTES))
    except OSError:
        problems.append(
            Problem(SPEC, Text("파일이 없거나 읽을 수 없습니다.", "The file is missing or cannot be read."))
        )
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f"{SPEC}:{line + 1}" if line is not None else SPEC
        problems.append(Problem(where, Text("YAML로 읽을 수 없습니다.", "This cannot be read as YAML.")))
    else:
        if isinstance(data, dict):
            return data
        problems.append(
            Problem(SPEC, Text("'이름: 값' 꼴이어야 합니다.", 'It must be a mapping of "name: value".'))
        )
    return None
