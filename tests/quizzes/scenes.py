"""Short plays with real threads on a site's own database: `python -m tests.quizzes.scenes NAME`; each prints one JSON.

They run on whatever DATABASE_URL names. What arrives over HTTP does so here, each thread with a browser of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

import manage  # puts platform/ on the path

assert manage.ROOT
django.setup()

import datetime as dt  # noqa: E402

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from courses.actions import enrol  # noqa: E402
from courses.content import load_courses  # noqa: E402
from courses.models import Course, CourseRound  # noqa: E402
from quizzes import actions, kinds, marking, models  # noqa: E402
from quizzes.content import load_questions  # noqa: E402
from quizzes.exams import actions as exam_actions  # noqa: E402
from quizzes.models import Answer, Attempt, Exam, Quiz, QuizItem, Regrade, Review, ReviewCard  # noqa: E402
from quizzes.regrades import actions as regrades  # noqa: E402
from quizzes.regrades import queries as regrade_queries  # noqa: E402
from quizzes.regrades import shadow  # noqa: E402
from quizzes.review import actions as review_actions  # noqa: E402
from tests.competitions.scenes import at_once  # noqa: E402
from tests.quizzes.conftest import choice_entry, number_entry, write_questions  # noqa: E402

STUDENTS = 12


def set_up() -> dict:
    """A round with twelve students and two teachers, today's quiz of six questions, and an exam of the same bank."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0)
    call_command("createcachetable", verbosity=0)
    load_courses()
    with tempfile.TemporaryDirectory() as folder:
        entries = [choice_entry(f"choice-{place}") for place in (1, 2, 3)]
        entries += [number_entry(f"number-{place}", 10 + place) for place in (1, 2, 3)]
        write_questions(Path(folder), entries)
        load_questions(Path(folder))
    course = Course.objects.order_by("pk").first()
    assert course
    today = course.today()
    round_ = CourseRound.objects.create(
        course=course, name="race", starts_on=today - dt.timedelta(1), ends_on=today + dt.timedelta(7)
    )
    for number in range(STUDENTS):
        enrol(round_, User.objects.create_user(f"student{number}"), "student")
    for name in ("anna", "bert"):
        enrol(round_, User.objects.create_user(name), "instructor")
    actions.publish_due(round_)
    return {"questions": QuizItem.objects.count()}


def fresh() -> tuple[Quiz, list[QuizItem]]:
    """The quiz as if nobody had begun."""
    Regrade.objects.all().delete()
    for model in (Review, ReviewCard, Attempt):
        model.objects.all().delete()
    Quiz.objects.filter(kind="exam").delete()
    quiz = Quiz.objects.select_related("round__course").get(kind="daily")
    return quiz, list(quiz.items.select_related("version", "question"))


def user(name: str) -> User:
    return User.objects.get(username=name)


def browser(name: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user(name), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def right(item: QuizItem) -> str:
    return kinds.find(item.version.kind).solve(item.version.body, 0)


def save(client: Client, item: QuizItem, value: str, revision: int = 0) -> int:
    data = {"value": value, "revision": revision}
    return client.post(f"/quiz/items/{item.pk}/answer/", data).status_code


def double_click() -> dict:
    """Alice presses "submit" six times at once, having answered three of six questions."""
    quiz, items = fresh()
    attempt = actions.start_attempt(quiz, user("student0"))
    for item in items[:3]:
        actions.save_answer(attempt, item, right(item))
    tabs = [browser("student0") for _ in range(6)]
    form = {"action": "submit", "confirm": "1"}
    codes = at_once([lambda tab=tab: tab.post(f"/quiz/{quiz.pk}/submit/", form).status_code for tab in tabs])
    attempt.refresh_from_db()
    cards = ReviewCard.objects.filter(kind="question").values_list("misses", flat=True)
    return {
        "codes": codes,
        "score": float(attempt.score or -1),
        "answers": attempt.answers.count(),
        "cards": list(cards),
    }


def first_visit() -> dict:
    """Six tabs open the quiz for the first time at once, then six begin the exam."""
    quiz, _items = fresh()
    exam = _exam(quiz.round)
    tabs = [browser("student0") for _ in range(6)]
    opened = at_once([lambda tab=tab: tab.get("/quiz/").status_code for tab in tabs])
    begun = at_once([lambda tab=tab: tab.post(f"/quiz/exams/{exam.pk}/begin/").status_code for tab in tabs])
    deadlines = Attempt.objects.exclude(deadline=None).values_list("deadline", flat=True)
    return {"codes": opened + begun, "attempts": Attempt.objects.count(), "deadlines": len(set(deadlines))}


def two_tabs() -> dict:
    """Four tabs that know no answer yet save a different one each to the same question, at once."""
    quiz, items = fresh()
    actions.start_attempt(quiz, user("student0"))
    choice = next(item for item in items if item.version.kind == "single_choice")
    tabs = [browser("student0") for _ in range(4)]
    jobs: list[Callable[[], object]] = [
        lambda tab=tab, letter=letter: [letter, save(tab, choice, letter)]
        for tab, letter in zip(tabs, "abcd", strict=True)
    ]
    seen = at_once(jobs)
    answer = Answer.objects.get()
    winners = [letter for letter, code in seen if code == 200]
    return {
        "codes": sorted(code for _letter, code in seen),
        "kept_is_the_winner": [answer.value["choice"]] == winners,
        "revision": answer.revision,
    }


def sent_again() -> dict:
    """The connection broke after the answer had arrived: the same one comes six times."""
    quiz, items = fresh()
    actions.start_attempt(quiz, user("student0"))
    tabs = [browser("student0") for _ in range(6)]
    codes = at_once([lambda tab=tab: save(tab, items[0], right(items[0])) for tab in tabs])
    return {"codes": codes, "rows": Answer.objects.count(), "revision": Answer.objects.get().revision}


def saved_while_submitting() -> dict:
    """Every student saves six answers while another tab of the same student submits. What was kept counts, and no more."""
    quiz, items = fresh()
    people = [f"student{number}" for number in range(4)]
    for name in people:
        actions.start_attempt(quiz, user(name))
    told: dict[tuple[str, int], int] = {}

    def answer(name: str, client: Client) -> None:
        for item in items:
            told[name, item.pk] = save(client, item, right(item))

    def submit(client: Client) -> int:
        time.sleep(0.04)
        return client.post(f"/quiz/{quiz.pk}/submit/", {"action": "submit", "confirm": "1"}).status_code

    tabs = [(name, browser(name), browser(name)) for name in people]
    jobs: list[Callable[[], object]] = []
    for name, one, other in tabs:
        jobs += [lambda name=name, one=one: answer(name, one), lambda other=other: submit(other)]
    failed = [one for one in at_once(jobs) if isinstance(one, str)]
    kept = {
        (one.attempt.user.username, one.item_id): bool(one.correct)
        for one in Answer.objects.select_related("attempt__user")
    }
    return {
        "failed": failed,
        "codes": sorted(set(told.values())),
        "wrongly_counted": [key for key, code in told.items() if kept[key] != (code == 200)],
        "unmarked": Answer.objects.filter(correct=None).count(),
        "scores_are_sums": _scores_are_sums(),
    }


def _scores_are_sums() -> bool:
    submitted = Attempt.objects.exclude(score=None).prefetch_related("answers", "task_results")
    return all(
        attempt.score == sum(one.points or 0 for one in [*attempt.answers.all(), *attempt.task_results.all()])
        for attempt in submitted
    )


def _exam(round_: CourseRound) -> Exam:
    """Open for an hour, thirty minutes each; the bank's questions, no practical part."""
    body = {"written": [{"count": 6, "points": 2}], "practical": []}
    blueprint, _ = models.Blueprint.objects.get_or_create(
        slug="race",
        defaults={"title_ko": "시험", "title_en": "Exam", "minutes": 30, "release": "submit", "body": body},
    )
    now = timezone.now()
    return exam_actions.open_exam(
        blueprint, round_, now - dt.timedelta(minutes=1), now + dt.timedelta(hours=1)
    )


def expiry() -> dict:
    """The time of an exam runs out while answers arrive and three schedulers look for what is over."""
    quiz, _items = fresh()
    exam = _exam(quiz.round)
    items = list(exam.quiz.items.select_related("version"))
    attempt = exam_actions.begin(exam, user("student0"))
    clients = [browser("student0") for _ in range(3)]
    ends = timezone.now() + dt.timedelta(seconds=0.4)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=ends)
    told: list[tuple[int, int, dt.datetime]] = []

    def answer(client: Client, place: int) -> None:
        revisions = dict.fromkeys((item.pk for item in items), 0)
        while timezone.now() < ends + dt.timedelta(seconds=0.3):
            for item in items[place::3]:
                value = (
                    "abcd"[revisions[item.pk] % 4]
                    if item.version.kind == "single_choice"
                    else str(revisions[item.pk])
                )
                sent = timezone.now()
                code = save(client, item, value, revisions[item.pk])
                revisions[item.pk] += code == 200
                told.append((item.pk, code, sent))
        final.update({item.pk: revisions[item.pk] for item in items[place::3]})

    final: dict[int, int] = {}

    def schedule() -> int:
        marked = 0
        while timezone.now() < ends + dt.timedelta(seconds=0.3):
            marked += exam_actions.submit_expired()
            time.sleep(0.01)
        return marked

    results = at_once(
        [lambda place=place: answer(clients[place], place) for place in range(3)] + [schedule] * 3
    )
    attempt.refresh_from_db()
    kept = {one.item_id: one.revision for one in attempt.answers.all()}
    return {
        "failed": [one for one in results if isinstance(one, str)],
        "times_submitted": sum(results[3:]),
        "state": attempt.state,
        "kept_late": Answer.objects.filter(value__isnull=False, saved_at__gte=ends).count(),
        "sent_late_and_kept": sum(code == 200 and sent >= ends for _item, code, sent in told),
        "lost": [item.pk for item in items if kept[item.pk] != final[item.pk]],
        "some_were_kept": sum(kept.values()) > 0,
        "unmarked": attempt.answers.filter(correct=None).count(),
        "scores_are_sums": _scores_are_sums(),
    }


def one_clock() -> dict:
    """Two instructors resume a pause four times at once, then set the same extra time four times at once."""
    quiz, _items = fresh()
    exam = _exam(quiz.round)
    attempt = exam_actions.begin(exam, user("student0"))
    before = attempt.deadline
    assert before
    exam_actions.pause(exam)
    time.sleep(0.2)
    at_once([lambda: exam_actions.resume(exam)] * 4)
    attempt.refresh_from_db()
    assert attempt.deadline
    paused = (attempt.deadline - before).total_seconds()
    length = sum(
        (one.ended_at - one.began_at).total_seconds() for one in models.ExamPause.objects.filter(exam=exam)
    )
    between = attempt.deadline
    at_once([lambda: exam_actions.give_extra_time(exam, user("student0"), 10)] * 4)
    attempt.refresh_from_db()
    assert attempt.deadline
    return {
        "pauses": models.ExamPause.objects.filter(exam=exam).count(),
        "moved_by_the_pause": abs(paused - length) < 0.001,
        "extra_minutes": (attempt.deadline - between).total_seconds() / 60,
    }


def exam_double_click() -> dict:
    """Six tabs submit one exam at once."""
    quiz, _items = fresh()
    exam = _exam(quiz.round)
    attempt = exam_actions.begin(exam, user("student0"))
    items = list(exam.quiz.items.select_related("version"))
    for item in items[:4]:
        actions.save_answer(attempt, item, right(item))
    tabs = [browser("student0") for _ in range(6)]
    form = {"action": "submit", "confirm": "1"}
    codes = at_once(
        [lambda tab=tab: tab.post(f"/quiz/exams/{exam.pk}/submit/", form).status_code for tab in tabs]
    )
    attempt.refresh_from_db()
    return {
        "codes": codes,
        "score": [float(attempt.score or -1), float(attempt.max_score or -1)],
        "answers": attempt.answers.count(),
        "tasks": models.TaskResult.objects.filter(attempt=attempt).count(),
        "cards": list(ReviewCard.objects.filter(kind="question").values_list("misses", flat=True)),
    }


def review_double_click() -> dict:
    """One card is asked for by six tabs, and then answered by all of them."""
    quiz, _items = fresh()
    attempt = actions.start_attempt(quiz, user("student0"))
    actions.submit_attempt(attempt)
    card = ReviewCard.objects.filter(kind="question").select_related("user").order_by("pk")[0]
    Quiz.objects.filter(pk=quiz.pk).update(closes_at=timezone.now())
    shown = at_once([lambda: review_actions.show_card(card).pk] * 6)
    review = Review.objects.get(pk=shown[0])
    tabs = [browser("student0") for _ in range(6)]
    form = {f"answer-{review.pk}": "a" if review.version.kind == "single_choice" else "999"}
    codes = at_once(
        [lambda tab=tab: tab.post(f"/quiz/review/{review.pk}/", form).status_code for tab in tabs]
    )
    card.refresh_from_db()
    Quiz.objects.filter(pk=quiz.pk).update(closes_at=timezone.now() + dt.timedelta(hours=8))
    return {
        "showings": len(set(shown)),
        "codes": codes,
        "answered": Review.objects.filter(card=card).exclude(answered_at=None).count(),
        "misses": card.misses,
    }


def _propose(quiz: Quiz, items: list[QuizItem]) -> Regrade:
    item = next(item for item in items if item.version.kind == "single_choice")
    change = marking.Change("key", ("c",))
    return regrades.propose(quiz.round.course, item.version, change, "wrong key", user("anna"))


def two_instructors() -> dict:
    """Anna and Bert apply one correction at once, then undo it at once, four clicks each time."""
    quiz, items = fresh()
    for number in range(4):
        attempt = actions.start_attempt(quiz, user(f"student{number}"))
        for item in items:
            actions.save_answer(attempt, item, right(item))
        actions.submit_attempt(attempt)
    regrade = _propose(quiz, items)
    seen = shadow.fingerprint(
        regrade_queries.moves(regrade.course, regrade.version, regrade_queries.target_of(regrade))
    )
    people = [user("anna"), user("bert")] * 2
    applied = at_once([lambda one=one: regrades.apply(regrade, one, seen) for one in people])
    scores = sorted(Attempt.objects.values_list("score", flat=True))
    undone = at_once([lambda one=one: regrades.undo(regrade, one) for one in people])
    return {
        "applied": sorted(applied),
        "scores": [float(score) for score in scores],
        "undone": sorted(undone),
        "scores_after": [float(score) for score in Attempt.objects.values_list("score", flat=True)],
        "lines": models.RegradeLine.objects.count(),
        "scores_are_sums": _scores_are_sums(),
    }


def apply_or_cancel() -> dict:
    """Anna applies while Bert cancels: one of them is told so, and the state says which."""
    quiz, items = fresh()
    outcomes, seen = [], shadow.fingerprint([])
    for _ in range(5):
        regrade = _propose(quiz, items)
        done = at_once(
            [
                lambda regrade=regrade: regrades.apply(regrade, user("anna"), seen),
                lambda regrade=regrade: regrades.cancel(regrade, user("bert")),
            ]
        )
        regrade.refresh_from_db()
        outcomes.append([regrade.state, done[0] is True, done[1] is True])
        if regrade.state == "applied":
            regrades.undo(regrade, user("anna"))
    return {"outcomes": outcomes}


def submitted_while_applying() -> dict:
    """Twelve students submit while the key is corrected: whoever comes when, all are marked by the new key in the end."""
    quiz, items = fresh()
    regrade = _propose(quiz, items)
    choice = next(item for item in items if item.version_id == regrade.version_id)
    attempts = []
    for number in range(STUDENTS):
        attempt = actions.start_attempt(quiz, user(f"student{number}"))
        actions.save_answer(attempt, choice, "b" if number % 2 else "c")
        attempts.append(attempt)
    tries: list[str] = []

    def apply() -> bool:
        for _ in range(200):
            found = regrade_queries.moves(regrade.course, regrade.version, regrade_queries.target_of(regrade))
            try:
                return regrades.apply(regrade, user("anna"), shadow.fingerprint(found))
            except regrades.MovedError:
                tries.append("again")
        raise AssertionError("never applied")

    def submit(attempt: Attempt, place: int) -> bool:
        time.sleep(0.01 * place)
        return actions.submit_attempt(attempt)

    jobs: list[Callable[[], object]] = [
        lambda attempt=attempt, place=place: submit(attempt, place) for place, attempt in enumerate(attempts)
    ]
    results = at_once([*jobs, apply])
    wrong = [
        one.attempt.user.username
        for one in Answer.objects.filter(item=choice).select_related("attempt__user")
        if one.correct != (one.value == {"choice": "c"})
    ]
    return {"results": results, "marked_by_the_old_key": wrong, "scores_are_sums": _scores_are_sums()}


SCENES: dict[str, Callable[[], dict]] = {
    scene.__name__: scene
    for scene in (
        set_up, double_click, first_visit, two_tabs, sent_again, saved_while_submitting, expiry, one_clock,
        exam_double_click, review_double_click, two_instructors, apply_or_cancel, submitted_while_applying,
    )
}  # fmt: skip

if __name__ == "__main__":
    # Several scenes in one process: starting Django costs more than most of them.
    print(json.dumps({name: SCENES[name]() for name in sys.argv[1:]}, default=str))
