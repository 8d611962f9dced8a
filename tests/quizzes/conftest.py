"""A small bank of questions whose keys the tests know, in files as a person would write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

RIGHT_NUMBER = {"number-1": 918273645, "number-2": 0.25, "number-3": 16}
SECRET = "SECRET-EXPLANATION"
WHY = "SECRET-WHY"


def choice_entry(slug: str, key: str = "b", **changes: Any) -> dict[str, Any]:
    """A single choice question as it stands in a file."""
    choices = []
    for letter in "abcd":
        choice = {"id": letter, "text_ko": f"{slug} 보기 {letter}", "text_en": f"{slug} choice {letter}"}
        if letter != key:
            choice |= {"why_ko": f"{WHY} 까닭 {letter}", "why_en": f"{WHY} reason {letter}"}
        choices.append(choice)
    return {
        "slug": slug,
        "kind": "single_choice",
        "difficulty": 1,
        "stem_ko": f"{slug} 문제입니다.",
        "stem_en": f"This is {slug}.",
        "choices": choices,
        "key": key,
        "explanation_ko": f"{SECRET} 해설 {slug}",
        "explanation_en": f"{SECRET} explanation {slug}",
    } | changes


def number_entry(slug: str, key: float = 918273645, **changes: Any) -> dict[str, Any]:
    """A numeric question as it stands in a file."""
    return {
        "slug": slug,
        "kind": "numeric",
        "difficulty": 2,
        "stem_ko": f"{slug} 값은 얼마입니까?",
        "stem_en": f"How much is {slug}?",
        "key": key,
        "explanation_ko": f"{SECRET} 해설 {slug}",
        "explanation_en": f"{SECRET} explanation {slug}",
    } | changes


def write_questions(root: Path, entries: list[dict[str, Any]], topic: str = "tensor") -> Path:
    """Writes `entries` to <root>/<topic>/basics.yaml."""
    path = root / topic / "basics.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def topics(db):
    from courses.content import load_courses

    load_courses()


@pytest.fixture
def bank(topics, tmp_path):
    """Three choices (b is right everywhere) and three numbers; the folder of their files."""
    from quizzes.content import load_questions

    entries = [choice_entry(f"choice-{place}") for place in (1, 2, 3)]
    entries += [number_entry(slug, key) for slug, key in RIGHT_NUMBER.items()]
    write_questions(tmp_path, entries)
    load_questions(tmp_path)
    return tmp_path


@pytest.fixture
def quiz(course_round, bank):
    """Today's quiz, of all six questions."""
    from quizzes.actions import publish_due

    return publish_due(course_round)


def right_answer(item) -> str:
    """What a student types or clicks to be right."""
    return str(item.version.body["key"])


def wrong_answer(item) -> str:
    return "a" if item.version.kind == "single_choice" else "12345"


def answer_quiz(user, quiz, right: int) -> None:
    """Answers and submits the quiz for `user`, the first `right` questions rightly and the others wrongly."""
    from quizzes import actions

    attempt = actions.start_attempt(quiz, user)
    for place, item in enumerate(quiz.items.select_related("version")):
        actions.save_answer(attempt, item, right_answer(item) if place < right else wrong_answer(item))
    actions.submit_attempt(attempt)


def post_answer(client, item, value: str, revision: int = 0, **headers: str):
    """Saves one answer as the page's script does; `revision` is the one the window knows."""
    return client.post(
        f"/quiz/items/{item.pk}/answer/", {"value": value, "revision": revision}, headers=headers
    )


def full_form(
    quiz, answers: dict[int, str], revisions: dict[int, int] | None = None, **more: str
) -> dict[str, str]:
    """The whole sheet as a browser without JavaScript posts it: item id -> answer."""
    revisions = revisions or {}
    data = {"action": "submit"} | more
    for item in quiz.items.select_related("version"):
        data[f"revision-{item.pk}"] = str(revisions.get(item.pk, 0))
        if item.pk in answers:
            data[f"answer-{item.pk}"] = answers[item.pk]
        elif item.version.kind == "numeric":
            data[f"answer-{item.pk}"] = ""  # a text field is always sent, a radio button only when chosen
    return data
