"""What a blueprint may say, and what is drawn from it."""

import pytest

from quizzes.exams import blueprints
from quizzes.selection import Candidate

GOOD = {
    "slug": "x",
    "title_ko": "가",
    "title_en": "A",
    "minutes": 30,
    "written": [{"topics": ["tensor"], "difficulty": [1], "kinds": ["numeric"], "count": 2, "points": 1}],
    "practical": [{"exercises": ["a", "b"], "count": 1, "points": 5}],
}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"minutes": 0}, "minutes: must be a whole number from 1 to 600"),
        ({"minutes": True}, "minutes: must be a whole number from 1 to 600"),
        ({"title_en": " "}, "title_en: a text is missing"),
        ({"release": "never"}, "release: must be submit or close"),
        ({"time": 3}, "time: no such field"),
        ({"written": [], "practical": []}, "written, practical: lists of sections, at least one section in all"),
        ({"written": [{"topics": ["cooking"], "count": 1, "points": 1}]}, "written.1.topics: there is no 'cooking'"),
        ({"written": [{"difficulty": 2, "count": 1, "points": 1}]}, "written.1.difficulty: must be a list"),
        ({"written": [{"count": 0, "points": 1}]}, "written.1.count: must be a whole number from 1 to 200"),
        ({"written": [{"count": 1, "points": 0}]}, "written.1.points: must be a number above 0"),
        ({"practical": [{"exercises": ["a"], "count": 2, "points": 1}]}, "practical.1.exercises: fewer than count"),
        ({"written": ["tensor"]}, "written.1: a section is a mapping"),
    ],
)
def test_a_wrong_blueprint_is_refused_by_field(change, problem):
    assert blueprints.check(GOOD | change, {"tensor"}, {"numeric"}) == [problem]


def test_a_good_blueprint_has_no_problem():
    assert blueprints.check(GOOD, {"tensor"}, {"numeric"}) == []


def candidates(count):
    return [
        Candidate(place, f"q-{place:02}", ["tensor", "loss", "rnn"][place % 3], "numeric", 1 + place % 2)
        for place in range(count)
    ]


def test_topics_take_turns_and_no_question_comes_twice():
    body = {"written": [{"count": 6, "points": 1}, {"difficulty": [2], "count": 3, "points": 2}]}
    picks = blueprints.draw_questions(body, candidates(18), set(), "seed")
    assert len({pick.of.id for pick in picks}) == 9
    assert sorted(pick.of.topic for pick in picks[:6]) == ["loss", "loss", "rnn", "rnn", "tensor", "tensor"]
    assert [pick.points for pick in picks] == [1] * 6 + [2] * 3
    assert all(pick.of.difficulty == 2 for pick in picks[6:])


def test_what_earlier_sittings_asked_comes_last():
    body = {"written": [{"count": 8, "points": 1}]}
    used = set(range(10))
    picks = blueprints.draw_questions(body, candidates(18), used, "seed")
    assert not used & {pick.of.id for pick in picks}


def test_the_same_seed_draws_the_same_exam():
    body = {"written": [{"count": 5, "points": 1}]}
    one, again, other = (
        blueprints.draw_questions(body, candidates(18), set(), seed) for seed in ("a", "a", "b")
    )
    assert one == again != other


def test_too_few_questions_name_the_section():
    body = {"written": [{"count": 1, "points": 1}, {"difficulty": [3], "count": 1, "points": 1}]}
    with pytest.raises(blueprints.ShortageError, match="section 2 needs 1 questions; the bank has 0"):
        blueprints.draw_questions(body, candidates(18), set(), "seed")


def test_an_exercise_is_drawn_once():
    body = {"practical": [{"exercises": ["a", "b"], "count": 1, "points": 5}] * 2}
    assert sorted(pick.of for pick in blueprints.draw_exercises(body, "seed")) == ["a", "b"]
