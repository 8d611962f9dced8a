"""Every write of this app: a verb each, one transaction each."""

from competitions.actions.claiming import claim, hand_back, renew, report_progress
from competitions.actions.opening import follow_round, open_all, open_challenge
from competitions.actions.recording import record
from competitions.actions.refusals import Refused
from competitions.actions.rejudging import rejudge, rejudge_all
from competitions.actions.self_reporting import report_oneself
from competitions.actions.submitting import submit
from competitions.actions.sweeping import sweep

__all__ = [
    "Refused",
    "claim",
    "follow_round",
    "hand_back",
    "open_all",
    "open_challenge",
    "record",
    "rejudge",
    "rejudge_all",
    "renew",
    "report_oneself",
    "report_progress",
    "submit",
    "sweep",
]
