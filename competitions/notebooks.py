"""Starter notebooks made out to the one who downloads them: the site's address and the names stand in the first cell."""

from __future__ import annotations

import json
from dataclasses import dataclass

# What the notebooks in fixtures/competitions say, and what a folder's own may say.
ADDRESSES = ("http://127.0.0.1:8000", "https://YOUR-SITE")
NAMES = ("student01", "AI Essential", "0317(1)")


@dataclass(frozen=True)
class Owner:
    """Who downloads: the site's address without a slash at its end, and the names that the client asks for."""

    site: str
    username: str
    course: str
    round: str


def made_out(notebook: str, owner: Owner) -> str:
    """The JSON of a notebook with its placeholders filled in; text that has none comes back as it is."""
    for address in ADDRESSES:
        notebook = notebook.replace(address, _in_json(owner.site))
    names = (owner.username, owner.course, owner.round)
    return notebook.replace(_in_json(_arguments(NAMES)), _in_json(_arguments(names)))


def python_text(text: str) -> str:
    """A Python literal of `text`, on one line."""
    return json.dumps(text, ensure_ascii=False)


def _arguments(names: tuple[str, ...]) -> str:
    return "Competition(" + ", ".join(python_text(name) for name in names) + ","


def _in_json(text: str) -> str:
    """`text` as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
