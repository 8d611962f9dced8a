"""Kinds of questions, one file each: a module of this folder that can mark is a kind, named as the file is.

A kind has the functions of `base.Kind`; a new kind is a new file and changes no other. The modules that cannot mark
(`base`, `choices`, `numbers` ...) hold what several kinds share.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from .base import (
    Body,
    Explained,
    ExplainedOption,
    ExplainedPart,
    Kind,
    Marked,
    Option,
    Presented,
    Problem,
    RefusedError,
    Trial,
    Value,
)

__all__ = [
    "Body",
    "Explained",
    "ExplainedOption",
    "ExplainedPart",
    "Kind",
    "Marked",
    "Option",
    "Presented",
    "Problem",
    "RefusedError",
    "Trial",
    "Value",
    "find",
    "names",
]

_MODULES = {module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)}
_KINDS = {name: cast(Kind, module) for name, module in _MODULES.items() if hasattr(module, "mark")}


def names() -> list[str]:
    """The kinds there are, in alphabetical order."""
    return sorted(_KINDS)


def find(name: str) -> Kind:
    """The kind called `name`; KeyError when there is none."""
    return _KINDS[name]
