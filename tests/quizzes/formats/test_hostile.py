"""Hostile files are refused with a reason, before they cost memory or time."""

from __future__ import annotations

import io
import zipfile

import pytest

from quizzes import formats
from quizzes.formats import safe_xml
from tests import zips

BOMB = b"""<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><quiz>&c;</quiz>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>"""
OUTER = b"""<!DOCTYPE quiz SYSTEM "http://127.0.0.1:1/evil.dtd"><quiz/>"""
REFUSED = {
    "entities that grow": ("moodle_xml", BOMB, "document type or entities"),
    "an entity that reads a file": ("moodle_xml", FILE, "document type or entities"),
    "a document type elsewhere": ("moodle_xml", OUTER, "document type or entities"),
    "a thousand levels": (
        "moodle_xml",
        b"<quiz>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</quiz>",
        "levels deep",
    ),
    "a million elements": ("moodle_xml", b"<quiz>" + b"<a/>" * 1_000_000 + b"</quiz>", "elements"),
    "11 MB": ("moodle_xml", b"<quiz>" + b" " * 11_000_000 + b"</quiz>", "larger than %(limit)s MB"),
    "not XML": ("moodle_xml", b"<quiz>\n<question>", "not well-formed XML"),
    "another XML": ("moodle_xml", b"<html/>", "no Moodle XML"),
    "an unknown encoding": (
        "moodle_xml",
        b'<?xml version="1.0" encoding="x-evil"?><quiz/>',
        "declares an encoding that is not known",
    ),
    "3,000 questions": ("gift", b"Why? {=a}\n\n" * 3_000, "more than %(limit)s questions"),
    "not UTF-8": ("gift", "왜? {=예}".encode("cp949"), "not UTF-8"),
    "no GIFT": ("gift", b"just words", "no GIFT file"),
    "a zip slip": ("qti", zips.zip_of({"../../etc/cron.d/x.xml": b"<a/>"}), "leads out of it"),
    "a link": ("qti", zips.with_mode("a.xml", zips.LINK), "holds a link"),
    "70 MB of zeros in 70 KB": (
        "qti",
        zips.zip_of({f"{place}.xml": bytes(10_000_000) for place in range(7)}),
        "larger than %(limit)s MB",
    ),
    "a size that lies": ("qti", zips.lying(80_000_000, 10, "a.xml"), "no zip, or it is damaged"),
    "5,000 files": (
        "qti",
        zips.zip_of({f"{place}.txt": b"" for place in range(5_000)}),
        "more than %(limit)s files",
    ),
    "an encrypted zip": ("qti", zips.encrypted(zips.zip_of({"a.xml": b"<a/>"})), "without a password"),
    "another method": ("qti", zips.zip_of({"a.xml": b"<a/>"}, zipfile.ZIP_LZMA), "make a plain zip"),
    "one name twice": ("qti", zips.zip_of({"a.xml": b"<a/>", "A.xml": b"<a/>"}), "twice"),
    "half a zip": ("qti", zips.zip_of({"a.xml": b"<a/>" * 99})[:60], "no zip"),
    "an empty zip": ("qti", zips.zip_of({}), "no question of QTI 2.1"),
    "QTI 3": ("qti", b'<qti-assessment-item xmlns="x"/>', "another version"),
    "QTI 1.2": ("qti", b"<questestinterop/>", "another version"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_with_a_reason(case):
    name, data, sentence = REFUSED[case]
    with pytest.raises(formats.FormatError) as caught:
        formats.find(name).read(data)
    assert sentence in caught.value.message


def test_an_item_that_hides_entities_in_a_package_is_left_out_alone():
    good = formats.find("qti").write([], "both")
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        manifest = package.read("imsmanifest.xml").decode()
    resource = '<resource identifier="E" type="imsqti_item_xmlv2p1" href="evil.xml"/></resources>'
    data = zips.zip_of(
        {"imsmanifest.xml": manifest.replace("</resources>", resource).encode(), "evil.xml": FILE}
    )
    reading = formats.find("qti").read(data)[0]
    assert reading.entry is None
    assert "document type or entities" in reading.notes[0].message


MARKS = {
    "formulas that never close": "\\(" * 9_000,
    "spans that never close": '<span lang="ko" class="multilang">' * 500,
    "languages that never close": "{mlang ko}" * 1_900,
    "HTML in HTML": "<div>" * 3_900,
    "dollars": "$$" * 9_000,
}


@pytest.mark.parametrize("case", MARKS)
def test_marks_without_end_are_read_once(case):
    """Each takes milliseconds, or minutes where a pattern begins anew at every mark."""
    text = MARKS[case].replace("&", "&amp;").replace("<", "&lt;")
    question = (
        '<question type="truefalse"><name><text>x</text></name>'
        f"<questiontext><text>Is it? {text}</text></questiontext>"
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>'
    )
    readings = formats.find("moodle_xml").read(f"<quiz>{question * 20}</quiz>".encode())
    assert len(readings) == 20


def test_the_limits_are_wide_enough_for_real_files():
    """2,000 questions with 20 elements each."""
    assert safe_xml.MAX_ELEMENTS > 2_000 * 60
