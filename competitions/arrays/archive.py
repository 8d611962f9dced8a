"""The .npz format: a zip file of .npy files. For an instructor's data: a student's is refused, since a small zip file
can unpack to anything."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from competitions.arrays import npy
from competitions.arrays.layout import BadArrayError, Layout


def layouts_of(path: Path) -> dict[str, Layout]:
    """The arrays by name, without ".npy". Raises BadArrayError."""
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    begin = file.read(npy.LONGEST_HEADER + 12)
                found[member.filename.removesuffix(".npy")] = npy.layout_of(begin, member.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadArrayError("array_header") from error
    return found


def read_member(path: Path, name: str) -> bytes:
    """The whole .npy file `name` of the archive, whose layout was found fit before. Raises BadArrayError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(f"{name}.npy")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise BadArrayError("array_header") from error
