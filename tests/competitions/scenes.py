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
from competitions.models import (  # noqa: E402
    Invitation,
    Member,
    QuotaDay,
    RoundChallenge,
    Standing,
    Submission,
)
from courses.actions import put_material  # noqa: E402
from courses.models import Course, CourseRound, Enrolment  # noqa: E402
from sandbox.contract import Source  # noqa: E402
from tests.competitions.conftest import CODE, COMPETITION, EXERCISE, outcome  # noqa: E402

# Loads for long enough to be killed in the middle.
SLOW = "import time\ntime.sleep(2.5)\n" + CODE


def set_up() -> dict:
    """Migrates, and opens an exercise and three competitions for the round that alice and bob are in."""
    call_command("migrate", verbosity=0)
    course, _created = Course.objects.get_or_create(slug="ai-essential", defaults={"name": "AI Essential"})
    today = course.today()
    round_ = CourseRound.objects.create(
        course=course, name="0317(1)", starts_on=today - dt.timedelta(1), ends_on=today + dt.timedelta(7)
    )
    for name in ("alice", "bob"):
        Enrolment.objects.create(round=round_, user=User.objects.create(username=name), role="student")
    content.load_exercise(settings.FIXTURES_DIR / "exercises" / EXERCISE)
    for slug in (COMPETITION, "ai-pair-programmer", "document-classification"):
        content.load_shipped_competition(settings.FIXTURES_DIR / "competitions" / slug)
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


def _team_scene(people: int) -> tuple[RoundChallenge, list[User]]:
    """The competition with teams of up to three and two tries a day, without anybody in it; `people` students."""
    opening = RoundChallenge.objects.select_related("round__course", "challenge").get(
        challenge__slug=COMPETITION
    )
    Submission.objects.filter(participant__opening=opening).delete()
    opening.participants.filter(title_ko="").delete()
    actions.set_rules(opening, max_team_size=3, daily_quota=2)
    users = []
    for number in range(people):
        user, _created = User.objects.get_or_create(username=f"racer{number}")
        Enrolment.objects.get_or_create(round=opening.round, user=user, defaults={"role": "student"})
        users.append(user)
    return opening, users


def _send(opening: RoundChallenge, user: User, number: int) -> str:
    text = (opening.challenge.path / "sample_submission.csv").read_text() + "\n" * number
    try:
        return str(
            actions.submit(user, opening.round, opening.challenge, Source("p.csv", text.encode())).state
        )
    except actions.Refused as refused:
        return refused.code


def _accept(invitation: Invitation, user: User) -> str:
    try:
        return actions.accept(invitation, user).team_name
    except actions.Refused as refused:
        return refused.code


def team_last_try() -> dict:
    """Three members of one team want its two tries of the day, each in two tabs."""
    opening, users = _team_scene(3)
    actions.create_team(opening, users[0], "Whales")
    for user in users[1:]:
        actions.accept(actions.invite(opening, users[0], user.username), user)
    jobs = [lambda n=n: _send(opening, users[n % 3], n) for n in range(6)]
    results = at_once(jobs)
    return {"results": sorted(results), "used": QuotaDay.objects.get(participant__team_name="Whales").used}


def last_place() -> dict:
    """One place is left in the team, and three people open its link at once."""
    opening, users = _team_scene(5)
    actions.create_team(opening, users[0], "Whales")
    link = actions.open_link(opening, users[0])
    link = Invitation.objects.select_related("team__opening__round__course").get(pk=link.pk)
    actions.accept(link, users[1])
    results = at_once([lambda user=user: _accept(link, user) for user in users[2:]])
    return {
        "results": sorted(results),
        "members": Member.objects.filter(participant__team_name="Whales").count(),
    }


def crossed_invitations() -> dict:
    """Two captains have invited each other, and both accept at once."""
    opening, users = _team_scene(2)
    names = ("Whales", "Otters")
    for user, name in zip(users, names, strict=True):
        actions.create_team(opening, user, name)
    asked = [
        actions.invite(opening, users[0], users[1].username),
        actions.invite(opening, users[1], users[0].username),
    ]
    rows = [Invitation.objects.select_related("team__opening__round__course").get(pk=row.pk) for row in asked]
    results = at_once([lambda: _accept(rows[0], users[1]), lambda: _accept(rows[1], users[0])])
    teams = opening.participants.filter(title_ko="")
    return {
        "results": sorted(results),
        "teams": teams.count(),
        "members": Member.objects.filter(opening=opening).count(),
    }


def merge_while_submitting() -> dict:
    """Two people become one team while both submit and earlier verdicts are recorded; nothing is lost or stands twice."""
    opening, users = _team_scene(2)
    held = []
    for place, user in enumerate(users):
        assert _send(opening, user, place) == "queued"
        row = Submission.objects.filter(user=user, challenge=opening.challenge).latest("pk")
        held.append(actions.claim(row.pk, "w"))
    actions.set_rules(opening, daily_quota=None)
    actions.create_team(opening, users[0], "Whales")
    asked = actions.invite(opening, users[0], users[1].username)
    asked = Invitation.objects.select_related("team__opening__round__course").get(pk=asked.pk)
    jobs: list[Callable[[], object]] = [lambda: _accept(asked, users[1])]
    jobs += [lambda n=n: _send(opening, users[n % 2], 10 + n) for n in range(4)]
    jobs += [
        lambda row=row, score=score: actions.record(
            row.pk, row.fencing, outcome(opening.challenge, score, "accepted", score)
        )
        for row, score in zip(held, (200.0, 100.0), strict=True)
    ]
    results = at_once(jobs)
    (team,) = opening.participants.filter(title_ko="")
    live = Standing.objects.get(participant=team, board="live")
    return {
        "results": [str(result) for result in results],
        "owners": sorted(
            set(Submission.objects.filter(challenge=opening.challenge).values_list("participant", flat=True))
        ),
        "team": team.pk,
        "sent": team.submissions.count(),
        "used": QuotaDay.objects.get(participant=team).used,
        "best": live.score,
        "entries": live.entries,
    }


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


PLAYS = (
    set_up,
    credentials,
    upload_material,
    submit,
    last_try,
    one_key,
    claims,
    overlap,
    team_last_try,
    last_place,
    crossed_invitations,
    merge_while_submitting,
    plans,
)
SCENES = {scene.__name__: scene for scene in PLAYS}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
