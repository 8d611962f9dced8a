"""What a language model was asked before, and how many calls a day may still make. Files, shared by all workers."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from competitions.judges import JudgeError
from sandbox.contract import Text

SPENT = Text(
    ko="오늘 채점 모델을 부를 수 있는 횟수를 다 썼습니다. 제출은 저장되어 있고 나중에 다시 채점합니다.",
    en="Today's calls of the judging model are used up. The submission is kept and will be judged later.",
)


class Store:
    """Answers by the SHA-256 of all that was asked, the model's name included: the same answer never costs twice, and
    judging again gives the same score."""

    def __init__(self, folder: Path, calls_per_day: int) -> None:
        self._folder = folder
        self._calls_per_day = calls_per_day

    def find(self, question: dict[str, Any]) -> Any:
        """What came of the same question before; None if it was never asked."""
        try:
            return json.loads(self._path(question).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, question: dict[str, Any], answer: Any) -> None:
        path = self._path(question)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            json.dump(answer, file, ensure_ascii=False)
        os.replace(file.name, path)  # never a half-written answer, whoever else writes it

    def _path(self, question: dict[str, Any]) -> Path:
        digest = sha256(json.dumps(question, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        return self._folder / "answers" / digest[:2] / f"{digest}.json"

    def spend(self) -> None:
        """Takes one call of today's (UTC). Raises JudgeError when none is left.

        One byte is appended to the day's file: the kernel does that atomically, and its length is the count.
        """
        path = self._folder / "calls" / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            if file.tell() >= self._calls_per_day:
                raise JudgeError(SPENT)
            file.write(b".")
            file.flush()
            if file.tell() > self._calls_per_day:
                raise JudgeError(SPENT)
