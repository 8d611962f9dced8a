"""How ready a student is: a forecast of an exam's score with its uncertainty, from all answers given so far.

model (pure: fit, forecast) -> simulation (pure: known students prove it) -> actions, queries
"""
