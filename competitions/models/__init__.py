"""The rows of this app.

Challenge           an exercise or a competition, made from a folder of files
  RoundChallenge    its opening for one round: window, daily quota and the other rules
    Phase           a part of the window with a board of its own
    Participant     one person, a team or a baseline: one line of a board
      Member        a person's place in it
      Invitation    to become one with another
      Ruling        what those who teach decided about it
      QuotaDay      the tries it took in one day of the course's zone
      Standing      its place on one board: derived from Submission, never edited
  Submission        one file of one person, from queue to verdict
    ScoreChange     a verdict that was judged again, and what it was before
  SelfReport        a score that a notebook claims: on no board
BadFileHour         the brake on files that were refused
CompetitionVersion  a folder that was uploaded in the browser
SeedRun             a submission run once more with another seed
WorkerHeartbeat     who is there to judge
"""

from competitions.models.challenges import Challenge, Phase, RoundChallenge
from competitions.models.errands import CompetitionVersion, SeedRun
from competitions.models.participants import Invitation, Member, Participant, Ruling
from competitions.models.self_reports import SelfReport
from competitions.models.standings import Standing
from competitions.models.submissions import BadFileHour, QuotaDay, ScoreChange, Submission
from competitions.models.workers import WorkerHeartbeat

__all__ = [
    "BadFileHour",
    "Challenge",
    "CompetitionVersion",
    "Invitation",
    "Member",
    "Participant",
    "Phase",
    "QuotaDay",
    "RoundChallenge",
    "Ruling",
    "ScoreChange",
    "SeedRun",
    "SelfReport",
    "Standing",
    "Submission",
    "WorkerHeartbeat",
]
