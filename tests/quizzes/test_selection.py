"""The choice of a day's questions is pure, so it is tested as data."""

from collections import Counter

import pytest

from quizzes.selection import Candidate, TopicResult, select_questions


def candidates(*rows):
    return [Candidate(place, f"q-{place}", *row) for place, row in enumerate(rows, start=1)]


CHOICES = [("tensor", "single_choice", 1)] * 8
NUMBERS = [("tensor", "numeric", 2)] * 8
OTHERS = [("rag", "single_choice", 1)] * 4


def ids(chosen):
    return [each.id for each in chosen]


def test_nothing_to_choose_from_chooses_nothing():
    assert select_questions([], ["tensor"], {}, "seed") == []


def test_the_same_input_gives_the_same_quiz_and_another_day_another():
    bank = candidates(*CHOICES, *NUMBERS)
    one = ids(select_questions(bank, ["tensor"], {}, "1/2026-11-20"))
    assert one == ids(select_questions(list(reversed(bank)), ["tensor"], {}, "1/2026-11-20"))
    others = {tuple(sorted(ids(select_questions(bank, ["tensor"], {}, f"1/{day}")))) for day in range(20)}
    assert len(others) > 10


def test_both_kinds_are_there():
    kinds = Counter(
        each.kind for each in select_questions(candidates(*CHOICES, *NUMBERS), ["tensor"], {}, "x")
    )
    assert sum(kinds.values()) == 6
    assert min(kinds["single_choice"], kinds["numeric"]) >= 2


def test_one_kind_alone_fills_the_quiz():
    assert len(select_questions(candidates(*CHOICES), ["tensor"], {}, "x")) == 6


def test_the_days_topics_come_first():
    chosen = select_questions(candidates(*OTHERS, *CHOICES, *NUMBERS), ["rag"], {}, "x")
    assert {1, 2, 3, 4} <= set(ids(chosen))


def test_topics_take_turns():
    rows = [("tensor", "single_choice", 1)] * 12 + [("loss", "single_choice", 1)] * 3
    for seed in "abcdef":
        chosen = select_questions(candidates(*rows), ["tensor", "loss"], {}, seed)
        assert Counter(each.topic for each in chosen) == {"tensor": 3, "loss": 3}


def test_what_was_asked_this_week_comes_last_even_on_the_days_topic():
    bank = candidates(*OTHERS, *CHOICES, *NUMBERS)
    chosen = select_questions(bank, ["rag"], {1: 1, 2: 7, 3: 8}, "x")
    assert {1, 2}.isdisjoint(ids(chosen))
    assert {3, 4} <= set(ids(chosen))


def test_a_small_bank_repeats_rather_than_ask_nothing():
    bank = candidates(*CHOICES[:6])
    assert len(select_questions(bank, ["tensor"], dict.fromkeys(range(1, 7), 1), "x")) == 6


def test_easy_questions_come_first():
    bank = candidates(
        *[("tensor", kind, level) for kind in ("numeric", "single_choice") for level in (3, 2, 1)]
    )
    assert [each.difficulty for each in select_questions(bank, [], {}, "x")] == [1, 1, 2, 2, 3, 3]


WEAK, STRONG = TopicResult(2, 20), TopicResult(18, 20)


@pytest.mark.parametrize(
    ("result", "is_weak"),
    [
        (TopicResult(0, 0), False),
        (TopicResult(0, 3), False),  # three answers prove little
        (TopicResult(2, 4), True),
        (TopicResult(3, 4), False),
        (WEAK, True),
        (STRONG, False),
    ],
)
def test_a_topic_is_weak_when_enough_answers_are_wrong(result, is_weak):
    assert result.is_weak is is_weak


def test_two_places_go_to_what_the_class_got_wrong_on_earlier_days():
    bank = candidates(*[("tensor", "single_choice", 1)] * 8, *[("rag", "numeric", 1)] * 8)
    for seed in "abcdef":
        chosen = select_questions(bank, ["tensor"], {}, seed, {"rag": WEAK})
        assert Counter(each.topic for each in chosen) == {"tensor": 4, "rag": 2}
        chosen = select_questions(bank, ["tensor"], {}, seed, {"rag": STRONG})
        assert Counter(each.topic for each in chosen)["rag"] <= 2  # only as the other kind
    same_kind = candidates(*[("tensor", "numeric", 1)] * 8, *[("rag", "numeric", 1)] * 8)
    chosen = select_questions(same_kind, ["tensor"], {}, "x", {"rag": STRONG})
    assert {each.topic for each in chosen} == {"tensor"}


def test_a_weak_topic_of_the_day_takes_more_turns():
    rows = [("tensor", "numeric", 1)] * 12 + [("loss", "numeric", 1)] * 12
    for seed in "abcdef":
        chosen = select_questions(candidates(*rows), ["tensor", "loss"], {}, seed, {"loss": WEAK})
        assert Counter(each.topic for each in chosen)["loss"] >= 4


def test_a_weak_topic_repeats_no_question_of_this_week():
    bank = candidates(*[("tensor", "numeric", 1)] * 8, *[("rag", "numeric", 1)] * 2)
    chosen = select_questions(bank, ["tensor"], {9: 3, 10: 9}, "x", {"rag": WEAK})
    assert 10 in ids(chosen)
    assert 9 not in ids(chosen)
