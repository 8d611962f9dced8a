"""Error pages in both languages; the same as JSON below /api/; Django's own debug page never."""

import pytest
from django.db import DatabaseError
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_unknown_address(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "페이지를 찾을 수 없습니다" in response.content.decode()
    client.cookies["django_language"] = "en"
    assert "Nothing is here" in client.get("/no/").content.decode()


def test_an_unknown_address_of_the_api_answers_json(client):
    response = client.get("/api/nothing/", headers={"accept-language": "en"})
    assert (response.status_code, response.json()) == (404, {"detail": "Nothing is here."})


def test_the_reason_that_a_view_gives_is_shown_and_djangos_own_is_not(alice):
    from django.http import Http404

    from web import errors

    assert errors.reason_of(Http404("이 대회는 없습니다.")) == "이 대회는 없습니다."
    assert errors.reason_of(Http404("No Quiz matches the given query.")) == ""
    assert errors.reason_of(Http404({"tried": [["x"]], "path": "y"})) == ""


def test_a_form_without_its_secret_is_refused_in_words(alice):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    assert response.status_code == 403
    assert "새로고침" in response.content.decode()


def broken(*_args):
    raise RuntimeError("the secret word is rumpelstiltskin")


@pytest.fixture
def browser(client_of, alice):
    client = client_of(alice)
    client.raise_request_exception = False
    return client


def test_our_own_fault_says_so_and_shows_no_insides(browser, monkeypatch):
    monkeypatch.setattr("web.views.render_panels", broken)
    response = browser.get("/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "사이트에 문제가 생겼습니다" in page
    assert "rumpelstiltskin" not in page
    assert "Traceback" not in page


def test_the_error_page_needs_no_database(browser, monkeypatch):
    def gone(*_args, **_kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr("web.views.render_panels", gone)
    monkeypatch.setattr("web.context_processors.current_round", gone)
    response = browser.get("/")
    assert response.status_code == 500
    assert "사이트에 문제가 생겼습니다" in response.content.decode()
    assert "site-header" not in response.content.decode()
