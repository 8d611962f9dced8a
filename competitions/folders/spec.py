"""competition.yaml, field by field: all that is wrong with it is found at once, a sentence each."""

from __future__ import annotations

import filecmp
import math
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from competitions.folders.competition import SPEC, STATEMENTS, Baseline, FolderError, Problem, Split
from competitions.folders.own_metric import METRIC_FILE, BadMetricError, read_metric
from competitions.metrics import name_of
from sandbox.contract import Text

MAX_SPEC_BYTES = 64 * 1024
LANGUAGES = tuple(STATEMENTS)
DEFAULT_KIND = "predictions"
COMMON_FIELDS = {
    "slug",
    "kind",
    "title_ko",
    "title_en",
    "metric",
    "daily_quota",
    "files",
    "source_ko",
    "source_en",
    "split",
    "baselines",
    "ladder",
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def kind_named(folder: Path, kinds: Collection[str]) -> str:
    """The kind that `folder`/competition.yaml names, one of `kinds`. Raises FolderError where there is none."""
    problems: list[Problem] = []
    reader = open_spec(folder, problems)
    if reader is not None:
        kind = reader.choice("kind", kinds, DEFAULT_KIND)
        if kind:
            return kind
    raise FolderError(problems)


def open_spec(folder: Path, problems: list[Problem]) -> Reader | None:
    """A reader of `folder`/competition.yaml; None, and `problems` longer, where it cannot be read."""
    data = _load(folder / SPEC, problems)
    if data is None:
        return None
    lines = (folder / SPEC).read_text(encoding="utf-8", errors="replace").splitlines()
    return Reader(data, problems, {line.partition(":")[0]: number for number, line in enumerate(lines, 1)})


def read_common(
    reader: Reader, folder: Path, kind: str, metrics: Collection[str], hidden: Collection[str] = ()
) -> dict[str, Any]:
    """The fields that every kind has, by the names of `Competition`'s.

    `metrics`: names of those that suit `kind`, "map@k" for any k, "metric.py" where the folder may bring its own. `hidden`: top-level files that may never be downloaded, under any name.
    """
    return {
        "folder": folder,
        "slug": reader.slug(),
        "kind": reader.choice("kind", (kind,), DEFAULT_KIND),
        "title": reader.texts("title"),
        "statement": _read_statement(folder, reader),
        "metric": reader.metric(folder, metrics),
        "daily_quota": reader.quota(),
        "files": reader.files(folder, hidden),
        "source": reader.texts("source"),
        "split": reader.split(),
        "baselines": reader.baselines(),
        "ladder": reader.ladder(kind),
    }


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


def _read_statement(folder: Path, reader: Reader) -> Text:
    found = {}
    for language, name in STATEMENTS.items():
        try:
            found[language] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            found[language] = ""
        if not found[language].strip():
            reader.note(
                name,
                "설명문이 없거나 비어 있습니다. UTF-8로 쓰세요.",
                "The statement is missing or empty; write it in UTF-8.",
            )
    return Text(**found)


class Reader:
    """Takes fields out of the mapping; what is wrong with one is noted and an empty value given in its place."""

    def __init__(
        self, data: dict[str, Any], problems: list[Problem], lines: dict[str, int] | None = None
    ) -> None:
        self._data = data
        self._problems = problems
        self._lines = lines or {}

    def get(self, field: str) -> Any:
        """The field as YAML gave it; None where it is missing."""
        return self._data.get(field)

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

    def slug(self) -> str:
        slug = self.text("slug")
        if slug and not _SLUG.fullmatch(slug):
            self.complain(
                "slug", "영어 소문자, 숫자, '-'만 쓸 수 있습니다.", 'Only a-z, 0-9 and "-" may be used.'
            )
        return slug

    def choice(self, field: str, allowed: Collection[str], default: str = "") -> str:
        value = self._data.get(field, default)
        if isinstance(value, str) and value in allowed:
            return value
        names = ", ".join(allowed)
        self.complain(field, f"다음 중 하나여야 합니다: {names}", f"It must be one of: {names}")
        return ""

    def metric(self, folder: Path, allowed: Collection[str]) -> str:
        value = self._data.get("metric")
        if not isinstance(value, str) or value.endswith("@k") or name_of(value) not in allowed:
            names = ", ".join(allowed)
            self.complain("metric", f"다음 중 하나여야 합니다: {names}", f"It must be one of: {names}")
            return ""
        if value == METRIC_FILE:
            try:
                read_metric(folder / METRIC_FILE)
            except BadMetricError as bad:
                self.note(METRIC_FILE, bad.message.ko, bad.message.en)
                return ""
        return value

    def quota(self) -> int | None:
        value = self._data.get("daily_quota")
        if value is not None and not (type(value) is int and value >= 1):  # True is an int, too
            self.complain(
                "daily_quota", "1 이상의 정수여야 합니다.", "It must be a whole number, at least 1."
            )
        return value

    def ladder(self, kind: str) -> bool:
        value = self._data.get("ladder", False)
        if type(value) is not bool:
            self.complain("ladder", "true 또는 false여야 합니다.", "It must be true or false.")
        elif value and kind == "functions":
            # Each public task's result is shown there, so that holding the score back would hide nothing.
            self.complain("ladder", "functions에는 쓸 수 없습니다.", "It cannot be used for functions.")
        return value is True

    def files(self, folder: Path, hidden: Collection[str]) -> tuple[str, ...]:
        names = self._data.get("files")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not names:
            self.complain("files", "파일 이름의 목록이어야 합니다.", "It must be a list of file names.")
            return ()
        for name in names:
            self._refuse_file(folder, name, hidden)
        return tuple(dict.fromkeys(names))

    def _refuse_file(self, folder: Path, name: str, hidden: Collection[str]) -> None:
        """Only a plain file of the folder may be handed out, and never a hidden one under any name."""
        path = folder / name
        if (
            Path(name).name != name
            or "\\" in name
            or "\0" in name
            or name.startswith(".")
            or path.is_symlink()
        ):
            self.complain(
                "files", f"폴더 안의 파일이 아닙니다: {name!r}", f"Not a file of this folder: {name!r}"
            )
        elif not path.is_file():
            self.complain("files", f"파일이 없습니다: {name}", f"There is no such file: {name}")
        elif name.lower() in hidden or any(_same_content(path, folder / each) for each in hidden):
            self.complain(
                "files",
                f"{name}은(는) 정답입니다. 내려받게 할 수 없습니다.",
                f"{name} is the solution and can never be downloaded.",
            )

    def split(self) -> Split:
        found = self._data.get("split")
        value: dict[str, Any] = found if isinstance(found, dict) else {}
        if value.keys() == {"column"} and isinstance(value["column"], str) and value["column"].strip():
            return Split(column=value["column"].strip())
        is_stratified = value.get("stratified", False)
        is_seeded = value.keys() - {"stratified"} == {"public", "seed"} and type(value["seed"]) is int
        if (
            is_seeded
            and type(value["public"]) is float
            and 0 < value["public"] < 1
            and type(is_stratified) is bool
        ):
            return Split(public=value["public"], seed=value["seed"], is_stratified=is_stratified)
        self.complain(
            "split",
            "{public: 0과 1 사이, seed: 정수, stratified: true/false} 또는 {column: 열 이름}이어야 합니다.",
            "It must be {public: between 0.0 and 1.0, seed: a whole number, stratified: true or false} or "
            "{column: a name}.",
        )
        return Split()

    def baselines(self) -> tuple[Baseline, ...]:
        found = []
        items = self._data.get("baselines") or []
        for item in items if isinstance(items, list) else [items]:
            score: Any = item.get("score") if isinstance(item, dict) else None
            private: Any = item.get("private_score", 0) if isinstance(item, dict) else None
            if any(type(each) not in (int, float) or not math.isfinite(each) for each in (score, private)):
                self.complain(
                    "baselines",
                    "각각 title_ko, title_en과 숫자인 score가 있어야 합니다(private_score는 선택).",
                    "Each needs title_ko, title_en and a number as score; private_score may be added.",
                )
                continue
            reader = Reader(item, self._problems)
            reader.refuse_unknown({"title_ko", "title_en", "score", "private_score"})
            on_final = float(private) if "private_score" in item else None
            found.append(Baseline(reader.texts("title"), float(score), on_final))
        return tuple(found)


def _same_content(path: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(path, other, shallow=False)
