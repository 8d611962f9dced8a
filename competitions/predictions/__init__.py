"""Competitions whose entries are files of predictions.

    competition.py  PredictionsCompetition: what such a competition is
    folder.py       a folder on disk -> PredictionsCompetition; every inconsistency in it, in a sentence
    spec.py         the fields of its own in competition.yaml
    tables.py       the folder's CSV files, read and compared
    split.py        which held-out rows are public
    csv.py          a student's CSV -> values in the order of the ids, or the rows that are wrong
    messages.py     what is said about such a CSV
    score.py        values -> public and private score (worker only: numpy and scikit-learn)

Pure: no Django. All but score.py is for the web process too, which has neither numpy nor pandas loaded.
"""
