"""Exercise packages on disk: a malformed one is refused, and the message names the file."""

import pytest

from sandbox import packages
from sandbox.contract import Limits, Text
from sandbox.packages import PackageError
from tests.sandbox.building import CHECKS, SHIFT_SUBMISSIONS, SHIFT_TESTS, package_of, write_package

# name: (file that is replaced, its new text or None to remove it, a word of the message)
MALFORMED = {
    "no exercise.yaml": ("exercise.yaml", None, "exercise.yaml"),
    "not YAML": ("exercise.yaml", "slug: [", "exercise.yaml"),
    "empty YAML": ("exercise.yaml", "", "exercise.yaml"),
    "a list": ("exercise.yaml", "- 1\n", "exercise.yaml"),
    "another slug": ("exercise.yaml", "slug: other\ntitle: {ko: 가, en: a}\ntopic: t\nkind: tensor\nwanted: [f]\n", "other"),
    "no title": ("exercise.yaml", "slug: shift\ntopic: t\nkind: tensor\nwanted: [f]\n", "title"),
    "no wanted": ("exercise.yaml", "slug: shift\ntitle: {ko: 가, en: a}\ntopic: t\nkind: tensor\n", "wanted"),
    "wanted is text": ("exercise.yaml", "slug: shift\ntitle: {ko: 가, en: a}\ntopic: t\nkind: tensor\nwanted: shift\n", "wanted"),
    "wanted is empty": ("exercise.yaml", "slug: shift\ntitle: {ko: 가, en: a}\ntopic: t\nkind: tensor\nwanted: []\n", "wanted"),
    "unknown limit": ("exercise.yaml", "slug: shift\ntitle: {ko: 가, en: a}\ntopic: t\nkind: tensor\nwanted: [f]\nlimits: {hours: 1}\n",
                      "hours"),
    "unknown device": ("exercise.yaml", "slug: shift\ntitle: {ko: 가, en: a}\ntopic: t\nkind: tensor\nwanted: [f]\ndevice: tpu\n", "tpu"),
    "not UTF-8": ("exercise.yaml", b"\xff\xfe", "exercise.yaml"),
    "no Korean statement": ("statement.ko.md", None, "statement.ko.md"),
    "no English statement": ("statement.en.md", None, "statement.en.md"),
    "no starter": ("starter.py", None, "starter.py"),
    "no reference": ("reference.py", None, "reference.py"),
    "no tests": ("tests.py", None, "tests.py"),
    "tests are no Python": ("tests.py", "def test_it(:\n", "tests.py"),
    "tests without a test": ("tests.py", CHECKS, "tests.py"),
    "a test without points": ("tests.py", CHECKS + "def test_it(student, reference, rng):\n    pass\n", "test_it"),
    "points of nothing": ("tests.py", CHECKS + "@points()\ndef test_it(student, reference, rng):\n    pass\n", "test_it"),
    "points by name": ("tests.py", CHECKS + "N = 5\n@points(N)\ndef test_it(student, reference, rng):\n    pass\n", "test_it"),
    "points as text": ("tests.py", CHECKS + "@points('5')\ndef test_it(student, reference, rng):\n    pass\n", "test_it"),
}


@pytest.mark.parametrize(("file", "text", "word"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_package_is_refused_with_the_file_named(tmp_path, file, text, word):
    folder = write_package(tmp_path)
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PackageError) as caught:
        packages.load_package(folder)
    assert "shift" in str(caught.value)
    assert word in str(caught.value)


@pytest.mark.parametrize("slug", ["nosuch", "", ".", "..", "../shift", "shift/../shift", "/etc", "shift\0", "Shift"])
def test_an_unknown_slug_is_refused(tmp_path, slug):
    write_package(tmp_path)
    with pytest.raises(PackageError):
        packages.find(slug, tmp_path)


def test_what_a_package_says(tmp_path):
    package = package_of(tmp_path, submissions=SHIFT_SUBMISSIONS)
    assert packages.find("shift", tmp_path) == package
    assert package.title == Text("더하기", "Shift")
    assert package.wanted == ("shift",)
    assert package.limits == Limits(seconds=20, memory_mb=256, output_kb=8)
    assert package.max_score == 100
    assert package.device == "cpu"
    assert package.starter.startswith("def shift")
    assert package.statement.pick("ko") == "문제\n"
    assert [(example.verdict, example.name) for example in package.examples] == [
        ("accepted", "plain"), ("wrong_answer", "doubled"), ("wrong_answer", "minus")]
    assert package.examples[2].sentence == Text("더하지 않고 뺐습니다.", "by was subtracted, not added.")


def test_an_example_that_is_no_python_has_no_sentence(tmp_path):
    package = package_of(tmp_path, submissions={"invalid/broken.py": "def shift(:\n"})
    assert [example.sentence for example in package.examples] == [Text()]


def test_the_hash_follows_the_content(tmp_path):
    one, other = package_of(tmp_path / "a"), package_of(tmp_path / "b")
    assert one.hash == other.hash
    (tmp_path / "b" / "shift" / "tests.py").write_text(CHECKS + SHIFT_TESTS.replace("2.5", "3.5"))
    changed = packages.load_package(tmp_path / "b" / "shift")
    assert changed.hash != one.hash


def test_packages_come_by_position(tmp_path):
    for slug, position in (("b", 1), ("c", 2), ("a", 3)):
        write_package(tmp_path, slug, more=f"position: {position}")
    assert [package.slug for package in packages.list_packages(tmp_path)] == ["b", "c", "a"]


def test_every_shipped_package_loads():
    shipped = packages.list_packages()
    assert {"tensor-batches", "tensor-top-class", "tensor-standardize", "softmax-stable", "dataset-pairs", "dataloader-make",
            "dnn-regressor", "cnn-classifier", "lstm-classifier"} <= {package.slug for package in shipped}
    for package in shipped:
        assert package.max_score == 100, package.slug
        assert all(text.strip() for text in (package.title.ko, package.title.en, package.statement.ko, package.statement.en))
