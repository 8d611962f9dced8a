"""Every write of this app: a verb each, one transaction each."""

from competitions.actions.baselines import put_baselines
from competitions.actions.claiming import claim, hand_back, renew, report_progress
from competitions.actions.opening import follow_round, open_all, open_challenge
from competitions.actions.participating import choose_name
from competitions.actions.recording import record
from competitions.actions.refusals import Refused
from competitions.actions.rejudging import rejudge, rejudge_all
from competitions.actions.ruling import (
    PhasePlan,
    disqualify,
    lift_disqualification,
    set_phases,
    set_role,
    set_rules,
)
from competitions.actions.selecting import select_finals
from competitions.actions.self_reporting import report_oneself
from competitions.actions.standings import rebuild_boards
from competitions.actions.submitting import submit
from competitions.actions.sweeping import sweep
from competitions.actions.teams import accept, create_team, invite, leave, open_link, withdraw

__all__ = [
    "PhasePlan",
    "Refused",
    "accept",
    "choose_name",
    "claim",
    "create_team",
    "disqualify",
    "follow_round",
    "hand_back",
    "invite",
    "leave",
    "lift_disqualification",
    "open_all",
    "open_challenge",
    "open_link",
    "put_baselines",
    "rebuild_boards",
    "record",
    "rejudge",
    "rejudge_all",
    "renew",
    "report_oneself",
    "report_progress",
    "select_finals",
    "set_phases",
    "set_role",
    "set_rules",
    "submit",
    "sweep",
    "withdraw",
]
