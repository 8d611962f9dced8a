"""/healthz, /readyz and `manage.py doctor`."""

import datetime as dt
import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.utils import timezone

import manage
from competitions.models import WorkerHeartbeat

pytestmark = pytest.mark.django_db


def test_the_process_is_alive_without_signing_in(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_not_ready_without_a_worker(client):
    response = client.get("/readyz")
    body = response.json()
    assert response.status_code == 503
    assert body["checks"]["database"]["ok"]
    assert not body["checks"]["scoring"]["ok"]
    assert body["checks"]["scoring"]["message"]


def test_ready_with_a_worker_seen_just_now_and_not_with_an_old_one(client):
    heartbeat = WorkerHeartbeat.objects.create(name="w", is_ready=True)
    assert client.get("/readyz").status_code == 200
    heartbeat.seen_at = timezone.now() - dt.timedelta(hours=1)
    heartbeat.save()
    assert client.get("/readyz").status_code == 503


def test_not_ready_without_a_database(client, monkeypatch):
    from django.db import DatabaseError

    def gone():
        raise DatabaseError("the disk is gone")

    monkeypatch.setattr("config.health.connection.cursor", gone)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == {"ok": False, "message": "the disk is gone"}


class TestDoctor:
    def examine(self, capsys) -> dict[str, dict]:
        code = 0
        try:
            call_command("doctor", "--json")
        except SystemExit as error:
            code = error.code
        findings = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
        assert code == int(any(row["state"] == "broken" for row in findings.values()))
        return findings

    def test_every_finding_that_is_not_well_has_a_remedy(self, capsys):
        findings = self.examine(capsys)
        assert set(findings) >= {
            "python",
            "files",
            "disk",
            "database default",
            "broker",
            "catalogues",
            "bubblewrap",
            "scoring",
        }
        assert [name for name, row in findings.items() if not row["ok"] and not row["remedy"]] == []
        assert findings["scoring"]["state"] == "broken"

    def test_a_worker_that_is_alive(self, capsys):
        WorkerHeartbeat.objects.create(name="w", is_ready=True)
        assert self.examine(capsys)["scoring"]["state"] == "ok"

    def test_a_missing_bubblewrap(self, capsys, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        finding = self.examine(capsys)["bubblewrap"]
        assert finding["state"] == "broken"
        assert "apt-get install bubblewrap" in finding["remedy"]

    def test_a_check_that_breaks_hides_no_other(self, capsys, monkeypatch):
        monkeypatch.setattr("config.doctor.catalogues", lambda root: 1 / 0)
        findings = self.examine(capsys)
        assert "ZeroDivisionError" in findings["catalogues"]["message"]
        assert "scoring" in findings

    def test_a_new_checkout_is_told_to_migrate(self, tmp_path):
        command = [sys.executable, "manage.py", "doctor"]
        env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
        done = subprocess.run(command, cwd=manage.ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 1
        assert "migrations are not applied" in done.stdout
        assert "manage.py migrate" in done.stdout
        assert "Traceback" not in done.stdout + done.stderr
