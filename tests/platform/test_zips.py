"""The reader of zips that strangers sent: what it gives, what it refuses and why, whoever asks."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from tests import zips
from web.zips import BadZip, Limits, Refusal, files_of

LIMITS = Limits(files=20, total=4 << 20, name=40, depth=3)
NUMBERS = "".join(str(number) for number in range(30_000)).encode()  # more than one piece
FIRST = {"a.csv": "x\n"}


def read(data: bytes) -> dict[str, bytes]:
    """All files but those below junk/."""
    found = files_of(io.BytesIO(data), LIMITS, lambda path: path.parts[0] != "junk")
    return {str(path): b"".join(pieces) for path, pieces in found}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {}),
        ({"a/": "", "a/b.csv": "1", "empty": ""}, {"a/b.csv": b"1", "empty": b""}),
        ({"./a.csv": "1", "한글.csv": "2"}, {"a.csv": b"1", "한글.csv": b"2"}),
        ({"a.csv": NUMBERS}, {"a.csv": NUMBERS}),
        ({"zeros": bytes(50_000)}, {"zeros": bytes(50_000)}),
        ({"a.csv": "1", "junk/zeros": bytes(5 << 20)}, {"a.csv": b"1"}),
    ],
    ids=["nothing", "folders", "names", "several pieces", "small zeros", "what nobody wants is not unpacked"],
)
def test_what_is_sound_is_read(files, expected):
    assert read(zips.zip_of(files)) == expected


PATHS = [
    ".",
    "../outside",
    "a/../../outside",
    "/etc/passwd",
    "..\\outside",
    "C:/windows",
    "a/b/c/d.txt",
    "x" * 41,
    "한" * 14,
    "new\nline",
    "junk/../../outside",
]
REFUSED = [
    *((zips.zip_of({**FIRST, name: "x"}), Refusal.PATH) for name in PATHS),
    (zips.with_mode("link.csv", zips.LINK), Refusal.KIND),
    (zips.with_mode("null", zips.DEVICE), Refusal.KIND),
    (zips.with_mode("junk/pipe", zips.PIPE), Refusal.KIND),
    (zips.encrypted(zips.zip_of(FIRST)), Refusal.ENCRYPTED),
    (zips.zip_of(FIRST, zipfile.ZIP_LZMA), Refusal.METHOD),
    (zips.zip_of(FIRST, zipfile.ZIP_BZIP2), Refusal.METHOD),
    (zips.zip_of({"zeros": bytes(3 << 20)}), Refusal.TOTAL),
    (zips.zip_of({"a": b"0" * (3 << 20), "b": b"1" * (3 << 20)}, zipfile.ZIP_STORED), Refusal.TOTAL),
    (zips.lying(1000, 3 << 30), Refusal.TOTAL),
    (zips.lying(1 << 20, 100), Refusal.DAMAGED),
    (zips.zip_of({f"junk/{number}": "" for number in range(21)}), Refusal.FILES),
    (zips.zip_of({"a.csv": "1", "A.CSV": "2"}), Refusal.TWICE),
    (zips.zip_of({"a.csv": "1", "./a.csv": "2"}), Refusal.TWICE),
    (zips.zip_of({"a": "1", "A/b": "2"}), Refusal.TWICE),
    (b"", Refusal.DAMAGED),
    (b"PK\x03\x04 and then nothing", Refusal.DAMAGED),
    (b"\x1f\x8b\x08gzip", Refusal.DAMAGED),
    (zips.zip_of({"a.csv": b"0123456789" * 1000})[:-80], Refusal.DAMAGED),
    (zips.zip_of({"a.csv": b"abcdefgh" * 99}, zipfile.ZIP_STORED).replace(b"abcdefgh", b"ABCDEFGH", 1), Refusal.DAMAGED),
]  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_hostile_is_refused_with_the_reason(data, reason):
    with pytest.raises(BadZip) as refused:
        read(data)
    assert refused.value.reason is reason


def test_an_offset_before_the_beginning(tmp_path):
    """Python's reader says it otherwise of a file on the disk than of one in memory."""
    data = bytearray(zips.zip_of(FIRST))
    end = data.rindex(b"PK\x05\x06") + 16
    data[end : end + 4] = (10_000).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data)
    with (tmp_path / "a.zip").open("rb") as file, pytest.raises(BadZip) as refused:
        [b"".join(pieces) for _, pieces in files_of(file, LIMITS, lambda path: True)]
    assert refused.value.reason is Refusal.DAMAGED


def test_what_is_declared_is_refused_before_the_first_file():
    large = zips.zip_of({"a": NUMBERS, "b": b"1" * (5 << 20)}, zipfile.ZIP_STORED)
    with pytest.raises(BadZip) as refused:
        next(files_of(io.BytesIO(large), LIMITS, lambda path: True))
    assert refused.value.reason is Refusal.TOTAL


def test_a_refused_name_can_be_shown():
    with pytest.raises(BadZip) as refused:
        read(zips.zip_of({"\x1b[31m\n" + "x" * 90: ""}))
    assert refused.value.name == "?[31m?" + "x" * 54


def test_what_really_comes_out_is_counted_too(monkeypatch):
    """Even if headers could hide how much they pack, the limit holds for the bytes that are read."""
    monkeypatch.setattr("web.zips._refuse_packing", lambda entries, limits: None)
    with pytest.raises(BadZip) as refused:
        read(zips.zip_of({"a": bytes(3 << 20), "b": bytes(3 << 20)}))
    assert refused.value.reason is Refusal.TOTAL


def test_bytes_changed_by_chance_are_a_bad_zip_or_a_good_one():
    """Whatever Python's reader stumbles over, it is said as a refusal."""
    chance = random.Random(7)
    sound = zips.zip_of({"a.csv": "1,2\n" * 40, "b/c.csv": "3"})
    refusals = set()
    for _ in range(1_500):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read(bytes(data))
        except BadZip as bad:
            refusals.add(bad.reason)
    assert refusals >= {Refusal.DAMAGED, Refusal.PATH, Refusal.METHOD, Refusal.TOTAL}
