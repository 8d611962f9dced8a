"""The .npz format: a zip file of .npy files. For an instructor's data: a student's is refused, since a small zip file
can unpack to anything."""

from __future__ import annotations

import zipfile
from pathlib import Path

from competitions.arrays import npy
from competitions.arrays.layout import BadArrayError, Layout

LARGEST_MEMBER = 4 * 1024**3


def layouts_of(path: Path) -> dict[str, Layout]:
    """The arrays by name, without ".npy". Raises BadArrayError."""
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    begin = file.read(npy.LONGEST_HEADER + 12)
                found[member.filename.removesuffix(".npy")] = npy.layout_of(begin, member.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise BadArrayError("array_header") from error
    return found


def read_member(path: Path, name: str) -> bytes:
    """The whole .npy file `name` of the archive. Raises BadArrayError where it is larger than LARGEST_MEMBER."""
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(f"{name}.npy")
        if member.file_size > LARGEST_MEMBER:
            raise BadArrayError("array_header")
        return archive.read(member)
