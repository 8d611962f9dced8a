"""What a score is worth: intervals, shared ranks, the Ladder rule, charts and the report at the end. Pure: no Django.

resampling.py   bootstrap over held-out rows: 1,000 scores of one submission, on the same draws for everybody
ties.py         who shares a rank, by the paired bootstrap
ladder.py       public scores that probing does not fit (Blum & Hardt 2015)
shakeup.py      public against private at the end
chart.py        the geometry of a chart, which a template draws as SVG
"""

from competitions.standings.ladder import Probe, Release, climb
from competitions.standings.resampling import Resampled, resample, seed_from
from competitions.standings.shakeup import Move, Shakeup, shake_up
from competitions.standings.ties import shared_ranks

__all__ = [
    "Move",
    "Probe",
    "Release",
    "Resampled",
    "Shakeup",
    "climb",
    "resample",
    "seed_from",
    "shake_up",
    "shared_ranks",
]
