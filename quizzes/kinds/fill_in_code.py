"""A listing with gaps.

code: |                       # gaps are written {{1}}, {{2}} ... in order
  x = torch.zeros({{1}}, 3)
blanks:
  - answers: ['4']            # every form that is right; the first one is shown
    mistakes: [{text: '3', why_ko: ..., why_en: ...}]
check: Python appended to the listing with the first answers filled in; sets answer to True when it does what it should

Blanks are compared as Python tokens: white space and the style of quotes do not count. Credit: the share of right blanks.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import Any

from .base import (
    TEXTS,
    Body,
    Explained,
    ExplainedPart,
    Marked,
    Presented,
    Problem,
    RefusedError,
    Trial,
    Value,
    gettext_noop,
    outer_problems,
    pick,
    read_list,
    read_mistakes,
    required,
    split_parts,
    unknown_fields,
)
from .numbers import to_ascii

FIELDS = TEXTS | {"code", "blanks"}
BLANK_FIELDS = frozenset({"answers", "mistakes"})
GAP = re.compile(r"\{\{(\d+)\}\}")
MAX_BLANKS = 8
MAX_LENGTH = 200
MAX_CODE = 4000
_QUOTES = str.maketrans("‘’“”", "''\"\"")  # what phones make of quotes
_SKIPPED = {
    tokenize.NEWLINE,
    tokenize.NL,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.COMMENT,
}


def tokens(text: str) -> list[str]:
    """The Python tokens of one blank; what is no Python is taken as it stands, without white space."""
    plain = to_ascii(text).translate(_QUOTES).strip()
    found: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(plain).readline):
            if token.type not in _SKIPPED:
                found.append(_meaning(token))
    except (tokenize.TokenError, SyntaxError):  # a blank may hold half of a pair of brackets
        pass
    return found or ["".join(plain.split())]


def _meaning(token: tokenize.TokenInfo) -> str:
    """A token as it counts: 'a' and "a" are the same text, 1e-3 and 0.001 the same number."""
    if token.type not in (tokenize.STRING, tokenize.NUMBER):
        return token.string
    try:
        return repr(ast.literal_eval(token.string))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return token.string


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    problems = outer_problems(body, FIELDS)
    code = body.get("code")
    if not isinstance(code, str) or not code.strip() or len(code) > MAX_CODE:
        return [*problems, Problem("code", f"must be a listing of at most {MAX_CODE} characters")]
    blanks, wrong = read_list(body, "blanks", 1, MAX_BLANKS)
    if [int(number) for number in GAP.findall(code)] != list(range(1, len(blanks) + 1)):
        problems.append(Problem("code", "gaps must be {{1}}, {{2}} ... in order, one for each blank"))
    for place, blank in enumerate(blanks):
        problems += _validate_blank(blank, f"blanks.{place}.")
    return problems + wrong


def _validate_blank(blank: Body, prefix: str) -> list[Problem]:
    problems = unknown_fields(blank, BLANK_FIELDS, prefix)
    answers = blank.get("answers")
    if not isinstance(answers, list) or not answers or not all(map(_is_line, answers)):
        return [*problems, Problem(f"{prefix}answers", "must be a list of short texts: put them in quotes")]
    mistakes, wrong = read_mistakes(blank, ["text"])
    problems += [Problem(prefix + each.field, each.message) for each in wrong]
    for place, mistake in enumerate(mistakes):
        if not _is_line(mistake.get("text")):
            problems.append(
                Problem(f"{prefix}mistakes.{place}.text", "must be a short text: put it in quotes")
            )
        elif _is_right(blank, mistake["text"]):
            problems.append(Problem(f"{prefix}mistakes.{place}.text", "would be marked as right"))
    return problems


def _is_line(text: Any) -> bool:
    return (
        isinstance(text, str) and bool(text.strip()) and len(text) <= MAX_LENGTH and "\n" not in text.strip()
    )


def present(body: Body, seed: int, language: str) -> Presented:
    return Presented(pick(body, "stem", language), code=body["code"], parts=len(body["blanks"]))


def parse(body: Body, raw: str) -> Value | None:
    """`{"blanks": [text, "" where open]}`; None when all are open; raises RefusedError for too much."""
    if not raw.strip():
        return None
    blanks = split_parts(raw, len(body["blanks"]))
    if any(len(blank) > MAX_LENGTH for blank in blanks):
        raise RefusedError(gettext_noop("This is too long for a gap. Fill in only what is missing."))
    return {"blanks": blanks}


def show(value: Value | None) -> str:
    return "\n".join(value["blanks"]) if value else ""


def solve(body: Body, seed: int) -> str:
    return "\n".join(blank["answers"][0].strip() for blank in body["blanks"])


def rekey(body: Body, raw: str) -> Body:
    """A blank that is left open keeps its key."""
    texts = required(parse(body, raw))["blanks"]
    return body | {
        "blanks": [
            _rekey(blank, text) if text else blank for blank, text in zip(body["blanks"], texts, strict=True)
        ]
    }


def _rekey(blank: Body, text: str) -> Body:
    mistakes = [each for each in blank.get("mistakes", []) if tokens(each["text"]) != tokens(text)]
    return blank | {"answers": [text]} | ({"mistakes": mistakes} if "mistakes" in blank else {})


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """The share of right blanks."""
    given = value["blanks"] if value else []
    right = sum(_is_right(blank, text) for blank, text in zip(body["blanks"], given, strict=False))
    return Marked(right / len(body["blanks"]))


def _is_right(blank: Body, text: str) -> bool:
    return bool(text.strip()) and tokens(text) in [tokens(answer) for answer in blank["answers"]]


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """Blank by blank what was filled in and what belongs there, and the listing as it should be."""
    given = value["blanks"] if value else [""] * len(body["blanks"])
    parts = tuple(
        ExplainedPart(
            str(place), text, blank["answers"][0], _is_right(blank, text), _why(blank, text, language)
        )
        for place, (blank, text) in enumerate(zip(body["blanks"], given, strict=True), start=1)
    )
    return Explained(
        yours=" / ".join(part.yours or "–" for part in parts) if value else "",
        right=" / ".join(part.right for part in parts),
        explanation=pick(body, "explanation", language),
        why=next((part.why for part in parts if part.why), ""),
        parts=parts,
        code=filled(body),
    )


def _why(blank: Body, text: str, language: str) -> str:
    if not text.strip():
        return ""
    known = (each for each in blank.get("mistakes", []) if tokens(each["text"]) == tokens(text))
    return pick(next(known, {}), "why", language)


def filled(body: Body) -> str:
    """The listing with the first answers in its gaps."""
    return GAP.sub(lambda gap: body["blanks"][int(gap[1]) - 1]["answers"][0].strip(), body["code"])


def trial(body: Body, check: str) -> Trial | None:
    return Trial(f"{filled(body)}\n{check}") if check.strip() else None


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return answer is True
