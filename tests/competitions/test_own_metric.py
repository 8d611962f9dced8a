"""metric.py: an instructor's own metric is read without being run, and proved before it is taken in."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from competitions import kinds
from competitions.folders import content_hash
from competitions.models import Challenge
from competitions.predictions.folder import check_folder, load_folder
from competitions.predictions.score import score
from tests.competitions.folders import FILES, SPEC, make_folder

OWN = SPEC.replace("metric: mae", "metric: metric.py")
METRIC = '''\
"""Symmetric mean absolute percentage error."""
import numpy as np

TITLE_KO, TITLE_EN = "대칭 백분율 오차", "Symmetric percentage error (SMAPE)"
HIGHER_IS_BETTER = False
RANGE = (0, 200)
VALUES = "number"
BOUNDS = (0, None)


def compute(truth, prediction):
    return float(np.mean(200 * abs(truth - prediction) / (abs(truth) + abs(prediction))))
'''


def changed(old: str, new: str) -> str:
    assert old in METRIC
    return METRIC.replace(old, new)


@pytest.fixture
def folder(tmp_path):
    """folder(metric) -> a competition of six houses with that metric.py."""

    def make(metric: str = METRIC):
        made = make_folder(tmp_path / "houses", spec=OWN)
        (made / "metric.py").write_text(metric, encoding="utf-8")
        return made

    return make


def test_it_scores(folder) -> None:
    competition = load_folder(folder())
    assert check_folder(competition.folder) == kinds.prove_folder(competition.folder) == []
    assert (competition.higher_is_better, competition.measure.best) == (False, 0.0)
    halves = FILES["sample_submission.csv"].replace(",0", ",50").encode()
    assert score(halves, competition).public == pytest.approx(
        (200 * 50 / 150 + 200 * 150 / 250 + 200 * 450 / 550) / 3
    )


def test_its_bounds_are_said_by_row(folder) -> None:
    from competitions.predictions.files import check

    found = check(FILES["sample_submission.csv"].replace("12,0", "12,-1").encode(), load_folder(folder()))
    assert [(error.row, error.column) for error in found.errors] == [(3, "Price")]
    assert "negative" in found.errors[0].message.en


def test_the_hash_changes_with_the_metric(folder) -> None:
    before = content_hash(load_folder(folder()))
    assert content_hash(load_folder(folder(METRIC + "\n"))) != before


BAD = [
    ("no direction", changed("HIGHER_IS_BETTER = False\n", ""), "direction"),
    ("a direction that is a number", changed("= False", "= 0"), "direction"),
    ("no title", changed('TITLE_KO, TITLE_EN = "대칭 백분율 오차", ', "TITLE_EN = "), "TITLE_KO"),
    ("no range", changed("RANGE = (0, 200)\n", ""), "RANGE"),
    ("the best end is open", changed("(0, 200)", "(None, 200)"), "better end of RANGE"),
    ("a range that is turned", changed("(0, 200)", "(200, 0)"), "RANGE"),
    ("a range that is computed", changed("(0, 200)", "(0, 2 * n)"), "RANGE"),
    ("no such values", changed('"number"', '"tensor"'), "VALUES must be one of"),
    ("no compute", changed("def compute", "def compare"), "no function compute"),
    ("compute of one", changed("(truth, prediction):", "(both):"), "no function compute"),
    ("no Python", changed("import numpy as np", "import"), "Line 2 cannot be read"),
]


@pytest.mark.parametrize(("name", "metric", "words"), BAD, ids=[case[0] for case in BAD])
def test_what_it_lacks_is_said(folder, name, metric, words) -> None:
    problems = check_folder(folder(metric))
    assert [problem.where for problem in problems] == ["metric.py"]
    assert words in problems[0].message.en
    assert problems[0].message.ko


UNSOUND = [
    ("perfect is not best", changed("abs(truth - prediction) /", "abs(truth + prediction) /"), "perfect prediction gets"),
    ("chance", changed("return float(", "return np.random.random() * 0 + np.random.random() + 0 * float("), "The same prediction gets"),
    ("NaN", changed("return float(np.mean(", "return float(np.mean(np.nan * "), "score is nan"),
    ("an error", changed("return float(", "raise KeyError('price'); return float("), "KeyError: 'price'"),
    ("out of range", changed("(0, 200)", "(0, 100)"), "outside its range"),
    ("changes its input", changed("    return", "    truth[:] = 1\n    return"), "changes the arrays"),
    ("text", changed("return float(", "return 'best' or float("), "could not convert"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "metric", "words"), UNSOUND, ids=[case[0] for case in UNSOUND])
def test_what_is_wrong_with_its_scores_shows_before_it_is_taken_in(folder, name, metric, words) -> None:
    path = folder(metric)
    assert check_folder(path) == []  # nothing of it was run
    with pytest.raises(CommandError, match=words):
        call_command("load_competition", str(path))
    assert not Challenge.objects.exists()


@pytest.mark.django_db
def test_pages_print_its_title(folder, course_round, alice, client_of) -> None:
    call_command("load_competition", str(folder()), "--open-for", "AI Essential 0317(1)")
    page = (
        client_of(alice).get("/competitions/six-houses/", headers={"accept-language": "ko"}).content.decode()
    )
    assert "대칭 백분율 오차" in page
    assert "metric.py" not in page.lower()


def test_what_the_web_process_does_runs_none_of_it(folder, tmp_path) -> None:
    """Loading the folder and checking a student's file, in a fresh process."""
    path = folder(METRIC + f"\nopen({str(tmp_path / 'ran')!r}, 'w')\n")
    code = (
        "import sys\n"
        "from competitions.predictions.files import check\n"
        "from competitions.predictions.folder import check_folder, load_folder\n"
        f"competition = load_folder({str(path)!r})\n"
        "assert check_folder(competition.folder) == []\n"
        "assert check((competition.folder / 'sample_submission.csv').read_bytes(), competition).is_valid\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert not (tmp_path / "ran").exists()
