"""A student's CSV: what is refused and in which words, what is accepted, and the score it then gets."""

from __future__ import annotations

import io
import string
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competitions.folders import Competition, FolderError
from competitions.predictions import messages
from competitions.predictions.checked import MAX_SHOWN
from competitions.predictions.files import MAX_BYTES, check
from competitions.predictions.folder import load_folder
from competitions.predictions.score import InvalidPredictionsError, score
from tests.competitions.folders import SPEC, make_folder

IDS = range(11, 17)
GOOD = "Id,Price\n11,110\n12,190\n13,330\n14,400\n15,500\n16,0\n"
LABELS = SPEC.replace("metric: mae", "metric: accuracy\nvalues: KIND")


@pytest.fixture(scope="module")
def houses(tmp_path_factory) -> Competition:
    return load_folder(make_folder(tmp_path_factory.mktemp("houses")))


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Competition:
    spec = LABELS.replace("KIND", "integer")
    return load_folder(make_folder(tmp_path_factory.mktemp("digits"), spec=spec))


@pytest.fixture(scope="module")
def animals(tmp_path_factory) -> Competition:
    rows = [(row, name) for row, name in zip(IDS, ["cat", "dog", "cat", "NA", "새", "dog"], strict=True)]
    solution = "Id,Price,Usage\n" + "".join(
        f"{row},{name},{'Public' if row < 14 else 'Private'}\n" for row, name in rows
    )
    folder = make_folder(
        tmp_path_factory.mktemp("animals"), spec=LABELS.replace("KIND", "text"), solution=solution,
        train="Id,Area,Alley,Price\n1,100,NA,cat\n", sample="Id,Price\n" + "".join(f"{row},cat\n" for row in IDS),
    )  # fmt: skip
    return load_folder(folder)


def with_value(value: str, row: int = 3) -> str:
    """GOOD with another value in one row; rows are counted as a spreadsheet does."""
    lines = GOOD.splitlines()
    lines[row - 1] = f"{lines[row - 1].split(',')[0]},{value}"
    return "\n".join(lines) + "\n"


REFUSED = [
    # (name, file, row named, words of the English message)
    ("empty", "", None, "is empty"),
    ("blank lines only", "\n\r\n  \n", None, "is empty"),
    ("a byte order mark only", "\ufeff", None, "is empty"),
    ("header only", "Id,Price\n", None, "no row of data. 6 rows"),
    ("Excel renamed", b"PK\x03\x04\x14\x00\x06\x00" + b"\x00" * 50, None, "Excel"),
    ("old Excel renamed", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, None, "Excel"),
    ("gzip", b"\x1f\x8b\x08\x00abc", None, "gzip"),
    ("UTF-16, as Excel's 'Unicode text'", GOOD.encode("utf-16"), None, "UTF-16"),
    ("NUL", GOOD.replace("190", "1\x0090"), 3, "NUL"),
    ("CP949 in a cell", with_value("가격", row=4).encode("cp949"), 4, "CP949"),
    ("CP949 header", "Id,Price,메모\n".encode("cp949") + GOOD[9:].encode(), 1, "CP949"),
    ("not UTF-8", GOOD.encode().replace(b"330", b"33\xff"), 4, "UTF-8"),
    ("UTF-8 cut short at the end", GOOD.encode() + "새".encode()[:2], 8, "UTF-8"),
    ("bad byte after a cell of two lines", b'Id,Price,n\n11,1,"a\nb"\n12,2,\xff\n', 3, "UTF-8"),
    ("no header", GOOD[9:], 1, "no column names"),
    ("other column", GOOD.replace("Price", "SalePrice"), 1, 'no column "Price". The file has: Id, SalePrice'),
    ("case of a column", GOOD.replace("Id", "ID"), 1, "Upper and lower case"),
    ("column twice", GOOD.replace("Id,Price", "Id,Price,Price"), 1, "more than once"),
    ("semicolons", GOOD.replace(",", ";"), 1, "semicolons"),
    ("tabs", GOOD.replace(",", "\t"), 1, "tabs"),
    ("too few rows", "\n".join(GOOD.splitlines()[:5]), None, "There are 4 rows of data; 6 are expected"),
    ("missing ids are named", "\n".join(GOOD.splitlines()[:5]), None, "No prediction for Id: 15, 16 (2 in all)"),
    ("too many rows", GOOD + "17,1\n", None, "There are 7 rows"),
    ("another file altogether", GOOD + "17,1\n" * 2000, None, "more than 1012 rows of data; 6 are expected"),
    ("lots of blank lines", GOOD + "\n" * 2000, None, "more than 1012 rows"),
    ("unknown id", GOOD.replace("13,", "99,"), 4, 'Id "99" is not in test.csv'),
    ("fraction as id", GOOD.replace("13,", "13.5,"), 4, 'Id "13.5"'),
    ("empty id", GOOD.replace("13,", ","), 4, "Id is empty"),
    ("duplicate id", GOOD.replace("13,", "12,"), 4, 'Id "12" is already in row 3'),
    ("the same id written in two ways", GOOD.replace("13,", "12.0,"), 4, "already in row 3"),
    ("blank line before the fault", GOOD.replace("12,190", "\n12,x"), 4, "not a number"),
    ("empty value", with_value(""), 3, "the value is empty"),
    ("spaces as value", with_value("   "), 3, "the value is empty"),
    ("a row cut short", GOOD.replace("12,190", "12"), 3, "the value is empty"),
    ("NaN", with_value("NaN"), 3, "NaN"),
    ("NA", with_value("NA"), 3, "NaN"),
    ("inf", with_value("inf"), 3, "Infinity"),
    ("-Infinity", with_value("-Infinity"), 3, "Infinity"),
    ("1e400", with_value("1e400"), 3, "too large"),
    ("1e200, whose square overflows", with_value("1e200"), 3, "too large"),
    ("text", with_value("expensive"), 3, '"expensive" is not a number'),
    ("thousands, quoted", with_value('"1,234.5"'), 3, "as 1234.5"),
    ("thousands, not quoted", with_value("1,234"), 3, "3 cells, the header has 2"),
    ("currency", with_value("$190"), 3, "not a number"),
    ("won", with_value("190원"), 3, "not a number"),
    ("underscore", with_value("1_000"), 3, "not a number"),
    ("full-width digits", with_value("１９０"), 3, "not a number"),
    ("hexadecimal", with_value("0x10"), 3, "not a number"),
    ("a formula", with_value('"=1+1"'), 3, "not a number"),
    ("a thousand digits", with_value("1" * 1000), 3, "not a number"),
    ("a quote never closed", with_value('"190'), 3, "quotation mark"),
    ("one huge line", "Id,Price," + "a" * 200_000, 1, "too long"),
    ("a million empty cells", "Id,Price\n11" + "," * 1_000_000, 2, "too long"),
    ("a quoted cell without end", 'Id,Price\n11,"' + "1\n" * 100_000, 2, "too long"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "row", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refusals_name_the_row(houses, name: str, data: str | bytes, row: int | None, words: str) -> None:
    found = check(data.encode() if isinstance(data, str) else data, houses)
    assert not found.is_valid
    said = [error for error in found.errors if words in error.message.en]
    assert said, [error.message.en for error in found.errors]
    assert said[0].row == row
    if row is not None and row > 1:
        assert f"{row}행" in said[0].message.ko
        assert f"ow {row}" in said[0].message.en


def test_more_than_20_mb_is_refused_unread(houses) -> None:
    assert "20 MB" in check(b"," * (MAX_BYTES + 1), houses).errors[0].message.en
    endless = io.BytesIO(GOOD.encode() + b"\n" * (5 * MAX_BYTES))
    assert "20 MB" in check(endless, houses).errors[0].message.ko
    assert endless.tell() == MAX_BYTES + 1


def test_only_the_first_errors_are_listed_but_all_are_counted(houses) -> None:
    data = "Id,Price\n" + "".join(f"{row},x\n" for row in IDS)
    found = check(data.encode(), houses)
    assert [error.row for error in found.errors] == [2, 3, 4, 5, 6][:MAX_SHOWN]
    assert found.count == 6
    assert len(found.values) == 0


def test_what_is_wrong_with_the_whole_file_is_said_first(houses) -> None:
    """A hundred bad rows must not push out that it is the wrong file."""
    data = "Id,Price\n" + "".join(f"{row},x\n" for row in range(100))
    found = check(data.encode(), houses)
    assert [error.row for error in found.errors] == [None, 2, 2, 3, 3]
    assert "There are 100 rows" in found.errors[0].message.en


def test_two_things_wrong_in_one_row_are_both_said(houses) -> None:
    found = check(GOOD.replace("12,190", "99,x").encode(), houses)
    assert [error.column for error in found.errors if error.row == 3] == ["Id", "Price"]


def test_a_students_text_in_a_message_is_short_and_on_one_line(houses) -> None:
    found = check(with_value('"' + "가\u202e\t" * 400 + '"').encode(), houses)
    (error,) = found.errors
    assert error.message.ko.isprintable()
    assert len(error.message.ko) < 120
    assert "…" in error.message.ko


ACCEPTED = [
    ("as it should be", GOOD),
    ("no line break at the end", GOOD.rstrip()),
    ("CRLF", GOOD.replace("\n", "\r\n")),
    ("CR, as old Macs", GOOD.replace("\n", "\r")),
    ("byte order mark", "\ufeff" + GOOD),
    ("blank lines, as Excel leaves them", GOOD + "\n,\n , \n"),
    ("spaces around", GOOD.replace(",", " , ")),
    ("everything quoted", "".join(f'"{a}","{b}"\n' for a, b in (line.split(",") for line in GOOD.split()))),
    ("other order of columns", "".join(f"{b},{a}\n" for a, b in (line.split(",") for line in GOOD.split()))),
    ("other order of rows", "Id,Price\n" + "\n".join(sorted(GOOD.split()[1:], reverse=True))),
    ("ids as floats, as NumPy saves them", GOOD.replace("11,", "11.0,").replace("12,", "1.200000e+01,")),
    ("scientific notation", GOOD.replace("190", "1.9E+2")),
    ("empty cells at the end of rows", "".join(f"{line},,\n" for line in GOOD.split())),
]


@pytest.mark.parametrize(("name", "data"), ACCEPTED, ids=[case[0] for case in ACCEPTED])
def test_accepted_and_put_in_the_order_of_the_ids(houses, name: str, data: str) -> None:
    found = check(data.encode(), houses)
    assert found.errors == ()
    assert list(found.values) == [110, 190, 330, 400, 500, 0]
    assert found.warnings == ()


def test_extra_columns_are_ignored_and_said(houses) -> None:
    """to_csv() without index=False writes the index as a column without a name: nothing to worry anybody about."""
    rows = [line.split(",") for line in GOOD.split()]
    plain = "".join(f"{'' if n == 0 else n - 1},{a},{b}\n" for n, (a, b) in enumerate(rows))
    assert check(plain.encode(), houses).is_valid
    assert check(plain.encode(), houses).warnings == ()
    found = check("".join(f"{a},{b},memo\n" for a, b in rows).encode(), houses)
    assert found.is_valid
    assert "memo" in found.warnings[0].message.en
    assert "memo" in found.warnings[0].message.ko


LABELLED = [
    ("a float that is whole", "3.0", True),
    ("a fraction", "2.5", False),
    ("text", "cat", False),
    ("more than 64 bits hold", "1e30", False),
]


@pytest.mark.parametrize(("name", "value", "is_valid"), LABELLED, ids=[case[0] for case in LABELLED])
def test_class_numbers_are_whole_numbers(digits, name: str, value: str, is_valid: bool) -> None:
    assert check(with_value(value).encode(), digits).is_valid == is_valid


@pytest.mark.parametrize("key", messages.keys())
def test_both_languages_say_the_same_things(key: str) -> None:
    message = messages._MESSAGES[key]
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (message.ko, message.en)
    ]
    assert {name.removesuffix("_ko") for name in fields[0]} == {
        name.removesuffix("_en") for name in fields[1]
    }


# Pieces that matter to a CSV reader, so that random files get past the header often.
PIECES = st.sampled_from([
    b"Id,Price\n", b"Id", b"Price", b",", b"\n", b"\r", b"\r\n", b'"', b"11", b"12", b"13,5", b"1e999", b"nan", b"\xff",
    b"\x00", b"\xef\xbb\xbf", b"\xed\xa0\x80", "가격".encode(), "가격".encode("cp949"), b";", b"\t", b" ", b"-", b"{row}",
])  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=40).map(b"".join),
                 st.lists(PIECES, max_size=40).map(lambda parts: b"Id,Price\n" + b"".join(parts))))  # fmt: skip
def test_never_raises_on_any_bytes(houses, digits, animals, data: bytes) -> None:
    for competition in (houses, digits, animals):
        found = check(data, competition)
        assert found.is_valid == (found.errors == ())
        assert found.count >= len(found.errors)
        assert all(error.message.ko and error.message.en for error in found.errors)
        assert len(found.values) == (6 if found.is_valid else 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(list(IDS)), st.lists(st.floats(-1e99, 1e99), min_size=6, max_size=6))
def test_what_python_writes_comes_back_to_the_bit_in_any_order(houses, order, values) -> None:
    predicted = dict(zip(order, values, strict=True))
    data = "Id,Price\n" + "".join(f"{row},{value!r}\n" for row, value in predicted.items())
    assert list(check(data.encode(), houses).values) == [predicted[row] for row in IDS]


LARGE = [
    ("far too many rows", b"Id,Price\n" + b"11,1\n" * 100_000),
    ("short lines inside one cell", b'Id,Price\n11,"' + b"\n" * 4_000_000),
    ("long rows of tiny cells", b"Id,Price\n" + (b"1," * 30_000 + b"\n") * 66),
    ("text of wide characters", b"Id,Price\n" + ("11," + "😀" * 1000 + "\n").encode() * 1000),
    ("digits", b"Id,Price\n" + (b"11," + b"9" * 60_000 + b"\n") * 66),
]


@pytest.mark.parametrize(("name", "data"), LARGE, ids=[case[0] for case in LARGE])
def test_memory_is_bounded_by_the_file(houses, name: str, data: bytes) -> None:
    """Files made to swell, of up to 4 MB: less than the file's own size is needed on top of it."""
    check(GOOD.encode(), houses)  # the ids are read and kept
    tracemalloc.start()
    try:
        found = check(data, houses)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not found.is_valid
    assert peak < len(data)


def test_a_wrong_file_is_not_read_to_its_end(houses) -> None:
    """20 MB of rows would keep a web worker busy for seconds: the bad byte at the end is never come to."""
    found = check(b"Id,Price\n" + b"11,x\n" * 5000 + b"\xff", houses)
    assert "more than 1012 rows" in found.errors[0].message.en


def test_score_of_the_public_and_the_private_part(houses) -> None:
    """11, 12, 15 are public: errors 10, 10, 0. 13, 14 private: 30, 0. 16 is ignored: its error of 600 counts nowhere."""
    result = score(GOOD.encode(), houses)
    assert result.public == pytest.approx(20 / 3)
    assert result.private == pytest.approx(15.0)
    assert result.rows == 6


def test_rows_are_matched_by_id_and_not_by_position(houses) -> None:
    lines = GOOD.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    assert score(turned.encode(), houses) == score(GOOD.encode(), houses)


def test_labels_are_compared_as_labels(digits, animals) -> None:
    """Whole numbers by value, however they are written; words exactly, "NA" being one of them."""
    rows = {11: "100.0", 12: "200", 13: "3e2", 14: "0", 15: "1", 16: "0"}
    numbers = score(("Id,Price\n" + "".join(f"{a},{b}\n" for a, b in rows.items())).encode(), digits)
    assert (numbers.public, numbers.private) == (pytest.approx(2 / 3), pytest.approx(1 / 2))
    rows = {11: "cat", 12: "Dog", 13: "cat", 14: "NA", 15: "새", 16: "dog"}
    words = score(("Id,Price\n" + "".join(f"{a},{b}\n" for a, b in rows.items())).encode(), animals)
    assert (words.public, words.private) == (pytest.approx(2 / 3), pytest.approx(1.0))


def test_the_worker_refuses_what_the_web_would_have_refused(houses) -> None:
    with pytest.raises(InvalidPredictionsError) as refused:
        score(with_value("NaN").encode(), houses)
    assert refused.value.checked.errors[0].row == 3


def test_a_solution_that_does_not_fit_is_our_fault_and_never_a_score(tmp_path) -> None:
    short = load_folder(make_folder(tmp_path, solution="Id,Price,Usage\n11,1,Public\n12,2,Private\n"))
    with pytest.raises(FolderError, match=r"solution\.csv"):
        score(GOOD.encode(), short)
