"""What a listing prints.

code: |
  print(torch.zeros(2, 3).shape)
output: |                     # what it prints, exactly
  torch.Size([2, 3])
mistakes:                     # what a known misconception expects
  - output: '[2, 3]'
    why_ko: ...
    why_en: ...

The listing is its own check. White space at the ends of lines and blank lines at both ends do not count.
"""

from __future__ import annotations

from typing import Any

from .base import (
    TEXTS,
    Body,
    Explained,
    Marked,
    Presented,
    Problem,
    RefusedError,
    Trial,
    Value,
    gettext_noop,
    outer_problems,
    pick,
    read_mistakes,
    required,
)

FIELDS = TEXTS | {"code", "output", "mistakes"}
MAX_LENGTH = 2000
MAX_CODE = 4000


def normalize(text: str) -> str:
    """The text as it counts."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    problems = outer_problems(body, FIELDS)
    for name, most in (("code", MAX_CODE), ("output", MAX_LENGTH)):
        text = body.get(name)
        if not isinstance(text, str) or not text.strip() or len(text) > most:
            problems.append(Problem(name, f"must be a text of at most {most} characters: put it in quotes"))
    mistakes, wrong = read_mistakes(body, ["output"])
    for place, mistake in enumerate(mistakes):
        if not isinstance(mistake.get("output"), str):
            wrong.append(Problem(f"mistakes.{place}.output", "must be a text: put it in quotes"))
        elif normalize(mistake["output"]) == normalize(str(body.get("output"))):
            wrong.append(Problem(f"mistakes.{place}.output", "would be marked as right"))
    return problems + wrong


def present(body: Body, seed: int, language: str) -> Presented:
    return Presented(pick(body, "stem", language), code=body["code"])


def parse(body: Body, raw: str) -> Value | None:
    """`{"text": as typed}`; None for an empty field; raises RefusedError for too much."""
    text = normalize(raw)
    if not text:
        return None
    if len(text) > MAX_LENGTH:
        raise RefusedError(gettext_noop("This is too long. Write only what the listing prints."))
    return {"text": text}


def show(value: Value | None) -> str:
    return value["text"] if value else ""


def solve(body: Body, seed: int) -> str:
    return normalize(body["output"])


def rekey(body: Body, raw: str) -> Body:
    output = required(parse(body, raw))["text"]
    mistakes = [each for each in body.get("mistakes", []) if normalize(each["output"]) != output]
    return body | {"output": output} | ({"mistakes": mistakes} if "mistakes" in body else {})


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """All or nothing."""
    return Marked(1.0 if value and normalize(value["text"]) == solve(body, seed) else 0.0)


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The right output, and the misconception that expects this one."""
    yours, why = show(value), ""
    if value and not mark(body, value, seed).correct:
        known = (each for each in body.get("mistakes", []) if normalize(each["output"]) == normalize(yours))
        why = pick(next(known, {}), "why", language)
    explanation = pick(body, "explanation", language)
    return Explained(
        yours=yours, right=solve(body, seed), explanation=explanation, why=why, code=body["code"]
    )


def trial(body: Body, check: str) -> Trial | None:
    return Trial(body["code"])


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return normalize(output) == solve(body, seed)
