"""Every competition that is shipped: it loads, its sample scores, its baselines beat the sample and are as measured."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site

from competitions import actions, content, kinds, worker
from competitions.models import Challenge, RoundChallenge
from competitions.predictions.files import check
from competitions.predictions.score import score
from sandbox.contract import Source

ROOT = site.FIXTURES_DIR.parent
FOLDERS = sorted(path.parent for path in (site.FIXTURES_DIR / "competitions").glob("*/competition.yaml"))
MINE = {
    "ai-pair-programmer": "AI Pair Programmer",
    "document-classification": "Document Classification",
    "house-price-prediction": "House Price Prediction",
    "small-image-classification": "Small Image Classification",
}
PREDICTIONS = [folder for folder in FOLDERS if kinds.of_folder(folder).__name__.endswith(".predictions")]
# Baselines that take a second or less to measure; the others stand in baselines.py and were measured by it.
QUICK = {
    "ai-pair-programmer": ["Repeating the question", "Nearest example", "Short notes"],
    "document-classification": ["Most frequent class"],
    "small-image-classification": ["Most frequent class"],
}


def named(folders: list[Path]):
    return pytest.mark.parametrize("folder", folders, ids=[folder.name for folder in folders])


@named(FOLDERS)
def test_it_is_complete(folder: Path) -> None:
    kind = kinds.of_folder(folder)
    assert kind.check_folder(folder) == []
    competition = kind.load_folder(folder)
    assert competition.slug == folder.name
    assert {"starter.ipynb"} <= set(competition.files)
    assert (folder / "README.md").is_file()
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 6_000_000


@pytest.mark.parametrize("slug", MINE)
def test_the_titles_are_those_of_the_course_s_notebooks(slug: str) -> None:
    folder = site.FIXTURES_DIR / "competitions" / slug
    assert kinds.of_folder(folder).load_folder(folder).title.en == MINE[slug]


@named(PREDICTIONS)
def test_the_metric_is_sound_on_its_truth(folder: Path) -> None:
    assert kinds.prove_folder(folder) == []


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [slug for slug in MINE if slug != "house-price-prediction"])
def test_the_sample_scores_and_baselines_beat_it(slug: str, course_round, alice) -> None:
    folder = site.FIXTURES_DIR / "competitions" / slug
    challenge = content.load_shipped_competition(folder)
    opening = actions.open_challenge(course_round, challenge)
    sample = (folder / "sample_submission.csv").read_bytes()
    row = actions.submit(alice, opening.round, challenge, Source("sample_submission.csv", sample), "api")
    assert worker.score(row.pk)
    row.refresh_from_db()
    assert row.verdict == "accepted"
    baselines = challenge.config["baselines"]
    assert len(baselines) >= 3
    # The most frequent class of the training data may do worse than the sample's; the others learn something.
    assert sum(line["score"] > row.score for line in baselines) >= 2
    assert max(line["score"] for line in baselines) > row.score + 0.5


@pytest.mark.parametrize("slug", QUICK)
def test_baselines_are_as_they_are_measured(slug: str) -> None:
    """Those that are quick, by the script that measured all of them."""
    folder = site.FIXTURES_DIR / "competitions" / slug
    script = str(folder / "baselines.py")
    done = subprocess.run(
        [sys.executable, script, str(folder), *QUICK[slug]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    declared = {line.title.en: line.score for line in kinds.of_folder(folder).load_folder(folder).baselines}
    lines = done.stdout.split("\n")[: len(QUICK[slug])]
    for name, public, _private in (line.split("\t") for line in lines):
        assert declared[name] == pytest.approx(float(public), abs=5e-5)


@pytest.mark.parametrize("slug", MINE)
def test_the_statements_tell_the_baselines(slug: str) -> None:
    folder = site.FIXTURES_DIR / "competitions" / slug
    competition = kinds.of_folder(folder).load_folder(folder)
    for line in competition.baselines:
        figure = f"{line.score:,.0f}" if line.score > 1 else f"{line.score:.4f}"
        assert figure in competition.statement.ko
        assert figure in competition.statement.en


@named(FOLDERS)
def test_the_starter_notebook_is_one_and_compiles(folder: Path) -> None:
    import nbformat

    notebook = nbformat.read(folder / "starter.ipynb", as_version=4)
    nbformat.validate(notebook)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    # A line that begins with "!" or "%" is the notebook's, not Python's.
    code = "\n".join(re.sub(r"^[!%].*$", "", cell, flags=re.M) for cell in cells)
    compile(code, folder.name, "exec")
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.parametrize("slug", MINE)
def test_the_starter_names_the_competition_as_the_client_looks_it_up(slug: str) -> None:
    text = (site.FIXTURES_DIR / "competitions" / slug / "starter.ipynb").read_text(encoding="utf-8")
    cells = "".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    assert f'"0317(1)", "{MINE[slug]}")' in cells
    assert "/client/examprep.py" in cells
    assert "comp.submit()" in cells


GENERATED = {
    "small-image-classification": (["--test-rows", "600"], ["train.npz", "test.npz"]),
    "document-classification": (
        ["--train-rows", "40", "--test-rows", "20"],
        ["train.npz", "test.npz", "vocab.json"],
    ),
    "ai-pair-programmer": ([], ["questions.json", "train.json", "solution.json"]),
}


@pytest.mark.parametrize("slug", GENERATED)
def test_the_generator_gives_the_same_bytes_for_the_same_seed_and_loads(
    slug: str, tmp_path, monkeypatch
) -> None:
    folder, (size, made) = site.FIXTURES_DIR / "competitions" / slug, GENERATED[slug]

    def generate(seed: str, out: Path) -> dict[str, bytes]:
        monkeypatch.setattr(sys, "argv", ["generate.py", "--seed", seed, "--out", str(out), *size])
        runpy.run_path(str(folder / "generate.py"), run_name="__main__")
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}

    first = generate("March", tmp_path / "a")
    assert generate("March", tmp_path / "b") == first
    other = generate("April", tmp_path / "c")
    assert first.keys() == other.keys() >= set(made)
    assert all(first[name] != other[name] for name in made if name != "vocab.json")
    for path in folder.iterdir():
        if not (tmp_path / "a" / path.name).exists() and path.is_file():
            (tmp_path / "a" / path.name).write_bytes(path.read_bytes())
    assert kinds.of_folder(folder).check_folder(tmp_path / "a") == []


@pytest.mark.parametrize("slug", ["small-image-classification", "document-classification"])
def test_the_data_are_as_the_statement_says(slug: str) -> None:
    import numpy as np

    folder = site.FIXTURES_DIR / "competitions" / slug
    train, test = np.load(folder / "train.npz"), np.load(folder / "test.npz")
    statement = (folder / "statement.en.md").read_text(encoding="utf-8")
    for part, arrays in (("train", train), ("test", test)):
        for name, array in arrays.items():
            shape = str(list(array.shape))
            assert f"`{name}` {array.dtype} {shape}" in statement, (part, name, array.dtype, shape)
    labels = np.bincount(train["label"])
    assert len(labels) == {"small-image-classification": 10, "document-classification": 8}[slug]
    assert labels.min() > 0.6 * labels.mean()  # no class is rare


def test_images_are_real_and_colours_tell_nothing() -> None:
    import numpy as np
    from sklearn.datasets import load_digits

    folder = site.FIXTURES_DIR / "competitions" / "small-image-classification"
    images = np.load(folder / "train.npz")["image"].astype(float)
    corner = images[:, :, 0, 0]
    shapes = np.abs(images - corner[:, :, None, None]).mean(axis=1)
    assert len(load_digits().target) == len(images) + 600
    assert shapes.reshape(len(images), -1).max(axis=1).min() > 40  # every one shows something
    assert images.mean(axis=(2, 3)).std() > 30  # and their brightness differs widely


def test_documents_are_misled_by_counting_words() -> None:
    """Names of other subjects are there, behind a denial: the subject most often named is wrong for many."""
    import numpy as np

    folder = site.FIXTURES_DIR / "competitions" / "document-classification"
    train = np.load(folder / "train.npz")
    vocab = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    assert list(vocab.values()) == list(range(len(vocab)))
    assert train["tokens"].max() < len(vocab)
    tokens = train["tokens"] == vocab["아니라"]
    assert tokens.any(axis=1).mean() > 0.5


@pytest.mark.django_db
def test_the_demo_class_plays_all_of_them(course_round) -> None:
    content.load_challenges()
    content.demo(course_round)
    opened = set(RoundChallenge.objects.values_list("challenge__slug", flat=True))
    assert {folder.name for folder in FOLDERS} <= opened
    assert set(Challenge.objects.filter(kind="answers").values_list("slug", flat=True)) == {
        "ai-pair-programmer"
    }


@named([folder for folder in PREDICTIONS if folder.name != "house-price-prediction"])
def test_an_array_in_the_order_of_the_sample_is_a_submission(folder: Path) -> None:
    import numpy as np

    from tests.competitions.arrays import npy

    competition = kinds.of_folder(folder).load_folder(folder)
    sample = (folder / "sample_submission.csv").read_bytes()
    rows = sample.count(b"\n") - 1
    zeros = npy(np.zeros(rows, dtype=np.int64))
    assert check(zeros, competition).is_valid
    assert score(zeros, competition) == score(sample, competition)
