"""Files -> rows, and `manage.py load_competition`."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from competitions import content
from competitions.models import Challenge, RoundChallenge, Submission
from tests.competitions.conftest import COMPETITION, EXERCISE

pytestmark = pytest.mark.django_db
SHIPPED = site.FIXTURES_DIR / "competitions" / COMPETITION


def test_loading_twice_changes_nothing(db):
    first = content.load_challenges()
    rows = list(Challenge.objects.order_by("slug").values())
    assert content.load_challenges() == first
    assert list(Challenge.objects.order_by("slug").values()) == rows
    kinds = set(Challenge.objects.values_list("kind", flat=True))
    assert kinds >= {"exercise", "predictions", "code", "functions"}


def test_the_first_nine_are_there(db):
    content.load_challenges()
    wanted = {
        "tensor-batches",
        "tensor-top-class",
        "tensor-standardize",
        "softmax-stable",
        "dataset-pairs",
        "dataloader-make",
        "dnn-regressor",
        "cnn-classifier",
        "lstm-classifier",
    }
    found = {row.slug: row for row in Challenge.objects.filter(slug__in=wanted)}
    assert set(found) == wanted
    assert {row.max_score for row in found.values()} == {100.0}
    assert all(
        row.title_ko and row.title_en and row.statement_ko and row.statement_en for row in found.values()
    )


def test_a_shipped_challenge_that_vanished_is_retired_and_its_submissions_stay(open_exercise, alice, judged):
    row = judged(alice, open_exercise.challenge)
    Challenge.objects.filter(slug=EXERCISE).update(slug="gone", folder="fixtures/exercises/gone")
    content.load_challenges()
    assert not Challenge.objects.get(slug="gone").is_active
    assert Submission.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("folder", ["/etc", "fixtures/../../etc", "elsewhere/x", "fixtures/", ""])
def test_a_folder_outside_its_roots_is_refused(folder):
    with pytest.raises(ValueError, match="not below"):
        _ = Challenge(slug="x", folder=folder).path


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped competition under another slug."""
    copy = tmp_path / "houses"
    shutil.copytree(SHIPPED, copy)
    described = copy / "competition.yaml"
    described.write_text(described.read_text().replace(f"slug: {COMPETITION}", "slug: my-houses"))
    return copy


def test_load_competition_keeps_a_copy(folder, course_round, alice, client_of, capsys):
    call_command("load_competition", str(folder), "--open-for", "AI Essential 0317(1)")
    shutil.rmtree(folder)

    challenge = Challenge.objects.get(slug="my-houses")
    assert challenge.path.is_relative_to(site.VAR_DIR / "competitions")
    assert RoundChallenge.objects.get().challenge == challenge
    answer = client_of(alice).get("/competitions/my-houses/data/train.csv")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).count(b"\n") == 1461
    assert "/competitions/my-houses/" in capsys.readouterr().out


def test_loading_it_again_replaces_the_copy(folder):
    call_command("load_competition", str(folder))
    before = Challenge.objects.get(slug="my-houses")
    described = folder / "competition.yaml"
    described.write_text(described.read_text().replace("daily_quota: 5", "daily_quota: 7"))
    call_command("load_competition", str(folder))
    after = Challenge.objects.get(slug="my-houses")
    assert (before.pk, after.config["daily_quota"]) == (after.pk, 7)
    assert not before.path.exists()
    assert before.content_hash == after.content_hash  # no score depends on it


def break_solution(folder):
    path = folder / "solution.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")


def test_a_folder_that_names_no_kind_is_one_of_predictions(folder):
    described = folder / "competition.yaml"
    described.write_text(described.read_text().replace("kind: predictions\n", ""))
    call_command("load_competition", str(folder))
    assert Challenge.objects.get(slug="my-houses").kind == "predictions"


def name_kind(kind):
    def spoil(folder):
        path = folder / "competition.yaml"
        path.write_text(path.read_text().replace("kind: predictions", f"kind: {kind}"))

    return spoil


BROKEN = [
    (name_kind("guesses"), "kind: It must be one of: .*predictions"),
    (name_kind("exercise"), "kind: It must be one of: .*predictions"),
    (name_kind("[predictions]"), "kind: It must be one of: .*predictions"),
    (lambda folder: (folder / "train.csv").unlink(), "train.csv"),
    (lambda folder: (folder / "competition.yaml").unlink(), "competition.yaml"),
    (break_solution, "solution.csv"),
]


@pytest.mark.parametrize(("spoil", "named"), BROKEN)
def test_a_broken_folder_is_refused_by_name(folder, spoil, named):
    spoil(folder)
    with pytest.raises(CommandError, match=named):
        call_command("load_competition", str(folder))
    assert not Challenge.objects.filter(slug="my-houses").exists()


def test_the_slug_of_a_shipped_one_is_taken(exercise, folder):
    described = folder / "competition.yaml"
    described.write_text(described.read_text().replace("slug: my-houses", f"slug: {EXERCISE}"))
    with pytest.raises(CommandError, match=EXERCISE):
        call_command("load_competition", str(folder))


@pytest.mark.parametrize("where", ["/nowhere/at/all"])
def test_no_such_folder(where):
    with pytest.raises(CommandError, match="not a folder"):
        call_command("load_competition", where)


def test_the_demo_opens_everything_and_moves_with_the_round(exercise, competition, course_round):
    import datetime as dt

    content.demo(course_round)
    assert {row.challenge.slug for row in RoundChallenge.objects.all()} == {EXERCISE, COMPETITION}
    zone = course_round.course.zone
    ended = dt.datetime.combine(course_round.course.today(), dt.time.min, tzinfo=zone)
    RoundChallenge.objects.filter(challenge=competition).update(closes_at=ended)
    RoundChallenge.objects.filter(challenge=exercise).update(daily_quota=3)
    course_round.ends_on += dt.timedelta(days=30)
    content.demo(course_round)
    moved = RoundChallenge.objects.get(challenge=competition).closes_at
    assert moved.astimezone(zone).date() == course_round.ends_on + dt.timedelta(days=1)
    assert RoundChallenge.objects.get(challenge=exercise).daily_quota == 3  # what an instructor set stays


def test_what_an_instructor_of_the_demo_has_ended_stays_ended(competition, course_round):
    import datetime as dt

    from django.utils import timezone

    content.demo(course_round)
    ended = timezone.now() - dt.timedelta(hours=1)  # no midnight, to the microsecond
    RoundChallenge.objects.filter(challenge=competition).update(closes_at=ended)
    content.demo(course_round)
    assert RoundChallenge.objects.get(challenge=competition).closes_at == ended
