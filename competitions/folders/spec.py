"""What competition.yaml says of a competition of any kind."""

from __future__ import annotations

import filecmp
import math
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from competitions.folders.competition import STATEMENTS, Baseline, FolderError, Problem, Split
from competitions.folders.own_metric import METRIC_FILE, BadMetricError, read_metric
from competitions.folders.reader import Reader, open_spec
from competitions.metrics import name_of
from sandbox.contract import Text

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


def read_common(
    reader: Reader, folder: Path, kind: str, metrics: Collection[str], hidden: Collection[str] = ()
) -> dict[str, Any]:
    """The fields that every kind has, by the names of `Competition`'s.

    `metrics`: names of those that suit `kind`, "map@k" for any k, "metric.py" where the folder may bring its own. `hidden`: top-level files that may never be downloaded, under any name.
    """
    return {
        "folder": folder,
        "slug": _slug(reader),
        "kind": reader.choice("kind", (kind,), DEFAULT_KIND),
        "title": reader.texts("title"),
        "statement": _read_statement(folder, reader),
        "metric": _metric(reader, folder, metrics),
        "daily_quota": _quota(reader),
        "files": _files(reader, folder, hidden),
        "source": reader.texts("source"),
        "split": _split(reader),
        "baselines": _baselines(reader),
        "ladder": _ladder(reader, kind),
    }


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


def _slug(reader: Reader) -> str:
    slug = reader.text("slug")
    if slug and not _SLUG.fullmatch(slug):
        reader.complain(
            "slug", "영어 소문자, 숫자, '-'만 쓸 수 있습니다.", 'Only a-z, 0-9 and "-" may be used.'
        )
    return slug


def _metric(reader: Reader, folder: Path, allowed: Collection[str]) -> str:
    value = reader.get("metric")
    if not isinstance(value, str) or value.endswith("@k") or name_of(value) not in allowed:
        names = ", ".join(allowed)
        reader.complain("metric", f"다음 중 하나여야 합니다: {names}", f"It must be one of: {names}")
        return ""
    if value == METRIC_FILE:
        try:
            read_metric(folder / METRIC_FILE)
        except BadMetricError as bad:
            reader.note(METRIC_FILE, bad.message.ko, bad.message.en)
            return ""
    return value


def _quota(reader: Reader) -> int | None:
    value = reader.get("daily_quota")
    if value is not None and not (type(value) is int and value >= 1):  # True is an int, too
        reader.complain("daily_quota", "1 이상의 정수여야 합니다.", "It must be a whole number, at least 1.")
    return value


def _ladder(reader: Reader, kind: str) -> bool:
    value = reader.get("ladder", False)
    if type(value) is not bool:
        reader.complain("ladder", "true 또는 false여야 합니다.", "It must be true or false.")
    elif value and kind == "functions":
        # Each public task's result is shown there, so that holding the score back would hide nothing.
        reader.complain("ladder", "functions에는 쓸 수 없습니다.", "It cannot be used for functions.")
    return value is True


def _files(reader: Reader, folder: Path, hidden: Collection[str]) -> tuple[str, ...]:
    names = reader.get("files")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not names:
        reader.complain("files", "파일 이름의 목록이어야 합니다.", "It must be a list of file names.")
        return ()
    for name in names:
        _refuse_file(reader, folder, name, hidden)
    return tuple(dict.fromkeys(names))


def _refuse_file(reader: Reader, folder: Path, name: str, hidden: Collection[str]) -> None:
    """Only a plain file of the folder may be handed out, and never a hidden one under any name."""
    path = folder / name
    if Path(name).name != name or "\\" in name or "\0" in name or name.startswith(".") or path.is_symlink():
        reader.complain(
            "files", f"폴더 안의 파일이 아닙니다: {name!r}", f"Not a file of this folder: {name!r}"
        )
    elif not path.is_file():
        reader.complain("files", f"파일이 없습니다: {name}", f"There is no such file: {name}")
    elif name.lower() in hidden or any(_same_content(path, folder / each) for each in hidden):
        reader.complain(
            "files",
            f"{name}은(는) 정답입니다. 내려받게 할 수 없습니다.",
            f"{name} is the solution and can never be downloaded.",
        )


def _split(reader: Reader) -> Split:
    found = reader.get("split")
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
    reader.complain(
        "split",
        "{public: 0과 1 사이, seed: 정수, stratified: true/false} 또는 {column: 열 이름}이어야 합니다.",
        "It must be {public: between 0.0 and 1.0, seed: a whole number, stratified: true or false} or "
        "{column: a name}.",
    )
    return Split()


def _baselines(reader: Reader) -> tuple[Baseline, ...]:
    found = []
    items = reader.get("baselines") or []
    for item in items if isinstance(items, list) else [items]:
        score: Any = item.get("score") if isinstance(item, dict) else None
        private: Any = item.get("private_score", 0) if isinstance(item, dict) else None
        if any(type(each) not in (int, float) or not math.isfinite(each) for each in (score, private)):
            reader.complain(
                "baselines",
                "각각 title_ko, title_en과 숫자인 score가 있어야 합니다(private_score는 선택).",
                "Each needs title_ko, title_en and a number as score; private_score may be added.",
            )
            continue
        inner = reader.within(item)
        inner.refuse_unknown({"title_ko", "title_en", "score", "private_score"})
        on_final = float(private) if "private_score" in item else None
        found.append(Baseline(inner.texts("title"), float(score), on_final))
    return tuple(found)


def _same_content(path: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(path, other, shallow=False)
