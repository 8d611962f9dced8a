"""The forecast is honest about students whose ability is known, and appears where it should."""

import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import tasks
from quizzes.models import ReadinessFit
from quizzes.readiness import model
from tests.quizzes.conftest import full_form, right_answer
from tests.quizzes.exams.conftest import blueprint, exam, exercise, sitting  # noqa: F401  (fixtures)

PARTS = [model.Part(1, 10, 2), model.Part(2, 10, 3)]


def test_simulated_students_get_an_honest_interval(capsys, tmp_path):
    plot = tmp_path / "calibration.svg"
    call_command("simulate_class", students=100, answers=40, json=True, plot=plot)
    found = json.loads(capsys.readouterr().out)
    assert 0.68 <= found["coverage"]["0.8"] <= 0.92  # three standard errors of 100 students, and one exam for all
    assert found["mean_error"] < 10
    assert abs(found["bias"]) < 5
    assert plot.read_text().count("<circle") == 100 + 3


@pytest.mark.parametrize("options", [{"students": 1}, {"answers": 0}, {"answers": 401}, {"guess": 1.0}])
def test_impossible_classes_are_refused(options):
    with pytest.raises(CommandError):
        call_command("simulate_class", **options)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_answers_give_a_forecast_within_bounds(rows):
    responses = [model.Response(student, question, 1 + question % 3, credit) for student, question, credit in rows]
    fitted = model.Fit.from_dict(json.loads(json.dumps(model.fit(responses).to_dict())))
    found = model.forecast(fitted, [one for one in responses if one.student == rows[0][0]], PARTS)
    assert 0 <= found.low <= found.expected <= found.high <= 100


def answered(student, credits):
    return [model.Response(student, question, 1, credit) for question, credit in enumerate(credits)]


def test_more_right_answers_forecast_more():
    class_ = [answer for student in range(20) for answer in answered(student, [student % 2, 1, 0, student % 3 == 0])]
    fitted = model.fit(class_)
    weak, strong = (model.forecast(fitted, answered(99, [credit] * 4), PARTS) for credit in (0.0, 1.0))
    assert weak.expected < strong.expected


def test_more_answers_narrow_the_interval():
    fitted = model.fit([answer for student in range(20) for answer in answered(student, [1, 0] * 20)])
    few, many = (model.forecast(fitted, answered(99, [1, 0] * count), PARTS) for count in (1, 20))
    assert many.width < few.width


def test_a_student_reads_it_after_ten_answers(sitting, exam, blueprint, alice, client_of, monkeypatch):  # noqa: F811
    client, _attempt = sitting
    assert "10문제 이상" in client.get("/quiz/exams/").content.decode()
    items = list(exam.quiz.items.select_related("version"))
    data = full_form(exam.quiz, {item.pk: right_answer(item) for item in items}, confirm="1")
    client.post(f"/quiz/exams/{exam.pk}/submit/", data)
    tasks.fit_readiness()
    assert ReadinessFit.objects.get().answers == 6
    assert "10문제 이상" in client.get("/quiz/exams/").content.decode()
    monkeypatch.setattr("quizzes.readiness.queries.MIN_ANSWERS", 6)
    page = client.get("/quiz/exams/").content.decode()
    assert "내가 답한 6문제" in page
