"""fixtures/courses -> rows; the demo class. Refusals first: a file that cannot be loaded is named and changes nothing."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import User
from courses import demo
from courses.content import ContentError, load_courses
from courses.models import Course, CourseRound, Enrolment, Topic

pytestmark = pytest.mark.django_db

COURSE = "slug: c\nname: A course\ntimezone: Asia/Seoul\n"
TOPIC = "- {slug: a, title_ko: 가, title_en: A}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "c.yaml").write_text(COURSE)
    (tmp_path / "topics.yaml").write_text(TOPIC)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("c.yaml", "slug: [", "c.yaml"),
        ("c.yaml", "- a list", "mapping"),
        ("c.yaml", "name: A course", "slug"),
        ("c.yaml", COURSE + "colour: red", "colour"),
        ("c.yaml", "slug: c\nname: A course\ntimezone: Asia/Soul", "Asia/Soul"),
        ("c.yaml", "slug: not a slug\nname: A course", "slug"),
        ("topics.yaml", "slug: a", "list"),
        ("topics.yaml", "- just text", "entry 1"),
        ("topics.yaml", "- {slug: a, title_ko: 가}", "title_en"),
    ],
)
def test_a_bad_file_is_named_and_changes_nothing(folder, file, text, named):
    (folder / file).write_text(text)
    with pytest.raises(ContentError) as caught:
        load_courses(folder)
    assert file in str(caught.value)
    assert named in str(caught.value)
    assert not Course.objects.exists()
    assert not Topic.objects.exists()


def test_missing_topics_are_said(folder):
    (folder / "topics.yaml").unlink()
    with pytest.raises(ContentError, match=r"topics\.yaml is missing"):
        load_courses(folder)


def test_loading_again_updates_by_slug(folder):
    load_courses(folder)
    before = Topic.objects.get().pk
    (folder / "topics.yaml").write_text(TOPIC.replace("가", "나"))
    load_courses(folder)
    topic = Topic.objects.get()
    assert (topic.pk, topic.title_ko) == (before, "나")
    assert Course.objects.count() == 1


def test_the_shipped_content_is_the_course_with_its_thirty_topics():
    call_command("load_content", "courses")
    assert Course.objects.get(name="AI Essential").timezone == "Asia/Seoul"
    assert Topic.objects.count() == 30
    assert list(Topic.objects.values_list("slug", flat=True)[:3]) == ["tensor", "ml-process", "ml-types"]
    assert not Topic.objects.filter(title_en="").exists()


class TestDemo:
    @pytest.fixture(autouse=True)
    def _course(self):
        load_courses()

    def test_never_in_production(self, settings):
        settings.PRODUCTION = True
        with pytest.raises(CommandError, match="never made in production"):
            call_command("demo")
        assert not User.objects.exists()

    def test_the_class(self, capsys):
        call_command("load_content")
        call_command("demo")
        course_round = CourseRound.objects.get()
        assert str(course_round) == "AI Essential 0317(1)"
        assert course_round.is_running()
        roles = course_round.enrolments.values_list("user__username", "role")
        assert sorted(roles) == [
            ("instructor", "instructor"),
            *((f"student{number:02}", "student") for number in range(1, 31)),
        ]
        nicknames = set(User.objects.values_list("nickname", flat=True))
        assert len(nicknames) == 31

    def test_the_instructor_opens_the_admin_and_a_student_does_not(self, client_of):
        demo.build("secret")
        instructor = client_of(User.objects.get(username="instructor"))
        for address in (
            "/admin/",
            "/admin/courses/courseround/",
            "/admin/accounts/user/",
            "/admin/courses/topic/add/",
        ):
            assert instructor.get(address).status_code == 200
        assert client_of(User.objects.get(username="student01")).get("/admin/").status_code != 200

    def test_every_day_has_topics_and_every_topic_a_day(self):
        course_round = demo.build("secret")
        days = {day.date: list(day.topics.all()) for day in course_round.calendar.all()}
        span = (course_round.ends_on - course_round.starts_on).days + 1
        assert len(days) == span
        assert all(days.values())
        assert len({topic for topics in days.values() for topic in topics}) == 30

    def test_the_printed_password_signs_in_and_stays_the_same(self, capsys, client, settings):
        call_command("load_content", verbosity=0)
        capsys.readouterr()
        call_command("demo")
        first = capsys.readouterr().out
        call_command("demo")
        assert capsys.readouterr().out == first
        password = first.split("password:")[1].strip()
        kept = settings.VAR_DIR / "demo_password"
        assert kept.stat().st_mode & 0o777 == 0o600
        for username in ("instructor", "student30"):
            response = client.post("/accounts/login/", {"login": username, "password": password})
            assert response.status_code == 302

    def test_demo_password_is_taken_and_can_change(self, monkeypatch):
        demo.build("one")
        demo.build("two")
        assert User.objects.get(username="student07").check_password("two")

    def test_a_password_that_a_person_chose_stays(self):
        demo.build("one")
        student = User.objects.get(username="student07")
        student.set_password("mine")
        student.save()
        demo.build("two")
        student.refresh_from_db()
        assert student.check_password("mine")
        assert User.objects.get(username="student08").check_password("two")

    def test_a_second_run_weeks_later_runs_again_and_keeps_everything(self):
        demo.build("one")
        people = set(User.objects.values_list("pk", flat=True))
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(60)):
            course_round = demo.build("one")
            assert course_round.is_running()
        assert set(User.objects.values_list("pk", flat=True)) == people
        assert Enrolment.objects.count() == 31
