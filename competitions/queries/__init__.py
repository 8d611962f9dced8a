"""Reads that span tables."""

from competitions.queries.boards import Board, board_of, kinds_for, late_rows, place_of, ranked, view_of
from competitions.queries.challenges import Card, cards_of, find_challenge, opening_of, tries_left
from competitions.queries.participants import (
    choices_of,
    duplicates_of,
    invitations_to,
    link_named,
    participant_of,
    participants_of,
)
from competitions.queries.queue import Scoring, queue_position, queue_summary, scoring
from competitions.queries.seeds import SeedRow, seed_rows, seeds_of
from competitions.queries.submissions import all_of, filtered, history_of, visible_submission

__all__ = [
    "Board",
    "Card",
    "Scoring",
    "SeedRow",
    "all_of",
    "board_of",
    "cards_of",
    "choices_of",
    "duplicates_of",
    "filtered",
    "find_challenge",
    "history_of",
    "invitations_to",
    "kinds_for",
    "late_rows",
    "link_named",
    "opening_of",
    "participant_of",
    "participants_of",
    "place_of",
    "queue_position",
    "queue_summary",
    "ranked",
    "scoring",
    "seed_rows",
    "seeds_of",
    "tries_left",
    "view_of",
    "visible_submission",
]
