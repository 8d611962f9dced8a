"""manage.py check_bank: exit codes, totals, and what it finds in a broken bank. Without a jail it proves nothing and says so."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from .conftest import choice_entry, number_entry, write_questions
from .entries import FIELDS, entry_of

CHECKS = {
    "multiple_choice": "answer = ['c', 'a']",
    "true_false": "answer = bool(torch.ones(2).sum() == 2)",
    "short_text": "answer = 'DROPOUT'",
    "ordering": "answer = list('abcd')",
    "matching": "answer = {'a': 'a', 'b': 'b', 'c': 'c'}",
    "fill_in_code": "answer = x.shape == (4, 3) and y.shape == (4,)",
    "parametrised": "answer = nn.Conv1d(1, 1, k)(torch.zeros(1, 1, n)).shape[-1]",
}


def check_bank(*arguments):
    """Exit code and totals."""
    out = StringIO()
    try:
        call_command("check_bank", "--json", *map(str, arguments), stdout=out)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.fixture(scope="module")
def jail():
    from sandbox.doctor import check_jail

    if not check_jail().ok:
        pytest.skip("no jail on this machine: no key was proved")


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="is no folder"):
        check_bank("--path", tmp_path / "nothing")


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path):
    write_questions(tmp_path, [choice_entry("one", stem_ko="")])
    code, totals = check_bank("--path", tmp_path)
    assert code == 1
    assert "one: stem_ko: a text is missing here" in totals["problems"][0]


def test_without_a_jail_nothing_runs_and_the_exit_code_says_so(tmp_path, monkeypatch):
    from sandbox.jail import bubblewrap

    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    write_questions(
        tmp_path, [number_entry("one", 2, check=f"open({str(tmp_path / 'ran')!r}, 'w')\nanswer = 2")]
    )
    err = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_bank", "--path", str(tmp_path), stdout=StringIO(), stderr=err)
    assert end.value.code == 2
    assert "No jail can be built" in err.getvalue()
    assert not (tmp_path / "ran").exists()


def test_a_good_bank_of_every_kind(tmp_path, jail):
    entries = [entry_of(kind, **({"check": CHECKS[kind]} if kind in CHECKS else {})) for kind in FIELDS]
    entries += [
        choice_entry("one-choice", check="answer = 'b'"),
        number_entry("one-number", 6, check="answer = torch.tensor(6.)"),
    ]
    for entry, word in zip(
        entries, ["합성곱", "순환망", "어텐션", "임베딩", "풀링층", "손실값", "배치화", "과적합", "전이됨", "최적화"], strict=True
    ):
        if entry["kind"] != "parametrised":
            entry |= {
                "stem_ko": f"{word} {word} 물음입니다.",
                "stem_en": f"{entry['slug']} {entry['kind']} is asked for.",
            }
    write_questions(tmp_path, entries)
    code, totals = check_bank("--path", tmp_path)
    assert totals["problems"] == []
    assert code == 0
    assert (totals["questions"], totals["parametrised"], totals["checked"]) == (10, 1, 10)
    assert totals["topics"] == {"tensor": 10}
    assert totals["kinds"] == dict.fromkeys(sorted([*FIELDS, "single_choice", "numeric"]), 1)


BROKEN = {
    "single": (choice_entry("single", check="answer = 'a'"), "gives a, the key is 'b'"),
    "number": (number_entry("number", 7, check="answer = torch.ones(2, 3).numel()"), "gives 6"),
    "nothing": (number_entry("nothing", 7, check="x = 7"), "the key is '7'"),
    "text-for-number": (number_entry("text-for-number", 7, check="answer = '7'"), "gives 7"),
    "truth": (entry_of("true_false", "truth", check="answer = 1"), "gives 1"),
    "raises": (number_entry("raises", 7, check="answer = torch.ones(2) @ torch.ones(3)"), "RuntimeError"),
    "syntax": (number_entry("syntax", 7, check="answer = ("), "SyntaxError"),
    "object": (number_entry("object", 7, check="answer = nn.Linear(1, 1)"), "TypeError"),
    "output": (entry_of("predict_output", "output", output="0 x\n2 x"), "prints '0 x\\n1 x\\n'"),
    "warns": (
        entry_of("predict_output", "warns", code="import sys\nprint('!', file=sys.stderr)\n"),
        "prints '!",
    ),
    "gap": (entry_of("fill_in_code", "gap", check="answer = x.shape == (3, 3)"), "gives False"),
    "one-seed": (entry_of("parametrised", "one-seed", check="answer = n - k + 1 + (k == 7)"), "'k': 7"),
    "exit": (number_entry("exit", 7, check="import os\nos._exit(0)"), "does not run"),
    "file": (
        number_entry("file", 7, check=f"answer = len(open({settings.FIXTURES_DIR!s} + '/README.md').read())"),
        "does not run",
    ),
    "network": (number_entry("network", 7, check="import socket\nsocket.socket()"), "does not run"),
    "after": (number_entry("after", 7, check="answer = 7"), ""),
}


def test_every_broken_key_is_named_and_the_rest_still_runs(tmp_path, jail):
    write_questions(tmp_path, [entry for entry, _ in BROKEN.values()])
    code, totals = check_bank("--path", tmp_path)
    assert code == 1
    found = {}
    for problem in totals["problems"]:
        place, _, words = problem.partition(": ")
        slug, _, words = words.partition(": ")
        if place.startswith("tensor/basics.yaml:") and "check" in words:
            found[slug] = words
    assert set(found) == {slug for slug, (_, words) in BROKEN.items() if words}
    assert {slug: words for slug, words in found.items() if BROKEN[slug][1] not in words} == {}


def test_only_one_topic_is_looked_at(tmp_path, jail):
    write_questions(tmp_path, [number_entry("one", 7, check="answer = 6")])
    write_questions(tmp_path, [number_entry("two", 7, check="answer = 7")], topic="rag")
    assert check_bank("--path", tmp_path, "--only", "rag")[0] == 0
    assert check_bank("--path", tmp_path, "--only", "tensor")[0] == 1


def test_the_shipped_bank_proves_itself(jail):
    code, totals = check_bank()
    assert totals["problems"] == []
    assert code == 0
    assert len(totals["topics"]) == 30
    assert totals["checked"] >= 30
