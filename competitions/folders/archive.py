"""A zip that somebody uploaded -> a folder, by the reader of zips that are not trusted. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from competitions.folders.competition import SPEC
from sandbox.contract import Text
from web.zips import BadZip, Limits, Refusal, files_of

LIMITS = Limits(files=500, total=200 << 20, name=180, depth=3)
# Of files that are read whole, in MB; tables are read row by row, of arrays only the headers.
LARGEST = {".yaml": 1, ".md": 1, ".py": 1, ".json": 10, ".jsonl": 10}
IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", ".ipynb_checkpoints", "__pycache__", ".git")
TOTAL_MB = LIMITS.total >> 20
WORDS = {
    Refusal.DAMAGED: ("ZIP 파일이 아니거나 깨졌습니다.", "This is no zip file, or it is broken."),
    Refusal.FILES: (f"파일이 {LIMITS.files}개를 넘습니다.", f"It has more than {LIMITS.files} files."),
    Refusal.TOTAL: (
        f"압축을 풀면 {TOTAL_MB} MB를 넘거나, 압축률이 비정상적으로 높습니다.",
        f"Unpacked it is larger than {TOTAL_MB} MB, or packed unreasonably tight.",
    ),
    Refusal.PATH: (
        "허용되지 않는 경로가 있습니다: {name!r}",
        "It holds a path that is not allowed: {name!r}",
    ),
    Refusal.KIND: (
        "링크나 특수 파일은 넣을 수 없습니다: {name}",
        "Links and special files are not taken: {name}",
    ),
    Refusal.ENCRYPTED: ("암호가 걸린 ZIP입니다.", "The zip is encrypted."),
    Refusal.METHOD: (
        "읽을 수 없는 압축 방식입니다. 보통의 ZIP으로 압축하세요.",
        "It is compressed in an unusual way; make a plain zip.",
    ),
    Refusal.TWICE: (
        "같은 이름의 파일이 두 번 있거나, 파일과 폴더의 이름이 겹칩니다: {name}",
        "A file is there twice, or a file and a folder have one name: {name}",
    ),
}


class BadArchive(Exception):
    """It is not taken; `message` says why."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(english)
        self.message = Text(korean, english)


def unpack(file: IO[bytes], target: Path) -> Path:
    """Writes the zip's files below `target`, an empty folder, and returns the folder that has competition.yaml: `target` or the
    one folder in it. Raises BadArchive; what was written till then is the caller's to remove.
    """
    try:
        for path, pieces in files_of(file, LIMITS, _is_kept):
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as copy:
                copy.writelines(_bounded(path, pieces))
    except BadZip as bad:
        korean, english = (words.format(name=bad.name) for words in WORDS[bad.reason])
        raise BadArchive(korean, english) from bad
    return _root(target)


def _bounded(path: PurePosixPath, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of one file, up to what a file of its kind may have."""
    limit, size = LARGEST.get(path.suffix.lower()), 0
    for piece in pieces:
        size += len(piece)
        if limit is not None and size > limit << 20:
            raise BadArchive(f"{path}: {limit} MB를 넘습니다.", f"{path} is larger than {limit} MB.")
        yield piece


def _is_kept(path: PurePosixPath) -> bool:
    return not any(part in IGNORED for part in path.parts)


def _root(target: Path) -> Path:
    """Where competition.yaml is: most people zip the folder and not what is in it."""
    if (target / SPEC).is_file():
        return target
    inside = [path for path in target.iterdir() if path.is_dir()]
    if len(inside) == 1 and (inside[0] / SPEC).is_file():
        return inside[0]
    raise BadArchive(
        f"{SPEC}이(가) 없습니다. 대회 폴더를 그대로 압축하세요.",
        f"There is no {SPEC}. Zip the competition's folder as it is.",
    )
