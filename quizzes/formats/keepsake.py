"""What makes a round trip lossless: our own question travels along, with a guard.

    {"guard": SHA-256 of the question as the format alone can tell it, "entry": our question}

If what is read from the format's own fields is still what it was when written, the entry is taken from the keepsake: difficulty,
pages and misconceptions for which the format has no place are there again. If somebody changed the question in
between, the guard does not fit, and what was read counts.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from quizzes import kinds
from quizzes.files import OUTER_FIELDS

from .contract import Entry

MAX_CHARACTERS = 200_000
OUTER = ("slug", "difficulty", "pages")


def keep(entry: Entry, read_back: Entry | None) -> str:
    """The keepsake of `entry`; `read_back` is what the format's own reader makes of it without a keepsake."""
    return json.dumps({"guard": guard(read_back), "entry": entry}, ensure_ascii=False, separators=(",", ":"))


def guard(read_back: Entry | None) -> str:
    inner = {name: value for name, value in (read_back or {}).items() if name not in OUTER}
    return hashlib.sha256(json.dumps(inner, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def recall(kept: str, read_back: Entry | None) -> tuple[Entry | None, bool]:
    """(our question, or `read_back` under our question's name, whether it was changed in between).

    A keepsake is only a file's claim: what is not a valid question is not believed.
    """
    entry = _parse(kept)
    if entry is None:
        return read_back, False
    if read_back is None or guard(read_back) != json.loads(kept)["guard"]:
        outer = {name: entry[name] for name in OUTER if name in entry}
        return (read_back | outer if read_back else None), True
    return entry, False


def _parse(kept: str) -> Entry | None:
    if not kept or len(kept) > MAX_CHARACTERS:
        return None
    try:
        found = json.loads(kept)
        entry: Any = found["entry"]
        known = entry["kind"] in kinds.names() and entry["difficulty"] in (1, 2, 3)
        body = {name: value for name, value in entry.items() if name not in OUTER_FIELDS}
        is_valid = known and isinstance(entry["slug"], str) and not kinds.find(entry["kind"]).validate(body)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not is_valid or not isinstance(found["guard"], str) or not isinstance(entry.get("pages", ""), str):
        return None
    entry.pop("check", None)  # a listing that came with a file is nobody's proof
    return entry
