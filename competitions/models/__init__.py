"""The rows of this app.

Challenge           an exercise or a competition, made from a folder of files
  RoundChallenge    its opening for one round: window and daily quota
    QuotaDay        the tries one person took in one day of the course's zone
  Submission        one file of one person, from queue to verdict
    ScoreChange     a verdict that was judged again, and what it was before
  SelfReport        a score that a notebook claims: on no board
  Standing          one person's place on one board: derived from Submission, never edited
WorkerHeartbeat     who is there to judge
"""

from competitions.models.challenges import Challenge, RoundChallenge
from competitions.models.self_reports import SelfReport
from competitions.models.standings import Standing
from competitions.models.submissions import QuotaDay, ScoreChange, Submission
from competitions.models.workers import WorkerHeartbeat

__all__ = [
    "Challenge",
    "QuotaDay",
    "RoundChallenge",
    "ScoreChange",
    "SelfReport",
    "Standing",
    "Submission",
    "WorkerHeartbeat",
]
