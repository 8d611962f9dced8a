"""Files as other systems write them: what is taken, what is not, and what is said about it."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes import formats


def moodle(inner: str, kind: str = "multichoice") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz><question type="category"><category><text>$course$/top</text></category></question>
<question type="{kind}"><name><text>Pooling 1</text></name>
<questiontext format="html"><text><![CDATA[<p>What does <b>pooling</b> do to \\(x_1\\)?</p>]]></text></questiontext>
{inner}</question></quiz>""".encode()


def item(declaration: str, interaction: str, rest: str = "") -> bytes:
    return f"""<?xml version="1.0"?><assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"
identifier="q1" title="Pooling 1" adaptive="false" timeDependent="false">{declaration}
<itemBody><p>What does <strong>pooling</strong> do to \\(x_1\\)?</p>{interaction}</itemBody>{rest}</assessmentItem>""".encode()


STEM = "What does **pooling** do to $x_1$?"
CHOICES = (
    '<answer fraction="0"><text>It adds</text><feedback><text>No, it picks.</text></feedback></answer>'
    '<answer fraction="100"><text>It picks</text><feedback><text>Yes!</text></feedback></answer>'
)
QTI_CHOICES = (
    '<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="1"><prompt>Choose.</prompt>'
    '<simpleChoice identifier="A">It adds<feedbackInline identifier="A" outcomeIdentifier="F">No, it picks.'
    '</feedbackInline></simpleChoice><simpleChoice identifier="B">It picks</simpleChoice></choiceInteraction>'
)
TAKEN: dict[str, tuple[str, bytes, dict[str, Any]]] = {
    "moodle single choice": (
        "moodle_xml",
        moodle(f"<single>true</single>{CHOICES}"),
        {"kind": "single_choice", "slug": "pooling-1", "key": "b", "stem_ko": STEM, "stem_en": STEM},
    ),
    "moodle several choices": (
        "moodle_xml",
        moodle(
            "<single>false</single>"
            + "".join(
                f'<answer fraction="{share}"><text>{text}</text></answer>'
                for share, text in ((50, "max"), (50, "mean"), (-50, "softmax"))
            )
        ),
        {"kind": "multiple_choice", "keys": ["a", "b"]},
    ),
    "moodle number with units": (
        "moodle_xml",
        moodle(
            '<answer fraction="100"><text>2.5</text><tolerance>0.1</tolerance></answer><units>'
            "<unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>"
            "<unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>",
            "numerical",
        ),
        {
            "kind": "numeric",
            "key": 2.5,
            "tolerance": {"absolute": 0.1},
            "unit_ko": "m",
            "units": [{"name": "cm", "factor": 0.01}],
        },
    ),
    "moodle true or false": (
        "moodle_xml",
        moodle(
            '<answer fraction="0"><text>true</text><feedback><text>Think again.</text></feedback></answer>'
            '<answer fraction="100"><text>false</text></answer>',
            "truefalse",
        ),
        {"kind": "true_false", "key": False, "why_en": "Think again."},
    ),
    "moodle in two languages": (
        "moodle_xml",
        moodle(
            "<generalfeedback><text>{mlang ko}고릅니다.{mlang}{mlang en}It picks.{mlang}</text></generalfeedback>"
            f"<single>true</single>{CHOICES}"
        ),
        {"explanation_ko": "고릅니다.", "explanation_en": "It picks."},
    ),
    "gift single choice": (
        "gift",
        b"// a comment\n$CATEGORY: top\n\n::Pooling 1:: What does **pooling** do? {\n  ~It adds #No, it picks.\n  =It picks #Yes!\n}",
        {"kind": "single_choice", "key": "b", "slug": "pooling-1"},
    ),
    "gift missing word": (
        "gift",
        "드롭아웃은 {=학습 =train} 때만 켜집니다.".encode(),
        {"kind": "short_text", "answers": ["학습", "train"], "stem_ko": "드롭아웃은 \\_\\_\\_\\_\\_ 때만 켜집니다."},
    ),
    "gift range": (
        "gift",
        b"How many? {#1..3}",
        {"kind": "numeric", "key": 2.0, "tolerance": {"absolute": 1.0}},
    ),
    "gift truth": ("gift", b"ReLU(-1) is 0. {T#It is max(0, x).}", {"kind": "true_false", "key": True}),
    "gift matching": (
        "gift",
        b"Match. {\n=MSE -> regression\n=BCE -> two classes\n=CE -> many classes\n}",
        {"kind": "matching"},
    ),
    "gift escapes": ("gift", b"What is \\{x\\: 1\\}? {=a dict}", {"stem_en": "What is {x: 1}?"}),
    "qti single choice": (
        "qti",
        item(
            '<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse>'
            "<value>B</value></correctResponse></responseDeclaration>",
            QTI_CHOICES,
        ),
        {"kind": "single_choice", "key": "b", "stem_en": f"{STEM}\n\nChoose."},
    ),
    "qti number": (
        "qti",
        item(
            '<responseDeclaration identifier="R" cardinality="single" baseType="float"><correctResponse>'
            "<value>14</value></correctResponse></responseDeclaration>",
            '<p><textEntryInteraction responseIdentifier="R"/> px</p>',
        ),
        {"kind": "numeric", "key": 14, "unit_en": "px"},
    ),
    "qti order": (
        "qti",
        item(
            '<responseDeclaration identifier="R" cardinality="ordered" baseType="identifier"><correctResponse>'
            "<value>C</value><value>A</value><value>B</value></correctResponse></responseDeclaration>",
            '<orderInteraction responseIdentifier="R"><simpleChoice identifier="A">fit</simpleChoice>'
            '<simpleChoice identifier="B">test</simpleChoice><simpleChoice identifier="C">load</simpleChoice></orderInteraction>',
        ),
        {"kind": "ordering"},
    ),
}


@pytest.mark.parametrize("case", TAKEN)
def test_is_taken(case):
    name, data, wanted = TAKEN[case]
    assert formats.guess(data) == name
    readings = formats.find(name).read(data)
    assert len(readings) == 1
    entry = readings[0].entry
    assert entry is not None, readings[0].notes
    assert {field: entry[field] for field in wanted} == wanted


def test_what_is_missing_is_filled_and_said():
    reading = formats.find("moodle_xml").read(
        moodle("<single>true</single>" + CHOICES.replace("No, it picks.", ""))
    )[0]
    assert [note.message for note in reading.notes] == [
        "It is in one language only: Korean and English readers see the same text.",
        "It has no explanation.",
        "Not every wrong answer says what is wrong with it.",
    ]
    assert reading.entry["choices"][0]["why_ko"] == "정답이 아닙니다."
    again = formats.find("moodle_xml").write([reading.entry], "both").decode()
    assert "정답이 아닙니다" not in again.partition("<examprep>")[0]  # a filler does not travel on


def test_an_order_stands_in_the_order_that_is_right():
    entry = formats.find("qti").read(TAKEN["qti order"][1])[0].entry
    assert [each["text_en"] for each in entry["items"]] == ["load", "fit", "test"]


REFUSED = {
    "moodle essay": (
        "moodle_xml",
        moodle("", "essay"),
        "there is no kind of question here for Moodle's “%(type)s”",
    ),
    "moodle nothing right": (
        "moodle_xml",
        moodle(f"<single>true</single>{CHOICES}".replace("100", "50")),
        "none of its answers is fully right",
    ),
    "moodle too many choices": (
        "moodle_xml",
        moodle(
            "<single>true</single>"
            + CHOICES
            + "".join(f'<answer fraction="0"><text>{place}</text></answer>' for place in range(12))
        ),
        "Not taken: %(field)s: %(problem)s.",
    ),
    "moodle no number": (
        "moodle_xml",
        moodle('<answer fraction="100"><text>many</text></answer>', "numerical"),
        "is not a number",
    ),
    "moodle endless text": (
        "moodle_xml",
        moodle(f"<generalfeedback><text>{'a' * 30_000}</text></generalfeedback>{CHOICES}"),
        "is longer than",
    ),
    "gift essay": ("gift", b"Why? {}", "an essay question"),
    "gift open": ("gift", b"Why? {=a", "has no } that closes it"),
    "gift description": ("gift", b"Just a text\n\nWhy? {=a}", "it has no answers in { }"),
    "qti two fields": (
        "qti",
        item(
            "",
            '<p><textEntryInteraction responseIdentifier="A"/><textEntryInteraction responseIdentifier="B"/></p>',
        ),
        "interactions; a question here has one",
    ),
    "qti drawing": (
        "qti",
        item("", '<drawingInteraction responseIdentifier="A"/>'),
        "there is no kind of question here",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_not_taken_and_says_why(case):
    name, data, sentence = REFUSED[case]
    reading = formats.find(name).read(data)[0]
    assert reading.entry is None
    assert sentence in reading.notes[-1].message


def test_one_bad_question_does_not_cost_the_others():
    data = b"Bad {=a\n\nGood? {=yes}"
    assert [reading.entry is None for reading in formats.find("gift").read(data)] == [True, False]
