"""The choice of a day's questions is pure, so it is tested as data."""

from collections import Counter

from quizzes.selection import Candidate, select_questions


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
