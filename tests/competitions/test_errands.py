"""By device: runs with another seed, regrades and proofs of uploaded folders go to workers that have what they need."""

from __future__ import annotations

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile

from competitions import actions, content, worker
from competitions.actions import errands
from competitions.models import CompetitionVersion, Regrade, SeedRun
from competitions.scaffolds import create
from sandbox.jail import gpu
from tests import zips
from tests.competitions.conftest import outcome

pytestmark = pytest.mark.django_db
CODE = "house-price-code"


@pytest.fixture
def sent():
    """sent() -> the names of the queues in which messages wait on the broker (files; the real one of these tests)."""
    folder = site.VAR_DIR / "broker"
    for path in folder.glob("**/*.msg"):
        path.unlink()
    return lambda: sorted(path.name.split(".")[-2] for path in folder.glob("**/*.msg"))


@pytest.fixture
def post(client_of, teacher, django_capture_on_commit_callbacks):
    """Posts a form of the instructor's pages, and lets happen what happens after the commit."""

    def send(address: str, data: dict) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert client_of(teacher, "en").post(address, data).status_code == 302

    return send


@pytest.fixture
def entered(course_round, submitted, alice):
    """entered(device) -> a competition of programs for that device, with one scored entry."""

    def enter(device: str):
        challenge = content.load_shipped_competition(site.FIXTURES_DIR / "competitions" / CODE)
        challenge.config["device"] = device
        challenge.save()
        actions.open_challenge(course_round, challenge)
        row = submitted(alice, challenge, "x = 1\n", "program.py")
        claimed = actions.claim(row.pk, "w1")
        assert actions.record(row.pk, claimed.fencing, outcome(challenge, 5.0))
        return challenge

    return enter


def ask_for_seeds(post, entered, device: str, _folder) -> type[SeedRun]:
    post(f"/instructor/competitions/{entered(device).slug}/seeds/", {"count": "3", "seed": "7"})
    return SeedRun


def ask_for_a_regrade(post, entered, device: str, _folder) -> type[Regrade]:
    """The entry was judged by the version "hhhh"."""
    post(f"/instructor/competitions/{entered(device).slug}/regrades/", {})
    return Regrade


def upload_a_version(post, _entered, device: str, folder) -> type[CompetitionVersion]:
    create(folder, "code")
    with (folder / "competition.yaml").open("a", encoding="utf-8") as spec:
        spec.write(f"device: {device}\n")
    post("/instructor/competitions/", {"file": SimpleUploadedFile("my.zip", zips.zip_folder(folder))})
    return CompetitionVersion


ASKED = [ask_for_seeds, ask_for_a_regrade, upload_a_version]


@pytest.mark.parametrize(("device", "queue"), [("cuda", "gpu"), ("cpu", "cpu")])
@pytest.mark.parametrize("ask", ASKED)
def test_it_is_sent_to_workers_that_have_the_device(ask, device, queue, post, entered, tmp_path, sent):
    model = ask(post, entered, device, tmp_path / "my-prices")
    assert sent() == [queue]
    row = model.objects.get()
    assert (row.state, row.notified_at is None) == ("waiting", False)
    # The message is lost: the sweep sends it to the same workers.
    model.objects.update(notified_at=None)
    errands.sweep_errands()
    assert sent() == [queue, queue]


TASKS = {SeedRun: worker.run_seed, Regrade: worker.regrade, CompetitionVersion: worker.prove_version}


@pytest.mark.parametrize("ask", ASKED)
def test_a_worker_without_a_gpu_leaves_what_needs_one(ask, post, entered, tmp_path, monkeypatch):
    """Whatever brought it there: a message in the wrong queue costs the errand no attempt."""
    if gpu.find() is not None:
        pytest.skip("this machine has a GPU")
    place = worker.Workplace()
    for module in ("errands", "regrades"):
        monkeypatch.setattr(f"competitions.worker.{module}.workplace", lambda: place)
    model = ask(post, entered, "cuda", tmp_path / "my-prices")
    key = model.objects.get().pk
    assert not TASKS[model](key)
    row = model.objects.get()
    assert (row.state, row.attempts, row.fencing) == ("waiting", 0, 0)  # never claimed


def test_a_regrade_that_pauses_goes_on_at_a_worker_with_a_gpu(post, entered, tmp_path, sent):
    ask_for_a_regrade(post, entered, "cuda", tmp_path)
    claimed = errands.claim(Regrade, Regrade.objects.get().pk)
    assert errands.pause(claimed)
    assert sent() == ["gpu", "gpu"]
