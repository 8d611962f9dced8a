"""Double click, two tabs, a lost connection, expiry during submit, two instructors: real threads on both databases.

No answer is lost, none counts twice, no one gets extra time.
"""

from __future__ import annotations

import json

import pytest

from tests.competitions import servers
from tests.quizzes.scenes import SCENES


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def seen(request, tmp_path_factory):
    """Scene -> what it saw; all of them are played in one process."""
    folder = tmp_path_factory.mktemp("quiz-races")
    if request.param == "sqlite":
        return play(folder)
    if servers.postgres_folder() is None:
        pytest.skip("PostgreSQL is not installed here: the races were only run on SQLite")
    with servers.postgres() as url:
        return play(folder, DATABASE_URL=url)


def play(folder, **environment):
    with servers.site(folder, **environment) as made:
        return json.loads(made.run("-m", "tests.quizzes.scenes", *SCENES).splitlines()[-1])


def test_a_double_click_marks_once(seen):
    found = seen["double_click"]
    assert found == {"codes": [302] * 6, "score": 3, "answers": 6, "cards": [1, 1, 1]}


def test_a_first_visit_in_six_tabs_is_one_attempt_with_one_clock(seen):
    assert seen["first_visit"] == {"codes": [200] * 6 + [302] * 6, "attempts": 2, "deadlines": 1}


def test_of_several_tabs_one_answer_is_kept_and_the_others_are_told(seen):
    assert seen["two_tabs"] == {"codes": [200, 409, 409, 409], "kept_is_the_winner": True, "revision": 1}


def test_an_answer_that_is_sent_again_is_one_answer(seen):
    assert seen["sent_again"] == {"codes": [200] * 6, "rows": 1, "revision": 1}


def test_what_was_kept_before_the_submit_counts_and_what_came_later_was_refused(seen):
    found = seen["saved_while_submitting"]
    assert found["failed"] == []
    assert found["wrongly_counted"] == []
    assert (found["unmarked"], found["scores_are_sums"]) == (0, True)
    assert set(found["codes"]) <= {200, 423}


def test_at_the_end_of_an_exam_nothing_kept_is_lost_and_nothing_late_is_kept(seen):
    found = seen["expiry"]
    assert found["failed"] == []
    assert (found["times_submitted"], found["state"]) == (1, "submitted")
    assert (found["kept_late"], found["sent_late_and_kept"], found["lost"]) == (0, 0, [])
    assert found["some_were_kept"]
    assert (found["unmarked"], found["scores_are_sums"]) == (0, True)


def test_a_pause_that_ends_four_times_at_once_moves_the_clock_once(seen):
    assert seen["one_clock"] == {"pauses": 1, "moved_by_the_pause": True, "extra_minutes": 10}


def test_a_double_click_submits_an_exam_once(seen):
    found = seen["exam_double_click"]
    assert found == {"codes": [302] * 6, "score": [8, 12], "answers": 6, "tasks": 0, "cards": [1, 1]}


def test_a_card_is_shown_once_and_answered_once(seen):
    assert seen["review_double_click"] == {"showings": 1, "codes": [302] * 6, "answered": 1, "misses": 2}


def test_two_instructors_apply_and_undo_once(seen):
    found = seen["two_instructors"]
    assert (found["applied"], found["scores"]) == ([False, False, False, True], [5] * 4)
    assert (found["undone"], found["scores_after"]) == ([False, False, False, True], [6] * 4)
    assert (found["lines"], found["scores_are_sums"]) == (8, True)


def test_a_proposal_is_applied_or_cancelled_and_never_both(seen):
    for state, was_applied, was_cancelled in seen["apply_or_cancel"]["outcomes"]:
        assert (was_applied, was_cancelled) == (state == "applied", state == "cancelled")


def test_who_submits_during_a_regrade_is_marked_by_the_new_key(seen):
    found = seen["submitted_while_applying"]
    assert found["results"] == [True] * 13
    assert found["marked_by_the_old_key"] == []
    assert found["scores_are_sums"]
