"""A competition played by thirty simulated students from the first day to the report at the end: real kinds, the worker's
own code, the pages and the API as students see them."""

from __future__ import annotations

import datetime as dt
import random
import re
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone

from competitions import actions, queries
from competitions.actions import renewing
from competitions.models import BoardSummary, Standing, Submission
from competitions.standings.shakeup import Shakeup, shake_up
from tests.competitions import plays

pytestmark = pytest.mark.django_db
BOARD = "/competitions/small-prices/leaderboard/"
API = "/api/leaderboards/small-prices/"


@pytest.fixture
def students(course_round, django_user_model):
    from courses.actions import enrol

    people = [
        django_user_model.objects.create_user(f"s{number}", nickname=f"학생{number:02d}")
        for number in range(30)
    ]
    for person in people:
        enrol(course_round, person, "student")
    return people


def open_small(course_round, tmp_path, **options):
    folder = plays.make_folder(tmp_path / "small-prices", **options)
    opening = actions.open_challenge(course_round, plays.install(folder))
    actions.set_rules(opening, daily_quota=None)
    return opening, plays.truth_of(folder)


def lines(client, slug: str = "small-prices") -> list[dict]:
    rows = client.get(f"/api/leaderboards/{slug}/").json()["results"]
    return [row for row in rows if not row["is_baseline"]]


@pytest.mark.parametrize("make_game", [plays.Prices, plays.Questions])
def test_from_the_first_day_to_the_shakeup(
    make_game, course_round, students, tmp_path, api_of, client_of, teacher
):
    game = make_game(tmp_path)
    opening = actions.open_challenge(course_round, plays.install(game.folder))
    actions.set_rules(opening, daily_quota=None)
    board = f"/competitions/{game.slug}/leaderboard/"
    shakeup = f"/competitions/{game.slug}/shakeup/"
    arrivals = [place for place in range(30) for _try in range(3)]
    random.Random(4).shuffle(arrivals)
    begin = opening.opens_at + dt.timedelta(hours=10)

    def send(clock, day: int, places: list[int]) -> None:
        for number, place in enumerate(places, start=100 * day):
            clock.shift(dt.timedelta(minutes=5))
            plays.send(students[place], opening, game.entry(place, day, number), game.file_name)

    with time_machine.travel(begin) as clock:
        send(clock, 0, arrivals[:60])
        renewing.renew_due()
        first_day = {row["nickname"]: row["rank"] for row in lines(api_of(students[0]), game.slug)}
        clock.move_to(begin + dt.timedelta(days=1))
        renewing.renew_due()  # the new day begins
        send(clock, 1, arrivals[60:])
        clock.shift(dt.timedelta(minutes=5))
        assert renewing.renew_due() == 2  # the public board, and the final one that nobody sees yet
        assert renewing.renew_due() == 0
        rows = lines(api_of(students[0]), game.slug)
        while_open = client_of(students[0], "en").get(board).content.decode()
        assert client_of(students[0]).get(shakeup).status_code == 404
        assert client_of(teacher).get(shakeup).status_code == 200
        series = BoardSummary.objects.get(board="live").series
    with time_machine.travel(begin + dt.timedelta(days=2)):  # nobody has noted the ranks of this midnight yet
        assert {row["rank_change"] for row in lines(api_of(students[0]), game.slug)} == {None}

    sent = {student.nickname: list(Submission.objects.filter(user=student)) for student in students}
    # The public board: everybody once, by the best public score, with an interval around it and consistent ranks.
    assert [row["rank"] for row in rows] == list(range(1, 31))
    public = expected(game, sent, final=False)
    assert [row["nickname"] for row in rows] == [name for name, _worth in public]
    for row, (_name, worth) in zip(rows, public, strict=True):
        assert row["score"] == pytest.approx(worth)
        assert row["interval"][0] < row["score"] < row["interval"][1]
        before = first_day.get(row["nickname"])
        assert row["rank_change"] == (before - row["rank"] if before else None)
    check_shared_ranks(rows, while_open)
    assert "Best scores over time" in while_open
    assert while_open.count('class="chart__line chart__line--') == 10  # five in the plot, five in the legend
    check_series(series, [row["score"] for row in rows[:5]], game.sign)

    # The end: the better private score of each one's two best public submissions decides.
    with time_machine.travel(opening.closes_at + dt.timedelta(minutes=1)):
        renewing.renew_due()
        final = lines(api_of(students[0]), game.slug)
        page = client_of(students[3], "en").get(shakeup).content.decode()
    assert [(row["nickname"], pytest.approx(row["score"])) for row in final] == expected(
        game, sent, final=True
    )
    assert all(row["interval"][0] < row["score"] < row["interval"][1] for row in final)
    report = shake_up(*({row["nickname"]: row["rank"] for row in board} for board in (rows, final)))
    assert (report.spearman < -0.5) is game.turns_round
    check_page(report, page)


def expected(game, sent: dict[str, list[Submission]], *, final: bool) -> list[tuple[str, float]]:
    """(nickname, score) in the order of the board, by the files that were sent; of equal ones the earlier is ahead."""

    def best_first(rows: list[Submission], *, public: bool) -> list[tuple]:
        return sorted((-game.sign * game.worth(row, public=public), row.received_at, row.pk) for row in rows)

    found = []
    for name, rows in sent.items():
        two = [key for _worth, _at, key in best_first(rows, public=True)[:2]]
        counting = [row for row in rows if row.pk in two] if final else rows
        found.append((*best_first(counting, public=not final)[0], name))
    return [(name, -game.sign * worth) for worth, _at, _key, name in sorted(found)]


def check_page(report: Shakeup, page: str) -> None:
    """It says what the two boards say."""
    assert report.risen
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert f"Rank correlation (Spearman) {report.spearman:.2f}" in words
    assert f"Rank correlation (Kendall) {report.kendall:.2f}" in words
    most = report.risen[0]
    assert f"{most.participant} {most.public_rank} → {most.private_rank}" in words


def check_series(series: list, best: list[float], sign: int) -> None:
    """The chart's lines: each only climbs, to the score on the board."""
    climbs = [[sign * score for _moment, score in steps] for _participant, steps in series]
    assert [climb[-1] for climb in climbs] == [sign * score for score in best]
    assert all(before < after for climb in climbs for before, after in pairwise(climb))


def check_shared_ranks(rows: list[dict], page: str) -> None:
    """Thirty people of about the same skill: most share their rank, with all who are in the same range of ranks."""
    shared = [row for row in rows if row["shared_rank"]]
    assert len(shared) > 15
    for row in shared:
        first, last = map(int, row["shared_rank"].split("-"))
        assert first <= row["rank"] <= last
        assert {other["shared_rank"] for other in rows[first - 1 : last]} == {row["shared_rank"]}
        assert f">{first}–{last}<" in page


def test_under_the_ladder_what_is_not_clearly_better_says_nothing_new(
    course_round, tmp_path, alice, api_of, client_of, teacher
):
    opening, truth = open_small(course_round, tmp_path, ladder=True)
    first = plays.send(alice, opening, plays.predictions(truth, 0.30, 1))
    rows = [first]
    for number in range(2, 8):  # as bad as the first: a prober's tries
        rows.append(plays.send(alice, opening, plays.predictions(truth, 0.30, number)))
    said = {row.score for row in rows}
    assert said == {first.score}
    exact = [plays.true_mae(opening.challenge.path, row, public=True) for row in rows]
    assert len(set(exact)) == 7
    better = plays.send(alice, opening, plays.predictions(truth, 0.05, 9))
    assert better.score < first.score
    assert better.score == pytest.approx(
        plays.true_mae(opening.challenge.path, better, public=True), rel=0.15
    )

    held = rows[2]
    client, api = client_of(alice, "en"), api_of(alice)
    texts = [client.get(address).content.decode() for address in (f"/submissions/{held.pk}/", BOARD,
             "/competitions/small-prices/", "/submissions/", "/competitions/small-prices/selection/")]  # fmt: skip
    texts += [
        api.get(address).content.decode()
        for address in (API, "/api/submissions/", f"/api/submissions/{held.pk}/")
    ]
    assert "not clearly better than your best so far" in texts[0]
    for text in texts:
        for value in exact:
            assert f"{value:.5f}"[:-1] not in text
            assert repr(value)[:8] not in text
    assert [row["interval"] for row in lines(api)] == [None]
    taught = client_of(teacher, "en").get(f"/instructor/submissions/{held.pk}/").content.decode()
    assert f"{exact[2]:,.5f}" in taught


@pytest.mark.parametrize("seed", range(3))
def test_the_ladder_says_the_same_in_whatever_order_results_arrive(course_round, tmp_path, alice, seed):
    """Two workers may finish the later submission first."""
    from competitions import worker
    from sandbox.contract import Source

    opening, truth = open_small(course_round, tmp_path, ladder=True)
    queued = [
        actions.submit(
            alice,
            course_round,
            opening.challenge,
            Source("p.csv", plays.predictions(truth, noise, number).encode()),
            "api",
        )
        for number, noise in enumerate([0.3, 0.2, 0.31, 0.1, 0.11])
    ]
    shuffled = list(queued)
    random.Random(seed).shuffle(shuffled)
    for row in shuffled:
        assert worker.score(row.pk)
    found = list(Submission.objects.order_by("received_at", "pk").values_list("score", flat=True))
    for row in Submission.objects.select_related("measurement"):  # as after a regrade: what was measured
        Submission.objects.filter(pk=row.pk).update(score=row.measurement.measured)
    actions.rebuild_boards(opening)
    assert found == list(Submission.objects.order_by("received_at", "pk").values_list("score", flat=True))
    assert found == sorted(found, reverse=True)
    assert Standing.objects.get(board="live", participant__person=alice).score == found[-1]


def test_a_score_that_comes_while_a_worker_looks_is_seen_the_next_time(course_round, tmp_path, alice, bob):
    opening, truth = open_small(course_round, tmp_path)
    plays.send(alice, opening, plays.predictions(truth, 0.1, 1))
    assert renewing.renew_due() == 2
    assert not BoardSummary.objects.filter(is_dirty=True).exists()
    plays.send(bob, opening, plays.predictions(truth, 0.1, 1))  # they cannot be told apart
    assert renewing.renew_due() == 0  # not at once: scores that come together are looked at together
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=4)):
        assert renewing.renew_due() == 2
    standing = Standing.objects.filter(board="live", is_ranked=True).first()
    assert (standing.shared_first, standing.shared_last) == (1, 2)


def test_a_rule_that_changes_keeps_yesterdays_ranks_and_has_the_boards_looked_at_again(
    course_round, tmp_path, alice, bob, api_of
):
    opening, truth = open_small(course_round, tmp_path)
    with time_machine.travel(opening.opens_at + dt.timedelta(hours=10)) as clock:
        plays.send(alice, opening, plays.predictions(truth, 0.3, 1))
        plays.send(bob, opening, plays.predictions(truth, 0.4, 2))
        renewing.renew_due()
        clock.shift(dt.timedelta(days=1))
        renewing.renew_due()
        plays.send(bob, opening, plays.predictions(truth, 0.1, 3))  # passes Alice
        clock.shift(dt.timedelta(minutes=1))
        assert (renewing.renew_due(), renewing.renew_due()) == (2, 0)
        before = [(row["nickname"], row["rank_change"], row["shared_rank"]) for row in lines(api_of(alice))]
        assert [row[:2] for row in before] == [("밥", 1), ("앨리스", -1)]
        clock.shift(dt.timedelta(minutes=1))
        actions.set_rules(opening, final_selections=1)
        assert renewing.renew_due() == 2
        after = [(row["nickname"], row["rank_change"], row["shared_rank"]) for row in lines(api_of(alice))]
        assert after == before


def test_who_dies_while_looking_is_followed_by_another(course_round, tmp_path, alice, monkeypatch):
    opening, truth = open_small(course_round, tmp_path)
    plays.send(alice, opening, plays.predictions(truth, 0.1, 1))

    def killed(summary):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(renewing, "renew_board", killed)
        with pytest.raises(SystemExit):
            renewing.renew_due()
    assert renewing.renew_due() == 1  # the other board; the first is still held
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=3)):
        assert renewing.renew_due() == 1
    assert Standing.objects.filter(is_ranked=True, shared_first=None).count() == 0


def test_a_group_that_somebody_has_left_is_shown_no_more(course_round, tmp_path, alice, bob, api_of):
    opening, truth = open_small(course_round, tmp_path)
    plays.send(alice, opening, plays.predictions(truth, 0.1, 1))
    plays.send(bob, opening, plays.predictions(truth, 0.1, 1))  # they cannot be told apart
    renewing.renew_due()
    assert {row["shared_rank"] for row in lines(api_of(alice))} == {"1-2"}
    Standing.objects.filter(participant__person=bob).update(shared_first=5, shared_last=9)
    assert {row["shared_rank"] for row in lines(api_of(alice))} == {"1-2", None}
    view = queries.view_of(opening, timezone.now())
    assert queries.board_of(view, alice).rows[0].interval is not None
