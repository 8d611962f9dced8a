"""What is attacked: `total`, with canaries in its hidden tests, on this machine's disk and in the worker's environment."""

from __future__ import annotations

from pathlib import Path

NUMBER = 271828.1875  # exact in float32: a leak of it can be found as text
WORD = "canary-hidden-input"
TESTS_CANARY = "canary-of-tests-file"
ENVIRONMENT_CANARY = "canary-of-environment"
FILE_CANARY = "canary-of-host-file"
# The word as one number, and NUMBER's whole part: what a line number or a shape could carry out.
NUMBERS = (str(int(NUMBER)), str(int.from_bytes(WORD.encode(), "little")), str(int.from_bytes(WORD.encode(), "big")))
CANARIES = (WORD, TESTS_CANARY, ENVIRONMENT_CANARY, FILE_CANARY, *NUMBERS)

REFERENCE = """
def total(x, word):
    return x.sum() * 2 + len(word)
"""

TESTS = f"""
# {TESTS_CANARY}
@points(20)
@visible
@title(ko="예제", en="Example")
@hint(ko="두 배", en="Twice")
def test_example(student, reference, rng):
    check(student, reference, torch.tensor([1.0, 2.0]), "ab", rng)


@points(50)
@hint(ko="모든 값", en="All values")
def test_hidden(student, reference, rng):
    check(student, reference, torch.tensor([{NUMBER}, 1.0, 2.0]), "{WORD}", rng)


@points(30)
@hint(ko="여러 값", en="Random values")
def test_random(student, reference, rng):
    check(student, reference, rng.normal(7), "{WORD}", rng)
"""
# Looks at each item of what came back, which could have no end.
ONE_BY_ONE = f"""

@points(10)
@hint(ko="하나씩", en="One by one")
def test_items(student, reference, rng):
    x = rng.normal(3)
    assert_close(*([float(item) for item in side.total(x, "{WORD}").reshape(-1)] for side in (student, reference)))
"""

WRONG = '"""ko: 두 배를 하지 않았습니다.\nen: The sum was not doubled."""\n\n\ndef total(x, word):\n    return x.sum() + len(word)\n'


def tests_with(check: str, place: str) -> str:
    """A tests.py whose tests `check` one input each."""
    return check + TESTS + (ONE_BY_ONE if place == "function" else "")


def fill(source: str, host_file: Path, package: Path) -> str:
    """The source with {host_file}, {package} and {repository} put in: what lies on this machine's disk, and where."""
    places = {"host_file": host_file, "package": package, "repository": Path(__file__).resolve().parents[3]}
    for name, place in places.items():
        source = source.replace("{" + name + "}", str(place))
    return source
