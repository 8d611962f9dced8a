"""Before marking, no key, no explanation and no other student's variant: every address of the site is asked, for all kinds.

Alice has today's quiz open, an exam open (later: submitted, but its marks are not shown yet) and a card waiting. Each of
the three asks one question of every kind; the texts and keys of each group carry a name of their own.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from quizzes import actions, kinds
from quizzes.content import load_questions
from quizzes.exams import actions as exam_actions
from quizzes.models import Blueprint, Exam, Question, Quiz, QuizItem, Review, ReviewCard
from quizzes.review import actions as review_actions
from quizzes.review.cards import new_question_card

from .conftest import SECRET, WHY, full_form, post_answer, write_questions
from .entries import KINDS, entry_of

GROUPS = ("day", "exam", "card")
# What must not be seen of a kind beside explanations and misconceptions: the key, where it is not a choice on the page.
KEYS = {
    "numeric": {"key": 918273645},
    "short_text": {"answers": ["KEYWORD", "keyword two"], "mistakes": []},
    "fill_in_code": {
        "code": "x = torch.zeros({{1}}, 3)\ny = x.{{2}}(dim=1)\n",
        "blanks": [{"answers": ["KEYGAP"]}, {"answers": ["KEYSUM", "KEYMEAN"]}],
    },
    "predict_output": {"code": "print(31415 * 3)\n", "output": "94245 KEYOUTPUT\n", "mistakes": []},
    "parametrised": {
        "parameters": {"n": {"range": [100_000, 999_999]}, "k": {"choices": [3, 5, 7]}},
        "let": {"out": "n * 1009 + k"},
    },
}
# The letters that an ordering's or a matching's file gives its entries tell the key: on the page they must mean nothing.
ARGUMENTS = ("quiz_id", "item_id", "exam_id", "review_id", "card_id")


def make_entry(group: str, kind: str) -> dict:
    """A question of one group; each text and key that must not leak ends with the group's name."""
    entry = entry_of(kind, slug=f"{group}-{kind.replace('_', '-')}", **KEYS.get(kind, {}))
    text = json.dumps(entry, ensure_ascii=False)
    for word in (SECRET, WHY, "KEYWORD", "keyword two", "KEYGAP", "KEYSUM", "KEYMEAN", "KEYOUTPUT"):
        text = text.replace(word, f"{word}-{group}")
    return json.loads(
        text.replace("918273645", {"day": "918273645", "exam": "827364591", "card": "736459182"}[group])
    )


@pytest.fixture
def questions(topics, tmp_path):
    """Group -> its questions, one of every kind."""
    write_questions(tmp_path, [make_entry(group, kind) for group in GROUPS for kind in KINDS])
    load_questions(tmp_path)
    rows = Question.objects.select_related("current__question__topic")
    return {group: list(rows.filter(slug__startswith=f"{group}-")) for group in GROUPS}


def make_quiz(course_round, kind, questions) -> Quiz:
    now = timezone.now()
    quiz = Quiz.objects.create(
        round=course_round,
        kind=kind,
        date=course_round.course.today(),
        published_at=now - dt.timedelta(hours=1),
        closes_at=now + dt.timedelta(hours=1),
    )
    QuizItem.objects.bulk_create(
        QuizItem(quiz=quiz, question=question, version=question.current, position=place)
        for place, question in enumerate(questions, start=1)
    )
    return quiz


@pytest.fixture
def day(course_round, questions):
    return make_quiz(course_round, Quiz.Kind.DAILY, questions["day"])


@pytest.fixture
def exam(course_round, questions):
    body = {"written": [{"count": 10, "points": 1}], "practical": []}
    blueprint = Blueprint.objects.create(
        slug="leak", title_ko="시험", title_en="Exam", minutes=30, release="close", body=body
    )
    quiz = make_quiz(course_round, Quiz.Kind.EXAM, questions["exam"])
    return Exam.objects.create(quiz=quiz, blueprint=blueprint, number=1, minutes=30, release="close")


@pytest.fixture
def cards(alice, questions):
    """A card of every kind, that alice has missed with other numbers than she is asked now; each is shown."""
    for question in questions["card"]:
        new_question_card(alice.pk, question.current, 7, None, dt.date(2026, 1, 5)).save()
    return [review_actions.show_card(card) for card in ReviewCard.objects.select_related("user", "question")]


@pytest.fixture
def attempts(alice, bob, day, exam):
    """Both students are in the middle of both."""
    made = {}
    for user in (alice, bob):
        made[user.username, "day"] = actions.start_attempt(day, user)
        made[user.username, "exam"] = exam_actions.begin(exam, user)
    return made


def secrets_of(attempt) -> set[str]:
    """What nobody may see while this attempt is not marked: explanations, misconceptions, keys, this student's values."""
    found = set()
    for item in attempt.quiz.items.select_related("version", "question"):
        group = item.question.slug.partition("-")[0]
        kind, body, seed = item.version.kind, item.version.body, attempt.item_seed(item)
        found |= {f"{SECRET}-{group}", f"{WHY}-{group}"}
        if kind in ("numeric", "parametrised"):
            found.add(kinds.find(kind).solve(body, seed))
        if kind in ("short_text", "fill_in_code", "predict_output"):
            found |= set(
                re.findall(
                    rf"[A-Za-z ]+-{group}",
                    json.dumps([body.get("answers"), body.get("blanks"), body.get("output")]),
                )
            )
    return found


def numbers_of(attempt) -> set[str]:
    """The numbers that only this student reads."""
    item = attempt.quiz.items.select_related("version").get(version__kind="parametrised")
    stem = kinds.find("parametrised").present(item.version.body, attempt.item_seed(item), "en").stem
    return set(re.findall(r"\d{6}", stem))


def addresses(values: dict[str, list[object]]) -> list[str]:
    """Every address of the site with every combination that `values` has for its arguments."""
    return sorted(set(_walk(get_resolver(), "", values)))


def _walk(resolver: URLResolver, prefix: str, values: dict[str, list[object]]):
    for entry in resolver.url_patterns:
        route = prefix + _route(entry)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route, values)
        elif isinstance(entry, URLPattern):
            yield from _filled(f"/{route}", values)


def _route(entry) -> str:
    """Of a regular expression only what stands literally in it: those are Django's own."""
    pattern = entry.pattern
    return (
        str(pattern)
        if hasattr(pattern, "_route")
        else re.sub(r"\(\?P<(\w+)>[^)]*\)|[\^$\\?]", r"<\1>", str(pattern)).replace("<>", "")
    )


def _filled(route: str, values: dict[str, list[object]]):
    places = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if not places:
        yield route
        return
    name = places[0]
    for value in values.get(name, ["1"]):
        yield from _filled(re.sub(rf"<(?:\w+:)?{name}>", str(value), route), values)


def crawl(client, values, language) -> list[tuple[str, str]]:
    """(address, all that came back) of every address, by GET; what changes something answers 405 or asks to be posted."""
    seen = []
    for address in addresses(values):
        if "logout" in address or (language == "en" and not address.startswith("/quiz/")):
            continue  # the pages of the quizzes in both languages, all others in one
        response = client.get(address, headers={"accept-language": language})
        assert response.status_code != 500, address
        seen.append((address, everything(response)))
    return seen


def everything(response) -> str:
    """Body, headers and cookies."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{body.decode(errors='replace')}\n{dict(response.headers)}\n{response.cookies}"


def leaks(seen, secrets) -> list[tuple[str, str]]:
    return [(address, secret) for address, text in seen for secret in sorted(secrets) if secret in text]


@pytest.fixture
def values(day, exam, cards, alice, bob):
    """What stands in the addresses: all ids there are, so that alice asks for what is bob's too."""
    return {
        "quiz_id": [day.pk, exam.quiz_id],
        "item_id": [day.items.first().pk, exam.quiz.items.first().pk],
        "exam_id": [exam.pk],
        "review_id": [review.pk for review in cards],
        "card_id": list(ReviewCard.objects.values_list("pk", flat=True)),
        "question_id": list(Question.objects.values_list("pk", flat=True))[:3],
        "version_id": list(Question.objects.values_list("current_id", flat=True))[:3],
        "user_id": [alice.pk, bob.pk],
    }


def test_the_crawl_finds_every_page_of_the_quizzes(values, client_of, alice):
    found = addresses(values)
    assert {"/quiz/", "/quiz/mistakes/", "/quiz/exams/", "/api/schema/", "/admin/"} <= set(found)
    for name in ARGUMENTS:
        assert any(str(values[name][0]) in address for address in found), name
    assert len([address for address in found if address.startswith("/quiz/")]) > 50


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_address_tells_before_marking(client_of, alice, attempts, values, language):
    client = client_of(alice, language)
    secrets = secrets_of(attempts["alice", "day"]) | secrets_of(attempts["alice", "exam"])
    others = {
        group: secrets_of(attempts["bob", group]) | numbers_of(attempts["bob", group])
        for group in ("day", "exam")
    }
    assert len(secrets) > 15
    seen = crawl(client, values, language)
    assert leaks(seen, secrets) == []
    assert leaks(seen, others["day"] | others["exam"]) == []
    own = numbers_of(attempts["alice", "day"])
    assert own
    assert any(
        own <= set(re.findall(r"\d{6}", text)) for _address, text in seen
    )  # the crawl did see the sheet


def test_saving_and_refusals_tell_nothing(client_of, alice, attempts, day, exam):
    """Wrong, empty, unreadable and stale answers of every kind, then the whole form with gaps."""
    client = client_of(alice)
    secrets = secrets_of(attempts["alice", "day"]) | secrets_of(attempts["alice", "exam"])
    seen = []
    for item in [*day.items.all(), *exam.quiz.items.all()]:
        for revision, raw in enumerate(("0", "a", "", "?!", "\n" * 20)):
            seen.append((f"{item} {raw!r}", everything(post_answer(client, item, raw, revision % 2))))
    for action in ("save", "submit"):
        form = full_form(day, {item.pk: "0" for item in day.items.all()}, action=action)
        seen.append((action, everything(client.post(f"/quiz/{day.pk}/submit/", form))))
    assert {f"{SECRET}-day", "918273645"} <= secrets
    assert leaks(seen, secrets) == []


def test_right_and_wrong_answers_of_every_kind_get_the_same_reply(client_of, alice, attempts, day):
    client, attempt = client_of(alice), attempts["alice", "day"]
    for item in day.items.select_related("version"):
        kind = kinds.find(item.version.kind)
        right = kind.solve(item.version.body, attempt.item_seed(item))
        wrong = {"numeric": "12", "parametrised": "12", "true_false": "false"}.get(item.version.kind, "a")
        replies = [post_answer(client, item, raw, revision) for revision, raw in enumerate((right, wrong))]
        shapes = {(reply.status_code, tuple(sorted(reply.json())), len(reply.headers)) for reply in replies}
        assert len(shapes) == 1, item.version.kind
        assert replies[0].status_code == 200, item.version.kind


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_submitted_exam_tells_nothing_before_its_release(
    client_of, alice, bob, attempts, values, exam, language
):
    exam_actions.submit(attempts["alice", "exam"])
    seen = crawl(client_of(alice, language), values, language)
    secrets = (
        secrets_of(attempts["alice", "exam"])
        | secrets_of(attempts["bob", "exam"])
        | numbers_of(attempts["bob", "exam"])
    )
    assert leaks(seen, secrets) == []


def test_a_card_that_is_asked_tells_nothing(client_of, alice, cards):
    """All mistakes have been marked, so their page may show them; the question asked anew has other numbers."""
    client = client_of(alice)
    for review in cards:
        text = everything(client.get(f"/quiz/review/{review.pk}/"))
        kind, body = review.version.kind, review.version.body
        assert f"{SECRET}-card" not in text, kind
        assert f"{WHY}-card" not in text, kind
        if kind in ("numeric", "parametrised", "short_text", "fill_in_code", "predict_output"):
            for line in kinds.find(kind).solve(body, review.seed).split("\n"):
                assert line not in text, kind


def test_another_students_card_is_not_there(client_of, bob, cards):
    for review in cards:
        assert client_of(bob).get(f"/quiz/review/{review.pk}/").status_code == 404
    assert Review.objects.count() == len(KINDS)


@pytest.mark.parametrize("kind", ["ordering", "matching", "single_choice", "multiple_choice"])
def test_the_order_on_the_page_does_not_tell_the_key(kind):
    """Over many students the right entry stands at every place, and the letters of the page are not the file's."""
    body = entry_of(kind)
    found = kinds.find(kind)
    right = found.solve(body, 0).split("\n")[0]
    places = {
        [option.id for option in found.present(body, seed, "ko").options].index(right) for seed in range(200)
    }
    assert places == set(range(len(found.present(body, 0, "ko").options)))
    if kind in ("ordering", "matching"):
        assert found.solve(body, 0).split("\n") != sorted(found.solve(body, 0).split("\n"))


def test_the_scripts_hold_no_question(questions):
    """What is served to everybody, signed in or not."""
    words = {f"{SECRET}-{group}" for group in GROUPS} | {"KEYWORD", "fixtures/questions"}
    for path in Path(settings.BASE_DIR).glob("*/static/**/*.js"):
        assert not any(word in path.read_text(encoding="utf-8") for word in words), path
