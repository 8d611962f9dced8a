"""Which questions a day's quiz asks. Pure: the same input gives the same quiz on every machine."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass

DAILY_LENGTH = 6
MAX_OF_ONE_KIND = 2  # of DAILY_LENGTH, as long as another kind has something to ask
RECENT_DAYS = 7
NEVER = 10**6  # days


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the bank, as far as the choice needs to know it."""

    id: int
    slug: str
    topic: str
    kind: str
    difficulty: int


def select_questions(
    candidates: Collection[Candidate],
    topics: Collection[str],
    days_ago: Mapping[int, int],
    seed: str,
    length: int = DAILY_LENGTH,
) -> list[Candidate]:
    """Up to `length` questions, easy ones first.

    Questions on the day's `topics` come before all others, but one that was asked within RECENT_DAYS comes
    only when nothing else is left (`days_ago`: question id -> days since it was last asked, for those that
    were). Topics take turns; what is still equal is shuffled by `seed`.
    """
    shuffled = sorted(candidates, key=lambda candidate: candidate.slug)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - repeatable on purpose
    turns: dict[str, int] = {}
    ranked = []
    for candidate in shuffled:
        turns[candidate.topic] = turns.get(candidate.topic, 0) + 1
        days = days_ago.get(candidate.id, NEVER)
        rank = (days <= RECENT_DAYS, candidate.topic not in topics, -days, turns[candidate.topic])
        ranked.append((rank, candidate))
    ranked.sort(key=lambda pair: pair[0])
    return sorted(_mix([candidate for _, candidate in ranked], length), key=lambda each: each.difficulty)


def _mix(ranked: list[Candidate], length: int) -> list[Candidate]:
    """The first `length` of `ranked`, but no kind more than its share while another kind waits."""
    most = max(1, round(length * MAX_OF_ONE_KIND / DAILY_LENGTH))
    chosen: list[Candidate] = []
    for candidate in ranked:
        if len(chosen) < length and sum(each.kind == candidate.kind for each in chosen) < most:
            chosen.append(candidate)
    rest = [candidate for candidate in ranked if candidate not in chosen]
    return chosen + rest[: length - len(chosen)]
