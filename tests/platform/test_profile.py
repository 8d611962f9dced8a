"""The profile page: nickname, language, tokens."""

import re

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
PROFILE = "/accounts/profile/"


def test_a_nickname_that_is_too_long_is_refused(client_of, alice):
    response = client_of(alice).post(PROFILE, {"nickname": "가" * 31, "language": ""})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    alice.refresh_from_db()
    assert alice.nickname == "앨리스"


def test_the_nickname_is_saved_without_stray_spaces_and_shown_in_the_header(client_of, alice):
    response = client_of(alice).post(PROFILE, {"nickname": "  새   이름 ", "language": ""}, follow=True)
    assert "새 이름" in response.content.decode()
    alice.refresh_from_db()
    assert alice.nickname == "새 이름"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_saving_a_nickname_does_not_switch_the_language(client_of, alice, language):
    """The form shows the language that the page has, from the profile or from the header's switch."""
    browser = client_of(alice, language)
    page = browser.get(PROFILE).content.decode()
    assert re.findall(r'<option value="(\w+)" selected>', page) == [language]
    browser.post(PROFILE, {"nickname": "새 이름", "language": language})
    assert f'<html lang="{language}"' in browser.get(PROFILE).content.decode()


def test_markup_in_a_nickname_stays_text(client_of, alice):
    response = client_of(alice).post(PROFILE, {"nickname": "<b>x</b>", "language": ""}, follow=True)
    assert "<b>x</b>" not in response.content.decode()


def test_a_token_is_shown_once_and_works(client_of, alice):
    browser = client_of(alice)
    page = browser.post(PROFILE + "token/")
    token = re.search(r'value="([0-9a-f]{64})"', page.content.decode())[1]
    assert "no-cache" in page["Cache-Control"]
    assert token not in browser.get(PROFILE).content.decode()
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert api.get("/api/submissions/").status_code == 200

    browser.post(f"{PROFILE}token/{token[:15]}/revoke/")
    assert api.get("/api/submissions/").status_code == 401


def test_nobody_revokes_the_token_of_another(client_of, alice, bob):
    from accounts.actions import create_token

    row, _token = create_token(alice)
    client_of(bob).post(f"{PROFILE}token/{row.token_key}/revoke/")
    assert alice.auth_token_set.count() == 1


def test_a_link_cannot_make_a_token(client_of, alice):
    assert client_of(alice).get(PROFILE + "token/").status_code == 405
