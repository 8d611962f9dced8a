"""A zip that somebody uploaded -> a folder. The zip is not trusted: names, kinds of entries, counts and sizes are bounded.

What a header declares is checked before anything is written, and what comes out of it is counted while it is written. Pure:
no Django.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from competitions.folders.competition import SPEC
from sandbox.contract import Text

MAX_FILES = 500
MAX_TOTAL = 200 << 20  # bytes of all files together
MAX_NAME = 150
MAX_DEPTH = 3
MAX_RATIO = 200  # a folder of zeros packs a thousandfold; tables pack tenfold
# Of files that are read whole, in MB; tables are read row by row, of arrays only the headers.
LARGEST = {".yaml": 1, ".md": 1, ".py": 1, ".json": 10, ".jsonl": 10}
PIECE = 1 << 16
IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", ".ipynb_checkpoints", "__pycache__", ".git")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


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
        with zipfile.ZipFile(file) as archive:
            members = _members(archive)
            _write_all(archive, members, target)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise BadArchive(
            "ZIP 파일이 아니거나 깨졌습니다.", "This is no zip file, or it is broken."
        ) from error
    return _root(target)


def _members(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The files to write and where, all of them looked at before the first is written."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise BadArchive(f"파일이 {MAX_FILES}개를 넘습니다.", f"It has more than {MAX_FILES} files.")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise _too_large()
    found, seen = [], set()
    for entry in entries:
        path = _safe_path(entry)
        _refuse_kind(entry)
        _refuse_size(entry, path)
        if entry.is_dir() or any(part in IGNORED for part in path.parts):
            continue
        if str(path).lower() in seen:
            raise BadArchive(f"같은 이름의 파일이 두 번 있습니다: {path}", f"A file is there twice: {path}")
        seen.add(str(path).lower())
        found.append((entry, path))
    return found


def _safe_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    """The entry's path inside the folder. Raises BadArchive for one that leads out of it or that no folder should hold."""
    name = entry.orig_filename
    path = PurePosixPath(name)
    bad = (
        not name
        or len(name) > MAX_NAME
        or len(path.parts) > MAX_DEPTH
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or not name.isprintable()
    )
    if bad:
        shown = "".join(character if character.isprintable() else "?" for character in name[:60])
        raise BadArchive(
            f"허용되지 않는 경로가 있습니다: {shown!r}", f"It holds a path that is not allowed: {shown!r}"
        )
    return path


def _refuse_kind(entry: zipfile.ZipInfo) -> None:
    """Only plain files and folders: no links, devices or pipes, nothing encrypted, no method that few can read."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadArchive(
            f"링크나 특수 파일은 넣을 수 없습니다: {entry.filename}",
            f"Links and special files are not taken: {entry.filename}",
        )
    if entry.flag_bits & ENCRYPTED:
        raise BadArchive("암호가 걸린 ZIP입니다.", "The zip is encrypted.")
    if entry.compress_type not in METHODS:
        raise BadArchive(
            "읽을 수 없는 압축 방식입니다. 보통의 ZIP으로 압축하세요.",
            "It is compressed in an unusual way; make a plain zip.",
        )
    if entry.file_size > PIECE and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        raise _too_large()


def _refuse_size(entry: zipfile.ZipInfo, path: PurePosixPath) -> None:
    """What is declared: `zipfile` writes no more than that."""
    limit = LARGEST.get(path.suffix.lower())
    if limit is not None and entry.file_size > limit << 20:
        raise BadArchive(f"{path}: {limit} MB를 넘습니다.", f"{path} is larger than {limit} MB.")


def _write_all(
    archive: zipfile.ZipFile, members: list[tuple[zipfile.ZipInfo, PurePosixPath]], target: Path
) -> None:
    left = MAX_TOTAL
    for entry, path in members:
        place = target / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, place.open("xb") as copy:
                while piece := source.read(PIECE):
                    left -= len(piece)
                    if left < 0:  # the declared sizes were lies
                        raise _too_large()
                    copy.write(piece)
        except (FileExistsError, NotADirectoryError) as error:
            raise BadArchive(
                f"파일과 폴더의 이름이 겹칩니다: {path}", f"A file and a folder have one name: {path}"
            ) from error


def _too_large() -> BadArchive:
    limit = MAX_TOTAL >> 20
    return BadArchive(
        f"압축을 풀면 {limit} MB를 넘거나, 압축률이 비정상적으로 높습니다.",
        f"Unpacked it is larger than {limit} MB, or packed unreasonably tight.",
    )


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
