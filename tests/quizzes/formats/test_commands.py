"""manage.py export_questions and import_questions: files in, files out, no database."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from quizzes import formats
from quizzes.files import read_questions
from tests.quizzes.conftest import write_questions
from tests.quizzes.entries import KINDS, entry_of


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", formats.names())
def test_a_bank_that_is_exported_and_imported_is_the_same(name, tmp_path):
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / f"bank.{name}"
    entries = [entry_of(kind) for kind in KINDS]
    write_questions(old, entries)
    said = run("export_questions", file, "--format", name, "--path", old)
    form = formats.find(name)
    wanted = [entry for entry in entries if entry["kind"] in form.KINDS]
    assert said.startswith(f"{len(wanted)} questions written")
    for entry in entries:
        assert (entry["slug"] in said) is (entry["kind"] not in form.KINDS)

    (new / "tensor").mkdir(parents=True)
    report = json.loads(run("import_questions", file, "--topic", "tensor", "--path", new, "--json"))
    assert [line["slug"] for line in report["questions"]] == [entry["slug"] for entry in wanted]
    assert yaml.safe_load((new / "tensor/bank.yaml").read_text(encoding="utf-8")) == wanted
    assert len(read_questions(new)) == len(wanted)  # and the bank takes it


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "tensor").mkdir()
    file = tmp_path / "bank.txt"
    file.write_text("Why? {=because}")
    run("import_questions", file, "--topic", "tensor", "--path", tmp_path)
    with pytest.raises(CommandError, match="is there already"):
        run("import_questions", file, "--topic", "tensor", "--path", tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("missing.xml", None, "No such file"),
        ("bad.xml", "<quiz>", "not well-formed"),
        ("good.txt", "Why? {=because}", "is no folder"),
    ],
)
def test_refusals(name, text, sentence, tmp_path):
    if text:
        (tmp_path / name).write_text(text)
    with pytest.raises(CommandError, match=sentence):
        run("import_questions", tmp_path / name, "--topic", "no-topic", "--path", tmp_path)


def test_exit_code_1_when_nothing_was_taken(tmp_path):
    (tmp_path / "essay.txt").write_text("Why? {}")
    with pytest.raises(SystemExit) as caught:
        run("import_questions", tmp_path / "essay.txt", "--topic", "tensor", "--path", tmp_path)
    assert caught.value.code == 1
