"""A day's quiz: once per round, at the date where the course is held, from the versions of that time."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.models import CalendarDay, CourseRound, Topic
from quizzes import actions, content, tasks
from quizzes.models import Question, Quiz, QuizItem

from .conftest import choice_entry, number_entry, write_questions

KST = dt.timezone(dt.timedelta(hours=9))


def test_an_empty_bank_publishes_nothing(course_round):
    assert actions.publish_due(course_round) is None
    assert not Quiz.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"is_active": False}, {"starts_on": dt.date(2999, 1, 1), "ends_on": dt.date(2999, 1, 2)}]
)
def test_a_round_that_does_not_run_gets_no_quiz(course_round, bank, changes):
    CourseRound.objects.filter(pk=course_round.pk).update(**changes)
    course_round.refresh_from_db()
    assert actions.publish_due(course_round) is None
    tasks.publish()
    assert not Quiz.objects.exists()


def test_publishing_again_gives_the_same_quiz(course_round, bank):
    first = actions.publish_due(course_round)
    tasks.publish()
    tasks.publish()
    assert actions.publish_due(course_round) == first
    assert Quiz.objects.count() == 1
    assert first.items.count() == 6
    assert [item.position for item in first.items.all()] == [1, 2, 3, 4, 5, 6]


def test_a_quiz_that_is_out_stays_when_its_questions_are_taken_out(quiz):
    Question.objects.update(is_active=False)
    assert actions.publish_due(quiz.round) == quiz


def test_the_database_allows_one_daily_quiz_a_day(quiz):
    with pytest.raises(IntegrityError), transaction.atomic():
        Quiz.objects.create(
            round=quiz.round, date=quiz.date, published_at=quiz.published_at, closes_at=quiz.closes_at
        )


def test_the_database_refuses_a_question_twice_and_a_quiz_that_closes_before_it_opens(quiz):
    item = quiz.items.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuizItem.objects.create(quiz=quiz, question=item.question, version=item.version, position=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quiz.objects.filter(pk=quiz.pk).update(closes_at=quiz.published_at)


def test_the_date_is_that_of_seoul(course_round, bank):
    day = course_round.course.today()
    just_before = dt.datetime.combine(day, dt.time(23, 59, 30), tzinfo=KST)
    with time_machine.travel(just_before, tick=False):
        assert actions.publish_due(course_round).date == day
    with time_machine.travel(just_before + dt.timedelta(minutes=1), tick=False):
        assert timezone.now().date() == day  # in UTC it is still the same date
        assert actions.publish_due(course_round).date == day + dt.timedelta(days=1)
    assert Quiz.objects.count() == 2


def test_it_is_open_from_midnight_to_midnight_in_seoul(quiz):
    opens = dt.datetime.combine(quiz.date, dt.time(), tzinfo=KST)
    for moment, is_open in [
        (opens - dt.timedelta(seconds=1), False),
        (opens, True),
        (opens + dt.timedelta(hours=23, minutes=59), True),
        (opens + dt.timedelta(days=1), False),
    ]:
        with time_machine.travel(moment, tick=False):
            assert quiz.is_open() is is_open


def test_the_quiz_asks_the_topics_of_the_calendar(course_round, topics, tmp_path):
    write_questions(tmp_path, [choice_entry(f"t-{place}") for place in range(8)], "tensor")
    write_questions(tmp_path, [number_entry(f"l-{place}") for place in range(8)], "loss")
    write_questions(tmp_path, [choice_entry(f"r-{place}") for place in range(8)], "rag")
    content.load_questions(tmp_path)
    day = CalendarDay.objects.create(round=course_round, date=course_round.course.today())
    day.topics.set(Topic.objects.filter(slug__in=["loss", "rag"]))
    quiz = actions.publish_due(course_round)
    assert {item.question.topic.slug for item in quiz.items.all()} == {"loss", "rag"}


def test_a_day_without_topics_asks_those_of_the_last_day(course_round, topics, tmp_path):
    write_questions(tmp_path, [choice_entry(f"t-{place}") for place in range(8)], "tensor")
    write_questions(tmp_path, [choice_entry(f"l-{place}") for place in range(8)], "loss")
    content.load_questions(tmp_path)
    today = course_round.course.today()
    CalendarDay.objects.create(round=course_round, date=today - dt.timedelta(1)).topics.set(
        Topic.objects.filter(slug="loss")
    )
    CalendarDay.objects.create(round=course_round, date=today)
    quiz = actions.publish_due(course_round)
    assert {item.question.topic.slug for item in quiz.items.all()} == {"loss"}


def test_the_next_day_asks_other_questions(course_round, topics, tmp_path):
    write_questions(tmp_path, [choice_entry(f"t-{place}") for place in range(12)], "tensor")
    content.load_questions(tmp_path)
    today = course_round.course.today()
    quizzes = [actions.publish_daily(course_round, today + dt.timedelta(days=days)) for days in (0, 1)]
    asked = [set(quiz.items.values_list("question_id", flat=True)) for quiz in quizzes]
    assert [len(each) for each in asked] == [6, 6]
    assert asked[0].isdisjoint(asked[1])


def test_a_question_that_is_out_is_not_asked(course_round, bank):
    Question.objects.filter(slug="choice-1").update(is_active=False)
    quiz = actions.publish_due(course_round)
    assert not quiz.items.filter(question__slug="choice-1").exists()


def test_a_key_that_changes_later_leaves_the_published_quiz_alone(quiz, bank):
    write_questions(bank, [number_entry("number-1", 999)])
    content.load_questions(bank)
    item = quiz.items.get(question__slug="number-1")
    assert item.version.body["key"] == 918273645
    assert item.question.current.body["key"] == 999


def test_the_demo_class_has_a_quiz_today_of_the_shipped_bank(course_round, topics):
    content.load_questions()
    quiz = content.demo(course_round)
    assert quiz.date == course_round.course.today()
    assert 5 <= quiz.items.count() <= 8
    assert len(set(quiz.items.values_list("version__kind", flat=True))) >= 2


def test_the_task_publishes_for_every_running_round(course_round, bank):
    other = CourseRound.objects.create(
        course=course_round.course,
        name="0317(2)",
        starts_on=course_round.starts_on,
        ends_on=course_round.ends_on,
    )
    tasks.publish()
    assert set(Quiz.objects.values_list("round_id", flat=True)) == {course_round.pk, other.pk}


def test_a_question_that_was_never_asked_can_be_deleted_and_one_that_was_cannot(quiz, bank):
    from django.db.models import ProtectedError

    write_questions(bank, [choice_entry("unused")])
    content.load_questions(bank)
    Question.objects.get(slug="unused").delete()
    with pytest.raises(ProtectedError):
        quiz.items.first().question.delete()
