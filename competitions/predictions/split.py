"""Which held-out rows are public: by a column of the solution, or by a seed.

The seeded split sorts the ids by a hash. Unlike a shuffle of numpy's or Python's generators it stays the same
over every version and machine, and over any order of the file: a split that moved would change scores already
given.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from competitions.folders import Split

USAGES = {"public": True, "private": False, "ignored": None}


def public_rows(ids: Sequence[str], split: Split, usage: Sequence[str] | None = None) -> list[bool | None]:
    """For each of `ids` True if public, False if private, None if it counts for neither.

    `usage` is the split column's text for each id, where `split.column` is set. Raises KeyError for a word in
    it that is none of Public, Private, Ignored.
    """
    if split.column:
        return [USAGES[word.strip().lower()] for word in usage or ()]
    by_hash = sorted(range(len(ids)), key=lambda row: sha256(f"{split.seed}:{ids[row]}".encode()).digest())
    public = set(by_hash[: round(split.public * len(ids))])
    return [row in public for row in range(len(ids))]
