"""Programs that train and then predict: what they are given and when, and how they end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sandbox.contract import Limits, Source, Verdict
from sandbox.runs import Job, train_and_predict
from tests.sandbox.building import notebook

TRAIN = """
import csv, os

def rows(folder, name):
    with open(os.path.join(folder, name)) as file:
        return list(csv.DictReader(file))

def train(folder, seed):
    return sum(float(row["y"]) for row in rows(folder, "train.csv")) / len(rows(folder, "train.csv"))
"""
PREDICT = """
def predict(model, folder):
    return [model + float(row["x"]) for row in rows(folder, "test.csv")]
"""
GOOD = TRAIN + PREDICT


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Two rows to train on, three held out; 20 s (far more than needed: machines may be busy) and 300 MB."""
    (tmp_path / "train.csv").write_text("x,y\n1,10\n2,20\n")
    (tmp_path / "test.csv").write_text("x\n1\n2\n3\n")
    return Job({"train.csv": tmp_path / "train.csv"}, {"test.csv": tmp_path / "test.csv"},
               Limits(seconds=20, memory_mb=300, output_kb=8), seed=7)


def run(judge, job: Job, text: str, name: str = "entry.py"):
    return train_and_predict(judge, Source(name, text.encode()), job)


def test_it_trains_and_then_predicts(judge, job):
    shares: list[float] = []
    found = train_and_predict(judge, Source("entry.py", GOOD.encode()), job, shares.append)
    assert (found.verdict, found.predictions) == (Verdict.ACCEPTED, [16.0, 17.0, 18.0])
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) >= 3
    assert found.judged_source == GOOD
    assert found.seconds > 0


def test_a_notebook_is_taken_with_its_training_cells_left_out(judge, job):
    source = notebook("!pip install torch", TRAIN, "model = train('data', 0)\nprint(predict(model, 'data'))", PREDICT)
    found = train_and_predict(judge, source, job)
    assert found.predictions == [16.0, 17.0, 18.0]
    assert "pip" not in found.judged_source
    assert "print" not in found.judged_source


def test_held_out_files_are_not_there_while_it_trains(judge, job):
    spy = "import os\nseen = sorted(os.listdir('/tmp/data'))\n" + TRAIN.replace("    return sum", "    seen.append(os.listdir(folder))\n    return sum")
    spy += "\ndef predict(model, folder):\n    return [str(seen), str(sorted(os.listdir(folder)))]\n"
    assert run(judge, job, spy).predictions == ["['train.csv', ['train.csv']]", "['test.csv', 'train.csv']"]


def test_the_seed_is_the_judges_and_another_one_gives_other_numbers(judge, job):
    lucky = "import torch\ndef train(folder, seed):\n    return float(torch.rand(1)), seed\ndef predict(model, folder):\n    return list(model)\n"
    first, again = run(judge, job, lucky), run(judge, job, lucky)
    other = run(judge, Job(job.train, job.held_out, job.limits, seed=8), lucky)
    assert first.predictions == again.predictions
    assert first.predictions[0] != other.predictions[0]
    assert first.predictions[1] != other.predictions[1]


def test_a_model_that_is_an_object_stays_and_tensors_come_back(judge, job):
    text = "import torch\nfrom torch import nn\ndef train(folder, seed):\n    model = nn.Linear(1, 1)\n    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n    for _ in range(200):\n        x = torch.rand(16, 1)\n        loss = ((model(x) - 2 * x - 1) ** 2).mean()\n        optimizer.zero_grad()\n        loss.backward()\n        optimizer.step()\n    return model\ndef predict(model, folder):\n    with torch.no_grad():\n        return model(torch.tensor([[1.0], [2.0]])).squeeze(1)\n"
    assert torch.allclose(run(judge, job, text).predictions, torch.tensor([3.0, 5.0]), atol=0.2)


@pytest.mark.parametrize(
    ("text", "verdict", "word"),
    [
        ("def train(folder, seed):\n    return 0\n", "invalid", "predict"),
        ("def predict(model, folder):\n    return 0\n", "invalid", "train"),
        ("def train(folder, seed:\n", "invalid", "line 1"),
        (GOOD.replace('row["y"]', 'row["z"]'), "runtime_error", "KeyError: 'z'"),
        ("import time\n" + GOOD.replace("    return sum", "    time.sleep(60)\n    return sum"), "time_limit", "1 s"),
        (GOOD.replace("    return sum", "    waste = bytearray(1 << 30)\n    return sum"), "memory_limit", "300 MB"),
        (GOOD.replace("    return sum", "    print('x' * 20000)\n    return sum"), "output_limit", "8 KB"),
        (GOOD.replace("    return sum", "    os._exit(0)\n    return sum"), "runtime_error", "ended itself"),
        (GOOD.replace("    return [model", "    os._exit(0)\n    return [model"), "runtime_error", "ended itself"),
    ],
)  # fmt: skip
def test_how_it_may_end(judge, job, text, verdict, word):
    if verdict == "time_limit":
        job = replace(job, limits=replace(job.limits, seconds=1))
    found = run(judge, job, text)
    assert found.verdict == verdict
    assert word in found.message.en
    assert found.message.ko
    assert found.predictions is None


def test_training_is_shown_and_predicting_is_not(judge, job):
    """What is printed or raised over held-out rows could carry them out."""
    talk = GOOD.replace("    return sum", "    print('loss', 0.5)\n    return sum")
    talk += "\nold = predict\ndef predict(model, folder):\n    print(open('/tmp/data/test.csv').read())\n    raise ValueError(open('/tmp/data/test.csv').read())\n"
    found = run(judge, job, talk)
    assert found.stdout == "loss 0.5\n"
    assert found.verdict is Verdict.RUNTIME_ERROR
    assert "ValueError" in found.message.en
    assert "1\n2" not in found.message.en + found.message.ko


def test_files_larger_than_a_frame_and_than_the_usual_tmp_arrive_whole(judge, tmp_path):
    big = tmp_path / "train.bin"
    big.write_bytes(bytes(range(256)) * (40 << 12))  # 40 MB
    (tmp_path / "test.bin").write_bytes(b"")
    text = "import hashlib\ndef train(folder, seed):\n    return hashlib.sha256(open(folder + '/train.bin', 'rb').read()).hexdigest()\ndef predict(model, folder):\n    return [model, len(open(folder + '/test.bin').read())]\n"
    import hashlib

    job = Job({"train.bin": big}, {"test.bin": tmp_path / "test.bin"}, Limits(seconds=30, memory_mb=400), 1)
    assert run(judge, job, text).predictions == [hashlib.sha256(big.read_bytes()).hexdigest(), 0]
