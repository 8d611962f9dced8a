"""Out and in again: a question of ours comes back to the letter, and what was edited elsewhere comes back edited."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from quizzes import formats
from quizzes.exchange.entries import entry_of as entry_of_file
from quizzes.exchange.entries import export
from quizzes.files import read_questions
from tests.quizzes.entries import KINDS, entry_of

LOSES = {  # what a format has no place for, by kind; only the keepsake brings it back
    "moodle_xml": {"ordering": {"mistakes"}, "matching": {"mistakes"}},
    "gift": {
        "single_choice": {"shuffle"},
        "matching": {"mistakes"},
        "numeric": {"unit_ko", "unit_en", "units"},
    },
    "qti": {"ordering": {"mistakes"}, "matching": {"mistakes"}, "numeric": {"units"}},
}


def everything() -> list[formats.Entry]:
    """One question of each kind, richer ones, and the shipped bank."""
    rich = [
        entry_of(
            "numeric",
            "with-units",
            tolerance={"absolute": 0.5, "relative": 0.01},
            unit_ko="개",
            unit_en="parameters",
            units=[{"name": "K", "factor": 1000}],
        ),
        entry_of("single_choice", "in-order", shuffle=False, pages="17-26", difficulty=3),
        entry_of(
            "short_text",
            "signs",
            answers=["a*b", "x = {1: 2}", "~C:\\temp#"],
            stem_ko="`{x: ~1} = #2`와 $\\frac{a_1}{b}$는 **무엇**입니까?\n\n```python\nif x:\n    y = 1 # *\n```",
            stem_en="What are `{x: ~1} = #2` and $\\frac{a_1}{b}$, *really*?\n\n- one\n- two\n",
        ),
    ]
    bank = read_questions(Path(settings.FIXTURES_DIR) / "questions")
    return [entry_of(kind) for kind in KINDS] + rich + [entry_of_file(each) for each in bank]


@pytest.fixture(scope="module")
def entries() -> list[formats.Entry]:
    return everything()


@pytest.mark.parametrize("language", ["both", "ko", "en"])
@pytest.mark.parametrize("name", formats.names())
def test_nothing_is_lost(name, language, entries):
    form = formats.find(name)
    made = export(entries, form, language)
    wanted = [
        {field: value for field, value in entry.items() if field != "check"}
        for entry in entries
        if entry["kind"] in form.KINDS
    ]
    readings = form.read(made.data)
    assert [reading.entry for reading in readings] == wanted
    assert [reading.notes for reading in readings] == [[] for _ in wanted]
    assert set(made.left_out) == {entry["slug"] for entry in entries if entry["kind"] not in form.KINDS}


@pytest.mark.parametrize("name", formats.names())
def test_another_system_gets_all_that_the_format_can_say(name, entries):
    """Without the keepsake, as a system reads it that does not know us."""
    form = formats.find(name)
    known = [entry for entry in entries if entry["kind"] in form.KINDS]
    data = without_keepsakes(name, form.write(known, "both"))
    for entry, reading in zip(known, form.read(data), strict=True):
        assert reading.entry is not None, (entry["slug"], reading.notes)
        lost = {"difficulty", "pages", "check", *LOSES[name].get(entry["kind"], ())}
        for field in entry.keys() - lost:
            wanted, got = entry[field], reading.entry[field]
            if field == "tolerance":
                wide = max(wanted.get("absolute", 0), wanted.get("relative", 0) * abs(entry["key"]))
                assert got == {"absolute": pytest.approx(wide)}
            elif isinstance(wanted, str):
                assert got.strip() == wanted.strip()
            else:
                assert got == wanted


def without_keepsakes(name: str, data: bytes) -> bytes:
    if name != "qti":
        text = data.decode()
        lines = [line for line in text.split("\n") if not line.startswith("// examprep: ")]
        return re.sub(r"<examprep>.*?</examprep>", "", "\n".join(lines), flags=re.DOTALL).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            if member != "examprep.json":
                new.writestr(member, old.read(member))
    return target.getvalue()


@pytest.mark.parametrize("name", ["moodle_xml", "gift"])
def test_what_was_edited_elsewhere_counts(name):
    entry = entry_of("short_text", "edited", pages="50", difficulty=3)
    form = formats.find(name)
    data = form.write([entry], "both").decode()
    reading = form.read(_edit_visible(name, data).encode())[0]
    assert reading.entry["stem_ko"] == "고친 문제입니다."
    assert reading.entry["pages"] == "50"  # what the other system cannot hold, and nobody could edit
    assert reading.entry["difficulty"] == 3
    assert [note.message for note in reading.notes] == [
        "It was changed in another system: what that system cannot hold is lost."
    ]


def _edit_visible(name: str, data: str) -> str:
    """Edits the text that a person sees, not the keepsake."""
    head, mark, rest = data.partition("::edited::" if name == "gift" else "<questiontext")
    assert mark
    return head + mark + rest.replace("edited 문제입니다.", "고친 문제입니다.", 1)


@pytest.mark.parametrize(
    "kept",
    [
        "not json",
        "[]",
        '{"guard": 1, "entry": {"kind": "numeric"}}',
        '{"guard": "x", "entry": {"slug": "x", "kind": "single_choice", "difficulty": 9}}',
        '{"guard": "x", "entry": {"slug": "x", "kind": "no_such_kind", "difficulty": 1}}',
    ],
)
def test_a_forged_keepsake_is_not_believed(kept):
    entry = entry_of("true_false", "plain")
    data = formats.find("gift").write([entry], "both").decode()
    first, _, rest = data.partition("\n")
    assert first.startswith("// examprep: ")
    reading = formats.find("gift").read(f"// examprep: {kept}\n{rest}".encode())[0]
    assert reading.entry["stem_ko"] == entry["stem_ko"]
    assert reading.entry["key"] is True
