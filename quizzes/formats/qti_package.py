"""A QTI package: the zip of an importer's file, read into memory, and no more of it than questions need."""

from __future__ import annotations

import io
import posixpath
from pathlib import PurePosixPath

from quizzes.kinds.base import gettext_noop
from web.zips import BadZip, Limits, Refusal, files_of

from . import safe_xml
from .contract import FormatError, check_size

LIMITS = Limits(files=3_000, total=60_000_000, name=240, depth=20)
SUFFIXES = (".xml", ".json")

NO_ZIP = gettext_noop("This is no zip, or it is damaged.")
SLIP = gettext_noop("The zip holds “%(name)s”, a name that leads out of it or is too long, so it is refused.")
LINK = gettext_noop("The zip holds a link or a special file (“%(name)s”), so it is refused.")
SECRET = gettext_noop("The zip is encrypted. Please pack it without a password.")
METHOD = gettext_noop("The zip is packed in an unusual way. Please make a plain zip.")
TWICE = gettext_noop("The zip holds the name “%(name)s” twice, so it is refused.")
MANY_FILES = gettext_noop("The zip holds more than %(limit)s files, so it is refused.")
BOMB = gettext_noop(
    "Unpacked the zip is larger than %(limit)s MB, or it is packed unreasonably tight, so it is refused."
)
NO_ITEMS = gettext_noop("The zip holds no question of QTI 2.1.")
_ITEM = b"assessmentItem"


def unpack(data: bytes) -> dict[str, bytes]:
    """The XML and JSON files by name. Raises FormatError."""
    check_size(data)
    try:
        return {
            str(path): b"".join(pieces) for path, pieces in files_of(io.BytesIO(data), LIMITS, _is_wanted)
        }
    except BadZip as bad:
        raise _refused(bad) from bad


def _is_wanted(path: PurePosixPath) -> bool:
    return path.suffix.lower() in SUFFIXES


def _refused(bad: BadZip) -> FormatError:
    match bad.reason:
        case Refusal.FILES:
            return FormatError(MANY_FILES, limit=f"{LIMITS.files:,}")
        case Refusal.TOTAL:
            return FormatError(BOMB, limit=str(LIMITS.total // 1_000_000))
        case Refusal.PATH:
            return FormatError(SLIP, name=bad.name)
        case Refusal.KIND:
            return FormatError(LINK, name=bad.name)
        case Refusal.TWICE:
            return FormatError(TWICE, name=bad.name)
        case Refusal.ENCRYPTED:
            return FormatError(SECRET)
        case Refusal.METHOD:
            return FormatError(METHOD)
        case Refusal.DAMAGED:
            return FormatError(NO_ZIP)


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
