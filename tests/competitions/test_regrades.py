"""A version changes: judged in the shadow, shown, applied, cancelled, undone; nothing moves on a board before."""

from __future__ import annotations

import re

import pytest

from competitions import queries, worker
from competitions.models import Regrade, ScoreChange, Submission
from competitions.worker import regrades as shadow
from tests.competitions import plays

pytestmark = pytest.mark.django_db
PAGE = "/instructor/competitions/small-prices/regrades/"


@pytest.fixture
def folder(tmp_path):
    return plays.make_folder(tmp_path / "small-prices")


@pytest.fixture
def opening(folder, course_round):
    from competitions import actions

    return actions.open_challenge(course_round, plays.install(folder))


@pytest.fixture
def played(opening, folder, alice, bob):
    """Alice is better by the truth as it was, Bob by the truth that the new version has."""
    truth = plays.truth_of(folder)
    return plays.send(alice, opening, plays.predictions(truth, 0.05, 1)), plays.send(
        bob, opening, plays.predictions(truth + 40, 0.02, 2)
    )


@pytest.fixture
def board(opening, api_of, alice):
    def read() -> list[tuple]:
        rows = api_of(alice).get("/api/leaderboards/small-prices/").json()["results"]
        return [
            (row["rank"], row["nickname"], round(row["score"], 2)) for row in rows if not row["is_baseline"]
        ]

    return read


@pytest.fixture
def decide(client_of, teacher):
    def post(row: Regrade, action: str, reason: str = ""):
        data = {"action": action, "reason": reason}
        return client_of(teacher, "en").post(f"{PAGE}{row.pk}/decide/", data, follow=True).content.decode()

    return post


def corrected(folder) -> Regrade:
    """The solution was wrong: every price 40 higher. Loading it starts the shadow run."""
    plays.make_folder(folder, shift=40.0)
    plays.install(folder)
    return Regrade.objects.get(decision="")


def everything() -> list[tuple]:
    return list(
        Submission.objects.order_by("pk").values_list("score", "private_score", "content_hash", "report")
    )


def test_a_new_version_is_tried_in_the_shadow_and_nothing_moves(
    folder, played, board, opening, client_of, teacher
):
    before, rows = board(), everything()
    row = corrected(folder)
    assert [line.judged_at for line in row.lines.all()] == [None, None]
    assert (board(), everything()) == (before, rows)
    assert worker.regrade(row.pk)
    row.refresh_from_db()
    assert (row.state, row.decision) == ("done", "")
    assert (board(), everything()) == (before, rows)
    html = client_of(teacher, "en").get(f"{PAGE}{row.pk}/").content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "Who would move" in words
    assert re.search(r"밥.{0,60}2 → 1", words)
    assert re.search(r"앨리스.{0,60}1 → 2", words)


def test_applied_it_moves_the_boards_and_each_score_knows_its_version(folder, played, board, opening, decide):
    old_hash = played[0].content_hash
    row = corrected(folder)
    worker.regrade(row.pk)
    assert "Give a reason" in decide(row, "apply")
    assert [line[1] for line in board()] == ["앨리스", "밥"]
    assert "Applied to 2 submissions" in decide(row, "apply", "The prices were 40 too low")
    assert [line[1] for line in board()] == ["밥", "앨리스"]
    hashes = set(Submission.objects.values_list("content_hash", flat=True))
    assert hashes == {opening.challenge.__class__.objects.get().content_hash}
    assert set(ScoreChange.objects.values_list("old_content_hash", flat=True)) == {old_hash}
    assert "cannot be applied" in decide(row, "apply", "again")


def test_the_student_reads_why_and_nobody_else_does(folder, played, opening, decide, client_of, alice):
    row = corrected(folder)
    worker.regrade(row.pk)
    mine, theirs = f"/submissions/{played[0].pk}/", "/competitions/small-prices/"
    assert "Judged again" not in client_of(alice, "en").get(mine).content.decode()
    decide(row, "apply", "The prices were 40 too low")
    for address in (mine, theirs):
        html = client_of(alice, "en").get(address).content.decode()
        assert html.count("The prices were 40 too low") == 1, address


def test_undone_everything_is_as_it_was(folder, played, board, decide):
    before, rows = board(), everything()
    measured = list(
        Submission.objects.order_by("pk").values_list("measurement__low", "measurement__private_high")
    )
    row = corrected(folder)
    worker.regrade(row.pk)
    decide(row, "apply", "Wrong prices")
    assert board() != before
    assert "Undone for 2 submissions" in decide(row, "undo")
    assert (board(), everything()) == (before, rows)
    assert measured == list(
        Submission.objects.order_by("pk").values_list("measurement__low", "measurement__private_high")
    )
    assert ScoreChange.objects.count() == 4  # both ways are on record
    assert "Only what was applied" in decide(row, "undo")


def test_cancelled_it_stops_and_nothing_has_changed(folder, played, board, decide, opening):
    before, rows = board(), everything()
    row = corrected(folder)
    assert "Nothing has changed" in decide(row, "cancel")
    worker.regrade(row.pk)
    assert not row.lines.exclude(judged_at=None).exists()
    assert (board(), everything()) == (before, rows)
    assert "has been decided" in decide(row, "cancel")


def test_interrupted_it_goes_on_where_it_was(folder, played, monkeypatch):
    row = corrected(folder)
    judged = []
    real = shadow.judge

    def judge(submission, place):
        judged.append(submission.pk)
        return real(submission, place)

    monkeypatch.setattr(shadow, "judge", judge)
    monkeypatch.setattr(shadow, "SLICE", 0.0)  # one line, then others come first
    assert not worker.regrade(row.pk)
    assert judged == [played[0].pk]
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    monkeypatch.setattr(shadow, "SLICE", 5.0)
    assert worker.regrade(row.pk)
    assert judged == [each.pk for each in played]  # nobody twice


def test_who_was_judged_again_meanwhile_keeps_that(folder, played, decide, opening):
    from competitions import actions

    row = corrected(folder)
    worker.regrade(row.pk)
    actions.rejudge(played[0], None)
    worker.score(played[0].pk)
    assert "Applied to 1 submission." in decide(row, "apply", "Wrong prices")
    assert ScoreChange.objects.filter(submission=played[0], regrade=row).count() == 0


def test_another_change_takes_the_place_of_one_that_nobody_decided(folder, played, decide):
    first = corrected(folder)
    plays.make_folder(folder, shift=10.0)
    plays.install(folder)
    first.refresh_from_db()
    assert first.decision == "cancelled"
    assert Regrade.objects.filter(decision="").count() == 1


def test_by_hand_only_when_something_is_outdated(folder, played, client_of, teacher, alice):
    page = client_of(teacher, "en").post(PAGE, follow=True).content.decode()
    assert "Everything was judged by the version that counts now" in page
    assert client_of(alice).get(PAGE).status_code == 403
    assert client_of(alice).post(PAGE).status_code == 403


def test_an_exercise_is_regraded_too(open_exercise, alice, judged, client_of, teacher):
    """Its submission was judged by the version "hhhh"; the page offers a shadow run."""
    judged(alice, open_exercise.challenge, 50.0, "partial")
    page = client_of(teacher, "en").get(f"/instructor/competitions/{open_exercise.challenge.slug}/regrades/")
    assert "1 submission was judged by an earlier version" in page.content.decode()
    client_of(teacher).post(f"/instructor/competitions/{open_exercise.challenge.slug}/regrades/")
    assert Regrade.objects.get().lines.count() == 1


def test_loading_the_same_files_again_starts_nothing(folder, played):
    plays.install(folder)
    assert not Regrade.objects.exists()


def test_mended_words_start_nothing(folder, played, opening, client_of, teacher, alice):
    (folder / "statement.ko.md").write_text("# 고친 가격\n")
    plays.install(folder)
    assert not Regrade.objects.exists()
    assert "고친 가격" in client_of(alice).get("/competitions/small-prices/").content.decode()
    assert "Everything was judged by the version" in client_of(teacher, "en").get(PAGE).content.decode()


def test_when_nobody_moves_the_page_says_so(folder, played, client_of, teacher):
    with (folder / "train.csv").open("a") as file:
        file.write("1999,1,100\n")  # judged by the same truth
    plays.install(folder)
    row = Regrade.objects.get(decision="")
    assert worker.regrade(row.pk)
    assert "every rank and score stays" in client_of(teacher, "en").get(f"{PAGE}{row.pk}/").content.decode()


def test_moves_count_every_board(folder, played, opening):
    row = corrected(folder)
    worker.regrade(row.pk)
    moves = queries.moves_of(row)
    assert {(move.board, move.name, move.rise) for move in moves} == {
        ("live", "밥", 1),
        ("live", "앨리스", -1),
        ("final", "밥", 1),
        ("final", "앨리스", -1),
    }
