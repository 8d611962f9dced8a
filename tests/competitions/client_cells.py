"""Cells of a notebook that uses examprep; played by test_client.py in the folder that examprep.py lies in."""

from __future__ import annotations

import json
import sys

sys.path.insert(0, ".")

import examprep
import torch
from torch import nn

EPS = 1e-8


def spread(x):
    return torch.std(x, 0)


def standardize(x, eps=EPS):
    return (x - x.mean(0)) / (spread(x) + eps)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x):
        return self.layer(x)


def play_sources() -> dict:
    return {"function": examprep.source_of(standardize), "class": examprep.source_of(Net)}


def train(folder, seed):
    return spread(torch.zeros(2, 2)), EPS


def predict(model, folder):
    return standardize(model[0])


def play_programs() -> dict:
    """What becomes of two functions, and of completions."""
    name, source = examprep.read([train, predict])
    space: dict = {}
    exec(source, space)
    completions = {"a": "    return 1\n", "b": ["    return 2\n", "    return '셋'\n"]}
    jsonl_name, lines = examprep.read(completions)
    return {
        "name": name,
        "defined": [each for each in ("train", "predict", "standardize", "spread", "EPS") if each in space],
        "once": source.count(b"def spread"),
        "jsonl_name": jsonl_name,
        "rows": [json.loads(line) for line in lines.decode().splitlines()],
    }


def play_exercise() -> dict:
    return examprep.submit("tensor-standardize", standardize)


def play_competition() -> dict:
    made = examprep.Competition("alice", "AI Essential", "0317(1)", "House Price Prediction")
    refused = []
    for prediction in (torch.zeros(3), None):
        made.prediction = prediction
        try:
            made.submit()
        except examprep.ExamprepError as error:
            refused.append(str(error))
    made.prediction = torch.full((1459, 1), 180_000.0, requires_grad=True)
    return {"id": made.submit()["id"], "refused": refused}


def play_answers() -> dict:
    made = examprep.Competition("alice", "AI Essential", "0317(1)", "AI Pair Programmer")
    refused = ""
    try:
        made.submit()
    except examprep.ExamprepError as error:
        refused = str(error)
    for question in made.questions.values():
        question["answer"] = question["question"]
    row = made.submit()
    return {"refused": refused, "score": row["score"], "message": row["message"], "count": len(made.questions)}


def play_labels() -> dict:
    """Class numbers as a tensor, as a data frame, and as .npy."""
    import numpy as np

    made = examprep.Competition("alice", "AI Essential", "0317(1)", "Document Classification")
    made.download(".")
    rows = len(np.load("test.npz")["tokens"])
    made.prediction = torch.zeros(rows, dtype=torch.long)
    scores = [made.submit()["score"]]
    np.save("labels.npy", np.zeros(rows, dtype=np.int64))
    made.prediction = "labels.npy"
    scores.append(made.submit()["score"])
    return {"scores": scores}


def play_bob() -> dict:
    try:
        examprep.Competition("bob", "AI Essential", "0317(1)", "House Price Prediction")
    except examprep.ExamprepError as error:
        return {"refused": str(error)}
    return {}


if __name__ == "__main__":
    print("\n" + json.dumps(globals()[f"play_{sys.argv[1]}"]()))
