"""python -m sandbox: the promised shapes and exit codes, without the site and without a database."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.__main__ import main
from tests.sandbox.building import GOOD, SHIFT_SUBMISSIONS, notebook, write_package

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["file", "verdict", "score", "max_score", "seconds", "peak_memory_mb", "tests", "message"]
TEST_KEYS = ["name", "verdict", "points", "max_points", "message"]
STANDARDIZE = ROOT / "fixtures" / "exercises" / "tensor-standardize"


def sandbox(*arguments, cwd, path=()):
    """Runs the command line as a user would, from a folder of its own, with neither settings nor Django in sight."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "VAR_DIR", "DATABASE"))}
    environment["PYTHONPATH"] = os.pathsep.join([*map(str, path), str(ROOT)])
    return subprocess.run([sys.executable, "-m", "sandbox", *map(str, arguments)], cwd=cwd, env=environment,
                          capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def no_django(tmp_path_factory):
    """A folder in which `import django` ends the process."""
    folder = tmp_path_factory.mktemp("path")
    for name in ("django", "celery", "config", "competitions"):
        (folder / f"{name}.py").write_text(f"import os\nos.write(2, b'{name} was imported')\nos._exit(99)\n")
    return folder


# --- refusals ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("arguments", "words"), [
    (["judge", "no-such-exercise", __file__], "no-such-exercise"),
    (["judge", "../tensor-standardize", __file__], "tensor-standardize"),
    (["judge", "tensor-standardize", "/no/such/file.py"], "/no/such/file.py"),
    (["judge", "tensor-standardize", "/tmp"], "/tmp"),
    (["judge", "tensor-standardize", str(STANDARDIZE / "reference.py"), "/no/such/file.py"], "/no/such/file.py"),
    (["verify", "no-such-exercise"], "no-such-exercise"),
], ids=["slug", "path for a slug", "file", "folder", "second file", "verify"])
def test_what_is_not_there_is_exit_code_2(capfd, arguments, words):
    assert main(arguments) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("arguments", [[], ["judge"], ["judge", "tensor-standardize"], ["nosuch"],
                                       ["judge", "x", "y", "--json", "--verbose"], ["judge", "x", "y", "--lang", "fr"]])
def test_a_wrong_command_line_is_exit_code_2(capfd, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capfd.readouterr().err


def test_an_unreadable_package_is_exit_code_2(capfd, tmp_path):
    (write_package(tmp_path) / "tests.py").write_text("def test_it(:")
    assert main(["judge", "shift", __file__, "--packages", str(tmp_path)]) == 2
    assert "tests.py" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [["judge", "tensor-standardize", __file__], ["verify", "tensor-standardize"]])
def test_without_a_jail_it_says_so(capfd, monkeypatch, tmp_path, arguments):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(arguments) == 2
    error = capfd.readouterr().err
    assert "bubblewrap" in error
    assert "doctor" in error
    assert "Traceback" not in error


# --- judge -------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def judged(judge, tmp_path_factory, no_django):
    """One run over many files, from a folder that has nothing to do with the checkout."""
    folder = tmp_path_factory.mktemp("답안 files")
    files = {
        "good.py": (STANDARDIZE / "reference.py").read_bytes(),
        "wrong.py": b"def standardize(x, eps=1e-8):\n    return x\n",
        "raises.py": b"def standardize(x, eps=1e-8):\n    raise ValueError('no')\n",
        "broken.py": b"def standardize(x, eps=1e-8:\n",
        "blank.py": b"",
        "picture.png": b"\x89PNG",
        "windows.py": "# 한글\n".encode("cp949"),
        "노트북 (1).ipynb": notebook("!pip install torch", (STANDARDIZE / "reference.py").read_text()).data,
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    names = list(files)
    done = sandbox("judge", "tensor-standardize", *names, "--json", cwd=folder, path=[no_django])
    assert done.returncode == 0, done.stderr
    return dict(zip(names, map(json.loads, done.stdout.splitlines()), strict=True))


def test_one_object_per_file_in_their_order(judged):
    assert [row["file"] for row in judged.values()] == list(judged)


def test_the_shape_of_an_object(judged):
    for row in judged.values():
        assert list(row) == KEYS
        assert all(list(test) == TEST_KEYS for test in row["tests"])
        assert isinstance(row["score"], (int, float))
        assert row["max_score"] == 100
        assert row["seconds"] >= 0
        assert row["peak_memory_mb"] >= 0
        assert row["score"] == sum(test["points"] for test in row["tests"])
        assert isinstance(row["message"], str)


@pytest.mark.parametrize(("name", "verdict", "score", "tests"), [
    ("good.py", "accepted", 100, 5), ("노트북 (1).ipynb", "accepted", 100, 5), ("wrong.py", "wrong_answer", 0, 5),
    ("raises.py", "runtime_error", 0, 5), ("broken.py", "invalid", 0, 0), ("blank.py", "invalid", 0, 0),
    ("picture.png", "invalid", 0, 0), ("windows.py", "invalid", 0, 0),
])
def test_the_verdict_of_each_file(judged, name, verdict, score, tests):
    row = judged[name]
    assert (row["verdict"], row["score"], len(row["tests"])) == (verdict, score, tests), row
    assert sum(test["max_points"] for test in row["tests"]) == (100 if tests else 0)
    assert row["message"]


def test_korean_is_the_default(judged):
    assert judged["good.py"]["message"] .endswith("통과했습니다.")
    assert "UTF-8" in judged["windows.py"]["message"]


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A folder of packages with the exercise "shift" and a second one whose submissions are not what they say."""
    folder = tmp_path_factory.mktemp("packages")
    third = {"wrong_answer/tripled.py": '"""ko: 세 번 더했습니다.\nen: by was added three times."""\n\n'
                                        "def shift(x, by=1.0):\n    return x + 3 * by\n",
             "accepted/other.py": GOOD}
    write_package(folder, "shift", submissions={**SHIFT_SUBMISSIONS, **third})
    write_package(folder, "shift-wrong", submissions={
        **SHIFT_SUBMISSIONS, **third, "accepted/liar.py": "def shift(x, by=1.0):\n    return x - by\n",
        "wrong_answer/right.py": '"""ko: 맞음\nen: right"""\n\n' + GOOD, "wrong_answer/mute.py": "def shift(x, by=1.0):\n    return x\n"})
    return folder


@pytest.fixture
def warm(judge, monkeypatch):
    """The command line in this process, with the judge that is warm already: every start of a zygote takes seconds."""
    monkeypatch.setattr("sandbox.judge.Judge", lambda: contextlib.nullcontext(judge))
    return main


@pytest.mark.parametrize(("language", "words"), [("ko", "통과했습니다."), ("en", "Some of the tests")])
def test_verbose_is_for_people(warm, own, tmp_path, capfd, language, words):
    file = tmp_path / "some.py"
    file.write_text("print('hello from me')\ndef shift(x, by=1.0):\n    return x + 1.0\n")
    assert warm(["judge", "shift", str(file), "--verbose", "--lang", language, "--packages", str(own)]) == 0
    text = capfd.readouterr().out
    assert str(file) in text
    assert words in text
    assert "60/100" in text
    assert "hello from me" in text
    assert {"ko": "여러 크기", "en": "Several sizes"}[language] in text
    with pytest.raises(ValueError):
        json.loads(text)


def test_a_judge_error_is_exit_code_1(warm, tmp_path, capfd):
    write_package(tmp_path, "broken", tests="@points(100)\ndef test_it(student, reference, rng):\n    raise KeyError\n")
    file = tmp_path / "a.py"
    file.write_text(GOOD)
    assert warm(["judge", "broken", str(file), "--packages", str(tmp_path)]) == 1
    assert json.loads(capfd.readouterr().out)["verdict"] == "judge_error"


# --- verify and doctor -------------------------------------------------------------------------------------------

def _tried(lines):
    """What `verify` says of each claim: name -> whether it is true. A claim's name may be of two words."""
    return {line[5:].partition(":")[0]: line.startswith("ok") for line in lines[:-1]}


def test_verify_proves_packages(judge, tmp_path, no_django):
    done = sandbox("verify", "tensor-standardize", "dataset-pairs", "--quick", cwd=tmp_path, path=[no_django])
    lines = done.stdout.splitlines()
    tried = _tried(lines)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(tried.values())
    assert lines[-1] == "2 packages, 0 problems"
    shipped = {f"{slug}/{file.parent.name}/{file.name}" for slug in ("tensor-standardize", "dataset-pairs")
               for file in (ROOT / "fixtures" / "exercises" / slug / "submissions").glob("*/*.py")}
    assert len(shipped) >= 10
    assert shipped | {"tensor-standardize/reference.py", "tensor-standardize/starter.py"} <= tried.keys()


def test_verify_finds_what_is_not_as_its_folder_says(judge, own, capfd):
    assert main(["verify", "--quick", "--packages", str(own)]) == 1
    tried = _tried(capfd.readouterr().out.splitlines())
    submissions = {name: true for name, true in tried.items() if name.count("/") == 2}
    assert {name for name, true in submissions.items() if not true} == {
        "shift-wrong/accepted/liar.py", "shift-wrong/wrong_answer/right.py", "shift-wrong/wrong_answer/mute.py"}
    assert len(submissions) == 5 + 8
    assert tried["shift/reference.py"]
    assert tried["shift/starter.py"]
    assert not tried["shift"]  # three tests are too few for a package


@pytest.mark.parametrize("language", ["ko", "en"])
def test_doctor_in_json(judge, capfd, language):
    code = main(["doctor", "--json", "--lang", language])
    rows = {row["name"]: row for row in map(json.loads, capfd.readouterr().out.splitlines())}
    assert {"bubblewrap", "seccomp", "jail", "cgroup"} <= rows.keys()
    assert all(rows[name]["ok"] for name in ("bubblewrap", "seccomp", "jail"))
    assert code == (0 if rows["cgroup"]["ok"] else 1)
    for row in rows.values():
        assert row["message"]
        assert row["ok"] or row["remedy"]


def test_doctor_names_what_is_missing_with_its_remedy(capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["doctor"]) == 1
    text = capfd.readouterr().out
    assert "apt-get install bubblewrap" in text
    assert "MISS bubblewrap" in text
