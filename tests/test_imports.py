"""Who may import whom, read from the source, and what the web process must never load."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage

ROOT = manage.ROOT
FOLDERS = {
    "accounts": ROOT / "platform/accounts",
    "config": ROOT / "platform/config",
    "courses": ROOT / "platform/courses",
    "web": ROOT / "platform/web",
    "quizzes": ROOT / "quizzes",
    "competitions": ROOT / "competitions",
    "sandbox": ROOT / "sandbox",
}
EVERYTHING = set(FOLDERS)
FORBIDDEN = {
    "sandbox": EVERYTHING - {"sandbox"} | {"django", "rest_framework", "celery"},
    "quizzes": {"competitions"},
    "competitions": {"quizzes"},
    "accounts": {"quizzes", "competitions", "sandbox"},
    "courses": {"quizzes", "competitions", "sandbox"},
    "web": {"quizzes", "competitions", "sandbox"},
}
# Marking, ranking, metrics and kinds of questions are pure: they are tested and reused without a database.
PURE = (
    "competitions/answers",
    "competitions/arrays",
    "competitions/code",
    "competitions/fingerprints.py",
    "competitions/folders",
    "competitions/functions",
    "competitions/judges",
    "competitions/metrics",
    "competitions/notebooks.py",
    "competitions/predictions",
    "competitions/pseudonyms.py",
    "competitions/ranking.py",
    "competitions/scaffolds",
    "competitions/sentences.py",
    "competitions/standings",
    "competitions/tally.py",
    "platform/web/zips.py",
    "quizzes/item_statistics.py",
    "quizzes/kinds",
    "quizzes/marking.py",
    "quizzes/regrades/shadow.py",
)
HEAVY = ("torch", "pandas", "sklearn", "scipy")


def imports_of(path: Path) -> set[str]:
    """The top-level packages that a file imports anywhere, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def sources(folder: Path) -> list[Path]:
    return [folder] if folder.suffix == ".py" else sorted(folder.rglob("*.py"))


def offences(folder: Path, forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(folder)
        for name in sorted(imports_of(path) & forbidden)
    ]


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_a_package_imports_only_what_it_may(package):
    assert sources(FOLDERS[package]), f"{package} has no source: the test would prove nothing"
    assert offences(FOLDERS[package], FORBIDDEN[package]) == []


@pytest.mark.parametrize("path", PURE)
def test_a_pure_module_imports_no_django(path):
    assert sources(ROOT / path)
    assert offences(ROOT / path, {"django", "rest_framework"}) == []


def test_an_offence_is_seen(tmp_path):
    guilty = tmp_path / "guilty.py"
    guilty.write_text("def f():\n    from quizzes.models import Quiz\n    import os.path\n")
    assert imports_of(guilty) == {"quizzes", "os"}


def test_platform_stays_a_source_root():
    """With an __init__.py, or a module that shadows another package's, Python's own `platform` breaks."""
    assert not (ROOT / "platform/__init__.py").exists()
    assert [path.name for path in (ROOT / "platform").iterdir() if path.is_file()] == []


def test_the_web_process_loads_no_heavy_library(tmp_path):
    """Every address resolved and its view imported, in a fresh process, as granian does it."""
    script = (
        "import sys, manage\n"
        "from config.wsgi import application\n"
        "from django.urls import get_resolver\n"
        "count = len(get_resolver().reverse_dict)\n"
        "assert count > 5, count\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    env = {**os.environ, "VAR_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
