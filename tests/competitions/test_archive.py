"""A zip from the browser becomes a folder, or is refused with the reason; never is anything written outside."""

from __future__ import annotations

import io
import zipfile

import pytest

from competitions.folders import archive
from competitions.folders.archive import BadArchive, unpack
from tests.competitions import zips

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


PATHS = [
    "../outside",
    "a/../../outside",
    "/etc/passwd",
    "..\\outside",
    "C:/windows",
    "a/b/c/d.txt",
    "x" * 200,
    "new\nline",
]
REFUSED = [
    *((zips.zip_of({**SPEC, name: "x"}), "a path that is not allowed") for name in PATHS),
    (zips.with_mode("link.csv", zips.LINK), "Links and special files"),
    (zips.with_mode("null", zips.DEVICE), "Links and special files"),
    (zips.with_mode("pipe", zips.PIPE), "Links and special files"),
    (zips.encrypted(zips.zip_of(SPEC)), "encrypted"),
    (zips.zip_of(SPEC, zipfile.ZIP_LZMA), "unusual way"),
    (zips.zip_of({**SPEC, "zeros": bytes(5 << 20)}), "larger than 200 MB, or packed"),
    (zips.zip_of({**SPEC, "statement.ko.md": "ab" * (1 << 19) + "c"}, zipfile.ZIP_STORED), "statement.ko.md is larger than 1 MB"),
    (zips.zip_of({**SPEC, "problems/a.PY": "#" * (2 << 20)}, zipfile.ZIP_STORED), "problems/a.PY is larger than 1 MB"),
    (zips.zip_of({**SPEC, "questions.json": " " * (11 << 20)}, zipfile.ZIP_STORED), "questions.json is larger than 10 MB"),
    (zips.lying(1 << 20, 100), "broken"),
    (zips.lying(1000, 3 << 30), "larger than 200 MB"),
    (zips.zip_of({**SPEC, **{f"f{number}": "" for number in range(500)}}), "more than 500 files"),
    (zips.zip_of({**SPEC, "a.csv": "1", "A.CSV": "2"}), "there twice"),
    (zips.zip_of({**SPEC, "a": "1", "a/b": "2"}), "a folder have one name"),
    (zips.zip_of({"train.csv": "x"}), "There is no competition.yaml"),
    (zips.zip_of({"one/competition.yaml": "x", "two/competition.yaml": "x"}), "There is no competition.yaml"),
    (zips.zip_of({}), "There is no competition.yaml"),
    (b"", "no zip file"),
    (b"PK\x03\x04 and then nothing", "no zip file"),
    (b"\x1f\x8b\x08gzip", "no zip file"),
    (zips.zip_of({**SPEC, "a.csv": b"0123456789" * 1000})[:-80], "no zip file"),
    (zips.zip_of({**SPEC, "a.csv": b"abcdefgh" * 99}, zipfile.ZIP_STORED).replace(b"abcdefgh", b"ABCDEFGH", 1), "broken"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_hostile_is_refused_with_the_reason(place, data, words):
    with pytest.raises(BadArchive) as refused:
        unpack(io.BytesIO(data), place)
    assert words in refused.value.message.en
    assert refused.value.message.ko


def test_what_really_comes_out_is_counted_too(place, monkeypatch):
    """Headers that declare little cannot hide much: the limit holds for the bytes that are written."""
    monkeypatch.setattr(archive, "MAX_TOTAL", 5000)
    files = {**SPEC, "a": b"ab12" * 600, "b": b"cd34" * 600}
    unpack(io.BytesIO(zips.zip_of(files)), place)
    monkeypatch.setattr(
        archive,
        "_members",
        lambda opened: [(entry, archive._safe_path(entry)) for entry in opened.infolist()],
    )
    (place.parent / "target" / "again").mkdir()
    with pytest.raises(BadArchive, match="larger than"):
        unpack(io.BytesIO(zips.zip_of({**files, "c": b"ef56" * 600})), place / "again")
