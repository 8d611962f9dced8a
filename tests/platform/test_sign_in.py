"""Signing in and out, as a browser does it. Alice is a student with the password "correct horse"."""

import re

import pytest

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, password="correct horse", username="alice", **headers):
    return client.post(LOGIN, {"login": username, "password": password}, **headers)


@pytest.mark.parametrize("address", ["/", "/instructor/", "/accounts/profile/", "/accounts/password/change/"])
def test_a_stranger_is_sent_to_the_sign_in_page_and_comes_back(client, alice, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"] == f"{LOGIN}?next={address}"


@pytest.mark.parametrize(("username", "password"), [("alice", "wrong"), ("nobody", "correct horse")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, alice, username, password):
    response = sign_in(client, password, username)
    assert response.status_code == 200
    assert re.search(r'role="alert">.*아이디', response.content.decode(), re.DOTALL)
    assert "_auth_user_id" not in client.session


def test_a_switched_off_account_stays_out(client, alice):
    alice.is_active = False
    alice.save()
    response = client.post(LOGIN, {"login": "alice", "password": "correct horse"}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "사용이 중지된 계정" in response.content.decode()


def test_an_address_of_another_site_is_no_way_back(client, alice):
    response = client.post(
        f"{LOGIN}?next=https://evil.example/", {"login": "alice", "password": "correct horse"}
    )
    assert response["Location"] == "/"


def test_the_right_password_leads_to_where_one_wanted_to_go(client, alice):
    response = client.post(
        LOGIN, {"login": "alice", "password": "correct horse", "next": "/accounts/profile/"}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/accounts/profile/"
    assert "앨리스" in response.content.decode()


def test_nobody_signs_up(client, db):
    response = client.post(
        "/accounts/signup/", {"username": "eve", "password1": "long enough 1", "password2": "long enough 1"}
    )
    assert "계정은 강사가 만들어 드립니다" in response.content.decode()
    from accounts.models import User

    assert not User.objects.filter(username="eve").exists()


def test_guessing_is_stopped_but_only_after_twenty_failures(client, alice):
    for _ in range(20):
        assert "너무 많" not in sign_in(client, "wrong").content.decode()
    response = sign_in(client)
    assert "_auth_user_id" not in client.session
    assert re.search(r'role="alert">.*너무 많', response.content.decode(), re.DOTALL)


def test_a_class_behind_one_address_signs_in_together(client, course_round):
    """Forty people in one minute from one address: the default of allauth (30) would refuse the last ten."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    digest = make_password("correct horse")
    User.objects.bulk_create([User(username=f"s{number}", password=digest) for number in range(40)])
    for number in range(40):
        client.logout()
        assert sign_in(client, username=f"s{number}").status_code == 302


def test_one_can_type_the_name_at_once_and_the_header_links_to_the_form(client, db):
    page = client.get(LOGIN).content.decode()
    assert re.search(r'<input[^>]*name="login"[^>]*autofocus', page)
    # A link, not a "button" that the space key does not press.
    assert f'<a href="{LOGIN}" class="button small">' in page
    assert 'role="button"' not in page


def test_signing_out_needs_a_post(client_of, alice):
    client = client_of(alice)
    assert "로그아웃하시겠습니까" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_new_password_replaces_the_old(client_of, client, alice):
    browser = client_of(alice)
    wrong = browser.post(
        "/accounts/password/change/",
        {"oldpassword": "nope", "password1": "battery staple", "password2": "battery staple"},
    )
    assert wrong.status_code == 200
    assert "현재 비밀번호가 맞지 않습니다" in wrong.content.decode()
    right = browser.post(
        "/accounts/password/change/",
        {"oldpassword": "correct horse", "password1": "battery staple", "password2": "battery staple"},
    )
    assert right.status_code == 302
    assert sign_in(client).status_code == 200
    assert sign_in(client, "battery staple").status_code == 302


def test_the_admin_has_the_same_sign_in_page(client, alice):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)


def test_the_form_speaks_korean_to_any_browser_and_english_once_switched(client, db):
    assert "비밀번호" in client.get(LOGIN, headers={"accept-language": "en-US,en;q=0.9"}).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(LOGIN).content.decode()
    assert "Password" in english
    assert "비밀번호" not in english
