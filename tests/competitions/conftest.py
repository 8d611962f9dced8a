"""What these tests begin with: one exercise and one competition of the shipped ones, open for the round."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import timezone

from tests.competitions import servers

EXERCISE = "tensor-standardize"
COMPETITION = "house-price-prediction"
CODE = "import torch\n\n\ndef standardize(x, eps=1e-8):\n    return (x - x.mean(0)) / (x.std(0) + eps)\n"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """A VAR_DIR on SQLite with the class of scenes.py in it, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    with servers.site(folder) as made:
        made.play("set_up")
    return folder


@pytest.fixture(scope="session")
def running(prepared, tmp_path_factory):
    """(site, its address, Alice's credentials): a web server and a scoring worker."""
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(prepared, folder)
    with servers.site(folder, WORKER_HEARTBEAT_SECONDS="1") as made:
        secrets = made.play("credentials")
        made.play("upload_material")
        made.worker("anna")
        yield made, made.web(), secrets


@pytest.fixture
def exercise(db):
    from competitions import content

    return content.load_exercise(site.FIXTURES_DIR / "exercises" / EXERCISE)


@pytest.fixture
def competition(db):
    from competitions import content

    return content.load_shipped_competition(site.FIXTURES_DIR / "competitions" / COMPETITION)


@pytest.fixture
def open_exercise(exercise, course_round):
    from competitions import actions

    return actions.open_challenge(course_round, exercise)


@pytest.fixture
def open_competition(competition, course_round):
    """Open until next week, five tries a day."""
    from competitions import actions

    return actions.open_challenge(course_round, competition)


@pytest.fixture
def sample_csv() -> str:
    return (site.FIXTURES_DIR / "competitions" / COMPETITION / "sample_submission.csv").read_text()


@pytest.fixture
def submitted(course_round):
    """submitted(user, challenge, text) -> a queued submission, taken in as the API does it."""
    from competitions import actions
    from sandbox.contract import Source

    def submit(user, challenge, text: str = CODE, name: str = ""):
        name = name or ("submission.py" if challenge.is_exercise else "submission.csv")
        return actions.submit(user, course_round, challenge, Source(name, text.encode()), "api")

    return submit


@pytest.fixture
def judged(submitted):
    """judged(user, challenge, score) -> a submission that a worker claimed and recorded with this score."""
    from competitions import actions

    def judge(user, challenge, score: float | None = 100.0, verdict: str = "", private: float | None = None):
        row = submitted(user, challenge, sample_of(challenge))
        claimed = actions.claim(row.pk, "test-worker")
        assert actions.record(claimed.pk, claimed.fencing, outcome(challenge, score, verdict, private))
        row.refresh_from_db()
        return row

    return judge


def sample_of(challenge) -> str:
    return CODE if challenge.is_exercise else (challenge.path / "sample_submission.csv").read_text()


def outcome(challenge, score: float | None, verdict: str = "", private: float | None = None):
    """What a judge hands to `record`: one visible test that failed with a message, one hidden."""
    from competitions.kinds.outcome import Outcome
    from sandbox.contract import Report, TestResult, Text, Verdict

    kind = Verdict(verdict or ("accepted" if score is not None else "invalid"))
    tests = (
        TestResult(
            "test_example",
            Text("예제", "Example"),
            kind,
            score or 0,
            40,
            Text("보이는 까닭", "seen reason"),
            True,
        ),
        TestResult("test_hidden", Text("숨은", "Hidden"), kind, 0, 60, Text("힌트", "a hint")),
    )
    report = Report(
        challenge.slug,
        kind,
        score or 0.0,
        100.0,
        seconds=0.25,
        peak_memory_mb=33.0,
        tests=tests,
        message=Text("한마디", "a word"),
        stdout="printed <b>",
        judged_source="x = 1\n",
        package_hash="h" * 64,
    )
    return Outcome(report, score, private)


@pytest.fixture
def ready_worker(db):
    """A heartbeat as a healthy worker writes it."""
    from competitions.models import WorkerHeartbeat

    return WorkerHeartbeat.objects.create(name="w1", seen_at=timezone.now(), is_ready=True)


@pytest.fixture
def yesterday():
    return timezone.now() - dt.timedelta(days=1)
