"""Texts of questions: formulas that will typeset, Korean that is Korean, English that is English. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
CODE = re.compile(r"(`{3,}|~{3,}).*?(?:\1|\Z)|(`+)(?!`).*?(?<!`)\2(?!`)", re.DOTALL)
FORMULA = re.compile(r"(?<!\\)(\$\$?)(?=\S)(.+?)(?<=\S)(?<!\\)\1", re.DOTALL)
DOLLAR = re.compile(r"(?<!\\)\$")
WORDS = re.compile(r"\\(?:text|textbf|textit|textrm|mathrm|operatorname)\{[^{}]*\}")
# Of these a reader expects sentences; a choice may be a number or a name in any language.
PROSE = re.compile(r"^(stem|explanation|why)$")


def texts_of(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(path, language, text) of every text that is written in two languages, nested ones too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from texts_of(inner, f"{path}.{place}")
    elif isinstance(value, str) and path.endswith(("_ko", "_en")):
        yield path, path[-2:], value


def text_problems(body: dict[str, Any]) -> list[str]:
    """What is wrong with the texts of a question, each with the path of its field."""
    problems = []
    for path, language, text in texts_of(body):
        bare = CODE.sub(" ", text)
        name = path.rsplit(".", 1)[-1].removesuffix(f"_{language}")
        if language == "ko" and PROSE.match(name) and not HANGUL.search(bare):
            problems.append(f"{path}: a Korean text without Hangul")
        if language == "en" and HANGUL.search(bare):
            problems.append(f"{path}: an English text with Hangul")
        problems += [f"{path}: {problem}" for problem in formula_problems(bare)]
    return problems


def formula_problems(bare: str) -> list[str]:
    """What KaTeX, or the reader, would stumble over in a text without its code."""
    rest = FORMULA.sub(" ", bare)
    problems = ["a $ that closes no formula"] if DOLLAR.search(rest) else []
    if re.search(r"\\(?:frac|sum|sqrt|cdot|times|left|alpha|theta|sigma)\b", rest):
        problems.append("a formula outside of $")
    for _, formula in FORMULA.findall(bare):
        problems += [f"{problem} in ${formula}$" for problem in _formula_problems(formula)]
    return problems


def _formula_problems(formula: str) -> Iterator[str]:
    if not _are_balanced(formula):
        yield "braces do not match"
    if len(re.findall(r"\\left(?![a-zA-Z])", formula)) != len(re.findall(r"\\right(?![a-zA-Z])", formula)):
        yield "\\left and \\right do not match"
    if re.findall(r"\\begin\{(\w+\*?)\}", formula) != re.findall(r"\\end\{(\w+\*?)\}", formula):
        yield "\\begin and \\end do not match"
    if re.search(r"(?<!\\)[\^_]\s*(?:$|[\^_}&])|\\$", formula):
        yield "something is missing behind ^, _ or \\"
    if re.search(r"_(?:\w|\{[^{}]*\})_|\^(?:\w|\{[^{}]*\})\^", formula):
        yield "two indices or two powers in a row"
    if re.search(r"\\(?:frac|sqrt|text|mathrm|mathbf|mathbb|hat|bar)\s*(?:$|[}&])", formula):
        yield "an argument is missing"
    if HANGUL.search(WORDS.sub("", formula)):
        yield "Hangul outside of \\text{}"


def _are_balanced(formula: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)(?:\\\\)*([{}])", formula):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0
