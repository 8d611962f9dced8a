"""Boards: the bootstrap of 100 participants, and a board of 100,000 with 1,000,000 submissions on PostgreSQL.

The inner part (`python -m tests.bench.bench_boards`) runs on the database that DATABASE_URL names, and prints JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ROWS, PARTICIPANTS = 1459, 100
SIZES = (1_000, 100_000)
EACH = 10  # submissions of one participant
ASKED = 41


def rows() -> Iterator[tuple[str, str, str]]:
    """(what, measured, wanted)."""
    yield from bootstrap_rows()
    from tests.competitions.servers import postgres, postgres_folder

    if postgres_folder() is None:
        yield "boards on PostgreSQL", "no PostgreSQL on this machine", ""
        return
    with postgres() as address, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": address, "VAR_DIR": folder, "CACHE_URL": "locmemcache://"}
        inner = [sys.executable, "-m", "tests.bench.bench_boards"]
        printed = subprocess.run(inner, env=environment, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True)
    small, large = json.loads(printed.stdout.splitlines()[-1])
    for name, wanted in (("page", "≤ 30 ms, ≤ 2 x"), ("page in the middle", "≤ 30 ms, ≤ 2 x"), ("my rank", "≤ 30 ms, ≤ 2 x"),
                         ("page by API", "≤ 30 ms, ≤ 2 x"), ("page, landmarks made anew", ""), ("shared ranks by the worker", ""),
                         ("yesterday's ranks by the worker", "")):
        one, other = small[name], large[name]
        yield f"{name}: {SIZES[0]:,} / {SIZES[1]:,} participants", f"{one:.1f} / {other:.1f} ms ({other / one:.2f} x)", wanted
    for name in ("rows written by one score", "rows read by one score"):
        yield f"{name}: {SIZES[0]:,} / {SIZES[1]:,} participants", f"{small[name]} / {large[name]}", "bounded"


# --- the bootstrap ------------------------------------------------------------------------------------------------------


def bootstrap_rows() -> Iterator[tuple[str, str, str]]:
    import numpy as np

    draw = np.random.default_rng(0)
    truth = draw.lognormal(12, 0.4, ROWS)
    prices = [truth * draw.lognormal(0, 0.1 + 0.001 * who, ROWS) for who in range(PARTICIPANTS)]
    labels = draw.integers(0, 10, ROWS)
    guesses = [np.where(draw.random(ROWS) < 0.9 - 0.002 * who, labels, 0) for who in range(PARTICIPANTS)]
    binary = draw.integers(0, 2, ROWS)
    chances = [np.clip(0.3 * binary + draw.random(ROWS) * 0.7, 0, 1).round(6) for _who in range(PARTICIPANTS)]
    what = f"bootstrap of {PARTICIPANTS} x {ROWS:,} rows x 1,000, with shared ranks"
    for name, right, predictions in (("mae", truth, prices), ("accuracy", labels, guesses), ("roc_auc", binary, chances)):
        yield f"{what}: {name}", f"{statistics.median(_bootstrap(name, right, predictions) for _ in range(3)):.2f} s", "≤ 2 s"


def _bootstrap(name: str, truth, predictions: list) -> float:
    from competitions import metrics
    from competitions.standings import resampling, ties

    resampling._block.cache_clear()
    started = time.perf_counter()
    metric = metrics.find(name)
    found = [resampling.resample(metric, truth, prediction, 1) for prediction in predictions]
    found.sort(key=lambda each: each.score, reverse=metric.higher_is_better)
    ties.shared_ranks([each.vector for each in found], metric.higher_is_better)
    return time.perf_counter() - started


# --- on PostgreSQL ------------------------------------------------------------------------------------------------------


def inner() -> list[dict]:
    """The figures of both sizes, in one database."""
    import django

    import manage

    assert manage.ROOT
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    openings = [_fill(size) for size in SIZES]
    _execute("VACUUM ANALYZE")
    return [_measure(opening, size) for opening, size in zip(openings, SIZES, strict=True)]


def _fill(size: int):
    """An opening with `size` participants, made by SQL from one row of each kind."""
    import datetime as dt

    from django.conf import settings
    from django.utils import timezone

    from accounts.models import User
    from competitions import actions, content
    from competitions.models import Measurement, Member, Participant, Standing, Submission
    from courses.models import Course, CourseRound, Enrolment

    course, _created = Course.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    today = course.today()
    course_round = CourseRound.objects.create(course=course, name=str(size), starts_on=today - dt.timedelta(30),
                                              ends_on=today + dt.timedelta(30))
    challenge = content.load_shipped_competition(settings.FIXTURES_DIR / "competitions" / "house-price-prediction")
    opening = actions.open_challenge(course_round, challenge)
    user = User.objects.create(username=f"first-{size}", nickname="first")
    enrolment = Enrolment.objects.create(round=course_round, user=user, role="student")
    participant = Participant.objects.create(opening=opening, person=user)
    member = Member.objects.create(participant=participant, opening=opening, user=user)
    begun = timezone.now() - dt.timedelta(days=20)
    submission = Submission.objects.create(challenge=challenge, round=course_round, user=user, participant=participant,
        file="submissions/none.csv", file_name="predictions.csv", sha256="0" * 64, size=1, state="done", verdict="accepted",
        received_at=begun, score=1.0, private_score=1.0, fingerprint="0" * 32, report={"verdict": "accepted", "tests": []})
    first = {row._meta.label: row.pk for row in (user, participant, submission)}
    people, entries = f"generate_series(1, {size - 1}) g", f"generate_series(1, {size * EACH - 1}) g"
    who = f"(g / {EACH})"
    _clone(user, people, username=f"'s{size}-' || g", nickname="'별명' || g", address_number="g + 1000000" if size > 1000 else "g")
    _clone(enrolment, people, user_id=f"{first['accounts.User']} + g")
    _clone(participant, people, person_id=f"{first['accounts.User']} + g")
    _clone(member, people, user_id=f"{first['accounts.User']} + g", participant_id=f"{first['competitions.Participant']} + g")
    _clone(submission, entries, user_id=f"{first['accounts.User']} + {who}",
           participant_id=f"{first['competitions.Participant']} + {who}",
           score="20000 + 10000 * random()", private_score="20000 + 10000 * random()",
           received_at=f"received_at + g * interval '{20 * 86400 / size / EACH} seconds'", fingerprint="md5(g::text)")
    Measurement.objects.create(submission=submission, measured=1.0, low=1.0, high=1.0)
    standing = Standing.objects.create(opening=opening, participant=participant, best=submission, score=1.0, sort_key=-1.0,
                                       reached_at=begun, last_at=begun, entries=EACH, low=0.5, high=1.5)
    columns = _columns(Standing)
    for board, score in (("live", "score"), ("final", "private_score")):
        values = {"participant_id": "best.participant_id", "best_id": "best.id", "score": f"best.{score}", "board": f"'{board}'",
                  "sort_key": f"-best.{score}", "reached_at": "best.received_at", "low": f"best.{score} * 0.95",
                  "high": f"best.{score} * 1.05"}
        expressions = ", ".join(values.get(name, f"one.{name}") for name in columns)
        _execute(f"INSERT INTO competitions_standing ({', '.join(columns)}) SELECT {expressions} FROM competitions_standing one, "
                 f"(SELECT DISTINCT ON (participant_id) * FROM competitions_submission WHERE round_id = {course_round.pk} "
                 f"AND participant_id <> {participant.pk} ORDER BY participant_id, {score}) best WHERE one.id = {standing.pk}")
    _measure_best(opening)
    return opening


def _measure_best(opening) -> None:
    """Resampled scores behind the first thousand places."""
    import numpy as np

    from competitions import queries
    from competitions.models import BoardSummary, Measurement

    draw = np.random.default_rng(0)
    best = queries.ranked(queries.boards.View(opening))[:1000].values_list("best_id", "score")
    Measurement.objects.bulk_create(
        Measurement(submission_id=key, measured=score, low=score - 900, high=score + 900,
                    public=draw.normal(0, 450, 1000).astype(np.float32).tobytes())
        for key, score in best if score > 1
    )
    BoardSummary.objects.create(opening=opening, board="live", day=opening.round.course.today())


def _clone(row, series: str, **values: str) -> None:
    """Copies of `row`, one for each g of `series`, with the columns of `values` computed."""
    columns = _columns(type(row))
    expressions = ", ".join(values.get(name, name) for name in columns)
    table = row._meta.db_table
    _execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {expressions} FROM {table}, {series} WHERE id = {row.pk} ORDER BY g")


def _columns(model) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if not field.primary_key]


def _execute(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def _measure(opening, size: int) -> dict:
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client
    from rest_framework.test import APIClient

    from accounts.actions import create_token
    from competitions import queries
    from competitions.actions import renewing
    from competitions.models import BoardSummary, Standing

    settings.ALLOWED_HOSTS = ["*"]
    board = queries.ranked(queries.boards.View(opening))
    me = board.select_related("participant__person", "opening", "phase")[size * 2 // 3]
    user = me.participant.person
    _have_cards(user, opening.round.course.today())
    browser, api = Client(), APIClient()
    browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    api.credentials(HTTP_AUTHORIZATION=f"Token {create_token(user)[1]}")
    page = f"/competitions/{opening.challenge.slug}/leaderboard/"

    def ask(client, address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    found = {
        "shared ranks by the worker": _median(lambda: renewing.renew_board(BoardSummary.objects.get(opening=opening)), 5),
        "page": _median(lambda: ask(browser, page)),
        "page in the middle": _median(lambda: ask(browser, f"{page}?page={size // 100}")),
        "page by API": _median(lambda: ask(api, f"/api/leaderboards/{opening.challenge.slug}/?round={opening.round.name}")),
        "my rank": _median(lambda: queries.place_of(me)),
    }
    assert queries.place_of(me) == size * 2 // 3 + 1

    def anew() -> None:
        cache.delete(f"board:{opening.pk}::live")
        ask(browser, page)

    found["page, landmarks made anew"] = _median(anew, 11)

    def begin_day() -> None:
        Standing.objects.filter(opening=opening).update(day_rank=None)
        started = time.perf_counter()
        renewing._note_ranks(queries.boards.View(opening))
        days.append(time.perf_counter() - started)

    days: list[float] = []
    for _ in range(3):
        begin_day()
    found["yesterday's ranks by the worker"] = statistics.median(days) * 1000
    return found | _touched(opening, user)


def _have_cards(user, today) -> None:
    """Cards to review today, as students have: every page's header counts them."""
    from quizzes.models import ReviewCard

    ReviewCard.objects.bulk_create(
        ReviewCard(user=user, kind=ReviewCard.Kind.TEST, key=f"bench-{number}", test={}, stability=1, difficulty=5,
                   due_on=today, reviewed_on=today)
        for number in range(20)
    )


def _touched(opening, user) -> dict:
    """Rows that PostgreSQL counts while one score is recorded, over all tables."""
    from django.db import connection, transaction

    from competitions import actions
    from competitions.kinds.outcome import Outcome
    from sandbox.contract import Report, Source, Verdict

    row = actions.submit(user, opening.round, opening.challenge,
                         Source("a.csv", (opening.challenge.path / "sample_submission.csv").read_bytes()), "api")
    claimed = actions.claim(row.pk, "bench")
    report = Report(opening.challenge.slug, Verdict.ACCEPTED, 19000.0, 0.0)
    with transaction.atomic(), connection.cursor() as cursor:
        before = _counted(cursor)
        assert actions.record(claimed.pk, claimed.fencing, Outcome(report, 19000.0, 21000.0, "f" * 32))
        written, read = (after - first for after, first in zip(_counted(cursor), before, strict=True))
    return {"rows written by one score": written, "rows read by one score": read}


def _counted(cursor) -> tuple[int, int]:
    """(rows written, rows read) by this session as far as PostgreSQL has not yet reported them."""
    cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del), sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) "
                   "FROM pg_stat_xact_user_tables")
    written, read = cursor.fetchone()
    return int(written), int(read)


def _median(call: Callable[[], object], times: int = ASKED) -> float:
    """Milliseconds, after two calls that nobody counts."""
    taken = []
    for number in range(times + 2):
        started = time.perf_counter()
        call()
        if number >= 2:
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


if __name__ == "__main__":
    print(json.dumps(inner()))
