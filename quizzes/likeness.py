"""Which stems ask the same in other words. Plain Python."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

NEAR = 0.8  # share of common three-letter pieces from which two stems count as the same

Pieces = frozenset[tuple[str, int]]


def near_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of all pairs of texts whose likeness is NEAR or more."""
    # Shorter ones first: the likeness cannot be more than the lengths allow, so most pairs need no look.
    ranked = sorted(
        ((pieces_of(text), place) for place, text in enumerate(texts)), key=lambda pair: len(pair[0])
    )
    for (left, one), (right, other) in combinations(ranked, 2):
        if left and 2 * len(left) >= NEAR * (len(left) + len(right)) and likeness(left, right) >= NEAR:
            yield min(one, other), max(one, other)


def pieces_of(text: str) -> Pieces:
    """Every piece of three letters, counted: the second "the" is another one than the first."""
    letters = re.sub(r"\s+", " ", text.casefold())
    seen: Counter[str] = Counter()
    found = []
    for place in range(max(1, len(letters) - 2)):
        piece = letters[place : place + 3]
        seen[piece] += 1
        found.append((piece, seen[piece]))
    return frozenset(found)


def likeness(left: Pieces, right: Pieces) -> float:
    """Dice: twice what is common over what is there."""
    return 2 * len(left & right) / (len(left) + len(right))
