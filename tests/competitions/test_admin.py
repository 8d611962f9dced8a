"""The admin: every model's page opens, what the judge or a worker wrote is only read, private scores are the administrator's."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission

from competitions.models import CompetitionVersion, ScoreChange, SeedRun, Standing

pytestmark = pytest.mark.django_db
REGISTERED = sorted(
    model._meta.model_name
    for model in apps.get_app_config("competitions").get_models()
    if model in admin.site._registry
)
ERRANDS = ["competitionversion", "seedrun"]
PRIVATE = 54321.625


@pytest.fixture
def rows(open_competition, alice, teacher, judged, course_round):
    """One row of each model that the tests open, by its name."""
    submission = judged(alice, open_competition.challenge, 44.5, "accepted", PRIVATE)
    change = ScoreChange.objects.create(
        submission=submission, old_verdict="accepted", old_score=44.5, old_private_score=PRIVATE
    )
    run = SeedRun.objects.create(
        submission=submission, seed=777, state="done", verdict="accepted", score=44.5, private_score=PRIVATE
    )
    version = CompetitionVersion.objects.create(
        slug="my-prices",
        kind="code",
        device="cuda",
        round=course_round,
        requested_by=teacher,
        problems=[{"where": "metric.py", "ko": "틀림", "en": "wrong"}],
    )
    final = Standing.objects.get(board="final", score=PRIVATE)
    return {
        "seedrun": run,
        "competitionversion": version,
        "submission": submission,
        "scorechange": change,
        "standing": final,
    }


@pytest.fixture
def staff_client(client_of, django_user_model):
    """Of somebody who may look at everything of this app in the admin, and is no administrator."""
    person = django_user_model.objects.create_user("staff", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="competitions"))
    return client_of(person, "en")


def address(name: str, row=None) -> str:
    return f"/admin/competitions/{name}/" + (f"{row.pk}/change/" if row else "")


@pytest.mark.parametrize("name", REGISTERED)
def test_every_list_opens_for_an_administrator(admin_client, rows, name):
    assert admin_client.get(address(name)).status_code == 200


@pytest.mark.parametrize(
    ("name", "words"), [("seedrun", ["777", "44.5"]), ("competitionversion", ["my-prices", "cuda"])]
)
def test_an_errand_is_listed_and_opened(admin_client, rows, name, words):
    for page in (address(name), address(name, rows[name])):
        answer = admin_client.get(page)
        assert answer.status_code == 200
        assert [word for word in words if word not in answer.content.decode()] == []


@pytest.mark.parametrize("name", ERRANDS)
def test_an_errand_cannot_be_changed_added_or_deleted_there(admin_client, rows, name):
    row = rows[name]
    for page in (address(name, row), f"{address(name)}add/", f"{address(name)}{row.pk}/delete/"):
        assert admin_client.post(page, {"state": "failed", "post": "yes"}).status_code == 403, page
    row.refresh_from_db()
    assert row.state in ("done", "waiting")


@pytest.mark.parametrize("name", ["seedrun", "submission", "scorechange", "standing"])
def test_private_scores_are_for_administrators(admin_client, staff_client, rows, name):
    row = rows[name]

    def read(client, page: str) -> str:
        return client.get(page, follow=True).content.decode().replace(",", "")

    pages = (address(name), address(name, row))
    assert any("54321.6" in read(admin_client, page) for page in pages)
    assert "44.5" in read(staff_client, pages[0])
    for page in pages:
        assert "54321" not in read(staff_client, page)


@pytest.mark.parametrize("name", ERRANDS)
def test_students_and_those_who_teach_have_no_way_in(client_of, alice, teacher, rows, name):
    for person in (alice, teacher):
        answer = client_of(person).get(address(name, rows[name]))
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/admin/login/")
