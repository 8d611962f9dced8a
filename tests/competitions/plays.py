"""Small competitions that simulated students play, with the real kinds and the worker's own code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from django.conf import settings

from competitions import actions, content, worker
from competitions.folders import Split
from competitions.models import Submission
from competitions.predictions.split import public_rows
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


def send(user, opening, text: str, name: str = "predictions.csv") -> Submission:
    """Submitted as through the API, then scored by the worker's own code in this process."""
    source = Source(name, text.encode())
    row = actions.submit(user, opening.round, opening.challenge, source, "api")
    assert worker.score(row.pk)
    row.refresh_from_db()
    return row


def true_mae(folder: Path, row: Submission, *, public: bool) -> float:
    """Of the file as it was sent, computed here."""
    solved = [line.split(",") for line in (folder / "solution.csv").read_text().split()[1:]]
    parts = public_rows([name for name, _price in solved], Split(public=0.5, seed=1))
    sent = dict(line.split(",") for line in _sent(row).split()[1:])
    pairs = zip(solved, parts, strict=True)
    errors = [abs(float(price) - float(sent[name])) for (name, price), part in pairs if part is public]
    return float(np.mean(errors))


def _sent(row: Submission) -> str:
    with row.file.open("rb") as stored:
        return stored.read().decode()


class Prices:
    """A game of predictions: students of about the same skill, who are somewhat better on the second day."""

    slug = "small-prices"
    file_name = "predictions.csv"
    sign = -1  # less is better
    turns_round = False

    def __init__(self, parent: Path) -> None:
        self.folder = make_folder(parent / self.slug)
        self._truth = truth_of(self.folder)

    def entry(self, place: int, day: int, number: int) -> str:
        """What the student at `place` (0 to 29) sends on `day` (0 or 1); `number` seeds the noise."""
        return predictions(self._truth, (0.20 + 0.005 * place) * (1.0, 0.9)[day], number)

    def worth(self, row: Submission, *, public: bool) -> float:
        """What the entry is worth by what was sent, computed here."""
        return true_mae(self.folder, row, public=public)


class Questions:
    """A game of answers in words: the later a student stands in the list, the fewer of the public questions they know, and the
    more of the private ones: at the end the board turns round. Each answer is the reference, or blank."""

    slug = "sixty-questions"
    file_name = "answers.json"
    sign = 1
    turns_round = True
    COUNT = 60

    def __init__(self, parent: Path) -> None:
        self.folder = parent / self.slug
        self.folder.mkdir()
        self._right = {f"q{n}": f"The layer {n} has {7 * n + 3} units." for n in range(self.COUNT)}
        asked = {name: {"question": f"How large is the layer of {name}?"} for name in self._right}
        solution = {
            name: {"ground_truth": {"en": text}, "Usage": "Public" if self._is_public(name) else "Private"}
            for name, text in self._right.items()
        }
        example = {"t1": {**asked["q0"], "ground_truth": "It has 5 units."}}
        texts = {
            "questions.json": json.dumps(asked),
            "solution.json": json.dumps(solution),
            "train.json": json.dumps(example),
            "sample_submission.csv": "id,answer\n" + "".join(f"{name},I do not know.\n" for name in asked),
            "statement.ko.md": "# 질문",
            "statement.en.md": "# Questions",
            "competition.yaml": f"slug: {self.slug}\nkind: answers\ntitle_ko: 예순 질문\ntitle_en: Sixty Questions\n"
            "metric: answer_correctness\nfiles: [questions.json, train.json, sample_submission.csv]\n"
            "source_ko: 만든 자료\nsource_en: Made up\nsplit: {column: Usage}\n",
        }
        for name, text in texts.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def entry(self, place: int, day: int, number: int) -> str:
        draw = np.random.default_rng(number)
        known = {True: 0.80 - 0.02 * place + 0.05 * day, False: 0.20 + 0.02 * place + 0.05 * day}
        answers = {
            name: text if draw.random() < known[self._is_public(name)] else ""
            for name, text in self._right.items()
        }
        return json.dumps(answers)

    def worth(self, row: Submission, *, public: bool) -> float:
        answers = json.loads(_sent(row))
        return (
            sum(
                text == self._right[name] for name, text in answers.items() if self._is_public(name) is public
            )
            / 30
        )

    def _is_public(self, name: str) -> bool:
        return int(name[1:]) % 2 == 0
