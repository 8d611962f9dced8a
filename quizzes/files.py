"""Question files: YAML with line numbers, checked as a whole before anything is used.

    fixtures/questions/<topic>/<any name>.yaml      a list of questions

    - slug: conv-output-stride
      kind: numeric                 # a file of quizzes/kinds
      difficulty: 2                 # 1 easy, 2 middle, 3 hard
      pages: 105-106                # optional
      stem_ko: ...                  # all the rest belongs to the kind
      check: |                      # optional Python that sets `answer`; the tests run it against the key
        answer = torch.nn.Conv2d(...)(...).shape[-1]

Plain Python: a linter or an editor can use it without Django.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from . import kinds

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OUTER_FIELDS = ("slug", "kind", "difficulty", "pages", "check")
MAX_BYTES = 1_000_000


class ContentError(ValueError):
    """What is wrong in the files, one line each: `topic/file.yaml:12: question-slug: choices.2.why_en: ...`"""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """One question as it stands in a file; `path` is relative to the questions' folder."""

    slug: str
    topic: str
    kind: str
    difficulty: int
    pages: str
    body: dict[str, Any]
    check: str
    path: str
    line: int

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that a student sees or is marked by; the check listing is not among it."""
        return hash_content(self.kind, self.difficulty, self.pages, self.body)


def hash_content(kind: str, difficulty: int, pages: str, body: dict[str, Any]) -> str:
    """SHA-256 of a question's content, in hexadecimal digits."""
    content = [kind, difficulty, pages, body]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_questions(root: Path) -> list[QuestionFile]:
    """Every question below `root`; raises ContentError that names every problem of every file."""
    questions: list[QuestionFile] = []
    problems: list[str] = []
    for path in sorted([*root.glob("*/*.yaml"), *root.glob("*/*.yml")]):
        found, wrong = _read_file(path, root)
        questions += found
        problems += wrong
    seen: dict[str, QuestionFile] = {}
    for question in questions:
        first = seen.setdefault(question.slug, question)
        if first is not question:
            problems.append(
                f"{question.path}:{question.line}: {question.slug}: slug: already used in {first.path}:{first.line}"
            )
    if problems:
        raise ContentError(problems)
    return questions


def read_question(root: Path, path: str, slug: str) -> QuestionFile | None:
    """One question of the file `path` below `root` as it stands there now; None where it cannot be read."""
    if not (root / path).is_file():
        return None
    found, _wrong = _read_file(root / path, root)
    return next((question for question in found if question.slug == slug), None)


def _read_file(path: Path, root: Path) -> tuple[list[QuestionFile], list[str]]:
    name = path.relative_to(root).as_posix()
    try:
        node, entries = _parse(path)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        return [], [f"{name}:{mark.line + 1 if mark else 1}: {reason}"]
    questions, problems = [], []
    for place, entry in enumerate(entries):
        entry_node = node.value[place]
        line = entry_node.start_mark.line + 1
        wrong = _check_entry(entry)
        for problem in wrong:
            slug = entry.get("slug", "?") if isinstance(entry, dict) else "?"
            problems.append(
                f"{name}:{_line_of(entry_node, problem.field)}: {slug}: {problem.field}: {problem.message}"
            )
        if not wrong:
            questions.append(_make(entry, path.parent.name, name, line))
    return questions, problems


def _parse(path: Path) -> tuple[yaml.SequenceNode, list[Any]]:
    """The file's node tree, which knows lines, and its values; YAMLError or ValueError when it is no list."""
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise ValueError(f"the file is larger than {MAX_BYTES} bytes")
    text = data.decode()
    node = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(node, yaml.SequenceNode):
        raise ValueError("the file must be a list of questions")
    for repeated in _repeated_keys(node):
        raise yaml.MarkedYAMLError(
            problem=f"{repeated.value} is there twice", problem_mark=repeated.start_mark
        )
    return node, yaml.safe_load(text)


def _repeated_keys(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """YAML takes the last of two equal keys in silence: a question would lose half its text."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value)


def _check_entry(entry: Any) -> list[kinds.Problem]:
    if not isinstance(entry, dict):
        return [kinds.Problem("", "a question is a mapping that begins with slug")]
    problems = []
    if not isinstance(entry.get("slug"), str) or not SLUG.fullmatch(entry["slug"]):
        problems.append(kinds.Problem("slug", "must be small letters, digits and single hyphens"))
    if entry.get("difficulty") not in (1, 2, 3) or isinstance(entry["difficulty"], bool):
        problems.append(kinds.Problem("difficulty", "must be 1, 2 or 3"))
    for name in ("check", "pages"):
        if not isinstance(entry.get(name, ""), str):
            problems.append(kinds.Problem(name, "must be a text: put it in quotes"))
    if entry.get("kind") not in kinds.names():
        return [*problems, kinds.Problem("kind", f"must be one of {', '.join(kinds.names())}")]
    return problems + kinds.find(entry["kind"]).validate(_body(entry))


def _body(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in OUTER_FIELDS}


def _make(entry: dict[str, Any], topic: str, path: str, line: int) -> QuestionFile:
    return QuestionFile(
        slug=entry["slug"],
        topic=topic,
        kind=entry["kind"],
        difficulty=entry["difficulty"],
        pages=entry.get("pages", ""),
        body=_body(entry),
        check=entry.get("check", ""),
        path=path,
        line=line,
    )


def _line_of(node: yaml.Node, field: str) -> int:
    """The line of `choices.2.why_en`, or of the nearest thing around it that is in the file."""
    for step in field.split("."):
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
            found = node.value[int(step)]
        if found is None:
            break
        node = found
    return node.start_mark.line + 1
