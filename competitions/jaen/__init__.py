"""The addresses of the JAEN client (2.1.3 on the Python package index), which the course's notebooks already use.

Its base address is personal, `/jaen/<token>`: the token decides who is submitting. What the client posts as a score is
kept as a claim and never ranked; what it uploads is judged like any other submission.
"""
