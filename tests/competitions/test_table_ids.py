"""The ids of tables, and how much of a large folder is held in memory while the web process checks it."""

from __future__ import annotations

import tracemalloc

import pytest

from competitions.folders import content_hash
from competitions.predictions import table_ids
from competitions.predictions.folder import check_folder, load_folder
from tests.competitions.folders import FILES, make_folder

WRONG = [
    ("train", "2,200", "1,200", "train.csv", "empty or there twice"),
    ("train", "2,200", ",200", "train.csv", "empty or there twice"),
    ("train", FILES["train.csv"], "Id,Area,Alley,Price\n", "train.csv", "no row of data"),
    ("test", "12,120", ",120", "test.csv", "empty or there twice"),
    ("solution", "12,", "11,", "solution.csv", "empty or there twice"),
    ("solution", "12,", "11,", "solution.csv", "1 ids differ from those of test.csv: 12"),
    ("solution", "12,", ",", "solution.csv", "empty or there twice"),
    ("solution", "16,600,Ignored\n", "", "solution.csv", "1 ids differ from those of test.csv: 16"),
    ("sample", "12,0\n", "12,0\n12,0\n", "sample_submission.csv", "empty or there twice"),
    ("sample", "12,0\n", "12,0\n98,0\n99,0\n", "sample_submission.csv", "2 ids differ from those of test.csv: 98, 99"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "where", "words"), WRONG)
def test_what_is_wrong_with_the_ids_is_said_by_table(tmp_path, table, old, new, where, words):
    name = {"sample": "sample_submission"}.get(table, table)
    text = FILES[f"{name}.csv"]
    assert old in text
    folder = make_folder(tmp_path, **{table: text.replace(old, new)})
    said = [(problem.where, problem.message.en) for problem in check_folder(folder)]
    assert any(place == where and words in message for place, message in said), said


@pytest.mark.parametrize("name", ["test.csv", "solution.csv", "sample_submission.csv"])
def test_more_rows_than_can_be_held_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(table_ids, "MOST_ROWS", 6)
    assert check_folder(make_folder(tmp_path)) == []
    with (tmp_path / name).open("a") as file:
        file.write(FILES[name].splitlines()[1] + "\n")
    said = {problem.where: problem.message.en for problem in check_folder(tmp_path)}
    assert said == {name: "It has more than 6 rows."}


def test_a_sample_that_no_student_could_submit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(table_ids, "MAX_BYTES", 10)
    (problem,) = check_folder(make_folder(tmp_path))
    assert (problem.where, "no student could submit it" in problem.message.en) == (
        "sample_submission.csv",
        True,
    )


def test_a_large_table_is_read_row_by_row(tmp_path):
    """Of 4 MB neither checking nor hashing may hold a third."""
    words = "word " * 200
    train = "Id,Area,Alley,Price\n" + "".join(f"{100 + row},1,{words},1\n" for row in range(4000))
    folder = make_folder(tmp_path, train=train)
    tracemalloc.start()
    try:
        assert check_folder(folder) == []
        content_hash(load_folder(folder))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < len(train) / 3
