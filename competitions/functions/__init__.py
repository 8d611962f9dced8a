"""Competitions whose entries are functions, judged by hidden unit tests: the form of HumanEval.

    competition.py  the types: FunctionsCompetition, HiddenTask
    folder.py       a folder on disk -> FunctionsCompetition; every inconsistency in it, in a sentence
    problems.py     the hidden tasks, from problems.jsonl or problems/*.py
    entries.py      a student's JSONL -> completions by task, or what is wrong with which line
    judging.py      completions -> how many of each task pass (worker only: the jail and torch)
    proof.py        the tasks prove themselves: solutions pass, wrong ones fail (jail and torch)

Pure: no Django. All but the last two are for the web process too.
"""
