"""Loads the trusted Python files of a package (tests, reference, known mistakes), and lets them stand in for a student."""

from __future__ import annotations

import functools
import random
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch

from sandbox.contract import Text
from sandbox.packages import Package

PLAIN = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, torch.Tensor, numpy.ndarray, torch.dtype)


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """One test function with its marks."""

    name: str
    run: Callable[..., None]
    points: float
    title: Text
    hint: Text
    visible: bool


def execute(path: Path, name: str) -> types.ModuleType:
    """A fresh module from a trusted file."""
    module = types.ModuleType(name)
    module.__file__ = str(path)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True), module.__dict__)
    return module


def reference_of(package: Package) -> LocalStudent:
    """The package's solution."""
    return LocalStudent(package, _cached(package.path / "reference.py", package.hash))


def mistake_of(package: Package, path: Path) -> LocalStudent:
    """A known mistake, to stand in for the reference."""
    return LocalStudent(package, _cached(path, package.hash))


@functools.lru_cache(maxsize=512)
def _cached(path: Path, package_hash: str) -> types.ModuleType:
    return execute(path, path.stem)


@functools.lru_cache(maxsize=128)
def _tests(path: Path, package_hash: str) -> tuple[HiddenTest, ...]:
    functions = [(name, value) for name, value in vars(execute(path, "tests")).items()
                 if name.startswith("test_") and callable(value)]
    return tuple(
        HiddenTest(name, run, getattr(run, "points", 1.0), getattr(run, "title", Text()), getattr(run, "hint", Text()),
                   getattr(run, "visible", False))
        for name, run in functions
    )


def tests_of(package: Package) -> tuple[HiddenTest, ...]:
    """The package's tests, in the order of the file."""
    return _tests(package.path / "tests.py", package.hash)


class Local:
    """Trusted code in the student's place: answers as `student.Remote` does, without a jail."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return wrap(self._value(*map(unwrap, args), **{name: unwrap(value) for name, value in kwargs.items()}))

    def __getattr__(self, name: str) -> Local:
        return Local(getattr(self._value, name))

    def get(self, name: str) -> Any:
        """The value of attribute `name` (dots allowed)."""
        return wrap(functools.reduce(getattr, name.split("."), self._value))

    def seed(self, number: int) -> None:
        """Seeds torch, numpy and random, as in the jail."""
        torch.manual_seed(number)
        numpy.random.seed(number % (1 << 32))
        random.seed(number)

    def __len__(self) -> int:
        return len(self._value)

    def __getitem__(self, key: Any) -> Any:
        return wrap(self._value[unwrap(key)])

    def __iter__(self) -> Iterator[Any]:
        return map(wrap, self._value)


class LocalStudent(Local):
    """A trusted module in the student's place, with the package's given.py beside it."""

    def __init__(self, package: Package, module: types.ModuleType) -> None:
        super().__init__(module)
        given = package.path / "given.py"
        self.given = Local(_cached(given, package.hash) if package.given else types.ModuleType("given"))


def wrap(value: Any) -> Any:
    """Plain data as it is, detached as the wire would; everything else as a Local."""
    if isinstance(value, torch.Tensor):
        return value.detach()
    return value if isinstance(value, PLAIN) else Local(value)


def unwrap(value: Any) -> Any:
    """What a Local stands for; other values, and those in lists, as they are."""
    if isinstance(value, Local):
        return value._value
    return type(value)(map(unwrap, value)) if type(value) in (list, tuple) else value
