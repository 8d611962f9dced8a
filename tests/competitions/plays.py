"""A small competition of predictions that simulated students play, with the real kinds and the worker's own code."""

from __future__ import annotations

import numpy as np
from django.conf import settings

from competitions import actions, content, worker
from competitions.models import Submission
from sandbox.contract import Source

ROWS = 240


def make_folder(folder, *, ladder: bool = False, metric: str = "mae", shift: float = 0.0):
    """A competition's folder: ids 0 to ROWS - 1, the truth a lognormal price, half of the rows public."""
    draw = np.random.default_rng(1)
    truth = draw.lognormal(5, 0.4, ROWS).round(2) + shift
    folder.mkdir(parents=True, exist_ok=True)
    table = {
        "train.csv": ["id,size,price", *(f"{1000 + n},{n % 9},{100 + n}" for n in range(30))],
        "test.csv": ["id,size", *(f"{n},{n % 9}" for n in range(ROWS))],
        "solution.csv": ["id,price", *(f"{n},{value}" for n, value in enumerate(truth))],
        "sample_submission.csv": ["id,price", *(f"{n},150" for n in range(ROWS))],
        "statement.ko.md": ["# 가격"],
        "statement.en.md": ["# Prices"],
        "competition.yaml": [
            "slug: small-prices",
            "title_ko: 작은 가격 대회",
            "title_en: Small Prices",
            f"metric: {metric}",
            "id: id",
            "target: price",
            "split: {public: 0.5, seed: 1}",
            "files: [train.csv, test.csv, sample_submission.csv]",
            "source_ko: 만든 자료",
            "source_en: Made up",
            f"ladder: {str(ladder).lower()}",
            "baselines:",
            "  - {title_ko: 중앙값, title_en: Median, score: 60.0}",
        ],
    }
    for name, lines in table.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def truth_of(folder) -> np.ndarray:
    lines = (folder / "solution.csv").read_text().splitlines()[1:]
    return np.array([float(line.partition(",")[2]) for line in lines])


def predictions(truth: np.ndarray, noise: float, seed: int) -> str:
    """A submission whose relative error is about `noise`."""
    values = truth * np.random.default_rng(seed).lognormal(0, noise, len(truth))
    return "\n".join(["id,price", *(f"{n},{value:.3f}" for n, value in enumerate(values))]) + "\n"


def install(folder):
    """The challenge, loaded from a copy of its folder as `manage.py load_competition` does."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    return content.install_competition(folder)


def send(user, opening, text: str) -> Submission:
    """Submitted as through the API, then scored by the worker's own code in this process."""
    source = Source("predictions.csv", text.encode())
    row = actions.submit(user, opening.round, opening.challenge, source, "api")
    assert worker.score(row.pk)
    row.refresh_from_db()
    return row
