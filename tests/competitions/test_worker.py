"""Real workers: what is scored, what a kill -9 costs, what is said without a jail."""

from __future__ import annotations

import os
import shutil
import signal
import time

import pytest

from competitions import actions, worker
from competitions.kinds import competition_of
from competitions.models import QuotaDay, Standing, Submission
from competitions.predictions.score import score
from competitions.worker.leases import holding
from tests.competitions import servers

needs_jail = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="bubblewrap is not installed here: nothing can be judged"
)


@pytest.fixture
def site(tmp_path, prepared):
    folder = shutil.copytree(prepared, tmp_path / "var")
    with servers.site(folder, SUBMISSION_LEASE_SECONDS="3", WORKER_HEARTBEAT_SECONDS="1") as made:
        yield made


def state_of(site: servers.Site, number: int) -> dict:
    return site.rows("SELECT * FROM competitions_submission WHERE id = ?", number)[0]


def ready(site: servers.Site) -> list[str]:
    rows = site.rows("SELECT name FROM competitions_workerheartbeat WHERE is_ready")
    return [row["name"].partition("@")[0] for row in rows]


@needs_jail
def test_kill_9_while_it_is_judged_and_another_worker_scores_it_once(site):
    workers = {name: site.worker(name) for name in ("anna", "berta")}
    site.beat()
    servers.wait_for(lambda: sorted(ready(site)) == ["anna", "berta"], "both workers are ready")
    number = site.play("submit", "slow")["id"]
    held = servers.wait_for(
        lambda: state_of(site, number)["state"] == "running" and state_of(site, number), "claimed"
    )
    killed = held["worker"].partition("@")[0]
    time.sleep(0.5)  # in the middle of the 2.5 s that the student's code takes
    workers[killed].send_signal(signal.SIGKILL)

    servers.wait_for(lambda: state_of(site, number)["state"] in ("done", "failed"), f"scored\n{site.logs()}")

    row = state_of(site, number)
    assert (row["state"], row["verdict"], row["score"]) == ("done", "accepted", 100.0), site.logs()
    assert (row["attempts"], row["fencing"]) == (2, 2)
    assert row["worker"].partition("@")[0] == ({"anna", "berta"} - {killed}).pop()
    (standing,) = site.rows("SELECT * FROM competitions_standing WHERE best_id IS NOT NULL")  # baselines have none
    assert (standing["entries"], standing["score"], standing["best_id"]) == (1, 100.0, number)
    assert not site.rows("SELECT * FROM competitions_scorechange")


def test_without_a_jail_it_says_so_scores_predictions_and_leaves_code_in_the_queue(site, tmp_path):
    empty = tmp_path / "no-programs"
    empty.mkdir()
    process = site.worker("lame", PATH=str(empty))
    beat = servers.wait_for(lambda: site.rows("SELECT * FROM competitions_workerheartbeat"), "a heartbeat")[0]
    assert not beat["is_ready"]
    assert "bubblewrap" in beat["message_ko"]
    code, sample = site.play("submit", "quick")["id"], site.play("submit", "sample")["id"]

    servers.wait_for(lambda: state_of(site, sample)["state"] == "done", f"scored\n{site.logs()}")

    row = state_of(site, sample)
    assert row["verdict"] == "accepted"
    assert row["score"] > 10_000  # dollars: the sample says the same price for every house
    assert row["private_score"] > 10_000
    assert (state_of(site, code)["state"], state_of(site, code)["attempts"]) == ("queued", 0)

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert not site.rows("SELECT * FROM competitions_workerheartbeat")  # it said goodbye


@pytest.mark.django_db
def test_predictions_are_scored_and_an_invalid_file_costs_no_try(
    open_competition, alice, submitted, sample_csv
):
    """The worker checks the file again: here one that reached the queue although it is broken."""
    good = submitted(alice, open_competition.challenge, sample_csv)
    bad = submitted(alice, open_competition.challenge, sample_csv)
    with open(bad.file.path, "w") as stored:
        stored.write("Id,SalePrice\n1461,free\n")
    assert worker.score(good.pk)
    assert worker.score(bad.pk)
    assert not worker.score(good.pk)  # a doubled message
    assert not worker.score(10**9)  # a message about nothing
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.verdict, good.score > 0, good.content_hash) == (
        "accepted",
        True,
        open_competition.challenge.content_hash,
    )
    expected = score(sample_csv.encode(), competition_of(open_competition.challenge))
    assert (good.score, good.private_score) == (expected.public, expected.private)
    assert good.score != good.private_score
    assert (bad.verdict, bad.score) == ("invalid", None)
    assert "free" in bad.message_en
    assert QuotaDay.objects.get().used == 1
    assert Standing.objects.get(participant__person=alice, board="live").entries == 1


@pytest.mark.django_db
def test_a_missing_file_is_our_fault(open_competition, alice, submitted, sample_csv):
    row = submitted(alice, open_competition.challenge, sample_csv)
    os.unlink(row.file.path)
    assert worker.score(row.pk)
    row.refresh_from_db()
    assert (row.state, row.verdict, row.attempts) == ("queued", "", 1)
    assert "다시 채점" in row.message_ko


@pytest.mark.django_db(transaction=True)
def test_a_long_one_keeps_its_lease_while_it_is_judged(open_exercise, alice, submitted, settings):
    settings.SUBMISSION_LEASE_SECONDS = 0.6
    row = submitted(alice, open_exercise.challenge)
    claimed = actions.claim(row.pk, "w1")
    with holding(row.pk, claimed.fencing):
        time.sleep(1.2)
        assert actions.claim(row.pk, "w2") is None
    before = Submission.objects.get(pk=row.pk).lease_until
    time.sleep(0.5)
    assert Submission.objects.get(pk=row.pk).lease_until == before  # nobody renews any more
