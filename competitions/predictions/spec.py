"""competition.yaml, field by field: all that is wrong with it is found at once, a sentence each."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import yaml

from competitions import metrics
from competitions.predictions.competition import Baseline, Competition, Problem, Split
from competitions.predictions.tables import SOLUTION
from sandbox.contract import Text

SPEC = "competition.yaml"
MAX_SPEC_BYTES = 64 * 1024
LANGUAGES = ("ko", "en")
KINDS = ("predictions",)
VALUES = ("number", "integer", "text")
FIELDS = {
    "slug",
    "kind",
    "title_ko",
    "title_en",
    "metric",
    "id",
    "target",
    "values",
    "daily_quota",
    "files",
    "source_ko",
    "source_en",
    "split",
    "baselines",
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_spec(folder: Path, problems: list[Problem]) -> Competition | None:
    """What `folder`/competition.yaml describes; None, and `problems` longer, where it is no competition."""
    data = _load(folder / SPEC, problems)
    if data is None:
        return None
    before = len(problems)
    reader = _Reader(data, problems)
    reader.refuse_unknown(FIELDS)
    competition = Competition(
        folder=folder,
        slug=reader.slug(),
        kind=reader.choice("kind", KINDS),
        title=reader.texts("title"),
        statement=_read_statement(folder, problems),
        metric=reader.choice("metric", tuple(metrics.names())),
        id_column=reader.text("id"),
        target_column=reader.text("target"),
        values=reader.values(),  # type: ignore[arg-type]
        daily_quota=reader.quota(),
        files=reader.files(folder),
        source=reader.texts("source"),
        split=reader.split(),
        baselines=reader.baselines(),
    )
    if competition.id_column and competition.id_column == competition.target_column:
        reader.complain(
            "target",
            "'id'와 'target'은 다른 열이어야 합니다.",
            '"id" and "target" must be different columns.',
        )
    return competition if len(problems) == before else None


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


def _read_statement(folder: Path, problems: list[Problem]) -> Text:
    found = {}
    for language in LANGUAGES:
        name = f"statement.{language}.md"
        try:
            found[language] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            found[language] = ""
        if not found[language].strip():
            problems.append(
                Problem(
                    name,
                    Text(
                        "설명문이 없거나 비어 있습니다. UTF-8로 쓰세요.",
                        "The statement is missing or empty; write it in UTF-8.",
                    ),
                )
            )
    return Text(**found)


class _Reader:
    """Takes fields out of the mapping; what is wrong with one is noted and an empty value given in its place."""

    def __init__(self, data: dict[str, Any], problems: list[Problem]) -> None:
        self._data = data
        self._problems = problems

    def complain(self, field: str, korean: str, english: str) -> None:
        self._problems.append(Problem(SPEC, Text(f"{field}: {korean}", f"{field}: {english}")))

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

    def choice(self, field: str, allowed: tuple[str, ...]) -> str:
        value = self._data.get(field)
        if value in allowed:
            return str(value)
        names = ", ".join(allowed)
        self.complain(field, f"다음 중 하나여야 합니다: {names}", f"It must be one of: {names}")
        return ""

    def values(self) -> str:
        metric = self._data.get("metric")
        kind = metrics.find(metric).values if metric in metrics.names() else "number"
        if "values" not in self._data:
            return "number" if kind == "number" else "text"
        value = self.choice("values", VALUES)
        if value and (value == "number") != (kind == "number"):
            self.complain("values", f"{metric}에는 쓸 수 없습니다.", f"It does not suit {metric}.")
        return value

    def quota(self) -> int | None:
        value = self._data.get("daily_quota")
        if value is not None and not (type(value) is int and value >= 1):  # True is an int, too
            self.complain(
                "daily_quota", "1 이상의 정수여야 합니다.", "It must be a whole number, at least 1."
            )
        return value

    def files(self, folder: Path) -> tuple[str, ...]:
        names = self._data.get("files")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not names:
            self.complain("files", "파일 이름의 목록이어야 합니다.", "It must be a list of file names.")
            return ()
        for name in names:
            self._refuse_file(folder, name)
        return tuple(dict.fromkeys(names))

    def _refuse_file(self, folder: Path, name: str) -> None:
        """Only a plain file of the folder may be handed out, and never the solution under any name."""
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
        elif name.lower() == SOLUTION or _same_content(path, folder / SOLUTION):
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
        is_seeded = value.keys() == {"public", "seed"} and type(value["seed"]) is int
        if is_seeded and type(value["public"]) is float and 0 < value["public"] < 1:
            return Split(public=value["public"], seed=value["seed"])
        self.complain(
            "split",
            "{public: 0과 1 사이, seed: 정수} 또는 {column: 열 이름}이어야 합니다.",
            "It must be {public: between 0.0 and 1.0, seed: a whole number} or {column: a name}.",
        )
        return Split()

    def baselines(self) -> tuple[Baseline, ...]:
        found = []
        items = self._data.get("baselines") or []
        for item in items if isinstance(items, list) else [items]:
            score: Any = item.get("score") if isinstance(item, dict) else None
            if type(score) not in (int, float) or not math.isfinite(score):
                self.complain(
                    "baselines",
                    "각각 title_ko, title_en과 숫자인 score가 있어야 합니다.",
                    "Each needs title_ko, title_en and a number as score.",
                )
                continue
            reader = _Reader(item, self._problems)
            reader.refuse_unknown({"title_ko", "title_en", "score"})
            found.append(Baseline(reader.texts("title"), float(score)))
        return tuple(found)


def _same_content(path: Path, solution: Path) -> bool:
    if not solution.is_file() or path.stat().st_size != solution.stat().st_size:
        return False
    return path.read_bytes() == solution.read_bytes()
