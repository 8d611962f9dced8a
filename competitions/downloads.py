"""The files that a competition gives to students."""

from __future__ import annotations

from pathlib import Path

from competitions.kinds import competition_of
from competitions.models import Challenge


def path_of(challenge: Challenge, name: str) -> Path | None:
    """Where a file lies that the competition names as one to download: it knows no other, the solution least."""
    if challenge.is_exercise:
        return None
    try:
        path = competition_of(challenge).path(name)
    except KeyError:
        return None
    return path if path.is_file() else None
