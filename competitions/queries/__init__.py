"""Reads that span tables."""

from competitions.queries.boards import Board, Row, board_of, kinds_for, late_rows, place_of, ranked, view_of
from competitions.queries.challenges import Card, cards_of, find_challenge, opening_of, tries_left
from competitions.queries.charts import drawing_of, progress_of
from competitions.queries.participants import (
    best_of,
    choices_of,
    duplicates_of,
    invitations_to,
    link_named,
    participant_of,
    participants_of,
)
from competitions.queries.queue import Scoring, queue_position, queue_summary, scoring
from competitions.queries.regrades import RegradeMove, changes_for, moves_of, verdict_changes
from competitions.queries.seeds import SeedRow, seed_rows, seeds_of
from competitions.queries.shakeups import shakeup_of
from competitions.queries.submissions import all_of, filtered, history_of, visible_submission

__all__ = [
    "Board",
    "Card",
    "RegradeMove",
    "Row",
    "Scoring",
    "SeedRow",
    "all_of",
    "best_of",
    "board_of",
    "cards_of",
    "changes_for",
    "choices_of",
    "drawing_of",
    "duplicates_of",
    "filtered",
    "find_challenge",
    "history_of",
    "invitations_to",
    "kinds_for",
    "late_rows",
    "link_named",
    "moves_of",
    "opening_of",
    "participant_of",
    "participants_of",
    "place_of",
    "progress_of",
    "queue_position",
    "queue_summary",
    "ranked",
    "scoring",
    "seed_rows",
    "seeds_of",
    "shakeup_of",
    "tries_left",
    "verdict_changes",
    "view_of",
    "visible_submission",
]
