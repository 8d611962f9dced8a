"""Kinds of questions, one file each: a file in this folder is a kind, named as the file is.

A kind is a module with the functions of `base.Kind`; a new kind is a new file and changes no other.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from .base import Explained, Kind, Marked, Option, Presented, Problem, RefusedError

__all__ = ["Explained", "Kind", "Marked", "Option", "Presented", "Problem", "RefusedError", "find", "names"]

_KINDS: dict[str, Kind] = {
    module.name: cast(Kind, import_module(f"{__name__}.{module.name}"))
    for module in iter_modules(__path__)
    if module.name != "base"
}


def names() -> list[str]:
    """The kinds there are, in alphabetical order."""
    return sorted(_KINDS)


def find(name: str) -> Kind:
    """The kind called `name`; KeyError when there is none."""
    return _KINDS[name]
