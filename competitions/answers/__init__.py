"""Competitions whose entries are answers in words: question id -> text, scored by answer correctness.

    competition.py  AnswersCompetition, Question
    folder.py       a folder on disk -> AnswersCompetition; every inconsistency in it, in a sentence
    submission.py   a student's CSV or JSON -> the answers in the order of the questions, or what is wrong
    score.py        answers -> public and private score, by a judge

Pure: no Django.
"""
