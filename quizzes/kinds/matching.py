"""What belongs to what.

pairs:                        # three to six; the right sides are shown shuffled
  - {id: a, left_ko: ..., left_en: ..., right_ko: ..., right_en: ...}
distractors:                  # up to two right sides that belong to nothing; ids go on after the pairs'
  - {id: d, text_ko: ..., text_en: ...}
mistakes:                     # optional: what whoever matches left a with right c has misunderstood
  - {left: a, right: c, why_ko: ..., why_en: ...}
check: sets answer to {id of the left: id of the right}

Credit: the share of right pairs.
"""

from __future__ import annotations

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

FIELDS = TEXTS | {"pairs", "distractors", "mistakes"}
PAIR_FIELDS = frozenset({"id", "left_ko", "left_en", "right_ko", "right_en"})
DISTRACTOR_FIELDS = frozenset({"id", "text_ko", "text_en"})
LEAST, MOST = 3, 6
trial = check_trial


def validate(body: Body) -> list[Problem]:
    """Every reason why `body` cannot be asked; empty when it can."""
    pairs, problems = read_list(body, "pairs", LEAST, MOST)
    for place, pair in enumerate(pairs):
        prefix = f"pairs.{place}."
        problems += unknown_fields(pair, PAIR_FIELDS, prefix) + wrong_id(pair, place, prefix)
        problems += missing_texts(pair, "left", prefix) + missing_texts(pair, "right", prefix)
    more, wrong = read_list(body, "distractors", 0, 2)
    for place, entry in enumerate(more):
        prefix = f"distractors.{place}."
        wrong += unknown_fields(entry, DISTRACTOR_FIELDS, prefix) + missing_texts(entry, "text", prefix)
        wrong += wrong_id(entry, len(pairs) + place, prefix)
    problems += wrong + same_texts("pairs", pairs, "left")
    if not problems:
        problems += same_texts("pairs", _rights(body))
    return outer_problems(body, FIELDS) + problems + _validate_mistakes(body, pairs, more)


def _validate_mistakes(body: Body, pairs: list[Body], more: list[Body]) -> list[Problem]:
    mistakes, problems = read_mistakes(body, ["left", "right"])
    lefts = [pair.get("id") for pair in pairs]
    rights = lefts + [entry.get("id") for entry in more]
    for place, mistake in enumerate(mistakes):
        left, right = mistake.get("left"), mistake.get("right")
        if left not in lefts or right not in rights:
            problems.append(Problem(f"mistakes.{place}.left", "must name a left and a right"))
        elif left == right:
            problems.append(Problem(f"mistakes.{place}.right", "would be marked as right"))
    return problems


def _rights(body: Body) -> list[Body]:
    """Everything that can be matched with, as id and text."""
    own = [
        {"id": pair["id"], "text_ko": pair["right_ko"], "text_en": pair["right_en"]} for pair in body["pairs"]
    ]
    return own + body.get("distractors", [])


def present(body: Body, seed: int, language: str) -> Presented:
    lefts = tuple(pick(pair, "left", language) for pair in body["pairs"])
    options = tuple(shuffled_options(_rights(body), seed, language))
    return Presented(pick(body, "stem", language), options, lefts=lefts, parts=len(lefts))


def parse(body: Body, raw: str) -> Value | None:
    """`{"pairs": {id of a left: id of the right}, "text": as sent}`; None for nothing.

    Raises RefusedError for a letter that is not on the page. One right may be given to two lefts: one of them is wrong then.
    """
    if not raw.strip():
        return None
    places = split_parts(raw, len(body["pairs"]))
    ids = {letter: each for each, letter in page_letters(_rights(body)).items()}
    if not {letter for letter in places if letter} <= set(ids):
        raise RefusedError(STALE)
    pairs = {pair["id"]: ids[letter] for pair, letter in zip(body["pairs"], places, strict=True) if letter}
    return {"pairs": pairs, "text": "\n".join(places)}


def show(value: Value | None) -> str:
    return value["text"] if value else ""


def solve(body: Body, seed: int) -> str:
    letters = page_letters(_rights(body))
    return "\n".join(letters[right] for right in _key(body).values())


def rekey(body: Body, raw: str) -> Body:
    """A right that is not the left's own is named by the pair: ids stay, and with them what was answered."""
    given = required(parse(body, raw))["pairs"]
    if len(given) < len(body["pairs"]):
        raise RefusedError(NO_ANSWER)
    pairs = [_pair_with(pair, given[pair["id"]]) for pair in body["pairs"]]
    mistakes = [each for each in body.get("mistakes", []) if given[each["left"]] != each["right"]]
    return body | {"pairs": pairs} | ({"mistakes": mistakes} if "mistakes" in body else {})


def _pair_with(pair: Body, right: str) -> Body:
    own = {name: value for name, value in pair.items() if name != "right"}
    return own if right == pair["id"] else own | {"right": right}


def _key(body: Body) -> dict[str, str]:
    """Id of a left -> id of its right: its own, unless the key was corrected."""
    return {pair["id"]: pair.get("right", pair["id"]) for pair in body["pairs"]}


def mark(body: Body, value: Value | None, seed: int) -> Marked:
    """The share of right pairs."""
    given, key = value["pairs"] if value else {}, _key(body)
    return Marked(sum(key[left] == right for left, right in given.items()) / len(key))


def explain(body: Body, value: Value | None, seed: int, language: str) -> Explained:
    """Left by left what was given and what belongs there, with the misconceptions that are known."""
    texts = {entry["id"]: pick(entry, "text", language) for entry in _rights(body)}
    given, key = value["pairs"] if value else {}, _key(body)
    whys = {(each["left"], each["right"]): pick(each, "why", language) for each in body.get("mistakes", [])}
    parts = tuple(
        ExplainedPart(
            label=pick(pair, "left", language),
            yours=texts.get(given.get(pair["id"], ""), ""),
            right=texts[key[pair["id"]]],
            is_right=given.get(pair["id"]) == key[pair["id"]],
            why=whys.get((pair["id"], given.get(pair["id"], "")), ""),
        )
        for pair in body["pairs"]
    )
    return Explained(
        yours=" / ".join(f"{part.label} – {part.yours or '?'}" for part in parts) if value else "",
        right=" / ".join(f"{part.label} – {part.right}" for part in parts),
        explanation=pick(body, "explanation", language),
        why=next((part.why for part in parts if part.why), ""),
        parts=parts,
    )


def agrees(body: Body, answer: Any, output: str, seed: int) -> bool:
    return isinstance(answer, dict) and answer == _key(body)
