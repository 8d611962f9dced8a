"""manage.py new_competition: a folder of each kind that loads and scores at once, to be edited.

One file for each kind, named like it, with `files(slug) -> {name: text}`. A new kind is a new file.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def kinds() -> list[str]:
    """The kinds that a folder can be made for."""
    return sorted(module.name for module in iter_modules(__path__) if module.name != "table")


def create(folder: Path, kind: str) -> list[Path]:
    """Writes a competition of `kind` into the new folder `folder`, whose name is its slug; returns its files.

    Raises ValueError for a name that is no slug or a kind that there is not, FileExistsError where the folder is there and not empty.
    """
    slug = folder.resolve().name
    if not SLUG.fullmatch(slug):
        raise ValueError(
            f"{slug!r} is no slug: the folder's name must be lower-case letters, digits and hyphens"
        )
    if kind not in kinds():
        raise ValueError(f"there is no kind {kind!r}; there are {', '.join(kinds())}")
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is there and not empty")
    written = []
    for name, text in import_module(f"{__name__}.{kind}").files(slug).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
