"""An exercise package on disk. Reading one imports neither torch nor anything of the package.

    exercise.yaml            slug, title, topic, kind, position, wanted, limits, device
    statement.{ko,en}.md     the task
    starter.py               what the student begins with; it fails
    reference.py             the solution
    tests.py                 the hidden tests, see checks.py
    given.py                 (where a test needs it) what is there in the jail as `student.given`: no secret may be in it
    submissions/VERDICT/*.py what must get that verdict; the wrong ones open with a docstring "ko: ...\\nen: ..."
"""

from __future__ import annotations

import ast
import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.contract import Limits, Text

ROOT = Path(__file__).resolve().parent.parent / "fixtures" / "exercises"
DEVICES = ("cpu", "cuda")


class PackageError(Exception):
    """A package that cannot be used; the text names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A shipped submission: `verdict` is the folder it lies in, `sentence` its docstring's word to the student."""

    path: Path
    verdict: str
    sentence: Text

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Package:
    """One exercise. `wanted` are the names a submission must define; `max_score` the sum of its tests' points."""

    slug: str
    path: Path
    title: Text
    statement: Text
    topic: str
    kind: str
    position: int
    wanted: tuple[str, ...]
    starter: str
    limits: Limits
    device: str
    given: str
    max_score: float
    hash: str
    equivalent: dict[str, str]  # mutants of the reference that compute the same, and why (see mutants.py)

    @property
    def examples(self) -> list[Example]:
        """The shipped submissions, in a fixed order."""
        return [Example(path, path.parent.name, sentence_of(path))
                for path in sorted(self.path.glob("submissions/*/*.py"))]


def find(slug: str, root: Path = ROOT) -> Package:
    """The package of this slug. Raises PackageError when there is none."""
    path = root / slug
    if not slug.replace("-", "").isalnum() or not (path / "exercise.yaml").is_file():
        raise PackageError(f"there is no exercise {slug!r} in {root}")
    return load_package(path)


def list_packages(root: Path = ROOT) -> list[Package]:
    """All packages below `root`, by position. Raises PackageError on the first broken one."""
    found = [load_package(file.parent) for file in sorted(root.glob("*/exercise.yaml"))]
    return sorted(found, key=lambda package: (package.position, package.slug))


def load_package(path: Path) -> Package:
    """The package in folder `path`, read again only when a file of it changed. Raises PackageError when it is malformed."""
    return _load(path, _state_of(path))


@functools.lru_cache(maxsize=128)
def _load(path: Path, state: tuple) -> Package:
    try:
        data = _read_yaml(path / "exercise.yaml")
        texts = {language: (path / f"statement.{language}.md").read_text(encoding="utf-8") for language in ("ko", "en")}
        return _build(path, data, Text(**texts), _hash_files(path, state))
    except KeyError as error:
        raise PackageError(f"{path.name}/exercise.yaml: {error} is missing") from error
    except (OSError, yaml.YAMLError, TypeError, ValueError, SyntaxError) as error:
        raise PackageError(f"{path.name}: {error}") from error


def _read_if_there(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        raise ValueError(f"{file.name}: {error}") from error
    if not isinstance(data, dict):
        raise ValueError(f"{file.name} is no mapping of names to values")
    return data


def _build(path: Path, data: dict[str, Any], statement: Text, digest: str) -> Package:
    if data["slug"] != path.name:
        raise ValueError(f"the slug {data['slug']!r} is not the folder's name")
    device = data.get("device", "cpu")
    if device not in DEVICES:
        raise ValueError(f"unknown device {device!r}")
    if not isinstance(data["wanted"], list) or not data["wanted"]:
        raise ValueError("exercise.yaml: wanted is a list of names")
    for name in ("reference.py", "tests.py"):
        if not (path / name).is_file():
            raise ValueError(f"{name} is missing")
    return Package(
        slug=data["slug"], path=path, title=Text(**data["title"]), statement=statement, topic=data["topic"],
        kind=data["kind"], position=int(data.get("position", 0)), wanted=tuple(data["wanted"]),
        starter=(path / "starter.py").read_text(encoding="utf-8"), limits=Limits(**data.get("limits", {})),
        device=device, given=_read_if_there(path / "given.py"), max_score=_points_of(path / "tests.py"), hash=digest,
        equivalent={str(name): str(why) for entry in data.get("equivalent", []) for name, why in entry.items()},
    )


def _points_of(tests: Path) -> float:
    """The sum of all `@points(n)`, read from the syntax tree."""
    tree = ast.parse(tests.read_text(encoding="utf-8"), "tests.py")
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    if not functions:
        raise ValueError("tests.py has no test_ function")
    return sum(map(_points, functions))


def _points(function: ast.FunctionDef) -> float:
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "points" and call.args:
            value = call.args[0]
            if isinstance(value, ast.Constant) and isinstance(value.value, (int, float)):
                return float(value.value)
    raise ValueError(f"tests.py: {function.name} has no @points(number)")


def _state_of(path: Path) -> tuple[tuple[str, int, int], ...]:
    """(name, time of change, size) of every file of the package."""
    files = [(file, file.stat()) for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return tuple(sorted((str(file.relative_to(path)), stat.st_mtime_ns, stat.st_size) for file, stat in files))


def _hash_files(path: Path, files: tuple) -> str:
    digest = hashlib.sha256()
    for name, _, _ in files:
        data = (path / name).read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def sentence_of(path: Path) -> Text:
    """The two lines "ko: ..." and "en: ..." of a submission's docstring; empty where there is none."""
    try:
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    except (SyntaxError, ValueError):  # one that shall be `invalid`
        return Text()
    lines = dict(line.split(": ", 1) for line in docstring.splitlines() if line[:4] in ("ko: ", "en: "))
    return Text(lines.get("ko", "").strip(), lines.get("en", "").strip())
