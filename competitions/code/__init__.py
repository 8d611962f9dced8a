"""Competitions whose entries are programs: they train in the jail, then predict held-out rows that nobody has seen.

    competition.py  CodeCompetition: what such a competition is
    folder.py       a folder on disk -> CodeCompetition; every inconsistency in it, in a sentence
    returned.py     what `predict` returned -> the bytes of a file of predictions, or what is wrong with it
    running.py      an entry -> its scores (worker only: the jail, torch and scikit-learn)

Pure: no Django. The first two are for the web process too. What an entry defines stands in sandbox/runs.py.
"""
