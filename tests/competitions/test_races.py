"""Several at once, with real threads, on both databases; the broker is down all the while."""

from __future__ import annotations

import shutil

import pytest

from tests.competitions import servers

NO_BROKER = "redis://127.0.0.1:1/0"  # nobody listens there


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        prepared = request.getfixturevalue("prepared")
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        with servers.site(folder, CELERY_BROKER_URL=NO_BROKER) as made:
            yield made
        return
    if servers.postgres_folder() is None:
        pytest.skip("PostgreSQL is not installed here: the races were only run on SQLite")
    with (
        servers.postgres() as url,
        servers.site(folder, CELERY_BROKER_URL=NO_BROKER, DATABASE_URL=url) as made,
    ):
        made.play("set_up")
        yield made


def test_two_tabs_cannot_both_take_the_last_try_and_a_dead_broker_stops_nobody(site):
    seen = site.play("last_try")
    assert seen["codes"] == [202] * 2 + [429] * 6
    assert (seen["rows"], seen["used"], seen["files"]) == (2, 2, 2)
    assert seen["unheard"] == 2  # for the sweep to send when the broker is back


def test_a_retried_call_is_one_submission(site):
    seen = site.play("one_key")
    assert (len(seen["ids"]), seen["rows"]) == (1, 1)
    assert isinstance(seen["ids"][0], int)


def test_four_workers_claim_each_once_and_the_standing_is_right_whatever_comes_last(site):
    seen = site.play("claims")
    assert (seen["taken"], seen["unique"]) == (20, 20)
    assert seen["recorded"] == [True] * 20
    assert (seen["best"], seen["entries"]) == (95.0, 20)


def test_results_that_overlap_do_not_overwrite_each_other(site):
    assert site.play("overlap") == {"best": 90.0, "entries": 3, "failed": []}


def test_a_teams_last_tries_are_taken_once_whoever_takes_them(site):
    seen = site.play("team_last_try")
    assert seen["results"] == ["queued"] * 2 + ["quota"] * 4
    assert seen["used"] == 2


def test_one_place_in_a_team_is_for_one(site):
    assert site.play("last_place") == {"results": ["Whales", "invalid", "invalid"], "members": 3}


def test_two_teams_that_accept_each_other_become_one_once(site):
    seen = site.play("crossed_invitations")
    assert sorted(seen["results"]) in (["Otters", "invalid"], ["Whales", "invalid"])
    assert (seen["teams"], seen["members"]) == (1, 2)


def test_merging_while_both_submit_and_verdicts_come_loses_nothing(site):
    seen = site.play("merge_while_submitting")
    assert seen["results"] == ["Whales", *["queued"] * 4, "True", "True"]
    assert seen["owners"] == [seen["team"]]
    assert (seen["sent"], seen["used"], seen["best"], seen["entries"]) == (6, 6, 100.0, 2)


def test_board_and_queue_are_read_by_their_indexes(site):
    plans = site.play("plans")
    assert "standing_board" in plans["board"]
    assert "submission_queue" in plans["queue"]
