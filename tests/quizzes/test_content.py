"""Question files -> rows: refusals name file, line and field; loading twice changes nothing."""

import pytest
import yaml

from quizzes.content import load_questions
from quizzes.files import ContentError, read_questions
from quizzes.models import Question, QuestionVersion

from .conftest import choice_entry, number_entry, write_questions

BROKEN = """\
- slug: conv-output
  kind: numeric
  difficulty: 2
  stem_ko: 얼마입니까?
  stem_en: How much?
  key: 15
  tolerance:
    absolute: wide
  explanation_ko: 해설
"""


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("slug: one\n", 1, "must be a list"),
        ("- slug: [\n", 2, "expected"),
        ("- slug: a\n  slug: b\n", 2, "twice"),
        ("- 5\n", 1, "mapping"),
        ("- slug: Big Letters\n  kind: numeric\n", 1, "slug"),
        ("- slug: a\n  difficulty: 4\n  kind: numeric\n", 2, "difficulty"),
        ("- slug: a\n  difficulty: 1\n  kind: essay\n", 3, "kind"),
        ("- slug: a\n  difficulty: 1\n  kind: numeric\n  pages: 17\n", 4, "pages"),
        (BROKEN, 8, "tolerance.absolute"),
        (BROKEN, 1, "explanation_en"),
    ],
)
def test_refuses_and_names_file_line_and_field(tmp_path, text, line, part):
    path = tmp_path / "convolution" / "broken.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_questions(tmp_path)
    wanted = [problem for problem in caught.value.problems if part in problem]
    assert wanted, caught.value.problems
    assert wanted[0].startswith(f"convolution/broken.yaml:{line}:")


def test_refuses_a_field_deep_in_a_choice_by_its_line(tmp_path):
    entry = choice_entry("q", key="b")
    entry["choices"][2]["why_en"] = ""
    path = write_questions(tmp_path, [entry])
    line = path.read_text(encoding="utf-8").splitlines().index("    why_en: ''") + 1
    with pytest.raises(ContentError, match=rf"tensor/basics.yaml:{line}: q: choices.2.why_en: "):
        read_questions(tmp_path)


def test_refuses_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "tensor").mkdir()
    (tmp_path / "tensor" / "old.yaml").write_bytes("- slug: 텐서\n".encode("cp949"))
    with pytest.raises(ContentError, match=r"tensor/old\.yaml:1:"):
        read_questions(tmp_path)


def test_refuses_one_slug_in_two_files(tmp_path):
    write_questions(tmp_path, [number_entry("same")], "loss")
    write_questions(tmp_path, [number_entry("same")], "tensor")
    with pytest.raises(
        ContentError, match=r"tensor/basics.yaml:1: same: slug: already used in loss/basics.yaml:1"
    ):
        read_questions(tmp_path)


def test_refuses_a_folder_that_is_no_topic(topics, tmp_path):
    write_questions(tmp_path, [number_entry("n")], "cookery")
    with pytest.raises(ContentError, match="there is no topic cookery"):
        load_questions(tmp_path)


def test_one_wrong_question_loads_nothing(topics, tmp_path):
    write_questions(tmp_path, [number_entry("fine"), number_entry("wrong", key="x")])
    with pytest.raises(ContentError):
        load_questions(tmp_path)
    assert not Question.objects.exists()


def test_every_problem_is_said_at_once(tmp_path):
    write_questions(tmp_path, [number_entry("one", key="x"), number_entry("two", difficulty=9)])
    with pytest.raises(ContentError) as caught:
        read_questions(tmp_path)
    assert len(caught.value.problems) == 2


def test_loading_twice_changes_nothing(bank):
    before = list(QuestionVersion.objects.values_list("pk", "content_hash"))
    assert load_questions(bank) == {"new": 0, "changed": 0, "removed": 0, "unchanged": 6}
    assert list(QuestionVersion.objects.values_list("pk", "content_hash")) == before


def test_a_changed_question_gets_a_new_version_and_keeps_the_old(bank):
    path = bank / "tensor" / "basics.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    entries[3]["key"] = 200
    write_questions(bank, entries)
    assert load_questions(bank) == {"new": 0, "changed": 1, "removed": 0, "unchanged": 5}
    question = Question.objects.get(slug="number-1")
    assert [version.body["key"] for version in question.versions.order_by("number")] == [918273645, 200]
    assert question.current.number == 2


def test_a_comment_or_a_check_makes_no_new_version(bank):
    path = bank / "tensor" / "basics.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    entries[3]["check"] = "answer = 918273645\n"
    write_questions(bank, entries)
    path.write_text("# a note\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_questions(bank)["unchanged"] == 6


def test_a_question_whose_file_is_gone_is_no_longer_asked_until_it_is_back(bank):
    path = bank / "tensor" / "basics.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    write_questions(bank, entries[1:])
    assert load_questions(bank)["removed"] == 1
    assert not Question.objects.get(slug="choice-1").is_active
    assert load_questions(bank)["removed"] == 0
    write_questions(bank, entries)
    load_questions(bank)
    assert Question.objects.get(slug="choice-1").is_active
    assert QuestionVersion.objects.filter(question__slug="choice-1").count() == 1


def test_a_question_that_a_person_took_out_stays_out(bank):
    Question.objects.filter(slug="choice-1").update(is_active=False)
    entries = yaml.safe_load((bank / "tensor" / "basics.yaml").read_text(encoding="utf-8"))
    entries[0]["difficulty"] = 3
    write_questions(bank, entries)
    assert load_questions(bank)["changed"] == 1
    assert not Question.objects.get(slug="choice-1").is_active


def test_a_question_that_moved_to_another_topic_keeps_its_version(bank):
    path = bank / "tensor" / "basics.yaml"
    path.rename((bank / "loss").mkdir() or bank / "loss" / "basics.yaml")
    assert load_questions(bank)["changed"] == 6
    question = Question.objects.get(slug="choice-1")
    assert (question.topic.slug, question.versions.count()) == ("loss", 1)
