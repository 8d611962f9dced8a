"""Letters for what is to be ordered or matched: in the file a letter tells the key, on the page it must not.

A letter of the page is the rank of the entry's text by its digest, which depends on the texts alone and so tells nothing
of the order in which the file has them, to those who read this source as to all others.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

from .base import Body, Option, pick

LETTERS = "abcdefghijklmnop"


def page_letters(entries: Sequence[Body], name: str = "text") -> dict[str, str]:
    """An entry's id in the file -> its letter on the page."""
    ranked = sorted(entries, key=lambda entry: (_digest(entry, name), entry["id"]))
    return {entry["id"]: LETTERS[rank] for rank, entry in enumerate(ranked)}


def _digest(entry: Body, name: str) -> bytes:
    return hashlib.sha256(f"{entry[f'{name}_ko']}\0{entry[f'{name}_en']}".encode()).digest()


def shuffled_options(entries: Sequence[Body], seed: int, language: str, name: str = "text") -> list[Option]:
    """The entries with their page letters, in an order that belongs to `seed`."""
    letters = page_letters(entries, name)
    options = sorted(
        (Option(letters[entry["id"]], pick(entry, name, language)) for entry in entries),
        key=lambda each: each.id,
    )
    random.Random(seed).shuffle(options)  # noqa: S311 - an order, not a secret
    return options
