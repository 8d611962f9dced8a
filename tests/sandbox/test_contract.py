"""The report survives JSON unchanged; the web process reads it without torch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.contract import Limits, Report, TestResult, Text, Verdict

ROOT = Path(__file__).resolve().parents[2]

FULL = Report(
    slug="shift", verdict=Verdict.PARTIAL, score=30.0, max_score=100.0, seconds=0.25, peak_memory_mb=12.5,
    tests=(
        TestResult("test_example", Text("예제", "Example"), Verdict.ACCEPTED, 30.0, 30.0, Text("통과", "passed"), True, 0.1),
        TestResult("test_by", Text(), Verdict.WRONG_ANSWER, 0.0, 70.0, Text("값이 다릅니다.", "The values differ.")),
    ),
    message=Text("일부 테스트만 통과했습니다.", "Some of the tests pass."), stdout="안녕\n", judged_source="x = 1\n", mistake="minus",
    seed=123, device="cpu", versions={"python": "3.11", "torch": "2"}, package_hash="ab", limits=Limits(3.0, 64, 8, 4),
)


@pytest.mark.parametrize("spoil", [
    lambda data: data.pop("slug"), lambda data: data.pop("tests"), lambda data: data.update(verdict="perfect"),
    lambda data: data.update(stranger=1), lambda data: data.update(limits={"hours": 3}),
    lambda data: data.update(message="text"), lambda data: data["tests"][0].pop("title"),
    lambda data: data["tests"][0].update(verdict=""), lambda data: data.update(tests=[1]),
])
def test_another_shape_is_refused(spoil):
    data = json.loads(json.dumps(FULL.to_dict()))
    spoil(data)
    with pytest.raises((KeyError, TypeError, ValueError)):
        Report.from_dict(data)


@pytest.mark.parametrize("report", [FULL, Report("shift", Verdict.JUDGE_ERROR, 0.0, 100.0)], ids=["full", "smallest"])
def test_round_trip_through_json(report):
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert again == report
    assert isinstance(again.verdict, Verdict)
    assert all(isinstance(test.verdict, Verdict) for test in again.tests)


def test_texts_travel_as_two_languages():
    data = json.loads(json.dumps(FULL.to_dict()))
    assert data["message"] == {"ko": "일부 테스트만 통과했습니다.", "en": "Some of the tests pass."}
    assert data["tests"][0]["title"] == {"ko": "예제", "en": "Example"}
    assert data["verdict"] == "partial"


@pytest.mark.parametrize(("text", "language", "shown"), [
    (Text("가", "a"), "ko", "가"), (Text("가", "a"), "en", "a"), (Text("가", "a"), "en-us", "a"), (Text("가", "a"), "", "가"),
    (Text("", "a"), "ko", "a"), (Text("가", ""), "en", "가"), (Text(), "ko", ""),
])
def test_a_text_falls_back_to_the_other_language(text, language, shown):
    assert text.pick(language) == shown
    assert bool(text) == bool(shown)


def test_only_our_own_fault_is_not_final():
    assert [verdict for verdict in Verdict if not verdict.is_final] == [Verdict.JUDGE_ERROR]
    assert {str(verdict) for verdict in Verdict} == {
        "accepted", "partial", "wrong_answer", "runtime_error", "time_limit", "memory_limit", "output_limit", "invalid",
        "judge_error"}


@pytest.mark.parametrize("statement", [
    "import sandbox.contract", "import sandbox.packages; sandbox.packages.list_packages()", "import sandbox.doctor",
    "import sandbox",
])
def test_the_site_may_import_it_without_torch(statement):
    code = f"{statement}\nimport sys\nprint([n for n in ('torch', 'django', 'pandas', 'numpy') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_interface_gives_functions_every_time():
    code = "import sandbox\nfor _ in range(2): print(callable(sandbox.verify), callable(sandbox.Judge))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 4
