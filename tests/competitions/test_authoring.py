"""new_competition, check_competition, and a zip in the browser: what is made loads at once, what is wrong is said."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from competitions import actions, content, kinds, scaffolds, versions, worker
from competitions.models import Challenge, CompetitionVersion, RoundChallenge
from courses.models import Course, CourseRound
from tests import zips
from tests.competitions.folders import make_folder

pytestmark = pytest.mark.django_db
PAGE = "/instructor/competitions/"


def run(name: str, *arguments: str) -> tuple[int, str]:
    """A command's exit status and what it said."""
    out = io.StringIO()
    try:
        call_command(name, *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_there_is_a_folder_to_begin_with_for_every_kind_of_competition():
    assert scaffolds.kinds() == [name for name in kinds.names() if name != "exercise"]


@pytest.mark.parametrize("kind", scaffolds.kinds())
def test_a_new_folder_is_sound_and_its_slug_the_folders_name(tmp_path, kind):
    folder = tmp_path / "my-own"
    status, said = run("new_competition", str(folder), "--kind", kind)
    assert status == 0
    assert str(folder / "competition.yaml") in said
    assert run("check_competition", str(folder), "--files-only") == (0, f"{folder}: nothing is wrong\n")
    competition = kinds.of_folder(folder).load_folder(folder)
    assert (competition.slug, competition.kind) == ("my-own", kind)


@pytest.mark.parametrize(
    ("name", "words"), [("My Own", "no slug"), ("my_own", "no slug"), ("there", "not empty")]
)
def test_a_folder_that_cannot_be_made(tmp_path, name, words):
    (tmp_path / "there").mkdir()
    (tmp_path / "there/file").write_text("kept")
    with pytest.raises(CommandError, match=words):
        call_command("new_competition", str(tmp_path / name))
    assert (tmp_path / "there/file").read_text() == "kept"


def test_check_competition_says_everything_by_file_and_line_and_fails(tmp_path):
    folder = make_folder(tmp_path / "six-houses", test=None)
    spec = folder / "competition.yaml"
    spec.write_text(
        spec.read_text().replace("metric: mae", "metric: best").replace("daily_quota: 3", "daily_quota: many")
    )
    status, said = run("check_competition", str(folder))
    assert status == 1
    assert f"{spec}:5: metric: It must be one of" in said
    assert f"{spec}:8: daily_quota: It must be a whole number" in said
    assert f"{folder / 'test.csv'}: The file is missing." in said
    status, said = run("check_competition", str(folder), "--language", "ko")
    assert "1 이상의 정수여야 합니다" in said


def test_check_competition_runs_the_folders_metric_unless_told_not_to(tmp_path):
    folder = make_folder(tmp_path / "six-houses")
    spec = folder / "competition.yaml"
    spec.write_text(spec.read_text().replace("metric: mae", "metric: metric.py"))
    (folder / "metric.py").write_text(
        'TITLE_KO, TITLE_EN = "가", "a"\nHIGHER_IS_BETTER = False\nRANGE = (0, None)\nVALUES = "number"\n\n\n'
        "def compute(truth, prediction):\n    return 1 / 0\n"
    )
    assert run("check_competition", str(folder), "--files-only")[0] == 0
    status, said = run("check_competition", str(folder))
    assert status == 1
    assert "ZeroDivisionError" in said


@pytest.mark.parametrize(
    "folder",
    sorted(path.parent for path in (site.FIXTURES_DIR / "competitions").glob("*/competition.yaml")),
    ids=lambda path: path.name,
)
def test_what_is_shipped_is_sound(folder):
    assert run("check_competition", str(folder), "--files-only") == (0, f"{folder}: nothing is wrong\n")


def test_no_such_folder(tmp_path):
    with pytest.raises(CommandError, match="not a folder"):
        call_command("check_competition", str(tmp_path / "nowhere"))


# --- in the browser ---


def upload(client, data: bytes, name: str = "my.zip"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)}, follow=True)


def folders() -> list[str]:
    """What lies in var/competitions/ now."""
    root = site.VAR_DIR / "competitions"
    return sorted(path.name for path in root.iterdir()) if root.is_dir() else []


@pytest.fixture(autouse=True)
def _empty_var():
    """Other tests of this process may have left folders."""
    shutil.rmtree(site.VAR_DIR / "competitions", ignore_errors=True)


def test_the_page_is_for_instructors_and_says_what_it_takes(client_of, teacher, alice):
    assert client_of(alice).get(PAGE).status_code == 403
    page = client_of(teacher, "en").get(PAGE).content.decode()
    assert "Zip, up to 20 MB; 500 files and 200 MB unpacked" in page
    assert "Nothing has been uploaded for this round yet." in page
    assert upload(client_of(alice), b"").status_code == 403


def test_a_sound_folder_is_kept_and_used_when_it_is_proved(client_of, teacher, course_round, tmp_path):
    browser = client_of(teacher, "en")
    answer = upload(browser, zips.zip_folder(make_folder(tmp_path / "six"), "six/"))
    assert "Being checked" in answer.content.decode()
    version = CompetitionVersion.objects.get()
    assert (version.slug, version.kind, version.requested_by) == ("six-houses", "predictions", teacher)
    assert folders() == [Path(version.folder).name]
    assert not Challenge.objects.exists()
    prove(version)
    opening = RoundChallenge.objects.get(challenge__slug="six-houses")
    assert (opening.round, opening.challenge.folder) == (course_round, version.folder)
    assert browser.get("/competitions/six-houses/").status_code == 200


def prove(version: CompetitionVersion) -> None:
    """What a worker does, in this process: it needs no jail for predictions."""
    assert worker.prove_version(version.pk)
    version.refresh_from_db()


def test_a_new_version_replaces_and_one_can_go_back(client_of, teacher, alice, judged, tmp_path):
    browser = client_of(teacher, "en")
    folder = make_folder(tmp_path / "six")
    upload(browser, zips.zip_folder(folder))
    first = CompetitionVersion.objects.get()
    prove(first)
    row = judged(alice, Challenge.objects.get(), 3.0)
    (folder / "statement.en.md").write_text("Predict the price, again.\n")
    upload(browser, zips.zip_folder(folder))
    second = CompetitionVersion.objects.latest("pk")
    prove(second)
    challenge = Challenge.objects.get()
    assert (challenge.folder, challenge.statement_en) == (second.folder, "Predict the price, again.\n")
    assert len(folders()) == 2
    row.refresh_from_db()
    assert (row.score, row.content_hash) == (3.0, "h" * 64)  # what was judged keeps its score and its version

    page = browser.get(f"{PAGE}versions/{first.pk}/").content.decode()
    assert "An earlier version" in page
    answer = browser.post(f"{PAGE}versions/{first.pk}/use/", follow=True)
    assert "This version counts from now on." in answer.content.decode()
    challenge.refresh_from_db()
    assert (challenge.folder, challenge.statement_en) == (first.folder, "Predict the price.\n")
    # The command for the server keeps the versions too.
    call_command("load_competition", str(folder))
    assert {Path(first.folder).name, Path(second.folder).name} < set(folders())


HOSTILE = [
    (zips.zip_of({"competition.yaml": "x", "../../evil": "x"}), 400, "a path that is not allowed"),
    (zips.with_mode("train.csv", zips.LINK), 400, "Links and special files"),
    (zips.zip_of({"competition.yaml": "x", "zeros": bytes(5 << 20)}), 400, "packed unreasonably tight"),
    (b"not a zip", 400, "This is no zip file"),
    (zips.zip_of({"competition.yaml": "slug: [\n"}), 422, "This cannot be read as YAML"),
    (zips.zip_of({"competition.yaml": "slug: a\nkind: exercise\n"}), 422, "kind: It must be one of"),
    (zips.zip_of({"competition.yaml": "slug: ../a\n"}), 422, "slug: Only a-z"),
]


@pytest.mark.parametrize(("data", "status", "words"), HOSTILE, ids=[case[2] for case in HOSTILE])
def test_what_is_refused_leaves_nothing_behind(client_of, teacher, data, status, words):
    answer = upload(client_of(teacher, "en"), data)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert folders() == []
    assert not CompetitionVersion.objects.exists()


def test_all_that_is_wrong_is_listed_in_the_teachers_language(client_of, teacher, tmp_path):
    folder = make_folder(tmp_path / "six", test=None, statement_en_md=None)
    answer = upload(client_of(teacher, "ko"), zips.zip_folder(folder))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<code>test.csv</code> 파일이 없습니다." in page
    assert "<code>statement.en.md</code> 설명문이 없거나 비어 있습니다." in page
    assert folders() == []


def test_a_file_is_needed_and_not_too_large(client_of, teacher):
    browser = client_of(teacher, "en")
    assert "Choose a file first." in browser.post(PAGE).content.decode()
    assert browser.post(PAGE).status_code == 400
    assert upload(browser, b"x" * (20 * 1024 * 1024 + 1)).status_code == 413
    assert folders() == []


@pytest.mark.parametrize("kind", ["functions", "metric.py"])
def test_code_that_runs_outside_the_jail_is_taken_from_administrators_only(
    client_of, teacher, tmp_path, kind
):
    folder = tmp_path / "my-own"
    scaffolds.create(folder, "functions" if kind == "functions" else "predictions")
    if kind == "metric.py":
        spec = folder / "competition.yaml"
        spec.write_text(spec.read_text().replace("metric: mae ", "metric: metric.py "))
        (folder / "metric.py").write_text(
            'TITLE_KO, TITLE_EN = "가", "a"\nHIGHER_IS_BETTER = False\nRANGE = (0, None)\nVALUES = "number"\n'
            "open('/tmp/ran', 'w')\n\n\ndef compute(truth, prediction):\n    return abs(truth - prediction).mean()\n"
        )
    data = zips.zip_folder(folder)
    answer = upload(client_of(teacher, "en"), data)
    assert answer.status_code == 403
    assert "Only an administrator may upload it here" in answer.content.decode()
    assert folders() == []
    teacher.is_superuser = True
    teacher.save()
    assert "Being checked" in upload(client_of(teacher, "en"), data).content.decode()
    assert not Path("/tmp/ran").exists()  # the web process runs nothing of the folder


def test_slugs_of_others_are_not_taken(client_of, teacher, competition, tmp_path):
    """The site's own content, and a competition that is open where one does not teach."""
    browser = client_of(teacher, "en")
    own = make_folder(tmp_path / "own")
    spec = own / "competition.yaml"
    spec.write_text(spec.read_text().replace("six-houses", competition.slug))
    answer = upload(browser, zips.zip_folder(own))
    assert answer.status_code == 400
    assert "belongs to the site&#x27;s own content" in answer.content.decode()

    elsewhere = other_round()
    theirs = content.install_competition(make_folder(tmp_path / "six"))
    actions.open_challenge(elsewhere, theirs)
    answer = upload(browser, zips.zip_folder(tmp_path / "six"))
    assert answer.status_code == 403
    assert "open in a round that you do not teach" in answer.content.decode()
    assert not CompetitionVersion.objects.exists()


def test_versions_of_another_round_are_not_to_be_seen_or_used(client_of, teacher, alice, tmp_path):
    upload(client_of(teacher), zips.zip_folder(make_folder(tmp_path / "six")))
    version = CompetitionVersion.objects.get()
    assert client_of(alice).get(f"{PAGE}versions/{version.pk}/").status_code == 403
    assert client_of(alice).post(f"{PAGE}versions/{version.pk}/use/").status_code == 403
    CompetitionVersion.objects.update(round=other_round())
    assert client_of(teacher).get(f"{PAGE}versions/{version.pk}/").status_code == 404


def other_round():
    return CourseRound.objects.create(
        course=Course.objects.get(),
        name="0401(1)",
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 12, 31),
    )


def test_an_unproved_version_cannot_be_used(client_of, teacher, tmp_path):
    upload(client_of(teacher), zips.zip_folder(make_folder(tmp_path / "six")))
    version = CompetitionVersion.objects.get()
    answer = client_of(teacher, "en").post(f"{PAGE}versions/{version.pk}/use/", follow=True)
    assert "This version cannot be used." in answer.content.decode()
    assert not Challenge.objects.exists()
    assert versions.path_of(version).is_dir()
