"""Korean by default, English complete, a switch in the header, a choice in the profile; the catalogues behind them."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict

import polib
import pytest
from django.core.management import CommandError, call_command

import manage
from config.management.commands.compile_catalogues import catalogues, compile_catalogue

CATALOGUES = catalogues(manage.ROOT)


@pytest.mark.django_db
class TestSwitch:
    def test_the_page_says_its_language(self, client):
        assert '<html lang="ko"' in client.get("/accounts/login/").content.decode()

    def test_the_switch_in_the_header_stays(self, client):
        response = client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
        assert response["Location"] == "/accounts/login/"
        assert '<html lang="en"' in client.get("/accounts/login/").content.decode()

    def test_the_choice_in_the_profile_follows_the_person_to_another_browser(self, client_of, alice):
        client_of(alice).post("/accounts/profile/", {"nickname": "", "language": "en"})
        alice.refresh_from_db()
        assert '<html lang="en"' in client_of(alice).get("/").content.decode()

    def test_the_header_switch_wins_in_its_browser(self, client_of, alice):
        alice.language = "en"
        alice.save()
        browser = client_of(alice)
        browser.post("/i18n/setlang/", {"language": "ko", "next": "/"})
        assert '<html lang="ko"' in browser.get("/").content.decode()

    def test_a_new_choice_in_the_profile_wins_over_an_older_switch(self, client_of, alice):
        browser = client_of(alice)
        browser.post("/i18n/setlang/", {"language": "ko", "next": "/"})
        browser.post("/accounts/profile/", {"nickname": "", "language": "en"})
        assert '<html lang="en"' in browser.get("/").content.decode()

    def test_the_pages_do_not_ask_the_browser_but_the_api_does(self, client, db):
        english = {"accept-language": "en-US,en;q=0.9"}
        assert '<html lang="ko"' in client.get("/accounts/login/", headers=english).content.decode()
        assert client.get("/api/submissions/", headers=english)["Content-Language"] == "en"
        assert client.get("/api/submissions/")["Content-Language"] == "ko"


def test_the_code_editor_knows_a_word_of_ours_for_each_of_its_own():
    """Each text that the vendored CodeMirror looks up; those it looks up by a variable are in the list below."""
    from web.editor import PHRASES

    (bundle,) = (manage.ROOT / "platform/web/static/vendor").glob("codemirror-*/codemirror.min.js")
    looked_up = set(re.findall(r'\bphrase\("([^"]+)"', bundle.read_text()))
    assert looked_up
    by_variable = {
        "Fold line",
        "Unfold line",
        "Folded lines",
        "Unfolded lines",
        "Find",
        "Replace",
        "next",
        "all",
    }
    assert looked_up | by_variable <= set(PHRASES)


def test_there_are_catalogues():
    assert {path.parents[3].name for path in CATALOGUES} >= {
        "accounts",
        "courses",
        "web",
        "quizzes",
        "competitions",
    }


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[3].name)
class TestCatalogue:
    def test_everything_is_translated(self, path):
        entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
        assert [entry.msgid for entry in entries if not entry.translated() or "fuzzy" in entry.flags] == []

    def test_it_is_compiled(self, path):
        assert not compile_catalogue(path, check=True), f"{path}: run manage.py compile_catalogues"

    def test_every_text_of_the_app_is_in_it(self, path, tmp_path):
        """makemessages on a copy finds nothing that the catalogue lacks. Needs gettext's tools."""
        if shutil.which("xgettext") is None:
            pytest.skip("xgettext is not installed")
        app = path.parents[3]
        copy = tmp_path / app.name
        ignored = shutil.ignore_patterns("node_modules", "vendor", "__pycache__", "frontend")
        shutil.copytree(app, copy, ignore=ignored)
        done = subprocess.run(
            [sys.executable, manage.ROOT / "manage.py", "makemessages", "--locale", "ko", "--no-location"],
            cwd=copy,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        found = polib.pofile(str(copy / path.relative_to(app)))
        wanted = {(entry.msgctxt, entry.msgid) for entry in found if not entry.obsolete}
        known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete}
        assert wanted - known == set()


def test_a_text_has_one_translation_over_all_catalogues():
    """Django merges them and lets the first app win: of two translations one would silently be used by none."""
    translations = defaultdict(dict)
    for path in CATALOGUES:
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                text = (entry.msgctxt, entry.msgid, entry.msgid_plural)
                said = entry.msgstr or str(entry.msgstr_plural)
                translations[text].setdefault(said, path.parents[3].name)
    assert {text: said for text, said in translations.items() if len(said) > 1} == {}


def test_a_broken_catalogue_is_named(tmp_path):
    path = tmp_path / "django.po"
    path.write_text('msgid "a"\nthis is no catalogue\n')
    with pytest.raises(CommandError, match=r"django\.po"):
        compile_catalogue(path, check=False)


def test_a_stale_catalogue_is_found_and_compiled(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "가"\n'
    )
    assert compile_catalogue(path, check=True)
    assert not path.with_suffix(".mo").exists()
    assert compile_catalogue(path, check=False)
    assert not compile_catalogue(path, check=True)
    assert [entry.msgstr for entry in polib.mofile(str(path.with_suffix(".mo")))] == ["가"]


def test_the_command_has_nothing_to_do(capsys):
    call_command("compile_catalogues", "--check")
    assert capsys.readouterr().out == ""
