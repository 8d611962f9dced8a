"""Zips as people and attackers make them."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path


def zip_of(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files, name by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def zip_folder(folder: Path, prefix: str = "") -> bytes:
    """A folder as a zip; `prefix` is the folder's name inside it ("my-competition/")."""
    files = {
        prefix + str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return zip_of(files)


def with_mode(name: str, mode: int, content: str = "/etc/passwd") -> bytes:
    """A zip of one entry of another kind than a plain file, such as a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system = 3
        entry.external_attr = mode << 16
        archive.writestr(entry, content)
    return buffer.getvalue()


LINK = stat.S_IFLNK | 0o777
DEVICE = stat.S_IFCHR | 0o666
PIPE = stat.S_IFIFO | 0o666


def encrypted(data: bytes) -> bytes:
    """The same zip with the flag "encrypted" on every entry."""
    return _flag(_flag(data, b"PK\x03\x04", 6), b"PK\x01\x02", 8)


def _flag(data: bytes, magic: bytes, offset: int) -> bytes:
    result, at = bytearray(data), data.find(magic)
    while at >= 0:
        result[at + offset] |= 1
        at = data.find(magic, at + 4)
    return bytes(result)


def lying(size: int, declared: int, name: str = "competition.yaml") -> bytes:
    """One file of `size` zeros whose headers declare `declared` bytes."""
    data = zip_of({name: bytes(size)})
    right, wrong = struct.pack("<I", size), struct.pack("<I", declared)
    assert data.count(right) == 2
    return data.replace(right, wrong)
