"""Competitions of functions and of programs, played through: the page, the judge in its jail, the result, the board.

One file, so that one warm judge serves all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competitions import actions, content, kinds, queries, versions, worker
from competitions.actions import errands
from competitions.functions import proof
from competitions.functions.folder import load_folder
from competitions.models import Challenge, CompetitionVersion, SeedRun, Standing, Submission
from competitions.scaffolds import create
from sandbox.jail import JailMissing
from sandbox.pool import ZygoteLost
from tests import zips

pytestmark = pytest.mark.django_db
FOLDERS = site.FIXTURES_DIR / "competitions"
FUNCTIONS, CODE = "ai-pair-programmer-code", "house-price-code"


@pytest.fixture(scope="module", autouse=True)
def place() -> Iterator[worker.Workplace]:
    """The one warm judge of these tests."""
    one = worker.workplace()
    try:
        one.judge.warm_up()
    except (JailMissing, ZygoteLost, OSError) as error:
        pytest.skip(f"no jail on this machine: {error}")
    yield one
    one.close()


@pytest.fixture
def opened(course_round):
    """opened(slug) -> a shipped competition, open for the round."""

    def load(slug: str) -> Challenge:
        challenge = content.load_shipped_competition(FOLDERS / slug)
        actions.open_challenge(course_round, challenge)
        return challenge

    return load


def play(client, challenge: Challenge, name: str, data: bytes) -> Submission:
    """Sends a file on the competition's page, has it judged, and returns what became of it."""
    answer = client.post(challenge.get_absolute_url(), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    row = Submission.objects.latest("pk")
    assert worker.score(row.pk)
    row.refresh_from_db()
    return row


# --- functions ---


def test_the_starters_completions_get_the_score_on_the_board(client_of, alice, opened):
    challenge = opened(FUNCTIONS)
    browser = client_of(alice, "en")
    assert "JSONL in UTF-8, up to 10 MB" in browser.get(challenge.get_absolute_url()).content.decode()
    row = play(browser, challenge, "s.jsonl", (FOLDERS / FUNCTIONS / "baselines/starter.jsonl").read_bytes())
    declared = [line["score"] for line in challenge.config["baselines"]]
    assert (row.verdict, round(row.score, 5)) == ("accepted", declared[1])
    assert row.private_score == pytest.approx(1 / 15)
    kept = row.measurement
    assert 0 <= kept.low < row.score < kept.high < 1
    assert 0 == kept.private_low < row.private_score < kept.private_high < 0.3
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "1 of 14 public tasks pass" in page
    assert "causal_mask" in page
    assert "huber" not in page  # a private task


def test_the_result_names_no_private_task_and_no_hidden_input(client_of, alice, api_of, opened):
    challenge = opened(FUNCTIONS)
    entry = (FOLDERS / FUNCTIONS / "sample_submission.jsonl").read_bytes()
    row = play(client_of(alice, "en"), challenge, "s.jsonl", entry)
    assert (row.score, row.private_score) == (0.0, 0.0)
    tasks = [task.task_id for task in load_tasks()]
    named = [test["name"] for test in row.report["tests"]]
    assert len(named) == 14
    hidden = set(tasks) - set(named)
    for text in (
        client_of(alice).get(row.get_absolute_url()).content.decode(),
        json.dumps(api_of(alice).get(f"/api/submissions/{row.pk}/").json()),
    ):
        assert "NotImplementedError" in text
        assert [name for name in hidden if name in text] == []


def load_tasks():
    from competitions.functions.problems import read_problems

    return read_problems(FOLDERS / FUNCTIONS)


def test_every_solution_passes_and_every_wrong_one_fails(place):
    """All 29 tasks of "AI Pair Programmer: Code", with their wrong solutions and an empty body."""
    assert len(load_tasks()) == 29
    assert list(proof.prove(load_folder(FOLDERS / FUNCTIONS), place.judge)) == []
    assert all(task.wrong for task in load_tasks())


SPOILT = [
    ("return x * 2\n# --- wrong", "return x * 3\n# --- wrong", "Its solution fails"),
    ("    return x * x\n", "    return x + x\n", "A wrong answer (wrong 1) passes"),
    ("        assert found.shape == expected.shape\n        assert torch.allclose(found, expected, atol=1e-6)\n", "        pass\n", "A wrong answer (pass) passes"),
    ("        found = candidate(x)\n", "        found = candidate(print)\n", "Its test cannot be run"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), SPOILT, ids=[case[2] for case in SPOILT])
def test_a_task_that_does_not_prove_itself_is_named(place, tmp_path, old, new, words):
    create(tmp_path / "four", "functions")
    path = tmp_path / "four/problems/double.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    problems = kinds.prove_folder(tmp_path / "four", lambda: place.judge)
    assert [problem.where for problem in problems] == ["problems/double.py"] * len(problems)
    assert any(words in problem.message.en for problem in problems), problems


def test_several_samples_are_scored_by_the_unbiased_estimator(client_of, alice, course_round, tmp_path):
    """pass@2 of 3 samples of which 1 passes: 1 - C(2, 2) / C(3, 2) = 2/3; of which 2 pass: 1; of which none: 0."""
    create(tmp_path / "four", "functions")
    spec = tmp_path / "four/competition.yaml"
    spec.write_text(spec.read_text().replace("pass@1", "pass@2"))
    challenge = content.save_competition(load_folder(tmp_path / "four"), "var/four")
    Challenge.objects.filter(pk=challenge.pk).update(folder="var/competitions/four")
    (site.VAR_DIR / "competitions").mkdir(exist_ok=True)
    (site.VAR_DIR / "competitions/four").symlink_to(tmp_path / "four")
    challenge.refresh_from_db()
    actions.open_challenge(course_round, challenge)
    right = {"double": "    return x + x\n", "largest": "    return x.amax()\n"}
    bodies = {"double": [0, 1, 1], "largest": [0, 0, 1], "centred": [0, 0, 0], "row_sums": [0, 0, 0]}
    lines = [
        json.dumps({"task_id": name, "completion": right[name] if good else "    return None\n"})
        for name, goods in bodies.items()
        for good in goods
    ]
    row = play(client_of(alice), challenge, "s.jsonl", "\n".join(lines).encode())
    public, private = values_of(challenge)
    assert [row.score, row.private_score] == pytest.approx([sum(public) / 2, sum(private) / 2])
    # Of two tasks the draws are: one twice, both, the other twice.
    kept = row.measurement
    assert [kept.low, kept.high] == pytest.approx([min(public), max(public)])
    assert [kept.private_low, kept.private_high] == pytest.approx([min(private), max(private)])


def values_of(challenge: Challenge) -> list[list[float]]:
    """Those of the public and of the private tasks, known beforehand."""
    worth = {"double": 1.0, "largest": 2 / 3, "centred": 0.0, "row_sums": 0.0}
    from competitions.functions.folder import is_public
    from competitions.functions.problems import read_problems

    tasks = read_problems(challenge.path)
    parts = is_public(tasks, kinds.competition_of(challenge))
    return [
        [worth[task.task_id] for task, part in zip(tasks, parts, strict=True) if part is side]
        for side in (True, False)
    ]


def test_a_wrong_line_costs_no_try(client_of, alice, opened):
    challenge = opened(FUNCTIONS)
    file = SimpleUploadedFile("s.jsonl", b'{"task_id": "huber"')
    answer = client_of(alice, "en").post(challenge.get_absolute_url(), {"file": file})
    assert answer.status_code == 400
    assert "Line 1: This is not JSON" in answer.content.decode()
    assert not Submission.objects.exists()


# --- programs ---


@pytest.mark.parametrize(("name", "place_on_board"), [("median", 0), ("network", 2)])
def test_the_baselines_are_what_the_board_says(place, name, place_on_board):
    from competitions.code.folder import load_folder as load_code
    from competitions.code.running import run_entry
    from sandbox.contract import Source

    competition = load_code(FOLDERS / CODE)
    data = (FOLDERS / CODE / f"baselines/{name}.py").read_bytes()
    run, scores = run_entry(place.judge, Source(f"{name}.py", data), competition, 1)
    assert scores is not None, run.message
    # Training differs a little from processor to processor.
    assert scores.public == pytest.approx(competition.baselines[place_on_board].score, rel=0.1)


def test_a_notebook_trains_and_is_scored(client_of, alice, opened):
    challenge = opened(CODE)
    browser = client_of(alice, "en")
    page = browser.get(challenge.get_absolute_url()).content.decode()
    assert "A script (.py) or notebook (.ipynb), up to 5 MB" in page
    assert "60 s, 1024 MB, one CPU core" in page
    row = play(browser, challenge, "starter.ipynb", (FOLDERS / CODE / "starter.ipynb").read_bytes())
    assert row.verdict == "accepted", row.message_en
    assert 15_000 < row.score < 25_000
    kept = row.measurement
    assert 13_000 < kept.low < row.score < kept.high < 28_000
    assert 13_000 < kept.private_low < row.private_score < kept.private_high < 28_000
    assert "def predict" in row.report["judged_source"]
    assert "held_out" not in row.report["judged_source"]


@pytest.mark.parametrize("name", ["test.csv", "solution.csv", "baselines/network.py"])
def test_the_held_out_files_cannot_be_downloaded(client_of, alice, opened, name):
    challenge = opened(CODE)
    address = f"/competitions/{challenge.slug}/data/"
    assert client_of(alice).get(address + "train.csv").status_code == 200
    assert client_of(alice).get(address + name).status_code == 404


RETURNED = [
    ("return test['Id'].tolist()", 0.0, ""),
    ("return torch.full((800, 1), 160000.0)", 0.0, ""),
    ("return pd.Series([160000] * 800)", 0.0, ""),
    ("return pd.DataFrame({'Id': test['Id'][::-1], 'SalePrice': 1.0})", 0.0, ""),
    ("return test['Id'][:-1].tolist()", None, "The number of predictions is not that of the test rows"),
    ("return pd.DataFrame({'Id': test['Id'], 'Price': 1.0})", None, "The DataFrame lacks the columns SalePrice"),
    ("return pd.DataFrame({'Id': test['Id'] + 1, 'SalePrice': 1.0})", None, "the ids do not fit"),
    ("return torch.full((800,), float('nan'))", None, "Some predictions are NaN"),
    ("return torch.rand(800, 3)", None, "have another shape"),
    ("return [[1.0, 2.0]] * 800", None, "One prediction has another shape"),
    ("return None", None, "What came back is no predictions"),
    ("return {'SalePrice': 1}", None, "What came back is no predictions"),
    ("return object()", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "scored", "words"), RETURNED, ids=[case[0][7:45] for case in RETURNED])
def test_what_predict_may_return(client_of, alice, opened, line, scored, words):
    program = (
        "import pandas as pd\nimport torch\n\ndef train(folder, seed):\n    return None\n\n"
        f"def predict(model, folder):\n    test = pd.read_csv(folder + '/test.csv')\n    {line}\n"
    )
    row = play(client_of(alice), opened(CODE), "p.py", program.encode())
    assert (row.score is None) == (scored is None), row.message_en
    assert words in row.message_en
    if scored is None:
        assert "1201" not in row.message_en  # nothing of the held-out rows is said
        assert row.verdict in ("wrong_answer", "runtime_error")
        assert row.quota_day is not None  # it has seen the held-out rows: that costs a try


def test_how_programs_end_is_said_in_the_students_language(client_of, alice, opened):
    challenge = opened(CODE)
    head = "def predict(model, folder):\n    return []\n\ndef train(folder, seed):\n"
    row = play(
        client_of(alice),
        challenge,
        "p.py",
        (head + "    import torch; return torch.empty(1 << 40)\n").encode(),
    )
    assert row.verdict == "memory_limit"
    page = client_of(alice, "ko").get(row.get_absolute_url()).content.decode()
    assert "RuntimeError 오류가 났습니다" in page
    row = play(client_of(alice), challenge, "p.py", b"def train(folder, seed):\n    return 1\n")
    assert (row.verdict, row.quota_day) == ("invalid", None)
    assert "predict이(가) 정의되어 있지 않습니다" in row.message_ko


# --- another seed ---

LUCKY = """
import torch

def train(folder, seed):
    return float(torch.rand(1)) * 1000

def predict(model, folder):
    return [150000 + model] * 800
"""


def test_the_best_run_again_with_another_seed_and_keep_their_scores(
    client_of, alice, bob, teacher, opened, course_round
):
    challenge = opened(CODE)
    lucky = play(client_of(alice), challenge, "lucky.py", LUCKY.encode())
    steady = play(
        client_of(bob), challenge, "median.py", (FOLDERS / CODE / "baselines/median.py").read_bytes()
    )
    address = f"/instructor/competitions/{challenge.slug}/seeds/"
    browser = client_of(teacher, "en")
    assert "No program has run with another seed yet" in browser.get(address).content.decode()
    answer = browser.post(address, {"count": "5", "seed": "12345"}, follow=True)
    assert "The programs run again with seed 12345." in answer.content.decode()
    runs = {run.submission_id: run for run in SeedRun.objects.all()}
    assert runs.keys() == {lucky.pk, steady.pk}
    for run in runs.values():
        assert worker.run_seed(run.pk)
        assert not worker.run_seed(run.pk)  # once is enough
        run.refresh_from_db()
        assert run.state == "done"
    assert runs[steady.pk].score == steady.score
    assert runs[lucky.pk].score != lucky.score
    page = browser.get(f"{address}?seed=12345&count=5").content.decode()
    for score in (lucky.score, runs[lucky.pk].score):
        assert f"{score:,.2f}"[:9] in page.replace("\u202f", ",") or f"{round(score):,}" in page
    opening = course_round.openings.get(challenge=challenge)
    rows = queries.seed_rows(queries.view_of(opening, timezone.now(), teaches=True), 12345, 5)
    by_new_score = sorted(rows, key=lambda line: line.run.score)  # an error: less is better
    assert [line.new_rank for line in by_new_score] == [1, 2]
    assert [line.rank for line in rows] == [1, 2]
    lucky.refresh_from_db()
    assert Standing.objects.filter(best=lucky, score=lucky.score).exists()
    # The same again queues nothing new; students see none of it.
    browser.post(address, {"count": "5", "seed": "12345"})
    assert SeedRun.objects.count() == 2
    assert client_of(alice).get(address).status_code == 403
    assert "12345" not in client_of(alice).get(lucky.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"count": "0"}, "Choose a number from 1 to 50"),
        ({"count": "51"}, "Choose a number from 1 to 50"),
        ({}, "Choose a number from 1 to 50"),
        ({"count": "3", "seed": "-1"}, "A seed is a whole number"),
        ({"count": "3", "seed": "abc"}, "A seed is a whole number"),
        ({"count": "3"}, "Nobody is on the board yet"),
    ],
)
def test_what_cannot_be_run_again_is_said(client_of, teacher, opened, body, words):
    address = f"/instructor/competitions/{opened(CODE).slug}/seeds/"
    assert words in client_of(teacher, "en").post(address, body, follow=True).content.decode()
    assert not SeedRun.objects.exists()


def test_a_lost_or_abandoned_run_is_found_again_and_given_up_after_three(
    alice, client_of, opened, course_round
):
    challenge = opened(CODE)
    row = play(
        client_of(alice), challenge, "median.py", (FOLDERS / CODE / "baselines/median.py").read_bytes()
    )
    run = SeedRun.objects.create(submission=row, seed=1)
    for attempt in (1, 2, 3):
        claimed = errands.claim(SeedRun, run.pk)
        assert (claimed.state, claimed.attempts) == ("running", attempt)
        assert errands.claim(SeedRun, run.pk) is None  # it is held
        SeedRun.objects.update(lease_until=row.received_at)
    assert not errands.finish(SeedRun(pk=run.pk, fencing=1), score=1.0)  # a late worker writes nothing
    assert errands.claim(SeedRun, run.pk) is None
    errands.sweep_errands()
    run.refresh_from_db()
    assert (run.state, run.score) == ("failed", None)


# --- uploaded in the browser ---


def test_a_zip_is_checked_proved_and_opened(client_of, teacher, alice, tmp_path):
    create(tmp_path / "my-prices", "code")
    browser = client_of(teacher, "en")
    file = SimpleUploadedFile("my.zip", zips.zip_folder(tmp_path / "my-prices", "my-prices/"))
    answer = browser.post("/instructor/competitions/", {"file": file}, follow=True)
    assert "Being checked" in answer.content.decode()
    version = CompetitionVersion.objects.get()
    assert not Challenge.objects.filter(slug="my-prices").exists()
    assert worker.prove_version(version.pk)
    assert (
        "This version counts"
        in browser.get(f"/instructor/competitions/versions/{version.pk}/").content.decode()
    )
    challenge = Challenge.objects.get(slug="my-prices")
    assert challenge.folder.startswith("var/competitions/my-prices-")
    row = play(
        client_of(alice), challenge, "p.py", (tmp_path / "my-prices/sample_submission.py").read_bytes()
    )
    assert row.verdict == "accepted"


def test_a_sample_that_cannot_be_scored_shows_when_it_is_run(client_of, teacher, tmp_path, place):
    create(tmp_path / "my-prices", "code")
    sample = tmp_path / "my-prices/sample_submission.py"
    sample.write_text(sample.read_text().replace("median()", "mode(wrong=1)"))
    file = SimpleUploadedFile("my.zip", zips.zip_folder(tmp_path / "my-prices"))
    browser = client_of(teacher, "en")
    browser.post("/instructor/competitions/", {"file": file})
    version = CompetitionVersion.objects.get()
    assert worker.prove_version(version.pk)
    page = browser.get(f"/instructor/competitions/versions/{version.pk}/").content.decode()
    assert "This version was not taken" in page
    assert "sample_submission.py" in page
    assert "TypeError" in page
    assert not Challenge.objects.filter(slug="my-prices").exists()
    assert versions.path_of(version).is_dir()
