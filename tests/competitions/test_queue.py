"""Exactly once: claims, leases, late workers, lost messages, faults of ours, judging again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings as site
from django.utils import timezone

from competitions import actions, conf, worker
from competitions.models import ScoreChange, Standing, Submission, WorkerHeartbeat
from competitions.worker.heartbeat import Heartbeat
from sandbox.jail import gpu
from tests.competitions.conftest import CODE, outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(open_exercise, alice, submitted):
    return submitted(alice, open_exercise.challenge)


@pytest.fixture
def messages():
    """The ids that wait on the broker (files; the real one of these tests)."""
    folder = site.VAR_DIR / "broker"

    def waiting() -> int:
        return len(list(folder.glob("**/*.cpu.msg")))

    for path in folder.glob("**/*.msg"):
        path.unlink()
    return waiting


def age(row: Submission, **moments: dt.timedelta) -> None:
    """Moves times of the row into the past."""
    Submission.objects.filter(pk=row.pk).update(
        **{name: getattr(row, name) - by if getattr(row, name) else None for name, by in moments.items()}
    )


def abandon(row: Submission) -> None:
    """The worker that holds it is dead, and its lease is over."""
    Submission.objects.filter(pk=row.pk).update(
        lease_until=timezone.now() - dt.timedelta(seconds=1),
        notified_at=timezone.now() - dt.timedelta(hours=1),
    )


# --- By device ---


@pytest.mark.parametrize("asked", ["cpu", "cuda"])
def test_a_worker_without_a_gpu_leaves_what_needs_one(open_exercise, alice, submitted, monkeypatch, asked):
    """Also one that was started for a GPU which is not there: it says so, and goes on with the rest."""
    if gpu.find() is not None:
        pytest.skip("this machine has a GPU")
    open_exercise.challenge.config["device"] = "cuda"
    open_exercise.challenge.save()
    row = submitted(alice, open_exercise.challenge)
    monkeypatch.setenv("WORKER_DEVICE", asked)
    place = worker.Workplace()
    monkeypatch.setattr("competitions.worker.scoring.workplace", lambda: place)
    assert not worker.score(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Submission.State.QUEUED, 0)
    assert not place.can_judge("exercise", "cuda")
    assert place.can_judge("exercise", "cpu") == place.fitness().is_ready
    Heartbeat(place).beat()
    beat = WorkerHeartbeat.objects.get(name=place.name)
    assert (beat.device, "GPU" in beat.message_ko) == ("cpu", asked == "cuda")


def test_what_needs_a_gpu_is_sent_to_the_queue_of_workers_that_have_one(open_exercise, alice, submitted, messages):
    open_exercise.challenge.config["device"] = "cuda"
    open_exercise.challenge.save()
    row = submitted(alice, open_exercise.challenge)
    Submission.objects.filter(pk=row.pk).update(notified_at=None)
    actions.sweep()
    names = [path.name for path in (site.VAR_DIR / "broker").glob("**/*.msg")]
    assert (messages(), len(names)) == (0, 1), names
    assert names[0].endswith(".gpu.msg")


# --- Claim and record ------------------------------------------------------------------------------------------------


def test_of_two_claims_one_has_it(row):
    first, second = actions.claim(row.pk, "w1"), actions.claim(row.pk, "w2")
    assert (first.worker, first.fencing, first.attempts) == ("w1", 1, 1)
    assert second is None


def test_recorded_once(row):
    claimed = actions.claim(row.pk, "w1")
    assert actions.record(row.pk, claimed.fencing, outcome(row.challenge, 40.0))
    assert not actions.record(row.pk, claimed.fencing, outcome(row.challenge, 100.0))
    row.refresh_from_db()
    assert (row.state, row.score) == ("done", 40.0)
    assert Standing.objects.get().entries == 1
    assert actions.claim(row.pk, "w2") is None


def test_a_late_worker_writes_nothing(row):
    late = actions.claim(row.pk, "w1")
    abandon(row)
    second = actions.claim(row.pk, "w2")

    assert not actions.record(row.pk, late.fencing, outcome(row.challenge, 100.0))
    assert not actions.renew(row.pk, late.fencing)
    assert actions.record(row.pk, second.fencing, outcome(row.challenge, 40.0))
    row.refresh_from_db()
    assert (row.score, row.worker) == (40.0, "w2")


def test_a_renewed_lease_is_not_taken_over(row):
    claimed = actions.claim(row.pk, "w1")
    abandon(row)
    assert actions.renew(row.pk, claimed.fencing)
    assert actions.claim(row.pk, "w2") is None


def test_handed_back_it_is_free_at_once_and_costs_no_attempt(row):
    claimed = actions.claim(row.pk, "w1")
    assert actions.hand_back(row.pk, claimed.fencing)
    again = actions.claim(row.pk, "w2")
    assert (again.attempts, again.fencing) == (1, 2)
    assert not actions.record(row.pk, claimed.fencing, outcome(row.challenge, 100.0))


def test_progress_is_written_by_its_holder_only(row):
    claimed = actions.claim(row.pk, "w1")
    actions.report_progress(row.pk, claimed.fencing - 1, 0.9)
    row.refresh_from_db()
    assert row.progress == 0
    actions.report_progress(row.pk, claimed.fencing, 0.37)
    row.refresh_from_db()
    assert row.progress == 37


def test_what_students_print_is_stored_whatever_it_is(row):
    import dataclasses

    claimed = actions.claim(row.pk, "w1")
    made = outcome(row.challenge, 40.0)
    nasty = dataclasses.replace(made.report, stdout="a\x00b\ud800", seconds=float("inf"))
    assert actions.record(row.pk, claimed.fencing, dataclasses.replace(made, report=nasty))
    row.refresh_from_db()
    assert row.typed_report().stdout == "a\u2400b?"


# --- Wake-ups --------------------------------------------------------------------------------------------------------


def test_submitting_sends_one_message_after_the_commit(
    open_exercise, alice, submitted, messages, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        submitted(alice, open_exercise.challenge)
        assert messages() == 0
    assert messages() == 1


def test_a_lost_message_is_sent_again_but_not_too_soon(row, messages):
    assert actions.sweep().sent == 0  # it was sent a moment ago
    age(row, notified_at=conf.resend_after() + dt.timedelta(seconds=1))
    assert actions.sweep().sent == 1
    assert messages() == 1
    assert actions.sweep().sent == 0


def test_an_abandoned_submission_is_sent_again(row, messages):
    actions.claim(row.pk, "w1")
    assert actions.sweep().sent == 0
    abandon(row)
    assert actions.sweep().sent == 1


def test_an_abandoned_one_waits_for_its_lease_and_not_for_the_resend_too(row, messages):
    actions.claim(row.pk, "w1")
    now = timezone.now()
    Submission.objects.filter(pk=row.pk).update(
        notified_at=now - dt.timedelta(seconds=3), lease_until=now - dt.timedelta(seconds=1)
    )
    assert actions.sweep().sent == 1
    assert actions.sweep().sent == 0  # it was heard a moment ago


def test_a_sweep_sends_at_most_its_limit_oldest_first(open_exercise, alice, submitted, messages):
    rows = [submitted(alice, open_exercise.challenge, CODE + f"#{n}") for n in range(5)]
    Submission.objects.update(notified_at=None)
    assert actions.sweep(limit=3).sent == 3
    unsent = Submission.objects.filter(notified_at=None).values_list("pk", flat=True)
    assert set(unsent) == {rows[3].pk, rows[4].pk}
    assert (actions.sweep(limit=3).sent, messages()) == (2, 5)


def test_heartbeats_of_long_gone_workers_are_forgotten(db):
    WorkerHeartbeat.objects.create(name="old", seen_at=timezone.now() - dt.timedelta(days=2))
    WorkerHeartbeat.objects.create(name="new")
    actions.sweep()
    assert WorkerHeartbeat.objects.get().name == "new"


# --- Faults of ours --------------------------------------------------------------------------------------------------


def test_a_fault_of_ours_is_tried_again_after_a_pause_then_shown_to_the_instructor(row):
    pauses = []
    for attempt in range(1, conf.max_attempts() + 1):
        claimed = actions.claim(row.pk, "w1")
        assert claimed.attempts == attempt
        actions.record(row.pk, claimed.fencing, outcome(row.challenge, None, "judge_error"))
        row.refresh_from_db()
        if row.state == "queued":
            assert actions.claim(row.pk, "w1") is None  # not before the pause is over
            pauses.append(row.not_before - timezone.now())
            Submission.objects.filter(pk=row.pk).update(not_before=timezone.now())
    assert (row.state, row.verdict, row.score) == ("failed", "judge_error", None)
    assert pauses == sorted(pauses)
    assert len(pauses) == 2
    assert Standing.objects.get().score is None


def test_a_submission_that_kills_its_workers_is_closed_after_three(row):
    for _ in range(conf.max_attempts()):
        assert actions.sweep().failed == 0
        assert actions.claim(row.pk, "w") is not None
        abandon(row)
    assert actions.claim(row.pk, "w") is None
    assert actions.sweep().failed == 1
    row.refresh_from_db()
    assert (row.state, row.verdict) == ("failed", "judge_error")
    assert "여러 번 중단" in row.message_ko


# --- Judging again ---------------------------------------------------------------------------------------------------


def test_a_rejudge_keeps_the_old_until_the_new_is_there(open_exercise, alice, teacher, judged):
    row = judged(alice, open_exercise.challenge, 40.0, "partial")
    assert actions.rejudge(row, teacher, "broken test") == 1
    row.refresh_from_db()
    assert (row.state, row.verdict, row.score) == ("queued", "partial", 40.0)
    assert Standing.objects.get().score == 40.0

    claimed = actions.claim(row.pk, "w1")
    actions.record(row.pk, claimed.fencing, outcome(row.challenge, 100.0))

    change = ScoreChange.objects.get()
    assert (change.by, change.reason) == (teacher, "broken test")
    assert (change.old_verdict, change.old_score, change.new_verdict, change.new_score) == (
        "partial",
        40.0,
        "accepted",
        100.0,
    )
    assert change.old_report["score"] == 40.0
    standing = Standing.objects.get()
    assert (standing.score, standing.entries) == (100.0, 1)


def test_a_worse_rejudge_lowers_the_standing_to_what_is_best_now(open_exercise, alice, teacher, judged):
    best = judged(alice, open_exercise.challenge, 90.0, "partial")
    judged(alice, open_exercise.challenge, 70.0, "partial")
    actions.rejudge(best, teacher)
    claimed = actions.claim(best.pk, "w1")
    actions.record(best.pk, claimed.fencing, outcome(best.challenge, 10.0, "partial"))
    assert Standing.objects.get().score == 70.0


def test_our_fault_in_a_rejudge_takes_nothing(open_exercise, alice, teacher, judged, settings):
    row = judged(alice, open_exercise.challenge, 40.0, "partial")
    settings.SUBMISSION_MAX_ATTEMPTS = 1
    actions.rejudge(row, teacher)
    claimed = actions.claim(row.pk, "w1")
    actions.record(row.pk, claimed.fencing, outcome(row.challenge, None, "judge_error"))
    row.refresh_from_db()
    assert (row.state, row.verdict, row.score) == ("done", "partial", 40.0)
    assert ScoreChange.objects.get().new_verdict == "judge_error"


def test_rejudging_what_is_being_judged_makes_that_verdict_void(row, teacher):
    running = actions.claim(row.pk, "w1")
    assert actions.rejudge(row, teacher) == 1
    assert not actions.record(row.pk, running.fencing, outcome(row.challenge, 100.0))
    assert not ScoreChange.objects.exists()  # there was no verdict to keep
    assert actions.rejudge(row, teacher) == 0  # it waits anyway


def test_rejudging_all_takes_the_rounds_and_no_others(
    open_exercise, course_round, alice, bob, teacher, judged
):
    rows = [judged(user, open_exercise.challenge) for user in (alice, bob)]
    other = type(course_round).objects.create(
        course=course_round.course,
        name="other",
        starts_on=course_round.starts_on,
        ends_on=course_round.ends_on,
    )
    Submission.objects.filter(pk=rows[0].pk).update(round=other)
    assert actions.rejudge_all(open_exercise.challenge, course_round, teacher) == 1
    assert list(Submission.objects.filter(state="queued")) == [rows[1]]
