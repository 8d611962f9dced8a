"""Zips from strangers, read piece by piece. Nothing that a zip says of itself is believed: names, kinds of entries, counts
and sizes are bounded before anything is unpacked, and what comes out is counted too. Pure: no Django.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import IO

PIECE = 1 << 16
SHOWN = 60
"""Characters of a refused name that are shown."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,  # an offset before the beginning of a file
    RuntimeError,  # what Python's reader does not know
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip may hold. `name` is for the whole path."""

    files: int
    total: int  # bytes of all wanted files together
    name: int  # bytes in UTF-8
    depth: int  # names in a path
    ratio: int = 200  # a file of zeros packs a thousandfold; tables and texts pack tenfold


class Refusal(StrEnum):
    """Why a zip is not taken."""

    DAMAGED = "damaged"
    FILES = "files"
    TOTAL = "total"  # too large, or packed unreasonably tight
    PATH = "path"  # it leads out of the zip, is too long or too deep, or cannot be printed
    KIND = "kind"  # a link, a device, a pipe
    ENCRYPTED = "encrypted"
    METHOD = "method"
    TWICE = "twice"  # two files, or a file and a folder, of one name


class BadZip(Exception):
    """It is not taken: `reason` says why, `name` which entry (cut, and fit to be shown)."""

    def __init__(self, reason: Refusal, name: str = "") -> None:
        self.reason = reason
        self.name = "".join(each if each.isprintable() else "?" for each in name[:SHOWN])
        super().__init__(f"{reason}: {self.name}")


def files_of(
    file: IO[bytes], limits: Limits, is_wanted: Callable[[PurePosixPath], bool]
) -> Iterator[tuple[PurePosixPath, Iterator[bytes]]]:
    """Path and pieces of each wanted file; take all pieces of one before the next. Others are looked at and never unpacked.

    Raises BadZip: before the first file for all that the zip declares, and later where its bytes turn out otherwise.
    """
    left = limits.total

    def pieces(entry: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal left
        with _damage_is_told(), archive.open(entry) as source:
            while piece := source.read(PIECE):
                left -= len(piece)
                if left < 0:  # the declared sizes were lies
                    raise BadZip(Refusal.TOTAL)
                yield piece

    with _damage_is_told(), zipfile.ZipFile(file) as archive:
        found = _wanted(archive.infolist(), limits, is_wanted)
        _refuse_packing(list(found.values()), limits)
        for path, entry in found.items():
            yield path, pieces(entry)


@contextmanager
def _damage_is_told() -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise BadZip(Refusal.DAMAGED) from error


def _wanted(
    entries: list[zipfile.ZipInfo], limits: Limits, is_wanted: Callable[[PurePosixPath], bool]
) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """The files to unpack. Every entry is looked at, also those that nobody wants."""
    if len(entries) > limits.files:
        raise BadZip(Refusal.FILES)
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for entry in entries:
        path = _safe_path(entry, limits)
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise BadZip(Refusal.KIND, entry.orig_filename)
        if entry.flag_bits & ENCRYPTED:
            raise BadZip(Refusal.ENCRYPTED, entry.orig_filename)
        if entry.is_dir() or not is_wanted(path):
            continue
        if path in found:
            raise BadZip(Refusal.TWICE, str(path))
        found[path] = entry
    _refuse_clash(list(found))
    return found


def _safe_path(entry: zipfile.ZipInfo, limits: Limits) -> PurePosixPath:
    """The entry's path inside the zip."""
    name = entry.orig_filename  # `filename` ends at a NUL
    path = PurePosixPath(name)
    is_bad = (
        not path.parts
        or len(name.encode()) > limits.name
        or len(path.parts) > limits.depth
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or not name.isprintable()
    )
    if is_bad:
        raise BadZip(Refusal.PATH, name)
    return path


def _refuse_clash(paths: list[PurePosixPath]) -> None:
    """Two files of one name where capitals do not count, or a file whose name is also a folder's."""
    seen: set[str] = set()
    folders = {str(folder).lower() for path in paths for folder in path.parents}
    for path in paths:
        name = str(path).lower()
        if name in seen or name in folders:
            raise BadZip(Refusal.TWICE, str(path))
        seen.add(name)


def _refuse_packing(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """What the headers declare of sizes and methods."""
    if sum(entry.file_size for entry in entries) > limits.total:
        raise BadZip(Refusal.TOTAL)
    for entry in entries:
        if entry.compress_type not in METHODS:
            raise BadZip(Refusal.METHOD, entry.orig_filename)
        if entry.file_size > PIECE and entry.file_size > limits.ratio * max(1, entry.compress_size):
            raise BadZip(Refusal.TOTAL, entry.orig_filename)
