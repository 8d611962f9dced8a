"""Which held-out rows are public: by a column of the solution, or by a seed, stratified or not.

The seeded split sorts the ids by a hash. Unlike a shuffle of numpy's or Python's generators it stays the same
over every version and machine, and over any order of the file: a split that moved would change scores already
given.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from hashlib import sha256

from competitions.folders.competition import Split

USAGES = {"public": True, "private": False, "ignored": None}
TENTHS = 10  # strata of a number
MOST_CLASSES = 20


def public_rows(
    ids: Sequence[str], split: Split, truth: Sequence[object] = (), usage: Sequence[str] | None = None
) -> list[bool | None]:
    """For each of `ids` True if public, False if private, None if it counts for neither.

    `truth` is the true value for each id, for a stratified split. `usage` is the split column's text for each id,
    where `split.column` is set. Raises KeyError for a word in it that is none of Public, Private, Ignored.
    """
    if split.column:
        return [USAGES[word.strip().lower()] for word in usage or ()]
    by_hash = sorted(range(len(ids)), key=lambda row: sha256(f"{split.seed}:{ids[row]}".encode()).digest())
    public: set[int] = set()
    if split.is_stratified:
        strata = _strata(by_hash, truth)
        for rows, count in zip(strata, _shares([len(rows) for rows in strata], split.public), strict=True):
            public.update(rows[:count])
    else:
        public.update(by_hash[: round(split.public * len(ids))])
    return [row in public for row in range(len(ids))]


def _strata(by_hash: list[int], truth: Sequence[object]) -> list[list[int]]:
    """The rows of each class, or of each tenth where the truth is numbers too many to be classes, as in `by_hash`."""
    place = {row: index for index, row in enumerate(by_hash)}
    keys: dict[int, Hashable] = {row: str(truth[row]) for row in by_hash}
    if len(set(truth)) > MOST_CLASSES and all(isinstance(value, float) for value in truth):
        by_value = sorted(by_hash, key=lambda row: (truth[row], place[row]))
        keys = {row: index * TENTHS // len(by_value) for index, row in enumerate(by_value)}
    strata: dict[Hashable, list[int]] = {}
    for row in by_hash:
        strata.setdefault(keys[row], []).append(row)
    return [strata[key] for key in sorted(strata)]  # type: ignore[type-var]


def _shares(sizes: list[int], fraction: float) -> list[int]:
    """How many of each stratum are public: `fraction` of it rounded down, and the rows that are left to those where the
    rounding took most, so that the whole comes out as without strata."""
    exact = [fraction * size for size in sizes]
    counts = [int(share) for share in exact]
    left = round(fraction * sum(sizes)) - sum(counts)
    most_cut = sorted(range(len(sizes)), key=lambda index: counts[index] - exact[index])
    for index in most_cut[: max(left, 0)]:
        counts[index] += 1
    return counts
