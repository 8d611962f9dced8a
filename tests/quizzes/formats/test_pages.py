"""The instructor's pages: a file is read, looked at, taken, undone; the bank is given to another system."""

from __future__ import annotations

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from quizzes import formats
from quizzes.models import Question, QuestionImport
from tests.quizzes.conftest import number_entry, write_questions
from tests.quizzes.entries import KINDS, entry_of

EXCHANGE = "/instructor/exchange/"


def send(client, data: bytes, name: str = "questions.xml", **fields: str):
    file = SimpleUploadedFile(name, data)
    return client.post(EXCHANGE, {"file": file, "topic": "tensor", "format": ""} | fields)


@pytest.fixture
def file(bank) -> bytes:
    """Two questions of another system, one of which has no counterpart here."""
    data = formats.find("moodle_xml").write([entry_of("true_false", "from-moodle")], "both").decode()
    essay = '<question type="essay"><name><text>Essay 1</text></name></question></quiz>'
    return data.replace("</quiz>", essay).encode()


@pytest.mark.parametrize("person", ["alice", None])
@pytest.mark.parametrize("address", [EXCHANGE, f"{EXCHANGE}download/?format=gift&language=both"])
def test_only_instructors(person, address, course_round, client_of, client, request):
    browser = client_of(request.getfixturevalue(person)) if person else client
    response = browser.get(address)
    assert response.status_code == (403 if person else 302)


def test_a_file_is_read_shown_taken_and_undone(file, client_of, teacher):
    browser = client_of(teacher, "en")
    response = send(browser, file)
    found = QuestionImport.objects.get()
    assert response.status_code == 302
    assert response.url == f"{EXCHANGE}{found.pk}/"
    page = browser.get(response.url).content.decode()
    assert "1 question can be taken into the bank." in page
    assert "there is no kind of question here for Moodle&#x27;s “essay”" in page
    assert not Question.objects.filter(slug="from-moodle").exists()

    browser.post(f"{EXCHANGE}{found.pk}/take/")
    question = Question.objects.get(slug="from-moodle")
    assert question.is_active
    assert question.topic.slug == "tensor"
    assert question.current.body["key"] is True
    browser.post(f"{EXCHANGE}{found.pk}/take/")  # a double click
    assert question.versions.count() == 1

    browser.post(f"{EXCHANGE}{found.pk}/undo/")
    question.refresh_from_db()
    assert not question.is_active
    found.refresh_from_db()
    assert found.state == QuestionImport.State.UNDONE


def test_an_undone_change_says_what_it_said_before(bank, client_of, teacher):
    browser = client_of(teacher)
    for key in (True, False):
        entry = entry_of("true_false", "from-moodle", key=key)
        send(browser, formats.find("gift").write([entry], "both"), "questions.txt")
        browser.post(f"{EXCHANGE}{QuestionImport.objects.first().pk}/take/")
    question = Question.objects.get(slug="from-moodle")
    assert (question.current.number, question.current.body["key"]) == (2, False)
    browser.post(
        f"{EXCHANGE}{QuestionImport.objects.last().pk}/undo/"
    )  # the first, on which the second rests
    question.refresh_from_db()
    assert question.current.body["key"] is False
    browser.post(f"{EXCHANGE}{QuestionImport.objects.first().pk}/undo/")
    question.refresh_from_db()
    assert (question.current.number, question.current.body["key"], question.is_active) == (1, True, True)


def test_a_question_of_a_file_is_not_replaced(bank, client_of, teacher):
    entry = entry_of("numeric", "number-1", key=5)
    send(client_of(teacher), formats.find("moodle_xml").write([entry], "both"))
    found = QuestionImport.objects.get()
    assert found.takable == 0
    assert "stands in a file" in found.readings[0]["notes"][-1]["message"]


def test_a_file_that_comes_later_takes_its_question_over(bank, client_of, teacher):
    from quizzes.content import load_questions

    browser = client_of(teacher)
    send(browser, formats.find("moodle_xml").write([entry_of("numeric", "later", key=5)], "both"))
    write_questions(bank, [number_entry("later", key=7)])
    load_questions(bank)
    browser.post(f"{EXCHANGE}{QuestionImport.objects.get().pk}/take/")
    assert Question.objects.get(slug="later").current.body["key"] == 7


@pytest.mark.parametrize(
    ("data", "language", "sentence"),
    [
        (b"<quiz>", "ko", "올바른 XML이 아닙니다(1번째 줄)."),
        (b"<quiz>", "en", "This is not well-formed XML (line 1)."),
        (b"", "ko", "제출한 파일이 비어있습니다."),
        (b"PK\x03\x04nothing", "ko", "zip 파일이 아니거나 손상된 파일입니다."),
    ],
)
def test_a_bad_file_is_refused_beside_the_field(data, language, sentence, bank, client_of, teacher):
    response = send(client_of(teacher, language), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not QuestionImport.objects.exists()


def test_another_course_does_not_see_it(file, client_of, teacher, course_round):
    from courses.models import Course

    send(client_of(teacher), file)
    found = QuestionImport.objects.get()
    found.course = Course.objects.create(slug="other", name="Other")
    found.save()
    for way in ("", "file/"):
        assert client_of(teacher).get(f"{EXCHANGE}{found.pk}/{way}").status_code == 404
    assert client_of(teacher).post(f"{EXCHANGE}{found.pk}/take/").status_code == 404


@pytest.mark.parametrize("name", formats.names())
def test_the_bank_is_given_away(name, topics, tmp_path, client_of, teacher):
    from quizzes.content import load_questions

    entries = [entry_of(kind) for kind in KINDS]
    write_questions(tmp_path, entries)
    load_questions(tmp_path)
    response = client_of(teacher).get(
        f"{EXCHANGE}download/", {"format": name, "language": "both", "topic": "tensor"}
    )
    form = formats.find(name)
    got = {reading.entry["slug"]: reading.entry for reading in form.read(response.content)}
    assert got == {entry["slug"]: entry for entry in entries if entry["kind"] in form.KINDS}
    assert response["Content-Disposition"] == f'attachment; filename="questions-tensor{form.SUFFIX}"'
    assert int(response["X-Questions-Left-Out"]) == len(KINDS) - len(got)


def test_a_wrong_choice_of_format_is_refused(bank, client_of, teacher):
    response = client_of(teacher).get(f"{EXCHANGE}download/", {"format": "pickle", "language": "both"})
    assert response.status_code == 422


def test_an_import_becomes_a_file_of_the_bank(file, client_of, teacher):
    browser = client_of(teacher)
    send(browser, file)
    response = browser.get(f"{EXCHANGE}{QuestionImport.objects.get().pk}/file/")
    assert yaml.safe_load(response.content) == [entry_of("true_false", "from-moodle")]
