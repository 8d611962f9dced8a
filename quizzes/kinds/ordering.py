"""Steps that must be brought into the right order.

items:                        # three to seven, in the RIGHT order; they are shown shuffled
  - id: a
    text_ko: ...
    text_en: ...
mistakes:                     # optional: orders that a known misconception leads to
  - order: [b, a, c]
    why_ko: ...
    why_en: ...
check: sets answer to the list of ids in the right order

Credit by pairs: of all pairs of steps, those in the right order less those that are not, not below 0.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from .base import (
    NO_ANSWER,
    STALE,
    TEXTS,
    Body,
    Explained,
    ExplainedPart,
    Marked,
    Presented,
    Problem,
    RefusedError,
    Value,
    check_trial,
    gettext_noop,
    missing_texts,
    outer_problems,
    pick,
    read_list,
    read_mistakes,
    required,
    split_parts,
    unknown_fields,
)
from .choices import same_texts, wrong_id
from .shuffled import page_letters, shuffled_options

FIELDS = TEXTS | {"items", "mistakes"}
ITEM_FIELDS = frozenset({"id", "text_ko", "text_en"})
LEAST, MOST = 3, 7
trial = check_trial


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    items, problems = read_list(body, "items", LEAST, MOST)
    for place, item in enumerate(items):
        prefix = f"items.{place}."
        problems += unknown_fields(item, ITEM_FIELDS, prefix) + missing_texts(item, "text", prefix)
        problems += wrong_id(item, place, prefix)
    ids = [item.get("id") for item in items]
    mistakes, wrong = read_mistakes(body, ["order"])
    for place, mistake in enumerate(mistakes):
        order = mistake.get("order")
        if not isinstance(order, list) or sorted(map(str, order)) != sorted(map(str, ids)):
            wrong.append(Problem(f"mistakes.{place}.order", "must hold every id once"))
        elif order == ids:
            wrong.append(Problem(f"mistakes.{place}.order", "would be marked as right"))
    return outer_problems(body, FIELDS) + problems + wrong + same_texts("items", items)


def present(body: Body, seed: int, language: str) -> Presented:
    options = tuple(shuffled_options(body["items"], seed, language))
    return Presented(pick(body, "stem", language), options, parts=len(options))


def parse(body: Body, raw: str) -> Value | None:
    """`{"order": [id of the file or None, place by place], "text": as sent}`; None for nothing.

    Raises RefusedError for a letter that is not on the page, or that stands at two places.
    """
    if not raw.strip():
        return None
    places = split_parts(raw, len(body["items"]))
    ids = {letter: each for each, letter in page_letters(body["items"]).items()}
    given = [letter for letter in places if letter]
    if not set(given) <= set(ids):
        raise RefusedError(STALE)
    if len(set(given)) < len(given):
        raise RefusedError(
            gettext_noop("The same step stands at two places. Each one has a place of its own.")
        )
    return {"order": [ids.get(letter) for letter in places], "text": "\n".join(places)}


def show(value: Value | None) -> str:
    return value["text"] if value else ""


def solve(body: Body, seed: int) -> str:
    letters = page_letters(body["items"])
    return "\n".join(letters[item["id"]] for item in body["items"])


def rekey(body: Body, raw: str) -> Body:
    order = required(parse(body, raw))["order"]
    if None in order:
        raise RefusedError(NO_ANSWER)
    items = {item["id"]: item for item in body["items"]}
    mistakes = [each for each in body.get("mistakes", []) if each["order"] != order]
    changed = {"items": [items[each] for each in order]}
    return body | changed | ({"mistakes": mistakes} if "mistakes" in body else {})


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """max(0, 2 x pairs in the right order / all pairs - 1); a pair with a step that is not placed is not in order."""
    ids = [item["id"] for item in body["items"]]
    placed = {each: place for place, each in enumerate(value["order"] if value else []) if each}
    pairs = list(combinations(ids, 2))
    right = sum(one in placed and other in placed and placed[one] < placed[other] for one, other in pairs)
    return Marked(max(0.0, 2 * right / len(pairs) - 1))


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """Place by place what stands there and what belongs there, and the misconception behind this whole order."""
    texts: dict[str | None, str] = {item["id"]: pick(item, "text", language) for item in body["items"]}
    ids = [item["id"] for item in body["items"]]
    order = value["order"] if value else [None] * len(ids)
    parts = tuple(
        ExplainedPart(str(place), texts.get(mine, ""), texts[right], mine == right)
        for place, (mine, right) in enumerate(zip(order, ids, strict=True), start=1)
    )
    known = (each for each in body.get("mistakes", []) if each["order"] == order)
    return Explained(
        yours=" → ".join(part.yours or "–" for part in parts) if value else "",
        right=" → ".join(part.right for part in parts),
        explanation=pick(body, "explanation", language),
        why=pick(next(known, {}), "why", language),
        parts=parts,
    )


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return isinstance(answer, list) and answer == [item["id"] for item in body["items"]]
