"""Review of mistakes (오답노트): what a student missed comes back when it is about to be forgotten.

    missed question ----+
    failed hidden test -+--> ReviewCard --(shown)--> Review --(answered, rated)--> ReviewCard.due_on moves
    weak topic ---------+

`listeners` and `cards` make cards, `actions` shows and rates them, `schedule` says when each comes back.
"""
