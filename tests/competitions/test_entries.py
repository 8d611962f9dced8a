"""A student's JSONL of completions: what is taken, and what is said of each wrong line."""

from __future__ import annotations

import json

import pytest

from competitions.functions.entries import MAX_COMPLETION, read_entry
from competitions.functions.folder import load_folder, task_ids
from competitions.scaffolds import create

IDS = ["centred", "double", "largest", "row_sums"]


@pytest.fixture(scope="module")
def competition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("entries") / "four"
    create(folder, "functions")
    return load_folder(folder)


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def one(task_id: str, completion: object = "    return x\n") -> dict:
    return {"task_id": task_id, "completion": completion}


ALL = [one(task_id) for task_id in IDS]


def test_every_task_is_answered_once_or_more(competition):
    assert task_ids(competition) == IDS
    entry = read_entry(lines(*ALL, one("double", "    return 2\n")), IDS, competition)
    assert entry.message is None
    assert entry.samples["double"] == ["    return x\n", "    return 2\n"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + lines(*ALL),  # a byte order mark
        lines(*ALL).replace(b"\n", b"\r\n"),
        lines("", *ALL, "   ", ""),
        lines(
            *({**row, "passed": True, "result": "passed"} for row in ALL)
        ),  # as HumanEval's own tool writes it
        "\n".join(
            json.dumps(one(task_id, "    return '한글'\n"), ensure_ascii=False) for task_id in IDS
        ).encode(),
    ],
)
def test_ways_to_write_it(competition, data):
    assert read_entry(data, IDS, competition).message is None


WRONG = [
    (b"", "The file is empty"),
    (b" \n\n", "The file is empty"),
    (b"PK\x03\x04rest", "This is ZIP and not JSONL"),
    (b"\x1f\x8bmore", "This is gzip"),
    (b"\x80\x04\x95", "This is pickle"),
    (json.dumps(ALL).encode(), "This is a JSON array"),
    (lines(*ALL[:3], '{"task_id": "row_sums", "completion": "x"'), "Line 4: This is not JSON (near character"),
    (lines(*ALL, "{" * 5_000), "Line 5: This is not JSON"),
    (lines(*ALL, "[" * 200_000), "Line 5: This is not JSON"),
    (lines(*ALL, "9" * 10_000), "Line 5: This is not JSON"),
    (lines(*ALL, "null"), 'Line 5: It must be an object with the texts "task_id" and "completion"'),
    (lines(*ALL[:3], one("row_sums", 3)), "Line 4: It must be an object"),
    (lines(*ALL[:3], {"task_id": ["row_sums"], "completion": "x"}), "Line 4: It must be an object"),
    (lines(*ALL, one("double ")), 'Line 5: There is no task "double "'),
    (lines(*ALL, one("problems")), 'Line 5: There is no task "problems"'),
    (lines(*ALL, *[one("double")] * 5), 'Line 9: There are more than 5 samples of "double"'),
    (lines(*ALL[:2]), "No completion for: largest, row_sums (2 in all)"),
    (lines(*ALL[:3], one("row_sums", "x" * (MAX_COMPLETION + 1))), "Line 4: The completion is longer than 50,000"),
    (lines(*ALL[:3], one("row_sums", "a\0b")), "Line 4: The completion holds characters"),
    (lines(*ALL[:3], '{"task_id": "row_sums", "completion": "\\ud800"}'), "Line 4: The completion holds characters"),
    (lines(*ALL) + b"\n\xff\xfe", "Line 5: This is not UTF-8"),
    ('{"task_id": "가", "completion": ""}'.encode("cp949"), "Line 1: This is not UTF-8"),
    (lines(*ALL) + b"\n" * 5_000_000, "There are more than 1,040 lines"),
    (b"def double(x):\n    return 2 * x\n", "Line 1: This is not JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "words"), WRONG, ids=[case[1][:45] for case in WRONG])
def test_what_is_wrong_is_said_with_its_line(competition, data, words):
    message = read_entry(data, IDS, competition).message
    assert message is not None
    assert words in message.en
    assert message.ko
    assert message.ko != message.en


def test_only_the_first_errors_are_said_and_all_are_counted(competition):
    message = read_entry(lines(*["x"] * 50), IDS, competition).message
    assert len(message.en.splitlines()) == 6
    assert "There are 46 more." in message.en


def test_pass_at_k_needs_k_samples_of_each(competition):
    from dataclasses import replace

    two = replace(competition, metric="pass@2")
    message = read_entry(lines(*ALL, one("double")), IDS, two).message
    assert "pass@2 needs at least 2 samples of each task: centred, largest, row_sums" in message.en
    assert read_entry(lines(*ALL, *ALL), IDS, two).message is None
