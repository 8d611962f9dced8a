"""What a score is worth: intervals, shared ranks, the Ladder rule, charts and the report at the end. Pure: no Django. NumPy is for
workers: of these modules the web process imports shakeup and chart only.

resampling.py   bootstrap over held-out rows: 1,000 scores of one submission, on the same draws for everybody
ties.py         who shares a rank, by the paired bootstrap
ladder.py       public scores that probing does not fit (Blum & Hardt 2015)
shakeup.py      public against private at the end
chart.py        the geometry of a chart, which a template draws as SVG
"""
