"""An instructor's data as .npz, .safetensors and .npy: images and tokens load as tables do."""

from __future__ import annotations

import os
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from competitions import kinds
from competitions.folders import FolderError
from competitions.models import Challenge
from competitions.predictions.folder import check_folder, load_folder
from competitions.predictions.score import score
from tests.competitions.arrays import npy, safetensors
from tests.competitions.folders import SPEC, make_folder

REAL = Path(__file__).parents[3] / "shared" / "data"
IMAGES = SPEC.replace("metric: mae", "metric: accuracy").replace("target: Price", "target: label")
SEEDED = IMAGES.replace("{column: Usage}", "{public: 0.5, seed: 7}")
SAMPLE = "Id,label\n" + "".join(f"{row},0\n" for row in range(6))
TRUTH = np.array([3, 1, 4, 1, 5, 9])


def images(rows: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (rows, 3, 4, 4), dtype=np.uint8)


def write(folder: Path, suffix: str, **parts: dict[str, np.ndarray]) -> Path:
    """The parts (train, test, solution) in one format, and no CSV of data."""
    files = (
        f"train{suffix}, test{suffix}"
        if suffix != ".npy"
        else "train_image.npy, train_label.npy, test_image.npy"
    )
    spec = SEEDED.replace("train.csv, test.csv", files)
    make_folder(folder, spec=spec, train=None, test=None, solution=None, sample=SAMPLE)
    for part, arrays in parts.items():
        if suffix == ".npz":
            np.savez_compressed(folder / f"{part}.npz", **arrays)
        elif suffix == ".safetensors":
            (folder / f"{part}.safetensors").write_bytes(safetensors(**arrays))
        else:
            for name, array in arrays.items():
                (folder / f"{part}_{name}.npy").write_bytes(npy(array))
    return folder


def sound() -> dict[str, dict[str, np.ndarray]]:
    return {
        "train": {"image": images(8), "label": np.arange(8)},
        "test": {"image": images(6, seed=1)},
        "solution": {"label": TRUTH},
    }


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".npy"])
def test_images_load_and_score(tmp_path, suffix: str) -> None:
    folder = write(tmp_path, suffix, **sound())
    assert check_folder(folder) == kinds.prove_folder(folder) == []
    competition = load_folder(folder)
    half = score(npy(np.array([3, 1, 4, 0, 0, 0])), competition)
    assert half.public * 3 + half.private * 3 == pytest.approx(3)
    assert score(npy(TRUTH), competition).public == 1.0
    for name in ("solution.npz", "solution.safetensors", "solution_label.npy"):
        with pytest.raises(KeyError):
            competition.path(name)


def test_the_split_may_be_an_array(tmp_path) -> None:
    parts = sound()
    parts["solution"]["Usage"] = np.array(["Public", "Public", "Private", "Private", "Ignored", "Ignored"])
    folder = write(tmp_path, ".npz", **parts)
    (folder / "competition.yaml").write_text(
        (folder / "competition.yaml").read_text().replace("{public: 0.5, seed: 7}", "{column: Usage}")
    )
    result = score(npy(np.array([3, 0, 4, 1, 0, 0])), load_folder(folder))
    assert (result.public, result.private) == (0.5, 1.0)


def test_a_table_may_have_its_solution_as_an_array(tmp_path) -> None:
    """Features as CSV, the truth as y_test.npy, as course notebooks keep them."""
    folder = make_folder(
        tmp_path, spec=SPEC.replace("{column: Usage}", "{public: 0.5, seed: 7}"), solution=None
    )
    np.save(folder / "solution.npy", np.array([1.0, 2, 3, 4, 5, 6]))
    assert check_folder(folder) == []
    assert score(npy(np.array([2.0, 3, 4, 5, 6, 7])), load_folder(folder)).private == 1.0


def without(part: str, name: str):
    def change(parts):
        del parts[part][name]

    return change


def put(part: str, name: str, array: np.ndarray):
    def change(parts):
        parts[part][name] = array

    return change


BAD = [
    ("no labels", without("train", "label"), "train", "It lacks the target: label"),
    ("labels in test", put("test", "label", TRUTH), "test", "It holds the target: label"),
    ("an array only in train", put("train", "mask", np.zeros((8, 2))), "test", "lacks an array of the other: mask"),
    ("an array only in test", put("test", "mask", np.zeros((6, 2))), "train", "lacks an array of the other: mask"),
    ("other images", put("test", "image", images(6)[:, :1]), "test", "unlike train's: image"),
    ("other type", put("test", "image", np.float32(images(6))), "test", "unlike train's: image"),
    ("a label too few", put("train", "label", np.arange(7)), "train", "The rows differ (8 / 7): image"),
    ("a row too few", put("test", "image", images(5)), "test", "The rows differ (5 / 6): image"),
    ("a truth too few", put("solution", "label", TRUTH[:5]), "solution", "6 rows are needed"),
    ("truth of another name", put("solution", "y", TRUTH), "solution", None),
    ("objects", put("train", "extra", np.array([None] * 8)), "train.npz", "dtype=object"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "where", "words"), BAD, ids=[case[0] for case in BAD])
def test_inconsistent_arrays_are_said_in_sentences(tmp_path, name, change, where, words) -> None:
    parts = sound()
    change(parts)
    problems = check_folder(write(tmp_path, ".npz", **parts))
    if words is None:
        assert problems == []  # the target is still found by its name
        return
    said = [(problem.where, problem.message.en) for problem in problems]
    assert any(place == where and words in message for place, message in said), said
    assert all(problem.message.ko for problem in problems)


def test_a_solution_that_unpacks_to_a_giant_is_refused_by_its_header(tmp_path) -> None:
    """100 MB of zeros pack into 400 kB: nothing of them is unpacked."""
    folder = write(tmp_path, ".npz", **sound())
    with (
        zipfile.ZipFile(folder / "solution.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("label.npy", "w", force_zip64=True) as member,
    ):
        layout = {"descr": "|u1", "fortran_order": False, "shape": (100_000_000,)}
        np.lib.format.write_array_header_1_0(member, layout)
        for _ in range(100):
            member.write(bytes(1_000_000))
    tracemalloc.start()
    problems = check_folder(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert any("6 rows are needed" in problem.message.en for problem in problems), problems
    assert peak < 20_000_000


@pytest.mark.parametrize("part", ["train", "test", "solution"])
def test_a_broken_archive_is_said(tmp_path, part: str) -> None:
    folder = write(tmp_path, ".npz", **sound())
    whole = (folder / f"{part}.npz").read_bytes()
    (folder / f"{part}.npz").write_bytes(whole[: len(whole) // 2])
    assert any(problem.where.startswith(part) for problem in check_folder(folder))


def test_a_table_and_arrays_do_not_mix(tmp_path) -> None:
    folder = write(tmp_path, ".npz", **sound())
    (folder / "train.csv").write_text("Id,label\n1,2\n")
    with pytest.raises(FolderError, match=r"test\.csv: The file is missing"):
        load_folder(folder)


@pytest.mark.parametrize("name", ["solution.npz", "copy.npz"])
def test_the_solution_is_never_handed_out(tmp_path, name: str) -> None:
    folder = write(tmp_path, ".npz", **sound())
    (folder / "copy.npz").write_bytes((folder / "solution.npz").read_bytes())
    described = folder / "competition.yaml"
    described.write_text(described.read_text().replace("files: [", f"files: [{name}, "))
    with pytest.raises(FolderError, match="is the solution"):
        load_folder(folder)


@pytest.mark.django_db
def test_load_competition_takes_arrays(tmp_path, course_round, alice, client_of) -> None:
    folder = write(tmp_path / "pictures", ".npz", **sound())
    call_command("load_competition", str(folder), "--open-for", "AI Essential 0317(1)")
    assert Challenge.objects.get().config["files"] == ["train.npz", "test.npz", "sample_submission.csv"]
    answer = client_of(alice).get("/competitions/six-houses/data/train.npz")
    assert b"".join(answer.streaming_content) == (folder / "train.npz").read_bytes()
    assert client_of(alice).get("/competitions/six-houses/data/solution.npz").status_code == 404


FOLDERS = sorted(path.parent for path in REAL.glob("*/competition.yaml")) if REAL.is_dir() else []


@pytest.mark.skipif(not FOLDERS, reason="no real competition data beside the checkout")
@pytest.mark.parametrize("folder", FOLDERS, ids=os.path.basename)
def test_real_data_loads(folder: Path) -> None:
    assert check_folder(folder) == []
