"""A corrected key as a reviewed change, through HTTP: proposed, shown, applied, undone; and what students are told."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from courses.models import Course, CourseRound
from quizzes import actions as quiz_actions
from quizzes import queries as quiz_queries
from quizzes.content import load_questions
from quizzes.models import Answer, Attempt, Question, QuestionVersion, Regrade, RegradeLine, ReviewCard

from .conftest import answer_quiz, choice_entry, number_entry, right_answer, write_questions

REASON = "보기 c가 맞습니다 <b>죄송합니다</b>"
SHOWN = "보기 c가 맞습니다 &lt;b&gt;죄송합니다&lt;/b&gt;"


@pytest.fixture
def item(quiz):
    """choice-1: b is its key, and c is what everybody should have said."""
    return quiz.items.select_related("version", "question").get(question__slug="choice-1")


@pytest.fixture
def sheets(quiz, item, alice, bob):
    """Alice says b everywhere and is all right; bob says c in choice-1 and has the rest right."""
    answer_quiz(alice, quiz, 6)
    attempt = quiz_actions.start_attempt(quiz, bob)
    for each in quiz.items.select_related("version"):
        quiz_actions.save_answer(attempt, each, "c" if each == item else right_answer(each))
    quiz_actions.submit_attempt(attempt)


def form(item, rule="key", answers=("c",), **more):
    return {"rule": rule, f"answer-{item.version_id}": list(answers), "reason": REASON} | more


def propose(client, item, **more):
    response = client.post(f"/instructor/regrades/new/{item.version_id}/", form(item, **more))
    assert response.status_code == 302, response.content.decode()
    return Regrade.objects.latest("pk")


def seen_by(client, regrade):
    return client.get(f"/instructor/regrades/{regrade.pk}/").context["seen"]


def apply(client, regrade, seen=None):
    data = {"seen": seen or seen_by(client, regrade)}
    return client.post(f"/instructor/regrades/{regrade.pk}/apply/", data, follow=True).content.decode()


def undo(client, regrade):
    return client.post(f"/instructor/regrades/{regrade.pk}/undo/", follow=True).content.decode()


def scores():
    return dict(Attempt.objects.values_list("user__username", "score"))


def everything():
    """All rows that a regrade may change."""
    models = (Answer, Attempt, ReviewCard, Question, QuestionVersion)
    return [list(model.objects.order_by("pk").values()) for model in models]


# --- Refusals -----------------------------------------------------------------------------------------------------


def addresses(item, regrade):
    base = f"/instructor/regrades/{regrade.pk}/"
    return [
        ("get", "/instructor/questions/"),
        ("get", f"/instructor/questions/{item.question_id}/"),
        ("get", "/instructor/regrades/"),
        ("get", f"/instructor/regrades/new/{item.version_id}/"),
        ("post", f"/instructor/regrades/new/{item.version_id}/"),
        ("get", base),
        ("post", f"{base}apply/"),
        ("post", f"{base}cancel/"),
        ("post", f"{base}undo/"),
    ]


def test_only_instructors_may(client, client_of, teacher, alice, item, sheets):
    regrade = propose(client_of(teacher), item)
    for method, address in addresses(item, regrade):
        assert getattr(client, method)(address).status_code == 302, address
        assert getattr(client_of(alice), method)(address).status_code == 403, address
    assert Regrade.objects.get().state == "proposed"


def test_another_courses_instructor_neither_sees_nor_moves_it(client_of, teacher, alice, item, sheets):
    from accounts.models import User
    from courses.actions import enrol

    regrade = propose(client_of(teacher), item)
    other = Course.objects.create(slug="other", name="Other")
    today = other.today()
    round_ = CourseRound.objects.create(course=other, name="1", starts_on=today, ends_on=today)
    stranger = User.objects.create_user("stranger")
    enrol(round_, stranger, "instructor")
    client = client_of(stranger)
    for method, address in addresses(item, regrade)[5:]:
        assert getattr(client, method)(address).status_code == 404, address
    theirs = propose(client, item)
    assert "아직 이 버전에 답한 사람이 없습니다" in client.get(f"/instructor/regrades/{theirs.pk}/").content.decode()
    apply(client, theirs)
    assert scores() == {"alice": 6, "bob": 5}  # the marks of this course are not theirs


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"answers": ["b"]}, "이미 그렇게 채점하고 있습니다"),
        ({"answers": []}, "정답을 입력해 주세요"),
        ({"answers": ["c", "d"]}, "정답은 하나만"),
        ({"answers": ["z"]}, "보기에 없는 답"),
        ({"reason": " "}, "필수"),
        ({"rule": "tolerance"}, "tolerance"),
        ({"rule": "nonsense"}, "nonsense"),
    ],
)
def test_a_proposal_that_says_nothing_is_refused_and_keeps_what_was_written(
    client_of, teacher, item, sheets, data, words
):
    response = client_of(teacher).post(
        f"/instructor/regrades/new/{item.version_id}/", form(item, **{"explanation_ko": "새 해설"} | data)
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "새 해설" in response.content.decode()
    assert not Regrade.objects.exists()


@pytest.mark.parametrize("action", ["apply", "cancel", "undo"])
def test_reading_changes_nothing(client_of, teacher, item, sheets, action):
    client = client_of(teacher)
    regrade = propose(client, item)
    assert client.get(f"/instructor/regrades/{regrade.pk}/{action}/").status_code == 405


# --- The shadow run -----------------------------------------------------------------------------------------------


def test_the_shadow_run_shows_the_diff_and_writes_nothing(client_of, teacher, item, sheets):
    client = client_of(teacher)
    before = everything()
    regrade = propose(client, item)
    page = client.get(f"/instructor/regrades/{regrade.pk}/").content.decode()
    assert everything() == before
    assert "1명은 오르고, 1명은 내리고, 0명은 그대로" in page
    assert page.count("6 → 5") == 1
    assert page.count("5 → 6") == 1
    assert "1 → 2" in page  # alice's rank
    assert "2 → 1" in page
    assert SHOWN in page


def test_cancelled_it_moves_nothing_and_cannot_be_applied(client_of, teacher, item, sheets):
    client = client_of(teacher)
    before = everything()
    regrade = propose(client, item)
    seen = seen_by(client, regrade)
    client.post(f"/instructor/regrades/{regrade.pk}/cancel/")
    page = client.post(f"/instructor/regrades/{regrade.pk}/cancel/", follow=True).content.decode()
    assert "이미 결정된" in page
    assert "취소되었거나" in apply(client, regrade, seen)
    assert everything() == before


# --- Applied ------------------------------------------------------------------------------------------------------


def test_marks_scores_boards_and_cards_follow(client_of, teacher, alice, bob, item, sheets, quiz):
    client = client_of(teacher)
    streak = quiz_queries.streak_of(bob, quiz.round)
    assert list(ReviewCard.objects.values_list("user__username", "kind")) == [("bob", "question")]
    regrade = propose(client, item)
    apply(client, regrade)
    assert scores() == {"alice": 5, "bob": 6}
    marks = dict(Answer.objects.filter(item=item).values_list("attempt__user__username", "correct"))
    assert marks == {"alice": False, "bob": True}
    board = client_of(bob).get("/quiz/board/").context["day_lines"]
    assert [(line.rank, line.score.points, line.is_mine) for line in board] == [(1, 6, True), (2, 5, False)]
    assert quiz_queries.streak_of(bob, quiz.round) == streak
    cards = ReviewCard.objects.exclude(kind="topic")
    assert list(cards.values_list("user__username", "missed_value")) == [("alice", {"choice": "b"})]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_student_concerned_sees_why(client_of, teacher, alice, bob, item, sheets, quiz, language):
    apply(client_of(teacher), propose(client_of(teacher), item))
    moved = {"ko": "점수 변동: 0 → 1", "en": "The mark moved from 0 to 1."}[language]
    page = client_of(bob, language).get(f"/quiz/{quiz.pk}/").content.decode()
    assert moved in page
    assert page.count(SHOWN) == 1
    assert "<strong>6</strong> / 6" in page
    moved = {"ko": "점수 변동: 1 → 0", "en": "The mark moved from 1 to 0."}[language]
    assert moved in client_of(alice, language).get(f"/quiz/{quiz.pk}/").content.decode()
    for user, change in ((bob, "0 → 1"), (alice, "1 → 0")):
        mistakes = client_of(user, language).get("/quiz/mistakes/").content.decode()
        assert SHOWN in mistakes
        assert change in mistakes
    assert (
        SHOWN
        in client_of(teacher, language)
        .get(f"/instructor/quizzes/{quiz.pk}/students/{bob.pk}/")
        .content.decode()
    )


def test_who_answered_otherwise_reads_that_the_mark_stays(client_of, teacher, alice, bob, item, sheets, quiz):
    apply(client_of(teacher), propose(client_of(teacher), item, rule="accept"))
    assert scores() == {"alice": 6, "bob": 6}
    page = client_of(alice).get(f"/quiz/{quiz.pk}/").content.decode()
    assert "점수는 그대로입니다." in page
    assert SHOWN in page


def test_void_gives_full_marks_and_is_not_asked_again(
    client_of, teacher, alice, bob, item, sheets, quiz, bank
):
    skipped = Answer.objects.get(item=item, attempt__user=alice)
    Answer.objects.filter(pk=skipped.pk).update(value=None, correct=False, points=0)
    Attempt.objects.filter(pk=skipped.attempt_id).update(score=5)
    regrade = propose(client_of(teacher), item, rule="void", answers=[])
    apply(client_of(teacher), regrade)
    assert scores() == {"alice": 6, "bob": 6}
    assert not Question.objects.get(slug="choice-1").is_active
    load_questions(bank)
    assert not Question.objects.get(slug="choice-1").is_active  # the file has not changed
    undo(client_of(teacher), regrade)
    assert scores() == {"alice": 5, "bob": 5}
    assert Question.objects.get(slug="choice-1").is_active


def test_a_wider_tolerance_and_an_alias_move_marks_up(client_of, teacher, alice, quiz):
    number = quiz.items.select_related("version").get(question__slug="number-2")  # 0.25
    attempt = quiz_actions.start_attempt(quiz, alice)
    quiz_actions.save_answer(attempt, number, "0.26")
    quiz_actions.submit_attempt(attempt)
    client = client_of(teacher)
    regrade = propose(client, number, rule="tolerance", answers=[], absolute="0.02")
    assert regrade.body["tolerance"] == {"absolute": 0.02}
    apply(client, regrade)
    assert scores() == {"alice": 1}


def test_what_is_answered_later_is_marked_by_the_new_key(client_of, teacher, alice, bob, item, quiz):
    """Bob has the sheet open while the key is corrected: what he saved before counts by the new one."""
    answer_quiz(alice, quiz, 6)
    browser = client_of(bob)
    browser.get("/quiz/")
    attempt = Attempt.objects.get(user=bob)
    quiz_actions.save_answer(attempt, item, "c", 1)
    apply(client_of(teacher), propose(client_of(teacher), item))
    assert browser.get("/quiz/").status_code == 200
    quiz_actions.submit_attempt(attempt)
    assert Answer.objects.get(item=item, attempt=attempt).correct
    assert Question.objects.get(pk=item.question_id).current.body["key"] == "c"


def test_no_key_reaches_who_still_answers(client_of, teacher, alice, bob, item, sheets, quiz):
    from accounts.models import User
    from courses.actions import enrol

    carol = User.objects.create_user("carol")
    enrol(quiz.round, carol, "student")
    browser = client_of(carol)
    browser.get("/quiz/")
    apply(client_of(teacher), propose(client_of(teacher), item))
    for address in ("/quiz/", f"/quiz/{quiz.pk}/", "/quiz/mistakes/", "/quiz/history/", "/quiz/board/", "/"):
        assert "죄송합니다" not in browser.get(address).content.decode(), address


def test_a_card_with_a_memo_stays_and_shows_the_answer_as_right(client_of, teacher, bob, item, sheets):
    card = ReviewCard.objects.get(user=bob, kind="question")
    client_of(bob).post(f"/quiz/review/cards/{card.pk}/memo/", {"memo": "내 메모"})
    apply(client_of(teacher), propose(client_of(teacher), item))
    page = client_of(bob).get("/quiz/mistakes/").content.decode()
    assert "내 메모" in page
    assert "내 답, 정답" in page


def test_a_showing_that_is_open_is_marked_by_the_new_key(client_of, teacher, bob, item, sheets, quiz):
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        card = ReviewCard.objects.get(user=bob, kind="question")
        card.memo = "stays"
        card.save()
        browser = client_of(bob)
        address = browser.post(f"/quiz/review/cards/{card.pk}/again/")["Location"]
        apply(client_of(teacher), propose(client_of(teacher), item))
        review = card.reviews.get()
        page = browser.post(address, {f"answer-{review.pk}": "c"}, follow=True).content.decode()
    review.refresh_from_db()
    assert review.correct
    assert SHOWN in page


# --- Twice, and at once -------------------------------------------------------------------------------------------


def test_applying_twice_moves_once(client_of, teacher, item, sheets):
    client = client_of(teacher)
    regrade = propose(client, item)
    seen = seen_by(client, regrade)
    apply(client, regrade, seen)
    before = everything(), list(RegradeLine.objects.values())
    assert "이미 적용된" in apply(client, regrade, seen)
    assert (everything(), list(RegradeLine.objects.values())) == before


def test_marks_that_moved_since_the_look_are_shown_again_first(client_of, teacher, alice, bob, item, quiz):
    client = client_of(teacher)
    answer_quiz(alice, quiz, 6)
    regrade = propose(client, item)
    seen = seen_by(client, regrade)
    answer_quiz(bob, quiz, 6)
    assert "그사이에 점수가 바뀌었습니다" in apply(client, regrade, seen)
    assert scores() == {"alice": 6, "bob": 6}
    apply(client, regrade)
    assert scores() == {"alice": 5, "bob": 5}


def test_of_two_corrections_of_one_version_the_second_is_refused(client_of, teacher, item, sheets):
    client = client_of(teacher)
    first, second = propose(client, item), propose(client, item, answers=["d"])
    seen = seen_by(client, second)
    apply(client, first)
    before = everything()
    assert "다른 정정" in apply(client, second, seen)
    assert "다른 정정" in apply(client, second)
    assert everything() == before


# --- Undone -------------------------------------------------------------------------------------------------------


def test_undone_everything_is_as_before_and_students_are_told(
    client_of, teacher, alice, bob, item, sheets, quiz
):
    client = client_of(teacher)
    marks = list(Answer.objects.order_by("pk").values("correct", "points", "value"))
    fields = ("user_id", "due_on", "stability", "difficulty", "misses", "missed_value", "missed_version_id")
    cards = list(ReviewCard.objects.values(*fields))
    regrade = propose(client, item)
    apply(client, regrade)
    undo(client, regrade)
    assert "이미 되돌린" in undo(client, regrade)
    assert list(Answer.objects.order_by("pk").values("correct", "points", "value")) == marks
    assert scores() == {"alice": 6, "bob": 5}
    assert list(ReviewCard.objects.values(*fields)) == cards
    assert Question.objects.get(pk=item.question_id).current_id == item.version_id
    page = client_of(bob).get(f"/quiz/{quiz.pk}/").content.decode()
    assert "점수 변동: 0 → 1" in page
    assert "점수 변동: 1 → 0" in page
    assert "정정을 되돌렸습니다" in page


def test_undo_also_moves_back_who_submitted_since(client_of, teacher, alice, bob, item, quiz):
    client = client_of(teacher)
    answer_quiz(alice, quiz, 6)
    regrade = propose(client, item)
    apply(client, regrade)
    attempt = quiz_actions.start_attempt(quiz, bob)
    for each in quiz.items.select_related("version"):
        quiz_actions.save_answer(attempt, each, "b" if each == item else right_answer(each))  # wrong by now
    quiz_actions.submit_attempt(attempt)
    assert scores() == {"alice": 5, "bob": 5}
    undo(client, regrade)
    assert scores() == {"alice": 6, "bob": 6}
    assert "점수 변동: 0 → 1" in client_of(bob).get(f"/quiz/{quiz.pk}/").content.decode()


def test_a_correction_that_was_corrected_again_cannot_be_undone_first(client_of, teacher, item, sheets):
    client = client_of(teacher)
    first = propose(client, item)
    apply(client, first)
    item.refresh_from_db()
    second = propose(client, item, answers=["d"])
    apply(client, second)
    assert scores() == {"alice": 5, "bob": 5}
    assert "나중에 다시 정정" in undo(client, first)
    assert scores() == {"alice": 5, "bob": 5}
    undo(client, second)
    undo(client, first)
    assert scores() == {"alice": 6, "bob": 5}


def test_only_what_was_applied_is_undone(client_of, teacher, item, sheets):
    client = client_of(teacher)
    assert "적용한 정정만" in undo(client, propose(client, item))


def test_the_same_correction_can_be_proposed_anew(client_of, teacher, item, sheets):
    client = client_of(teacher)
    first = propose(client, item)
    apply(client, first)
    undo(client, first)
    second = propose(client, item)
    apply(client, second)
    assert scores() == {"alice": 5, "bob": 6}
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.corrected_id == second.corrected_id
    undo(client, second)
    assert scores() == {"alice": 6, "bob": 5}


# --- The bank's files ---------------------------------------------------------------------------------------------


def bank_entries(**choice):
    entries = [choice_entry(f"choice-{place}") for place in (2, 3)]
    entries += [number_entry("number-1"), number_entry("number-2", 0.25), number_entry("number-3", 16)]
    return [choice_entry("choice-1", **choice), *entries]


@pytest.fixture
def files(bank, settings):
    """The bank's folder at its place, where the page looks for what the file says."""
    (bank / "questions").mkdir()
    (bank / "tensor").rename(bank / "questions" / "tensor")
    settings.FIXTURES_DIR = bank
    return bank / "questions"


def test_a_file_that_has_not_changed_keeps_the_correction_and_the_page_says_so(
    client_of, teacher, item, sheets, files
):
    client = client_of(teacher)
    regrade = propose(client, item)
    apply(client, regrade)
    assert load_questions(files)["unchanged"] == 6
    assert Question.objects.get(slug="choice-1").current.body["key"] == "c"
    for address in (f"/instructor/questions/{item.question_id}/", f"/instructor/regrades/{regrade.pk}/"):
        assert "fixtures/questions/tensor/basics.yaml 파일에는" in client.get(address).content.decode()


def test_a_file_that_was_mended_ends_the_hint(client_of, teacher, item, sheets, files):
    client = client_of(teacher)
    apply(client, propose(client, item))
    write_questions(files, bank_entries(key="c"))
    page = client.get(f"/instructor/questions/{item.question_id}/").content.decode()
    assert "basics.yaml 파일에는" not in page
    load_questions(files)
    assert Question.objects.get(slug="choice-1").current.corrects is None


def test_a_file_that_says_exactly_what_was_corrected_makes_no_version(client_of, teacher, quiz, files):
    number = quiz.items.select_related("version").get(question__slug="number-3")
    client = client_of(teacher)
    apply(client, propose(client, number, answers=["17"]))
    entries = bank_entries()
    entries[-1] = number_entry("number-3", 17)
    write_questions(files, entries)
    assert load_questions(files)["unchanged"] == 6
    assert QuestionVersion.objects.filter(question__slug="number-3").count() == 2


def test_a_file_that_changes_otherwise_is_the_truth_for_what_is_asked_next(
    client_of, teacher, item, sheets, files
):
    client = client_of(teacher)
    regrade = propose(client, item)
    apply(client, regrade)
    write_questions(files, bank_entries(key="d"))
    assert load_questions(files)["changed"] == 1
    question = Question.objects.get(slug="choice-1")
    assert (question.current.body["key"], question.current.corrects) == ("d", None)
    assert scores() == {"alice": 5, "bob": 6}  # marks that were given stay
    undo(client, regrade)
    question.refresh_from_db()
    assert question.current.body["key"] == "d"
    assert scores() == {"alice": 6, "bob": 5}


def test_a_void_question_comes_back_with_a_new_file(client_of, teacher, item, sheets, files):
    client = client_of(teacher)
    apply(client, propose(client, item, rule="void", answers=[]))
    assert not Question.objects.get(slug="choice-1").is_active
    write_questions(files, bank_entries(key="d"))
    load_questions(files)
    question = Question.objects.get(slug="choice-1")
    assert question.is_active
    assert not question.current.body.get("is_void")


def test_points_are_those_of_the_item(client_of, teacher, bob, item, quiz):
    type(item).objects.filter(pk=item.pk).update(points=Decimal("2.50"))
    attempt = quiz_actions.start_attempt(quiz, bob)
    quiz_actions.save_answer(attempt, item, "c")
    quiz_actions.submit_attempt(attempt)
    client = client_of(teacher)
    apply(client, propose(client, item))
    assert scores() == {"bob": Decimal("2.50")}


def test_all_rounds_of_the_course_are_moved_and_named(client_of, teacher, alice, item, sheets, quiz):
    """The same version was asked in another round of the course: its marks move too, its sheets are not linked."""
    other = CourseRound.objects.create(
        course=quiz.round.course, name="0317(2)", starts_on=quiz.round.starts_on, ends_on=quiz.round.ends_on
    )
    theirs = quiz_actions.publish_due(other)
    answer_quiz(alice, theirs, 6)
    client = client_of(teacher)
    regrade = propose(client, item)
    page = client.get(f"/instructor/regrades/{regrade.pk}/").content.decode()
    assert "0317(2)" in page
    assert f"/instructor/quizzes/{theirs.pk}/students/" not in page
    apply(client, regrade)
    assert sorted(Attempt.objects.values_list("quiz__round__name", "score")) == [
        ("0317(1)", 5),
        ("0317(1)", 6),
        ("0317(2)", 5),
    ]
    assert "0317(2)" in client.get(f"/instructor/regrades/{regrade.pk}/").content.decode()
