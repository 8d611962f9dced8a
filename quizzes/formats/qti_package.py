"""Zips from strangers: read into memory, never onto the disk, and no more than a question package needs."""

from __future__ import annotations

import io
import posixpath
import stat
import zipfile

from quizzes.kinds.base import gettext_noop

from . import safe_xml
from .contract import FormatError, check_size

MAX_FILES = 3_000
MAX_UNPACKED = 60_000_000
SUFFIXES = (".xml", ".json")

NO_ZIP = gettext_noop("This is no zip, or it is damaged.")
SLIP = gettext_noop("The zip holds “%(name)s”, a name that leads out of it, so it is refused.")
LINK = gettext_noop("The zip holds a link (“%(name)s”), so it is refused.")
SECRET = gettext_noop("The zip is encrypted. Please pack it without a password.")
MANY_FILES = gettext_noop("The zip holds more than %(limit)s files, so it is refused.")
BOMB = gettext_noop("Unpacked the zip is larger than %(limit)s MB, so it is refused.")
NO_ITEMS = gettext_noop("The zip holds no question of QTI 2.1.")
_ITEM = b"assessmentItem"


def unpack(data: bytes) -> dict[str, bytes]:
    """The XML and JSON files by name. Raises FormatError; what a file claims to be is not believed."""
    check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _read(package)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(NO_ZIP) from error
    except Exception as error:  # zlib.error, lzma.LZMAError and struct.error have no base in common
        raise FormatError(NO_ZIP) from error


def _read(package: zipfile.ZipFile) -> dict[str, bytes]:
    members = package.infolist()
    if len(members) > MAX_FILES:
        raise FormatError(MANY_FILES, limit=f"{MAX_FILES:,}")
    for member in members:
        _check_name(member)
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise FormatError(BOMB, limit=str(MAX_UNPACKED // 1_000_000))
    files: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for member in members:
        if member.is_dir() or not member.filename.lower().endswith(SUFFIXES):
            continue
        with package.open(member) as stream:
            content = stream.read(left + 1)  # the size in the directory is only a claim
        left -= len(content)
        if left < 0:
            raise FormatError(BOMB, limit=str(MAX_UNPACKED // 1_000_000))
        files[member.filename] = content
    return files


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.filename
    is_out = name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") or ":" in name
    if is_out:
        raise FormatError(SLIP, name=name[:80])
    if stat.S_ISLNK(member.external_attr >> 16):
        raise FormatError(LINK, name=name[:80])
    if member.flag_bits & 0x1:
        raise FormatError(SECRET)


def items_of(files: dict[str, bytes]) -> list[str]:
    """The names of the questions, in the manifest's order; without a manifest, every item that is there."""
    manifest = files.get("imsmanifest.xml")
    if manifest is not None:
        root = safe_xml.parse(manifest)
        named = [
            posixpath.normpath(each.get("href", ""))
            for each in root.iter()
            if safe_xml.local(each) == "resource" and "qti_item" in each.get("type", "")
        ]
        found = [name for name in dict.fromkeys(named) if name in files]
    else:
        found = sorted(name for name, data in files.items() if name.endswith(".xml") and _ITEM in data[:4000])
    if not found:
        raise FormatError(NO_ITEMS)
    return found
