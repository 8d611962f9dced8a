"""Short plays inside a site's own process, with real threads: `python -m tests.competitions.scenes NAME`.

Each prints one JSON object. They run on whatever DATABASE_URL names.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable

import django

import manage  # puts platform/ on the path

assert manage.ROOT
django.setup()

import datetime as dt  # noqa: E402

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from accounts import addresses  # noqa: E402
from accounts.actions import create_token  # noqa: E402
from accounts.models import User  # noqa: E402
from competitions import actions, content, queries  # noqa: E402
from competitions.models import QuotaDay, RoundChallenge, Standing, Submission  # noqa: E402
from courses.actions import put_material  # noqa: E402
from courses.models import Course, CourseRound, Enrolment  # noqa: E402
from sandbox.contract import Source  # noqa: E402
from tests.competitions.conftest import CODE, COMPETITION, EXERCISE, outcome  # noqa: E402

# Loads for long enough to be killed in the middle.
SLOW = "import time\ntime.sleep(2.5)\n" + CODE


def set_up() -> dict:
    """Migrates, and opens an exercise and a competition for the round that alice and bob are in."""
    call_command("migrate", verbosity=0)
    course, _created = Course.objects.get_or_create(slug="ai-essential", defaults={"name": "AI Essential"})
    today = course.today()
    round_ = CourseRound.objects.create(
        course=course, name="0317(1)", starts_on=today - dt.timedelta(1), ends_on=today + dt.timedelta(7)
    )
    for name in ("alice", "bob"):
        Enrolment.objects.create(round=round_, user=User.objects.create(username=name), role="student")
    content.load_exercise(settings.FIXTURES_DIR / "exercises" / EXERCISE)
    content.load_shipped_competition(settings.FIXTURES_DIR / "competitions" / COMPETITION)
    return {"open": actions.open_all(round_)}


def credentials() -> dict:
    """Alice's API token and the end of her personal address."""
    alice = User.objects.get(username="alice")
    return {"token": create_token(alice)[1], "address": addresses.token_of(alice)}


def upload_material() -> dict:
    """A file of the course at /download/lesson."""
    file = SimpleUploadedFile("수업 자료.txt", b"hello")
    put_material(Course.objects.get(), User.objects.get(username="bob"), file, "lesson", False)
    return {}


def submit(name: str) -> dict:
    """Alice sends "slow" code (2.5 s while it is loaded), "quick" code, or the competition's "sample"."""
    slug = COMPETITION if name == "sample" else EXERCISE
    opening = RoundChallenge.objects.select_related("round", "challenge").get(challenge__slug=slug)
    text = {"slow": SLOW, "quick": CODE}.get(name) or (
        opening.challenge.path / "sample_submission.csv"
    ).read_text()
    file_name = "p.csv" if name == "sample" else "s.py"
    row = actions.submit(
        User.objects.get(username="alice"),
        opening.round,
        opening.challenge,
        Source(file_name, text.encode()),
        "api",
    )
    return {"id": row.pk}


def at_once(jobs: list[Callable[[], object]]) -> list:
    """All jobs in threads that start together."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int) -> None:
        try:
            gate.wait()
            results[place] = jobs[place]()
        except Exception as error:
            results[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def last_try() -> dict:
    """Eight tabs of alice want the two last tries of the day, over HTTP."""
    RoundChallenge.objects.filter(challenge__slug=COMPETITION).update(daily_quota=2)
    _row, token = create_token(User.objects.get(username="alice"))
    text = (settings.FIXTURES_DIR / "competitions" / COMPETITION / "sample_submission.csv").read_text()

    def tab(number: int) -> int:
        api = APIClient(SERVER_NAME="localhost")
        api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        body = {"challenge": COMPETITION, "source": text + "\n" * number}
        return api.post("/api/submissions/", body, format="json").status_code

    codes = at_once([lambda number=number: tab(number) for number in range(8)])
    used = QuotaDay.objects.get().used
    files = sum(1 for path in (settings.MEDIA_ROOT / "submissions").rglob("*") if path.is_file())
    unheard = Submission.objects.filter(notified_at=None).count()
    return {
        "codes": sorted(codes, key=str),
        "rows": Submission.objects.count(),
        "used": used,
        "files": files,
        "unheard": unheard,
    }


def one_key() -> dict:
    """Six retries of one call with one key arrive together."""
    _row, token = create_token(User.objects.get(username="bob"))

    def call() -> object:
        api = APIClient(SERVER_NAME="localhost")
        api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        body = {"challenge": EXERCISE, "source": CODE}
        answer = api.post("/api/submissions/", body, format="json", headers={"Idempotency-Key": "same"})
        return answer.json().get("id") if answer.status_code == 202 else answer.status_code

    ids = at_once([call] * 6)
    return {"ids": sorted(set(ids), key=str), "rows": Submission.objects.filter(user__username="bob").count()}


def claims() -> dict:
    """Four workers claim the same twenty submissions; then both records of one person arrive together."""
    opening = RoundChallenge.objects.select_related("round", "challenge").get(challenge__slug=EXERCISE)
    bob = User.objects.get(username="bob")
    rows = [
        actions.submit(bob, opening.round, opening.challenge, Source("s.py", f"x = {n}".encode()))
        for n in range(20)
    ]

    def worker(name: str) -> list[int]:
        return [row.pk for row in rows if actions.claim(row.pk, name)]

    taken = [pk for part in at_once([lambda name=name: worker(name) for name in "abcd"]) for pk in part]
    held = list(Submission.objects.filter(pk__in=taken).select_related("challenge"))
    scores = [float(5 * place) for place in range(len(held))]
    recorded = at_once(
        [
            lambda row=row, score=score: actions.record(
                row.pk, row.fencing, outcome(row.challenge, score, "partial")
            )
            for row, score in zip(held, scores, strict=True)
        ]
    )
    standing = Standing.objects.get(participant__person=bob, board="live")
    return {
        "taken": len(taken),
        "unique": len(set(taken)),
        "recorded": recorded,
        "best": standing.score,
        "entries": standing.entries,
    }


def overlap() -> dict:
    """Two results of one person overlap: the first transaction (90 points) is still open when the second (20) begins."""
    opening = RoundChallenge.objects.select_related("round", "challenge").get(challenge__slug=EXERCISE)
    alice = User.objects.get(username="alice")
    held = []
    for number in range(3):
        source = Source("s.py", f"y = {number}".encode())
        row = actions.submit(alice, opening.round, opening.challenge, source)
        held.append(actions.claim(row.pk, "w"))
    actions.record(held[0].pk, held[0].fencing, outcome(opening.challenge, 10.0, "partial"))
    begun = threading.Event()

    def first() -> None:
        with transaction.atomic():
            actions.record(held[1].pk, held[1].fencing, outcome(opening.challenge, 90.0, "partial"))
            begun.set()
            time.sleep(0.5)

    def second() -> None:
        begun.wait()
        actions.record(held[2].pk, held[2].fencing, outcome(opening.challenge, 20.0, "partial"))

    failed = [result for result in at_once([first, second]) if result is not None]
    standing = Standing.objects.get(participant__person=alice, board="live")
    return {"best": standing.score, "entries": standing.entries, "failed": failed}


def plans() -> dict:
    """How the database reads the queue and a board."""
    opening = RoundChallenge.objects.select_related("round", "challenge").get(challenge__slug=EXERCISE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET enable_seqscan = off"
            )  # the tables are tiny: only then would it read them whole
    board = queries.boards.ranked(queries.boards.View(opening))[:50].explain()
    queue = Submission.objects.filter(state="queued").order_by("queued_at", "id")[:100].explain()
    return {"board": board, "queue": queue}


PLAYS = (set_up, credentials, upload_material, submit, last_try, one_key, claims, overlap, plans)
SCENES = {scene.__name__: scene for scene in PLAYS}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
