"""What is attacked: the exercise "total", with canaries in its hidden tests, on the host's disk and in the environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandbox.packages import Package
from tests.sandbox.building import package_of

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
    x = torch.tensor([1.0, 2.0])
    assert_close(student.total(x, "ab"), reference.total(x, "ab"))


@points(40)
@hint(ko="모든 값", en="All values")
def test_hidden(student, reference, rng):
    x = torch.tensor([{NUMBER}, 1.0, 2.0])
    assert_close(student.total(x, "{WORD}"), reference.total(x, "{WORD}"))


@points(10)
@hint(ko="하나씩", en="One by one")
def test_items(student, reference, rng):
    x = rng.normal(3)
    assert_close(*([float(item) for item in side.total(x, "{WORD}").reshape(-1)] for side in (student, reference)))


@points(30)
@hint(ko="여러 값", en="Random values")
def test_random(student, reference, rng):
    x = rng.normal(7)
    assert_close(student.total(x, "{WORD}"), reference.total(x, "{WORD}"))
"""

WRONG = '"""ko: 두 배를 하지 않았습니다.\nen: The sum was not doubled."""\n\n\ndef total(x, word):\n    return x.sum() + len(word)\n'


@dataclass(frozen=True)
class Target:
    """The package, and the file on this machine's disk that nobody inside may read."""

    package: Package
    host_file: Path

    def fill(self, source: str) -> str:
        """The source with {host_file}, {package} and {repository} put in."""
        places = {"host_file": self.host_file, "package": self.package.path,
                  "repository": Path(__file__).resolve().parents[3]}
        for name, place in places.items():
            source = source.replace("{" + name + "}", str(place))
        return source


def build(root: Path) -> Target:
    """The target below `root`."""
    host_file = root / "host.txt"
    host_file.write_text(FILE_CANARY)
    package = package_of(root, "total", tests=TESTS, reference=REFERENCE, wanted="[total]",
                         more="limits: {seconds: 2, memory_mb: 256, output_kb: 16, processes: 16}",
                         submissions={"wrong_answer/single.py": WRONG})
    return Target(package, host_file)
