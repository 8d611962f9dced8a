"""examprep.py as a notebook and a terminal use it: downloaded from a running site, in a process of its own."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.competitions.conftest import CODE, COMPETITION, EXERCISE

CELLS = Path(__file__).with_name("client_cells.py")


@pytest.fixture(scope="session")
def downloaded(running, tmp_path_factory) -> Path:
    """A folder with the site's examprep.py in it."""
    folder = tmp_path_factory.mktemp("notebook")
    with urllib.request.urlopen(f"{running[1]}/client/examprep.py") as answer:
        (folder / "examprep.py").write_bytes(answer.read())
    return folder


@pytest.fixture
def python(running, downloaded):
    """python(*arguments, **environment) -> the finished process, with Alice's token and English texts."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
        variables = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(downloaded),
            "PYTHONIOENCODING": "utf-8",
            "EXAMPREP_TOKEN": running[2]["token"],
            "EXAMPREP_LANGUAGE": "en",
        }
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=downloaded,
            env={**variables, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture
def terminal(python):
    return lambda *arguments, **environment: python("-m", "examprep", *arguments, **environment)


REFUSED = [
    # arguments, environment, a word of the sentence
    (("submit", EXERCISE, "nothing.py"), {}, "no file nothing.py"),
    (("submit", "no-such-exercise", "good.py"), {}, "no-such-exercise"),
    (("--round", "9999(9)", "submit", EXERCISE, "good.py"), {}, "9999(9)"),
    (("status", "123456"), {}, "123456"),
    (("status",), {"EXAMPREP_TOKEN": "wrong"}, "token is wrong"),
    (("status",), {"EXAMPREP_TOKEN": "wrong", "EXAMPREP_LANGUAGE": "ko"}, "토큰이 맞지 않거나"),
    (("leaderboard", "nowhere"), {}, "nowhere"),
]


@pytest.mark.parametrize(("arguments", "environment", "word"), REFUSED)
def test_refused_in_a_sentence(terminal, downloaded, arguments, environment, word):
    (downloaded / "good.py").write_text(CODE)
    done = terminal(*arguments, **environment)
    assert (done.returncode, word in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr


def test_submit_status_and_leaderboard_in_a_terminal(terminal, running, downloaded):
    (downloaded / "good.py").write_text(CODE)
    done = terminal("submit", EXERCISE, "good.py")
    assert done.returncode == 0, done.stderr
    assert "accepted, Score: 100 / 100" in done.stdout
    number = done.stdout.split("#")[-1].split()[0]
    assert "accepted" in terminal("status", number).stdout
    assert "*   1 alice" in terminal("leaderboard", EXERCISE).stdout
    assert running[2]["token"] not in done.stdout + done.stderr


def test_functions_and_classes_of_a_notebook_come_with_what_they_use(python):
    done = python(str(CELLS), "sources")
    assert done.returncode == 0, done.stderr
    sources = json.loads(done.stdout.splitlines()[-1])
    assert sources["function"].startswith("import torch as torch\n")
    assert "EPS = 1e-08" in sources["function"]
    assert "def spread(" in sources["function"]
    assert "class Net(nn.Module)" in sources["class"]
    assert "import torch.nn as nn" in sources["class"]
    for source in sources.values():
        compile(source, "submission.py", "exec")


def test_programs_and_completions_become_the_files_that_competitions_take(python):
    done = python(str(CELLS), "programs")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["name"], found["jsonl_name"]) == ("submission.py", "submission.jsonl")
    assert found["defined"] == ["train", "predict", "standardize", "spread", "EPS"]
    assert found["once"] == 1
    assert found["rows"] == [
        {"task_id": "a", "completion": "    return 1\n"},
        {"task_id": "b", "completion": "    return 2\n"},
        {"task_id": "b", "completion": "    return '셋'\n"},
    ]


def test_a_function_of_a_notebook_is_judged(python):
    done = python(str(CELLS), "exercise")
    assert done.returncode == 0, done.stderr
    assert "Score: 100 / 100" in done.stdout


def test_a_competition_from_a_tensor(python, running):
    done = python(str(CELLS), "competition")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["refused"] == ["There are 3 predictions; 1459 are needed.", "Put your predictions into `prediction`."]
    assert "scored, Score: " in done.stdout  # neither right nor wrong
    assert "Rank: 1 / 1" in done.stdout
    rows = running[0].rows("SELECT via, score FROM competitions_submission WHERE id = ?", said["id"])
    assert [row["via"] for row in rows] == ["client"]


def test_answers_in_words(python):
    done = python(str(CELLS), "answers")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["count"] == 36
    assert said["refused"].startswith("Questions without an answer: q01, q02")
    assert 0 < said["score"] < 0.1
    assert "built-in judge" in said["message"]


def test_classes_from_a_tensor_and_from_an_array_file(python):
    done = python(str(CELLS), "labels")
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout.splitlines()[-1])["scores"]
    assert scores[0] == scores[1] > 0


def test_probabilities_go_under_the_columns_of_the_sample(downloaded):
    """A row for each id and a column for each class, of whatever is nested like that."""
    code = (
        "import examprep\n"
        "made = examprep.Competition.__new__(examprep.Competition)\n"
        "made._file = lambda name: b'id,cat,dog\\n7,0.5,0.5\\n9,0.5,0.5\\n'\n"
        "print(made._csv(examprep.flat([[0.25, 0.75], [1.0, 0.0]])), end='')\n"
        "try:\n    made._csv([1, 2])\nexcept examprep.ExamprepError as error:\n    print(error)\n"
    )
    variables = {"PATH": "/usr/bin:/bin", "EXAMPREP_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=downloaded, env=variables, capture_output=True, text=True, check=True
    )
    assert done.stdout == "id,cat,dog\n7,0.25,0.75\n9,1.0,0.0\nEach row needs 2 values: cat, dog.\n"


def test_somebody_elses_name(python):
    done = python(str(CELLS), "bob")
    assert "belongs to alice" in done.stdout


class Lossy(BaseHTTPRequestHandler):
    """Passes everything on, and loses the answer to the first submission."""

    target: str
    lost = 0

    def pass_on(self) -> None:
        to = urlsplit(self.target)
        there = http.client.HTTPConnection(to.hostname or "", to.port)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        there.request(self.command, self.path, body, headers)
        answer = there.getresponse()
        data = answer.read()
        if self.command == "POST" and not Lossy.lost:
            Lossy.lost = 1
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = pass_on  # noqa: N815  (the names that http.server looks for)

    def log_message(self, *_arguments) -> None:
        pass


@pytest.fixture
def lossy(running):
    Lossy.target, Lossy.lost = running[1], 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lossy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_lost_answer_costs_no_second_try(terminal, running, downloaded, lossy):
    (downloaded / "good.py").write_text(CODE + "# lost\n")
    count = "SELECT count(*) AS n FROM competitions_submission"
    before = running[0].rows(count)[0]["n"]
    done = terminal("--url", lossy, "submit", EXERCISE, "good.py")
    assert done.returncode == 0, done.stderr
    assert "Trying again" in done.stdout
    assert "Score: 100 / 100" in done.stdout
    assert (Lossy.lost, running[0].rows(count)[0]["n"]) == (1, before + 1)


def test_the_files_need_the_round(competition, open_competition, client, alice, api_of, django_user_model):
    url = f"/api/competitions/{COMPETITION}/files/"
    stranger = django_user_model.objects.create_user("mallory", password="x")
    assert client.get(f"{url}train.csv").status_code == 401
    assert api_of(stranger).get(f"{url}train.csv").status_code == 404
    assert api_of(alice).get(f"{url}train.csv").status_code == 200
    for name in ("solution.csv", "competition.yaml", "generate.py"):
        assert api_of(alice).get(url + name).status_code == 404
