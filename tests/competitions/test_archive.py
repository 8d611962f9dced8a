"""A zip from the browser becomes a folder, or is refused with the reason; never is anything written outside."""

from __future__ import annotations

import io
import zipfile

import pytest

from competitions.folders.archive import BadArchive, unpack
from tests import zips

SPEC = {"competition.yaml": "slug: x\n"}


@pytest.fixture
def place(tmp_path):
    """An empty folder in a folder that must stay as it is."""
    (tmp_path / "outside").write_text("untouched")
    (tmp_path / "target").mkdir()
    yield tmp_path / "target"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside", "target"]
    assert (tmp_path / "outside").read_text() == "untouched"


@pytest.mark.parametrize("prefix", ["", "my-competition/"])
def test_a_zip_of_the_folder_or_of_what_is_in_it(place, prefix):
    files = {
        prefix + name: text for name, text in {**SPEC, "problems/a.py": "x = 1\n", "empty.csv": ""}.items()
    }
    files |= {"__MACOSX/._competition.yaml": "junk", f"{prefix}.DS_Store": "junk"}
    root = unpack(io.BytesIO(zips.zip_of(files)), place)
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()) == [
        "competition.yaml",
        "empty.csv",
        "problems/a.py",
    ]
    assert (root / "problems/a.py").read_text() == "x = 1\n"


MANY = {f"f{number}": "" for number in range(500)}
REFUSED = {
    "a path": (zips.zip_of({**SPEC, "../outside": "x"}), "a path that is not allowed: '../outside'"),
    "a link": (zips.with_mode("link.csv", zips.LINK), "Links and special files are not taken: link.csv"),
    "encrypted": (zips.encrypted(zips.zip_of(SPEC)), "encrypted"),
    "another method": (zips.zip_of(SPEC, zipfile.ZIP_LZMA), "unusual way"),
    "zeros": (zips.zip_of({**SPEC, "zeros": bytes(5 << 20)}), "larger than 200 MB, or packed"),
    "a long statement": (
        zips.zip_of({**SPEC, "statement.ko.md": "ab" * (1 << 19) + "c"}, zipfile.ZIP_STORED),
        "statement.ko.md is larger than 1 MB",
    ),
    "a long program": (
        zips.zip_of({**SPEC, "problems/a.PY": "#" * (2 << 20)}, zipfile.ZIP_STORED),
        "problems/a.PY is larger than 1 MB",
    ),
    "long questions": (
        zips.zip_of({**SPEC, "questions.json": " " * (11 << 20)}, zipfile.ZIP_STORED),
        "questions.json is larger than 10 MB",
    ),
    "many files": (zips.zip_of({**SPEC, **MANY}), "more than 500 files"),
    "one name": (zips.zip_of({**SPEC, "a.csv": "1", "A.CSV": "2"}), "there twice"),
    "no zip": (b"PK\x03\x04 and then nothing", "no zip file"),
    "broken later": (zips.lying(1 << 20, 100), "broken"),
    "no competition.yaml": (zips.zip_of({"train.csv": "x"}), "There is no competition.yaml"),
    "two folders": (
        zips.zip_of({"one/competition.yaml": "x", "two/competition.yaml": "x"}),
        "There is no competition.yaml",
    ),
    "nothing": (zips.zip_of({}), "There is no competition.yaml"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_hostile_is_refused_with_the_reason(place, case):
    data, words = REFUSED[case]
    with pytest.raises(BadArchive) as refused:
        unpack(io.BytesIO(data), place)
    assert words in refused.value.message.en
    assert refused.value.message.ko
