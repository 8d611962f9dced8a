"""Headers, the content security policy, production settings."""

import os
import re
import secrets
import subprocess
import sys

import pytest

import manage

TEMPLATES = [
    path
    for folder in ("platform", "quizzes", "competitions")
    for path in sorted((manage.ROOT / folder).glob("**/templates/**/*.html"))
]


def test_headers(client, db):
    headers = client.get("/accounts/login/").headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_there_are_templates():
    assert len(TEMPLATES) > 20


INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=|<style", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on[:-]|hx-vals=.js:", re.IGNORECASE),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(manage.ROOT)))
def test_no_template_needs_what_the_policy_forbids(path):
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in INLINE.items() if pattern.search(text)] == []


def load_settings(tmp_path, **environment):
    """settings in a fresh process; (exit code, its last line)."""
    names = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment}
    script = "import manage, django; django.setup(); from django.conf import settings as s; print(s.SECRET_KEY, s.DEBUG, s.ALLOWED_HOSTS)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=manage.ROOT, env=names, capture_output=True, text=True
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"ENVIRONMENT": "production", "ALLOWED_HOSTS": "exam.example"}, "SECRET_KEY is not set"),
        ({"ENVIRONMENT": "production", "SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS is not set"),
        ({"ENVIRONMENT": "prod"}, "development or production"),
    ],
)
def test_settings_fail_loudly(tmp_path, environment, named):
    code, line = load_settings(tmp_path, **environment)
    assert code != 0
    assert named in line


def test_development_needs_nothing_and_keeps_its_key(tmp_path):
    code, line = load_settings(tmp_path)
    assert code == 0
    assert "False" in line  # DEBUG
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert load_settings(tmp_path) == (code, line)


def test_production_passes_djangos_own_deployment_check(tmp_path):
    names = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "exam.example",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"]
    done = subprocess.run(command, cwd=manage.ROOT, env=names, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    warned = set(re.findall(r"\((security\.W\d+)\)", done.stderr))
    # W005 and W021: subdomains and preload lists are the administrator's decision.
    assert warned <= {"security.W005", "security.W021"}
