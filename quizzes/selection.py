"""Which questions a day's quiz asks. Pure: the same input gives the same quiz on every machine."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass

DAILY_LENGTH = 6
MAX_OF_ONE_KIND = 2  # of DAILY_LENGTH, as long as another kind has something to ask
RECENT_DAYS = 7
NEVER = 10**6  # days

WEAK_PLACES = 2  # of DAILY_LENGTH: for what the class got wrong on earlier days
WEAK_BELOW = 0.6  # share of right answers below which a topic counts as one the class gets wrong
EXTRA_TURNS = 2.0  # a topic of the day that all get wrong takes 1 + this many turns where others take one
PRIOR = 4  # answers, half of them right, that every topic starts with: three wrong answers prove little


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the bank, as far as the choice needs to know it."""

    id: int
    slug: str
    topic: str
    kind: str
    difficulty: int


@dataclass(frozen=True, slots=True)
class TopicResult:
    """How many marked answers of the class on one topic there are, and how many of them were right."""

    right: int
    marked: int

    @property
    def share(self) -> float:
        """The share of right answers, drawn towards a half while there are few."""
        return (self.right + PRIOR / 2) / (self.marked + PRIOR)

    @property
    def is_weak(self) -> bool:
        return self.marked >= PRIOR and self.share < WEAK_BELOW


def select_questions(
    candidates: Collection[Candidate],
    topics: Collection[str],
    days_ago: Mapping[int, int],
    seed: str,
    results: Mapping[str, TopicResult] | None = None,
) -> list[Candidate]:
    """Up to DAILY_LENGTH questions, easy ones first.

    Questions on the day's `topics` come before all others, but one that was asked within RECENT_DAYS comes
    only when nothing else is left (`days_ago`: question id -> days since it was last asked, for those that
    were). Up to WEAK_PLACES go to topics of earlier days that the class gets wrong (`results`: topic -> how it
    went). Topics take turns, those that the class gets wrong more often; what is still equal is shuffled by `seed`.
    """
    results = results or {}
    shuffled = sorted(candidates, key=lambda candidate: candidate.slug)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - repeatable on purpose
    turns: dict[str, float] = {}
    ranked = []
    for candidate in shuffled:
        turns[candidate.topic] = turns.get(candidate.topic, 0) + 1 / _weight(results.get(candidate.topic))
        days = days_ago.get(candidate.id, NEVER)
        order = (-days, turns[candidate.topic])
        ranked.append(((days <= RECENT_DAYS, candidate.topic not in topics, *order), order, candidate))
    ranked.sort(key=lambda entry: entry[0])
    weak = [
        entry
        for entry in sorted(ranked, key=lambda entry: entry[1])
        if _is_due_again(entry[2], topics, days_ago, results)
    ]
    first = [entry[2] for entry in weak[:WEAK_PLACES]]
    rest = [entry[2] for entry in ranked if entry[2] not in first]
    return sorted(_mix(first + rest), key=lambda each: each.difficulty)


def _weight(result: TopicResult | None) -> float:
    """How many turns a topic takes where one that the class has not answered takes one."""
    if result is None or not result.is_weak:
        return 1.0
    return 1.0 + EXTRA_TURNS * (1.0 - result.share)


def _is_due_again(
    candidate: Candidate,
    topics: Collection[str],
    days_ago: Mapping[int, int],
    results: Mapping[str, TopicResult],
) -> bool:
    """Whether it is on a weak topic of an earlier day. Where the day has no topics, turns alone decide."""
    result = results.get(candidate.topic)
    is_recent = days_ago.get(candidate.id, NEVER) <= RECENT_DAYS
    return (
        bool(topics) and candidate.topic not in topics and not is_recent and bool(result and result.is_weak)
    )


def _mix(ranked: list[Candidate]) -> list[Candidate]:
    """The first DAILY_LENGTH of `ranked`, but no kind more than its share while another kind waits."""
    chosen: list[Candidate] = []
    for candidate in ranked:
        of_this_kind = sum(each.kind == candidate.kind for each in chosen)
        if len(chosen) < DAILY_LENGTH and of_this_kind < MAX_OF_ONE_KIND:
            chosen.append(candidate)
    rest = [candidate for candidate in ranked if candidate not in chosen]
    return chosen + rest[: DAILY_LENGTH - len(chosen)]
