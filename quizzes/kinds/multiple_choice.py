"""One or more right choices among three to six, but not all of them.

choices: ...                  # see choices.py; a right one may say why it belongs
keys: [a, c]
check: sets answer to the list of the right ids

Credit: (right chosen - wrong chosen) / number of right ones, not below 0: choosing everything earns nothing much.
"""

from __future__ import annotations

from typing import Any

from . import choices
from .base import (
    STALE,
    Body,
    Explained,
    Marked,
    Presented,
    Problem,
    RefusedError,
    Value,
    check_trial,
    outer_problems,
    pick,
    required,
    without_why,
)

FIELDS = choices.FIELDS | {"keys"}
LEAST, MOST = 3, 6
trial = check_trial


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    keys = body.get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        return [*outer_problems(body, FIELDS), Problem("keys", "must be a list of ids")]
    problems = outer_problems(body, FIELDS) + choices.validate_choices(body, MOST, keys)
    given = body.get("choices")
    known = [each.get("id") for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    if len(known) < LEAST:
        problems.append(Problem("choices", "three to six choices are needed"))
    if len(set(keys)) < len(keys) or not all(key in known for key in keys):
        problems.append(Problem("keys", "must name choices, each once"))
    elif not 0 < len(keys) < len(known):
        problems.append(Problem("keys", "must name at least one choice and not all"))
    return problems


def present(body: Body, seed: int, language: str) -> Presented:
    return Presented(pick(body, "stem", language), choices.present_choices(body, seed, language))


def parse(body: Body, raw: str) -> Value | None:
    """`{"choices": [ids in the file's order]}`; None for nothing; raises RefusedError for an id that is not there."""
    chosen = {line.strip() for line in raw.splitlines()} - {""}
    known = [choice["id"] for choice in body["choices"]]
    if not chosen <= set(known):
        raise RefusedError(STALE)
    return {"choices": [each for each in known if each in chosen]} if chosen else None


def show(value: Value | None) -> str:
    return "\n".join(value["choices"]) if value else ""


def solve(body: Body, seed: int) -> str:
    return "\n".join(body["keys"])


def rekey(body: Body, raw: str) -> Body:
    keys = required(parse(body, raw))["choices"]
    became = set(keys) - set(body["keys"])  # one that was right already may say why it belongs
    told = [without_why(each) if each["id"] in became else each for each in body["choices"]]
    return body | {"keys": keys, "choices": told}


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """A share of the right ones, from which each wrong one takes away as much as a right one gives."""
    chosen, keys = set(value["choices"] if value else []), set(body["keys"])
    return Marked(max(0, len(chosen & keys) - len(chosen - keys)) / len(keys))


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """The choices as the student saw them; `why` is the misconception behind the first wrong one chosen."""
    options = choices.explain_choices(body, body["keys"], value["choices"] if value else [], seed, language)
    wrong = [option for option in options if option.is_chosen and not option.is_right]
    return Explained(
        yours=" / ".join(option.text for option in options if option.is_chosen),
        right=" / ".join(option.text for option in options if option.is_right),
        explanation=pick(body, "explanation", language),
        why=wrong[0].why if wrong else "",
        options=options,
    )


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return isinstance(answer, list) and sorted(map(str, answer)) == sorted(body["keys"])
