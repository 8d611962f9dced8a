"""The instructor opens a sitting and watches it; blueprints come from files."""

import pytest
from django.conf import settings
from django.core.management import call_command

from quizzes.exams.content import load_blueprints
from quizzes.files import ContentError
from quizzes.models import Blueprint, Exam

FORM = {"opens_at": "2026-03-17T09:00", "closes_at": "2026-03-17T12:00"}


def test_a_sitting_is_drawn_and_shown(client_of, teacher, blueprint, exercise):
    response = client_of(teacher).post("/instructor/exams/", FORM | {"blueprint": blueprint.pk}, follow=True)
    exam = Exam.objects.get()
    assert exam.quiz.items.count() == 6
    assert [(task.exercise, task.points) for task in exam.tasks.all()] == [("tensor-standardize", 10)]
    assert "tensor-standardize" in response.content.decode()
    assert exam.quiz.published_at.isoformat() == "2026-03-17T00:00:00+00:00"  # 09:00 in Seoul


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"closes_at": "2026-03-17T08:00"}, "끝나는 시각은 시작하는 시각보다 늦어야 합니다."),
        ({"opens_at": "soon"}, "opens_at"),
        ({"blueprint": "999"}, "blueprint"),
    ],
)
def test_a_bad_form_says_why(client_of, teacher, blueprint, exercise, change, words):
    response = client_of(teacher).post("/instructor/exams/", FORM | {"blueprint": blueprint.pk} | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Exam.objects.exists()


def test_a_shortage_names_the_section(client_of, teacher, blueprint, exercise):
    blueprint.body["written"][1]["count"] = 7
    blueprint.save()
    page = client_of(teacher).post("/instructor/exams/", FORM | {"blueprint": blueprint.pk}).content.decode()
    assert "2번 영역에는 7문제가 필요한데 문제 은행에는 3문제뿐입니다." in page


def test_an_exercise_that_is_not_open_is_named(client_of, teacher, blueprint):
    page = client_of(teacher).post("/instructor/exams/", FORM | {"blueprint": blueprint.pk}).content.decode()
    assert "이 차수에 열려 있지 않은 실습 문제입니다: tensor-standardize" in page


def test_the_second_sitting_has_the_next_number(client_of, teacher, blueprint, exercise):
    for _ in range(2):
        client_of(teacher).post("/instructor/exams/", FORM | {"blueprint": blueprint.pk})
    assert sorted(Exam.objects.values_list("number", flat=True)) == [1, 2]


def test_students_see_no_form(client_of, alice):
    assert client_of(alice).get("/instructor/exams/").status_code == 403


def test_a_wrong_file_loads_nothing(tmp_path, topics):
    (tmp_path / "one.yaml").write_text("slug: two\ntitle_ko: 가\ntitle_en: A\nminutes: 5\nwritten: [{count: 1, points: 1}]\n")
    (tmp_path / "broken.yaml").write_text("slug: [")
    with pytest.raises(ContentError) as caught:
        load_blueprints(tmp_path)
    assert "one.yaml: slug: must be the file's name" in caught.value.problems
    assert any(problem.startswith("broken.yaml: ") for problem in caught.value.problems)
    assert not Blueprint.objects.exists()


def test_the_shipped_blueprints_can_all_be_sat(db, course_round):
    """With the shipped bank and exercises, opened for a round."""
    from competitions import actions as competition_actions
    from quizzes.exams.actions import open_exam

    call_command("load_content", verbosity=0)
    competition_actions.open_all(course_round)
    assert {row.slug for row in Blueprint.objects.all()} == {
        path.stem for path in (settings.FIXTURES_DIR / "exams").glob("*.yaml")
    }
    from django.utils import timezone

    now = timezone.now()
    for blueprint in Blueprint.objects.all():
        exam = open_exam(blueprint, course_round, now, now + timezone.timedelta(hours=2))
        worth = sum(item.points for item in exam.quiz.items.all()) + sum(task.points for task in exam.tasks.all())
        assert worth == 100
