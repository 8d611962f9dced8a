"""POST /api/token/ and what a token opens. GET /api/submissions/ stands for any address that needs one."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
NEEDS_TOKEN = "/api/submissions/"


@pytest.fixture
def api():
    return APIClient()


def ask(api, username="alice", password="correct horse", **extra):
    return api.post("/api/token/", {"username": username, "password": password}, **extra)


@pytest.mark.parametrize(
    ("body", "named"),
    [({}, "username"), ({"username": "alice"}, "password"), ({"username": "", "password": "x"}, "username")],
)
def test_what_is_missing_is_named(api, alice, body, named):
    response = api.post("/api/token/", body)
    assert response.status_code == 400
    assert named in response.json()["errors"]
    assert isinstance(response.json()["detail"], str)


@pytest.mark.parametrize(("username", "password"), [("alice", "wrong"), ("nobody", "correct horse")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(api, alice, username, password):
    response = ask(api, username, password)
    assert (response.status_code, response.json()) == (
        400,
        {"detail": "아이디 또는 비밀번호가 맞지 않습니다."},
    )


def test_the_answer_is_in_the_language_that_the_client_accepts(api, alice):
    response = ask(api, password="wrong", headers={"accept-language": "en"})
    assert response.json() == {"detail": "The username or the password is wrong."}


def test_a_switched_off_account_gets_none(api, alice):
    alice.is_active = False
    alice.save()
    assert ask(api).status_code == 400


def test_guessing_is_stopped(api, alice):
    for _ in range(20):
        assert ask(api, password="wrong").status_code == 400
    response = ask(api)
    assert response.status_code == 429
    assert isinstance(response.json()["detail"], str)


def test_no_token_and_a_made_up_token_are_refused(api):
    assert api.get(NEEDS_TOKEN).status_code == 401
    api.credentials(HTTP_AUTHORIZATION="Token " + "0" * 64)
    response = api.get(NEEDS_TOKEN)
    assert response.status_code == 401
    assert isinstance(response.json()["detail"], str)


def test_the_token_opens_the_api_until_it_expires(api, alice):
    body = ask(api).json()
    assert set(body) == {"token", "expiry"}
    api.credentials(HTTP_AUTHORIZATION=f"Token {body['token']}")
    assert api.get(NEEDS_TOKEN).status_code == 200
    expiry = dt.datetime.fromisoformat(body["expiry"])
    assert dt.timedelta(100) < expiry - timezone.now() < dt.timedelta(200)
    with time_machine.travel(expiry + dt.timedelta(minutes=1)):
        assert api.get(NEEDS_TOKEN).status_code == 401


def test_only_a_digest_is_stored(api, alice):
    from knox.models import AuthToken

    token = ask(api).json()["token"]
    row = AuthToken.objects.get(user=alice)
    assert token not in (row.digest, row.token_key)


def test_the_api_description_is_valid(api, db, tmp_path):
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))
    schema = api.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    assert "/api/token/" in schema["paths"]
