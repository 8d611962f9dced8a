"""`python -m sandbox new` and `replay`: an instructor's first package, and judging again as a report says."""

from __future__ import annotations

import json

import pytest

from sandbox.__main__ import main
from tests.sandbox.building import GOOD, write_package


@pytest.fixture
def warm(judge, monkeypatch):
    """Lets the command line use the tests' own warm judge."""
    monkeypatch.setattr("sandbox.judge.Judge.__enter__", lambda self: judge)
    monkeypatch.setattr("sandbox.judge.Judge.__exit__", lambda self, *error: None)


@pytest.mark.parametrize("name", ["My-Exercise", "../up", "a b", "", "-a", "한글", "a--b", "a/b"])
def test_a_name_that_is_no_slug_is_refused(tmp_path, capsys, name):
    with_dashes = ["--", name] if name.startswith("-") else [name]
    assert main(["new", "--packages", str(tmp_path), *with_dashes]) == 2
    assert "slug" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_exercise_that_is_there_is_not_overwritten(tmp_path, capsys):
    write_package(tmp_path, "mine")
    before = (tmp_path / "mine" / "tests.py").read_text()
    assert main(["new", "mine", "--packages", str(tmp_path)]) == 2
    assert "mine" in capsys.readouterr().err
    assert (tmp_path / "mine" / "tests.py").read_text() == before


def test_a_new_exercise_proves_itself(warm, tmp_path, capsys):
    assert main(["new", "my-exercise", "--packages", str(tmp_path)]) == 0
    assert "verify my-exercise" in capsys.readouterr().out
    code = main(["verify", "my-exercise", "--quick", "--packages", str(tmp_path)])
    assert (code, capsys.readouterr().out.splitlines()[-1]) == (0, "1 packages, 0 problems")


@pytest.fixture
def judged(warm, tmp_path, capsys):
    """A submission, its report in a file, and the folder of its package."""
    write_package(tmp_path / "packages")
    answer, report = tmp_path / "answer.py", tmp_path / "report.json"
    answer.write_text(GOOD.replace("x + by", "x - by"))
    assert main(["judge", "shift", str(answer), "--report", "--packages", str(tmp_path / "packages")]) == 0
    report.write_text(capsys.readouterr().out)
    return answer, report, tmp_path / "packages"


def replay(report, answer, packages):
    return main(["replay", str(report), str(answer), "--packages", str(packages)])


def test_the_same_file_gives_the_same_report(judged, capsys):
    answer, report, packages = judged
    assert replay(report, answer, packages) == 0
    assert capsys.readouterr().out.strip() == "the same: wrong_answer  0/100"


def test_another_file_is_told_apart(judged, capsys):
    answer, report, packages = judged
    answer.write_text(GOOD)
    assert replay(report, answer, packages) == 1
    assert "accepted" in capsys.readouterr().out


def test_a_changed_package_is_refused(judged, capsys):
    answer, report, packages = judged
    (packages / "shift" / "tests.py").write_text((packages / "shift" / "tests.py").read_text() + "\n# changed\n")
    assert replay(report, answer, packages) == 2
    assert "changed" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"slug": "shift"}', "no JSON"])
def test_what_is_no_report_is_refused(judged, capsys, text):
    answer, report, packages = judged
    report.write_text(text)
    assert replay(report, answer, packages) == 2
    assert "sandbox:" in capsys.readouterr().err


def test_a_report_says_what_it_takes_to_judge_again(judged):
    data = json.loads(judged[1].read_text())
    assert data["versions"].keys() >= {"python", "torch"}
    assert data["limits"]["memory_mb"] == 256
    assert len(data["package_hash"]) == 64
    assert (data["device"], type(data["seed"])) == ("cpu", int)
