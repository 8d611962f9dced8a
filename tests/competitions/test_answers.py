"""The kind `answers`: its folder, a student's file, and the way of a submission to its score."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.addresses import token_of
from competitions import actions, kinds, worker
from competitions.answers.folder import check_folder, load_folder
from competitions.answers.submission import LONGEST, MAX_BYTES, check
from competitions.models import Challenge, Submission
from competitions.scaffolds import create
from sandbox.contract import Source
from tests.competitions.model_server import KEY, serving

RIGHT = {
    "q1": "각 차원의 크기입니다.",
    "q2": "기울기를 계산해 더합니다.",
    "q3": "One pass over all training data.",
    "q4": "The samples that are processed at once.",
}


@pytest.fixture
def folder(tmp_path):
    create(tmp_path / "four-questions", "answers")
    return tmp_path / "four-questions"


@pytest.fixture(scope="module")
def competition(tmp_path_factory):
    path = tmp_path_factory.mktemp("answers") / "four-questions"
    create(path, "answers")
    return load_folder(path)


def changed(folder, name: str, change) -> None:
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    change(content)
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


# --- The folder -----------------------------------------------------------------------------------------------------

BAD_FOLDERS = [
    ("no questions", lambda f: (f / "questions.json").unlink(), "questions.json", "missing"),
    ("no solution", lambda f: (f / "solution.json").unlink(), "solution.json", "missing"),
    ("no JSON", lambda f: (f / "questions.json").write_text("q1: x"), "questions.json", "cannot be read"),
    ("a list", lambda f: (f / "questions.json").write_text("[]"), "questions.json", "object of ids"),
    ("nothing asked", lambda f: (f / "questions.json").write_text("{}"), "questions.json", "empty"),
    ("no question text", lambda f: changed(f, "questions.json", lambda c: c["q1"].clear()), "questions.json", "q1: there is no question"),
    ("the answer beside the question", lambda f: changed(f, "questions.json", lambda c: c["q1"].update(ground_truth="x")), "questions.json", "holds the answer"),
    ("no reference", lambda f: changed(f, "solution.json", lambda c: c["q2"].pop("ground_truth")), "solution.json", "ground_truth"),
    ("an empty reference", lambda f: changed(f, "solution.json", lambda c: c["q2"].update(ground_truth=" ")), "solution.json", "must be text"),
    ("other ids", lambda f: changed(f, "solution.json", lambda c: c.update(q9=c.pop("q4"))), "solution.json", "q4, q9"),
    ("a question among the examples", lambda f: changed(f, "train.json", lambda c: c.update(q1=c["t1"])), "train.json", "q1"),
    ("an unknown usage", lambda f: changed(f, "solution.json", lambda c: c["q1"].update(Usage="Secret")), "solution.json", "only Public, Private"),
    ("nothing private", lambda f: changed(f, "solution.json", lambda c: [row.update(Usage="Public") for row in c.values()]), "solution.json", "No question is private"),
    ("a sample that lacks a question", lambda f: (f / "sample_submission.csv").write_text("id,answer\nq1,x\n"), "sample_submission.csv", "No answer for: q2, q3, q4"),
    ("a sample with an answer", lambda f: (f / "sample_submission.csv").write_text("id,answer\n" + "".join(f"{k},{v}\n" for k, v in RIGHT.items())), "sample_submission.csv", "holds a reference"),
    ("the solution to download", lambda f: (f / "competition.yaml").write_text((f / "competition.yaml").read_text().replace("[questions.json", "[solution.json, questions.json")), "competition.yaml", "is the solution"),
    ("questions not handed out", lambda f: (f / "competition.yaml").write_text((f / "competition.yaml").read_text().replace("[questions.json, ", "[")), "competition.yaml", "questions.json must be among them"),
    ("a metric of numbers", lambda f: (f / "competition.yaml").write_text((f / "competition.yaml").read_text().replace("answer_correctness", "mae")), "competition.yaml", "answer_correctness"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "spoil", "where", "words"), BAD_FOLDERS, ids=[case[0] for case in BAD_FOLDERS]
)
def test_what_is_wrong_with_a_folder_is_said(folder, name, spoil, where, words) -> None:
    spoil(folder)
    said = [(problem.where.partition(":")[0], problem.message.en) for problem in check_folder(folder)]
    assert any(place == where and words in message for place, message in said), said
    assert all(problem.message.ko for problem in check_folder(folder))


def test_a_new_folder_is_sound(folder) -> None:
    assert check_folder(folder) == kinds.prove_folder(folder) == []


# --- A student's file -----------------------------------------------------------------------------------------------


def csv_of(answers: dict[str, str]) -> bytes:
    return ("id,answer\n" + "".join(f'{name},"{text}"\n' for name, text in answers.items())).encode()


GOOD = [
    ("CSV", csv_of(RIGHT)),
    ("CSV of Excel", b"\xef\xbb\xbf" + csv_of(RIGHT).replace(b"\n", b"\r\n")),
    ("CSV in another order", csv_of(dict(reversed(RIGHT.items())))),
    ("JSON", json.dumps(RIGHT).encode()),
    ("JSON with a byte order mark", b"\xef\xbb\xbf" + json.dumps(RIGHT, ensure_ascii=False).encode()),
    (
        "as the client's questions",
        json.dumps({k: {"question": "?", "answer": v} for k, v in RIGHT.items()}).encode(),
    ),
    ("a list", json.dumps([{"id": k, "answer": v} for k, v in RIGHT.items()]).encode()),
]


@pytest.mark.parametrize(("name", "data"), GOOD, ids=[case[0] for case in GOOD])
def test_every_form_of_a_file_says_the_same(competition, name, data) -> None:
    found = check(data, competition)
    assert found.errors == ()
    assert found.answers == RIGHT


def test_an_answer_may_have_lines_and_may_be_empty(competition) -> None:
    found = check(csv_of({**RIGHT, "q1": "one\n- two,\n- three", "q2": ""}), competition)
    assert (found.answers["q1"], found.answers["q2"]) == ("one\n- two,\n- three", "")


BAD_FILES = [
    ("nothing", b"", "empty"),
    ("a pickle", b"\x80\x04\x95", "pickle"),
    ("an array", b"\x93NUMPY\x01\x00", "array, not text"),
    ("Excel", b"PK\x03\x04" + bytes(30), "Excel"),
    ("CP949", "id,answer\nq1,가격\n".encode("cp949"), "CP949"),
    ("JSON that is cut off", b'{"q1": "x"', "cannot be read as JSON"),
    ("JSON in Latin-1", b'{"q1": "\xe9"}', "UTF-8"),
    ("JSON nested without end", b"[" * 100_000, "cannot be read as JSON"),
    ("no column of answers", b"id,text\nq1,x\n", 'no column "answer"'),
    ("an unknown id", csv_of({**RIGHT, "q9": "x"}), 'Row 6: "q9" is no id'),
    ("an id twice", csv_of(RIGHT) + b"q1,again\n", 'Row 6: "q1" is answered twice'),
    ("an id twice in JSON", b'{"q1": "a", "q1": "b", "q2": "", "q3": "", "q4": ""}', '"q1" is answered twice'),
    ("a question left out", csv_of({k: v for k, v in RIGHT.items() if k != "q3"}), "No answer for: q3"),
    ("a number", json.dumps({**RIGHT, "q2": 5}).encode(), 'The answer of "q2" is not text'),
    ("no answer in it", json.dumps({**RIGHT, "q2": {"question": "?"}}).encode(), 'The answer of "q2" is not text'),
    ("a list of numbers", b"[1, 2]", "no id of a question"),
    ("a book", csv_of({**RIGHT, "q4": "x" * (LONGEST + 1)}), "has 4,001 characters; at most 4,000"),
    ("all empty", csv_of(dict.fromkeys(RIGHT, "")), "All answers are empty"),
    ("too large", b"x" * (MAX_BYTES + 1), "larger than 2 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "words"), BAD_FILES, ids=[case[0] for case in BAD_FILES])
def test_a_file_that_is_wrong_is_refused_with_the_reason(competition, name, data, words) -> None:
    found = check(data, competition)
    assert not found.is_valid
    assert any(words in error.message.en for error in found.errors), found.errors
    assert all(error.message.ko for error in found.errors)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(["q1", "q2", "id", "answer"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=8).map(lambda value: json.dumps(value).encode())))  # fmt: skip
def test_never_raises_on_any_file(competition, data: bytes) -> None:
    found = check(data, competition)
    assert found.is_valid == bool(found.answers)


# --- To the score ---------------------------------------------------------------------------------------------------


@pytest.fixture
def opening(folder, course_round, db):
    call_command("load_competition", str(folder))
    return actions.open_challenge(course_round, Challenge.objects.get())


@pytest.fixture
def scored(opening, alice):
    """scored(file) -> Alice's submission of it, judged by a worker of this process."""

    def submit(data: bytes, name: str = "answers.json") -> Submission:
        row = actions.submit(alice, opening.round, opening.challenge, Source(name, data), "api")
        assert worker.score(row.pk)
        row.refresh_from_db()
        return row

    return submit


def test_right_answers_get_all_and_the_judge_is_named(scored) -> None:
    row = scored(json.dumps(RIGHT).encode())
    assert (row.verdict, row.score, row.private_score) == ("accepted", pytest.approx(1.0), pytest.approx(1.0))
    assert "내장 채점기" in row.message_ko
    assert "built-in judge" in row.message_en


def test_public_and_private_are_parted(scored) -> None:
    row = scored(json.dumps({**RIGHT, "q2": "", "q4": ""}).encode())
    assert (row.score, row.private_score) == (pytest.approx(1.0), 0.0)


def test_the_intervals_are_those_of_two_answers_each(scored, alice, api_of, client_of) -> None:
    """Public are q1 (right) and q3 (blank): other draws of the two questions give 0, 0.5 and 1. Both private are blank."""
    row = scored(json.dumps({**RIGHT, "q2": "", "q3": "", "q4": ""}).encode())
    assert (row.score, row.private_score) == (pytest.approx(0.5), 0.0)
    kept = row.measurement
    assert (kept.low, kept.high) == (0.0, pytest.approx(1.0))
    assert (kept.private_low, kept.private_high) == (0.0, 0.0)
    (line,) = api_of(alice).get("/api/leaderboards/four-questions/").json()["results"]
    assert line["interval"] == [kept.low, kept.high]
    assert "95 % interval" in client_of(alice, "en").get(row.get_absolute_url()).content.decode()


def test_a_language_model_judges_where_the_settings_name_one(scored, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JUDGE_MODEL, settings.JUDGE_KEY = "judge-1", KEY
    with serving() as server:
        settings.JUDGE_ADDRESS = server.address
        row = scored(json.dumps(RIGHT).encode())
        assert (row.score, len(server.requests) > 4) == (pytest.approx(1.0), True)
    assert "judge-1" in row.message_ko
    assert "127.0.0.1" not in f"{row.message_ko} {row.message_en} {row.report}"


def test_a_model_that_does_not_answer_is_our_fault(scored, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JUDGE_MODEL, settings.JUDGE_KEY = "judge-1", KEY
    with serving(script=[(401, {}, b"")]) as server:
        settings.JUDGE_ADDRESS = server.address
        row = scored(json.dumps(RIGHT).encode())
    assert (row.state, row.verdict, row.score) == ("queued", "", None)  # it is judged again
    assert KEY not in f"{row.message_ko} {row.message_en} {row.report}"


def test_no_reference_reaches_a_student(scored, opening, alice, client_of) -> None:
    row = scored(json.dumps({**RIGHT, "q1": "모르겠습니다.", "q3": "모르겠습니다."}).encode())
    client = client_of(alice)
    pages = [opening.challenge.get_absolute_url(), row.get_absolute_url(), f"/api/submissions/{row.pk}/",
             f"{opening.challenge.get_absolute_url()}data/questions.json"]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "각 차원의 크기" not in body.decode(), page
        assert "One pass over" not in body.decode(), page
        # Pages print what the metric calls itself; only the API tells its name.
        assert page.startswith("/api/") or "answer_correctness" not in body.decode().lower(), page
    assert client.get(f"{opening.challenge.get_absolute_url()}data/solution.json").status_code == 404


def test_jaen_gets_the_questions_and_no_answers(opening, alice, client) -> None:
    answer = client.get(f"/jaen/{token_of(alice)}/questions")
    questions = answer.json()
    assert answer.status_code == 200
    assert set(questions) == set(RIGHT)
    assert all(set(each) == {"question"} for each in questions.values())


def test_jaen_without_such_a_competition_or_with_a_wrong_address(alice, course_round, client) -> None:
    assert client.get(f"/jaen/{token_of(alice)}/questions").status_code == 404
    assert client.get("/jaen/nobody/questions").status_code == 403
