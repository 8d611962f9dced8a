"""What a notebook of the course does with the JAEN client, played in a process of its own by test_jaen.py."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path

time.sleep = lambda seconds: None  # the client pauses for show

CLASS = {"edu_name": "AI Essential", "edu_rnd": "0317(1)", "edu_class": "A"}
ANSWER = "import torch\n\ndef standardize(x, eps=1e-8):\n    return (x - x.mean(0)) / (x.std(0) + eps)\n"


def project(name: str):
    import JAEN.jaen

    JAEN.jaen.URL = os.environ["JAEN_COMPETITION_BASE_URL"]
    return JAEN.jaen.Project(name, CLASS, "")


def play_competition() -> dict:
    import torch
    from JAEN import competition

    # The package's own truth is not looked at: the score is whatever the notebook says.
    competition.Competition._Competition__house_price_prediction = lambda self: 1.5
    made = competition.Competition(
        os.environ.get("NAME", "alice"), "AI Essential", "0317(1)", "House Price Prediction"
    )
    made.prediction = torch.zeros(3)
    made.submit()
    return {}


def play_questions() -> dict:
    from JAEN import competition

    made = competition.Competition("alice", "AI Essential", "0317(1)", "AI Pair Programmer")
    return {"count": len(made.questions), "keys": sorted({key for each in made.questions.values() for key in each})}


def play_project() -> dict:
    import pandas

    made = project("House Price Prediction")
    made.submit(pandas.read_csv("data/sample_submission.csv"))
    return {"files": os.listdir("data")}


def play_notebook() -> dict:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [f"줄 {n}\n" for n in range(2000)]}]
    cells.append(
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": ANSWER}
    )
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    Path("work.ipynb").write_text(json.dumps(book, indent=1))
    project("tensor-standardize").submit_ipynb("./work.ipynb")
    return {}


def play_files() -> dict:
    import JAEN

    JAEN.download_file("lesson")
    JAEN.download_file("no-such-file")
    return {"downloaded": {path.name: path.read_text() for path in Path().glob("*.txt")}}


if __name__ == "__main__":
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        result = globals()[f"play_{sys.argv[1]}"]()
    print(json.dumps({"out": printed.getvalue(), **result}))
