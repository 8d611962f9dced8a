"""The bank that is shipped: it proves its keys, is fair as a whole, and covers the syllabus."""

from collections import Counter

import pytest
from django.conf import settings

from quizzes import bank
from quizzes.files import read_questions

from .conftest import choice_entry, number_entry, write_questions
from .entries import entry_of


@pytest.fixture(scope="module")
def shipped():
    return read_questions(settings.FIXTURES_DIR / "questions")


def numbered(count, **changes):
    stems = {
        "합성곱": "Convolution",
        "순환 신경망": "Recurrent network",
        "어텐션": "Attention",
        "임베딩": "Embedding",
        "옵티마이저": "Optimizer",
        "배치 정규화": "Batch normalisation",
        "전이 학습": "Transfer learning",
        "과적합": "Overfitting",
        "풀링": "Pooling",
        "손실": "Loss",
    }
    return [
        choice_entry(f"q-{place}", key="abcd"[place % 4], stem_ko=f"{korean}?", stem_en=f"{english}!")
        | changes
        for place, (korean, english) in enumerate(list(stems.items())[:count])
    ]


def lint_entries(tmp_path, entries):
    write_questions(tmp_path, entries)
    return bank.lint(read_questions(tmp_path))


def test_the_linter_sees_a_letter_that_is_always_right(tmp_path):
    entries = [
        choice_entry(entry["slug"], "c", stem_ko=entry["stem_ko"], stem_en=entry["stem_en"])
        for entry in numbered(10)
    ]
    problems = lint_entries(tmp_path, entries)
    assert "choice c is right in 10 of 10 questions with 4 choices" in problems


@pytest.mark.parametrize(
    ("text", "word"), [("아주 길고 자세하게 쓴 보기입니다 long and careful", "longest"), ("짧", "shortest")]
)
def test_the_linter_sees_that_length_tells_the_answer(tmp_path, text, word):
    entries = numbered(8)
    for entry in entries:
        right = next(choice for choice in entry["choices"] if choice["id"] == entry["key"])
        right["text_ko"] = text
    assert f"the {word} choice is right in 8 of 8 questions (ko)" in lint_entries(tmp_path, entries)


def test_the_linter_sees_the_same_question_twice(tmp_path):
    one = number_entry("one", stem_ko="Conv2d(3, 16, 3)의 파라미터는 몇 개입니까?")
    two = number_entry(
        "two", stem_ko="Conv2d(3, 16, 3)의 파라미터는 모두 몇 개입니까?", stem_en="Something else entirely"
    )
    assert lint_entries(tmp_path, [one, two]) == ["one and two ask nearly the same (ko)"]


CLASHES = {
    "mistakes.0 is the key for 50 of 50 students": [{"value": "1 * n - k + 1"}],
    "mistakes.0 is marked as right for 50 of 50 students": [{"value": "n - k + 1.001"}],
    "mistakes.0 and mistakes.1 are the same number": [{"value": "n - k"}, {"value": "n - k - 1 + 1"}],
}


@pytest.mark.parametrize("problem", CLASHES)
def test_the_linter_sees_mistakes_that_tell_nothing(problem, tmp_path):
    mistakes = [mistake | {"why_ko": "까닭", "why_en": "reason"} for mistake in CLASHES[problem]]
    entry = entry_of("parametrised", mistakes=mistakes, tolerance={"absolute": 0.01})
    (found,) = lint_entries(tmp_path, [entry])
    assert found.endswith(f"one-parametrised: {problem}")


def several(count: int, keys: list[str], right: str = "") -> list[dict]:
    """Questions with several right choices, whose right texts begin with `right`."""
    entries = []
    for entry in numbered(count):
        stem = {name: entry[name] for name in ("stem_ko", "stem_en")}
        made = entry_of("multiple_choice", entry["slug"], keys=keys, **stem)
        for choice in made["choices"]:
            choice |= {
                name: f"{right if choice['id'] in keys else ''}{choice[name]}"
                for name in ("text_ko", "text_en")
            }
            if choice["id"] not in keys:
                choice |= {"why_ko": "까닭", "why_en": "reason"}
        entries.append(made)
    return entries


def test_the_linter_sees_habits_of_several_right_choices(tmp_path):
    problems = lint_entries(tmp_path, several(8, ["a", "c"], "a long and careful text "))
    assert "choice a is right in 8 of 8 questions with several choices" in problems
    assert "choice b is right in 0 of 8 questions with several choices" in problems
    assert "right choices are the longer ones in 8 of 8 questions with several choices (en)" in problems


def test_a_fair_bank_has_no_problem(tmp_path):
    assert lint_entries(tmp_path, numbered(8)) == []


def test_the_shipped_bank_is_fair(shipped):
    assert bank.lint(shipped) == []


def test_the_shipped_bank_covers_every_topic_with_both_kinds(shipped, topics):
    from courses.models import Topic

    counts = Counter(question.kind for question in shipped)
    assert counts["single_choice"] >= 20
    assert counts["numeric"] >= 10
    assert {question.topic for question in shipped} == set(Topic.objects.values_list("slug", flat=True))


def test_every_number_of_the_shipped_bank_has_a_check(shipped):
    """check_bank runs them in the jail; here only that none is without."""
    numbers = [question for question in shipped if question.kind in ("numeric", "parametrised")]
    assert [question.slug for question in numbers if not question.check] == []


def test_formulas_are_closed(shipped):
    for question in shipped:
        for name, text in question.body.items():
            if isinstance(text, str) and name.startswith(("stem", "explanation")):
                assert text.count("$") % 2 == 0, (question.slug, name)
